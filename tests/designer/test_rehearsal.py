"""Last year's dossiers under a draft: who would have been refused, asked for more, charged more, gone late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from citizens.states import ActorCategory
from core.working_time import TIME_ZONE
from designer import rehearsal, trials
from designer.states import TrialKind, TrialState
from dossiers.models import Dossier
from dossiers.states import Status
from procedures import document, services
from procedures.models import FeeLine, ProcedureVersion, SubmissionChannel
from tests.designer.kit import KEEPER
from tests.dossiers.conftest import clean_scanner  # noqa: F401  (fixture)
from tests.dossiers.filing_kit import ANSWERS, EFORM, fileable, ready
from tests.dossiers.lists import submitted
from tests.factories import NINE, DossierFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

NOW = NINE.replace(month=6)


def filed(**answers: Any) -> Dossier:
    """A dossier of the form with two pages, filed in March."""
    dossier = submitted()
    Dossier.objects.filter(pk=dossier.pk).update(form_data={**dossier.form_data, **answers})
    return Dossier.objects.get(pk=dossier.pk)


def judged(dossier: Dossier, **changes: Any) -> dict[str, list[str]]:
    said = document.parse({**document.of_version(dossier.procedure_version), **changes})
    return rehearsal.Rehearsal(said, NOW).judge(dossier).why


def with_question(at: int, **keys: Any) -> dict[str, Any]:
    """Give the form with one of the questions of its second page changed, or another after it."""
    pages = [dict(page) for page in EFORM["pages"]]
    fields = [dict(one) for one in pages[1]["fields"]]
    if at < len(fields):
        fields[at] |= keys
    else:
        fields.append(keys)
    pages[1]["fields"] = fields
    return {"pages": pages}


def test_the_same_procedure_hurts_nobody() -> None:
    assert judged(filed()) == {}


def test_an_answer_that_is_good_no_more_would_have_been_refused() -> None:
    dossier = filed(so_ban=12)

    assert judged(dossier, eform=with_question(1, max=10)) == {"refused": ["Số bản"]}
    assert judged(dossier, eform=with_question(0, choices=[["khac", "Việc khác"], ["hoc", "Đi học"]])) == {
        "refused": ["Mục đích sử dụng"]
    }
    assert judged(filed(so_ban=3), eform=with_question(1, max=10)) == {}


def test_a_new_question_would_have_been_asked_besides() -> None:
    new = {"name": "ly_do", "label": "Lý do", "type": "text", "required": True}

    assert judged(filed(), eform=with_question(9, **new)) == {"asked_more": ["Lý do"]}


def test_a_day_that_has_passed_since_is_not_the_drafts_doing() -> None:
    day = {"name": "ngay_hen", "label": "Ngày hẹn", "type": "date", "not_past": True, "required": True}
    form = with_question(9, **day)
    dossier = filed(ngay_hen="2026-03-20")
    ProcedureVersion.objects.filter(pk=dossier.procedure_version_id).update(eform=form)
    dossier = Dossier.objects.get(pk=dossier.pk)

    assert judged(dossier, eform=form) == {}


def test_whom_the_draft_is_not_for_would_have_been_refused() -> None:
    assert judged(filed(), applicant_categories=["enterprise"]) == {"refused": ["Đối tượng thực hiện"]}
    person = PersonFactory.create(category=ActorCategory.FOREIGNER)
    dossier = ready(person=person)
    assert judged(dossier, applicant_categories=["citizen"]) == {"refused": ["Đối tượng thực hiện"]}


def test_another_paper_would_have_been_asked_for() -> None:
    dossier = filed()
    had = document.of_version(dossier.procedure_version)["uploads"]
    more = [*had, {"name": "Sơ đồ vị trí"}]

    assert judged(dossier, uploads=more) == {"papers": ["Sơ đồ vị trí"]}
    assert judged(dossier, uploads=[*had, {"name": "Sơ đồ", "is_required": False}]) == {}


def test_more_would_have_been_charged() -> None:
    dossier = filed()
    online = SubmissionChannel.objects.get(version=dossier.procedure_version, channel="online")
    FeeLine.objects.create(channel=online, position=1, kind="charge", amount_vnd=20_000)
    said = document.of_version(dossier.procedure_version)
    dearer = [{**one, "fees": [{"kind": "charge", "amount_vnd": 50_000}]} for one in said["channels"]]

    assert judged(dossier, channels=dearer) == {"charged": ["30000"]}
    assert judged(dossier) == {}


def completed(dossier: Dossier, *, days: int) -> Dossier:
    """A dossier accepted on Monday at nine and ready so many days later at nine."""
    done = DossierFactory.create(
        procedure_version=dossier.procedure_version,
        reach=Status.IN_PROCESS,
        form_data=ANSWERS,
    )
    Dossier.objects.filter(pk=done.pk).update(completed_at=NINE + timedelta(days=days))
    return Dossier.objects.get(pk=done.pk)


def limit(version: ProcedureVersion, days: float) -> list[dict[str, Any]]:
    return [
        {**one, "time": {"value": days, "unit": "working_day"}}
        for one in document.of_version(version)["channels"]
    ]


def test_a_shorter_limit_makes_dossiers_late_that_were_not() -> None:
    version = fileable()
    in_two_days = completed(ready(version=version), days=2)
    late_anyway = completed(ready(version=version), days=7)

    assert judged(in_two_days, channels=limit(version, 1))["late"] == ["8.0"]
    assert "late" not in judged(in_two_days, channels=limit(version, 2))
    assert "late" not in judged(late_anyway, channels=limit(version, 1))


def test_a_rehearsal_goes_through_the_year_in_batches_and_keeps_no_personal_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rehearsal, "BATCH", 2)
    now = timezone.now().astimezone(TIME_ZONE)
    version = fileable()
    dossiers = []
    for copies in (1, 15, 15, 2, 3):
        dossier = DossierFactory.create(
            procedure_version=version, reach=Status.SUBMITTED, form_data={**ANSWERS, "so_ban": copies}
        )
        Dossier.objects.filter(pk=dossier.pk).update(submitted_at=now - timedelta(days=30))
        dossiers.append(dossier)
    Dossier.objects.filter(pk=dossiers[2].pk).update(submitted_at=now - timedelta(days=400))
    DossierFactory.create(procedure_version=version)  # a draft
    draft = services.clone(version_id=version.pk, actor=KEEPER, at=now)
    said = document.of_version(draft)
    services.save(
        version_id=draft.pk,
        document={**said, "eform": with_question(1, max=10)},
        revision=0,
        actor=KEEPER,
        at=now,
    )

    trial = trials.start(version_id=draft.pk, kind=TrialKind.REHEARSAL, actor=KEEPER, at=now)
    trials.go_on(trial_id=trial.pk, at=now)

    trial.refresh_from_db()
    assert (trial.state, trial.total, trial.done, trial.red) == (TrialState.DONE, 4, 4, 1)
    assert trial.report["seen"] == 4
    refused = trial.report["kinds"]["refused"]
    assert refused == {
        "count": 1,
        "why": {"Số bản": 1},
        "rows": [{"tracking_no": dossiers[1].tracking_no, "why": ["Số bản"]}],
    }
    assert trial.findings == [
        {
            "rule": "rehearsal_refused",
            "weight": "red",
            "path": "eform",
            "text": "1 trong 4 hồ sơ năm qua có câu trả lời mà bản thảo không nhận: Số bản (1).",
        }
    ]
    owner = dossiers[1].owner_person
    assert owner.full_name not in str(trial.report)
    assert "12 Trần Phú" not in str(trial.report)
