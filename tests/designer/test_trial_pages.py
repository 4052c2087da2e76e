"""Trials on the screen, for who looks after the catalogue and for nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Officer
from agencies.states import Role
from core.actor import Actor
from designer import tasks
from designer.models import Trial
from designer.states import TrialKind, TrialState
from dossiers.models import Dossier
from dossiers.states import Status
from procedures import services
from procedures.models import ProcedureVersion
from tests.designer.kit import KEEPER, draft_of, good
from tests.dossiers.conftest import clean_scanner  # noqa: F401  (fixture)
from tests.dossiers.filing_kit import fileable, ready
from tests.factories import AgencyFactory, DossierFactory, officer_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def signed_in(actor: Actor) -> Client:
    client = Client()
    user = Officer.objects.get(pk=actor.officer_id or 0).user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def keeper() -> Client:
    return signed_in(officer_actor(AgencyFactory.create(), Role.PROCEDURE_CONTROL_OFFICER))


def at(name: str, version: ProcedureVersion, *more: Any) -> str:
    return reverse(f"designer:{name}", args=[version.procedure.code, version.version_no, *more])


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def trial_of(version: ProcedureVersion, kind: str, **fields: Any) -> Trial:
    now = timezone.now()
    return Trial.objects.create(
        version=version,
        revision=version.revision,
        kind=kind,
        asked_by="Cán bộ (minh họa)",
        queued_at=now,
        beaten_at=now,
        **fields,
    )


def test_a_lint_is_asked_for_and_shown(keeper: Client) -> None:
    draft = draft_of(good())
    page = text(keeper.get(at("trials", draft)))
    assert "chưa làm với bản đang có" in page
    assert "tự làm sau mỗi lần lưu" in page
    assert "không cần: năm qua không có hồ sơ nào" in page

    answer: Any = keeper.post(at("trial_start", draft), {"kind": "lint"})

    trial = Trial.objects.get()
    assert answer.url == at("trial", draft, trial.pk)
    assert "Không có gì phải sửa." in text(keeper.get(answer.url))
    assert keeper.post(at("trial_start", draft), {"kind": "x"}).status_code == 404


def test_a_dry_run_is_hinted_and_watched(
    keeper: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    hinted: list[dict[str, int]] = []
    monkeypatch.setattr(tasks.go_on, "apply_async", lambda *, kwargs, **options: hinted.append(kwargs))
    draft = draft_of(good())

    with django_capture_on_commit_callbacks(execute=True):
        answer: Any = keeper.post(at("trial_start", draft), {"kind": "dry_run"})

    trial = Trial.objects.get()
    assert hinted == [{"trial_id": trial.pk}]
    assert at("trial_progress", draft, trial.pk) in text(keeper.get(answer.url))
    bar = keeper.get(at("trial_progress", draft, trial.pk))
    assert "HX-Refresh" not in bar
    Trial.objects.update(state=TrialState.DONE)
    assert keeper.get(at("trial_progress", draft, trial.pk))["HX-Refresh"] == "true"


def test_a_dry_run_is_a_checklist_with_its_papers(keeper: Client) -> None:
    draft = draft_of(good())
    name = default_storage.save("trials/x/0-receipt.pdf", ContentFile(b"%PDF-1.7"))
    now = timezone.now().isoformat()
    finding = {"rule": "place_empty", "weight": "red", "path": "results[0]", "text": "Chỗ này để trống."}
    play = {
        "way": "granted",
        "label": "Được giải quyết",
        "applicant": 0,
        "lines": [
            {"what": "Tiếp nhận", "by": "Cán bộ một cửa", "at": now, "due": now, "ok": True, "text": ""}
        ],
        "papers": [{"form": "receipt", "title": "Giấy tiếp nhận", "file": name, "ok": "1"}],
        "messages": [
            {
                "topic": "dossier.accept",
                "at": now,
                "vi": {"subject": "Đã tiếp nhận", "body": "Nội dung"},
                "en": {"subject": "Accepted", "body": "Body"},
                "own": {},
            }
        ],
        "findings": [finding],
        "seconds": 1.0,
    }
    trial = trial_of(
        draft,
        TrialKind.DRY_RUN,
        state=TrialState.DONE,
        red=1,
        findings=[finding],
        report={"applicants": [[["Họ và tên", "Minh họa"]]], "plays": [play], "places": {}},
    )

    page = text(keeper.get(at("trial", draft, trial.pk)))

    for part in ("Chỗ này để trống.", "Minh họa", "Tiếp nhận", "Accepted", "mẫu chạy thử"):
        assert part in page
    file = name.rpartition("/")[2]
    paper: Any = keeper.get(at("trial_paper", draft, trial.pk, file))
    assert b"".join(paper.streaming_content) == b"%PDF-1.7"
    assert "no-store" in paper["Cache-Control"]
    assert keeper.get(at("trial_paper", draft, trial.pk, "khac.pdf")).status_code == 404
    services.save(version_id=draft.pk, document=good(), revision=0, actor=KEEPER, at=timezone.now())
    assert "Bản thảo đã được sửa sau lần thử này" in text(keeper.get(at("trial", draft, trial.pk)))


def test_a_rehearsal_lists_only_dossiers_that_the_reader_may_see() -> None:
    version = fileable()
    seen = DossierFactory.create(procedure_version=version, reach=Status.SUBMITTED)
    unseen = DossierFactory.create(procedure_version=version, reach=Status.SUBMITTED)
    rows = [{"tracking_no": one.tracking_no, "why": ["Số bản"]} for one in (seen, unseen)]
    kinds = {"refused": {"count": 3, "why": {"Số bản": 3}, "rows": rows}}
    draft = services.clone(version_id=version.pk, actor=KEEPER, at=timezone.now())
    trial = trial_of(draft, TrialKind.REHEARSAL, state=TrialState.DONE, report={"seen": 9, "kinds": kinds})
    assert seen.received_at_unit is not None
    actor = officer_actor(seen.received_at_unit, Role.PROCEDURE_CONTROL_OFFICER, Role.ONE_STOP_OFFICER)

    page = text(signed_in(actor).get(at("trial", draft, trial.pk)))

    assert seen.tracking_no in page
    assert unseen.tracking_no not in page
    assert "2 hồ sơ bạn không có quyền xem" in page
    assert seen.owner_person.full_name not in page


def test_losses_are_told_before_a_publication(keeper: Client) -> None:
    version = fileable()
    dossier = ready(version=version)
    Dossier.objects.filter(pk=dossier.pk).update(updated_at=timezone.now() - timedelta(days=1))
    draft = services.clone(version_id=version.pk, actor=KEEPER, at=timezone.now())
    said = json.loads(json.dumps(services.drafts.documents.of_version(draft)))
    said["eform"]["pages"].pop()
    services.save(version_id=draft.pk, document=said, revision=0, actor=KEEPER, at=timezone.now())

    page = text(keeper.get(at("trials", draft)))

    assert dossier.tracking_no in page
    assert "Mục đích sử dụng; Số bản" in page


def test_nobody_else_comes_in() -> None:
    draft = draft_of(good())
    trial = trial_of(draft, TrialKind.LINT)
    stranger = signed_in(officer_actor(AgencyFactory.create(), Role.SPECIALIST))

    for name, more in (("trials", ()), ("trial", (trial.pk,)), ("trial_progress", (trial.pk,))):
        assert stranger.get(at(name, draft, *more)).status_code == 403
        assert Client().get(at(name, draft, *more)).status_code == 302
    assert stranger.post(at("trial_start", draft), {"kind": "lint"}).status_code == 403
