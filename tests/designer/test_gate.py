"""Approval asks for lint, dry run and rehearsal of this very revision, or for a reason that is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from core.errors import NotAllowed
from designer import gate, losses, trials
from designer.states import TrialKind, TrialState
from dossiers.models import Dossier
from dossiers.states import Status
from procedures import document, services
from procedures.models import ProcedureVersion, VersionEvent
from procedures.states import VersionStatus
from tests.designer.kit import KEEPER, draft_of, good, tried
from tests.dossiers.conftest import clean_scanner  # noqa: F401  (fixture)
from tests.dossiers.filing_kit import ANSWERS, EFORM, attach, fileable, ready
from tests.factories import DossierFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]


def approve(version: ProcedureVersion, reason: str = "") -> ProcedureVersion:
    return gate.approve(version_id=version.pk, actor=KEEPER, at=timezone.now(), reason=reason)


def in_the_way(version: ProcedureVersion) -> list[tuple[str, int]]:
    with pytest.raises(gate.NotTried) as refusal:
        approve(version)
    assert "reason" in refusal.value.errors
    return [(str(one.kind), len(one.findings)) for one in refusal.value.obstacles]


RED = {"rule": "place_empty", "weight": "red", "path": "results[0]", "text": "Để trống."}


def test_a_draft_that_came_through_is_approved() -> None:
    draft = draft_of(good())
    tried(draft)

    assert approve(draft).status == VersionStatus.APPROVED
    event = VersionEvent.objects.filter(version=draft).latest("pk")
    assert (event.reason, event.data) == ("", {})


def test_what_was_not_tried_or_is_red_stands_in_the_way() -> None:
    def unclear(said: dict[str, Any]) -> None:
        said["steps"][1]["time"]["value"] = 1

    draft = draft_of(good(unclear))

    assert in_the_way(draft) == [("lint", 1), ("dry_run", 0)]
    tried(draft, state=TrialState.FAILED, error="RuntimeError")
    assert in_the_way(draft) == [("lint", 1), ("dry_run", 0)]
    tried(draft, red=1, findings=[RED])
    assert in_the_way(draft) == [("lint", 1), ("dry_run", 1)]


def test_a_trial_of_an_earlier_revision_does_not_count() -> None:
    draft = draft_of(good())
    tried(draft)
    said = {**document.of_version(draft), "guidance": "Khác."}
    changed = services.save(version_id=draft.pk, document=said, revision=0, actor=KEEPER, at=timezone.now())

    assert in_the_way(changed) == [("dry_run", 0)]


def test_a_rehearsal_is_needed_where_there_were_dossiers() -> None:
    version = fileable()
    DossierFactory.create(procedure_version=version, reach=Status.SUBMITTED)
    Dossier.objects.filter(procedure_version=version).update(submitted_at=timezone.now())
    draft = services.clone(version_id=version.pk, actor=KEEPER, at=timezone.now())
    tried(draft)

    kinds = [kind for kind, _red in in_the_way(draft)]
    assert kinds[-1] == "rehearsal"
    tried(draft, TrialKind.REHEARSAL)
    assert "rehearsal" not in [kind for kind, _red in in_the_way(draft)]


def test_a_reason_is_kept_with_what_was_red() -> None:
    draft = draft_of(good())
    tried(draft, red=1, findings=[RED])

    approve(draft, reason=" Sẽ sửa mẫu tuần sau (minh họa) ")

    event = VersionEvent.objects.filter(version=draft).latest("pk")
    assert event.reason == "Sẽ sửa mẫu tuần sau (minh họa)"
    assert event.data == {
        "despite": [{"kind": "dry_run", "text": "Chạy thử còn 1 mục đỏ.", "red": 1, "findings": [RED]}]
    }


def test_only_who_looks_after_the_catalogue_approves() -> None:
    draft = draft_of(good())

    with pytest.raises(NotAllowed):
        gate.approve(version_id=draft.pk, actor=KEEPER.__class__.anonymous(), at=timezone.now(), reason="x")


def test_each_draft_says_what_it_loses_by_a_publication() -> None:
    version = fileable()
    with_file = ready(version=version)
    attach(with_file, position=2)
    untouched = DossierFactory.create(procedure_version=version, form_data={})
    draft = services.clone(version_id=version.pk, actor=KEEPER, at=timezone.now())
    pages = [
        EFORM["pages"][0],
        {
            **EFORM["pages"][1],
            "fields": [
                {**EFORM["pages"][1]["fields"][1], "max": 1},
                {"name": "ly_do", "label": "Lý do", "type": "text", "required": True},
            ],
        },
    ]
    said = document.of_version(draft)
    services.save(
        version_id=draft.pk,
        document={**said, "eform": {"pages": pages}, "uploads": said["uploads"][:1]},
        revision=0,
        actor=KEEPER,
        at=timezone.now(),
    )
    draft.refresh_from_db()

    told = losses.of_publishing(draft, at=timezone.now())

    assert (told.drafts, told.looked_at) == (2, 2)
    by_number = {one.tracking_no: one for one in told.rows}
    loss = by_number[with_file.tracking_no]
    assert (loss.dropped, loss.to_check, loss.new, loss.files) == (
        ["Mục đích sử dụng"],
        ["Số bản"],
        ["Lý do"],
        ["Giấy tờ khác"],
    )
    assert by_number[untouched.tracking_no].dropped == []
    assert told.counted("new") == [("Lý do", 2)]
    assert str(ANSWERS["noi_o"]) not in str(told)


def test_closing_says_whom_it_touches() -> None:
    version = fileable()
    ready(version=version)
    DossierFactory.create(procedure_version=version, reach=Status.IN_PROCESS)

    touched = losses.of_closing(version)

    assert (touched.drafts, touched.open_dossiers) == (1, 1)
    assert trials.latest(version) == {}
