"""Two administrators, or one who clicks twice: what is done at the same moment is done once, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connections

from core.errors import Refusal
from procedures import demo, document, services
from procedures.demo import marital_status
from procedures.models import ProcedureVersion, VersionEvent
from procedures.states import VersionEventKind, VersionStatus
from tests.procedures.test_versions import KEEPER, NOON, abolish, draft_of
from tests.threads import in_two_threads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def current() -> ProcedureVersion:
    return demo.offer(marital_status.PUBLISHED, marital_status.CITY_PART)


def twice(work: Callable[[], Any]) -> list[str]:
    """Do the same in two threads; say how each ended."""

    def tried() -> str:
        try:
            work()
        except Refusal as refusal:
            return refusal.code
        return "done"

    return sorted(in_two_threads(tried, after=connections.close_all))


def statuses(current: ProcedureVersion) -> list[str]:
    return list(current.procedure.versions.order_by("version_no").values_list("status", flat=True))


def test_a_draft_is_cloned_once(current: ProcedureVersion) -> None:
    ends = twice(lambda: services.clone(version_id=current.pk, actor=KEEPER, at=NOON))
    assert ends == ["conflict", "done"]
    assert statuses(current) == [VersionStatus.PUBLISHED, VersionStatus.DRAFT]


def test_a_new_code_is_begun_once(current: ProcedureVersion) -> None:
    ends = twice(lambda: services.begin(code="DN.0501", name="Việc mới", actor=KEEPER, at=NOON))
    assert ends.count("done") == 1
    assert ProcedureVersion.objects.filter(procedure__code="DN.0501").count() == 1


def test_a_version_is_approved_and_published_once(current: ProcedureVersion) -> None:
    draft = draft_of(current)
    assert twice(lambda: services.approve(version_id=draft.pk, actor=KEEPER, at=NOON)).count("done") == 1
    assert twice(lambda: services.publish(version_id=draft.pk, actor=KEEPER, at=NOON)).count("done") == 1
    assert statuses(current) == [VersionStatus.SUPERSEDED, VersionStatus.PUBLISHED]
    told = VersionEvent.objects.filter(version=draft, kind=VersionEventKind.PUBLISHED)
    assert told.count() == 1


def test_publishing_by_hand_and_by_the_clock_happens_once(current: ProcedureVersion) -> None:
    draft = draft_of(current)
    services.approve(version_id=draft.pk, actor=KEEPER, at=NOON)
    moves = iter(
        [
            lambda: services.publish(version_id=draft.pk, actor=KEEPER, at=NOON),
            lambda: services.tick(at=NOON),
        ]
    )
    twice(lambda: next(moves)())
    assert statuses(current) == [VersionStatus.SUPERSEDED, VersionStatus.PUBLISHED]
    assert VersionEvent.objects.filter(version=draft, kind=VersionEventKind.PUBLISHED).count() == 1


def test_a_procedure_is_abolished_once_and_does_not_come_back(current: ProcedureVersion) -> None:
    assert twice(lambda: abolish(current)).count("done") == 1
    version = ProcedureVersion.objects.get(pk=current.pk)
    assert (version.status, version.effective_to) == (VersionStatus.ABOLISHED, date(2026, 12, 31))
    assert not version.is_fileable


def test_abolishing_while_another_version_is_published_leaves_one_of_both(current: ProcedureVersion) -> None:
    draft = draft_of(current)
    services.approve(version_id=draft.pk, actor=KEEPER, at=NOON)
    moves = iter(
        [lambda: services.publish(version_id=draft.pk, actor=KEEPER, at=NOON), lambda: abolish(current)]
    )
    ends = twice(lambda: next(moves)())
    assert ends.count("done") == 1, (
        "an approved version, or its publication, stands in the way of an abolition"
    )
    assert statuses(current)[0] != VersionStatus.ABOLISHED


def test_of_two_saves_one_is_told_of_the_other(current: ProcedureVersion) -> None:
    draft = draft_of(current)
    said = {**document.of_version(draft), "guidance": "Cùng lúc"}

    def save() -> None:
        services.save(version_id=draft.pk, document=said, revision=draft.revision, actor=KEEPER, at=NOON)

    assert twice(save) == ["done", "draft_overtaken"]
    assert twice(
        lambda: services.undo(version_id=draft.pk, revision=draft.revision + 1, actor=KEEPER, at=NOON)
    ) == ["done", "draft_overtaken"]
