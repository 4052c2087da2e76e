"""L20: a dossier of the Quảng Nam era with a code of H47: found, read only, and who has its tasks today."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta

import pytest

from agencies.states import Role
from core.errors import InvalidInput
from core.working_time import TIME_ZONE
from dossiers import history, policies, selectors
from dossiers.models import Dossier
from dossiers.services import mirrors, processing
from dossiers.services.mirrors import Reflection
from dossiers.states import Action, IntakeRoute, Outcome, Status
from tests.factories import NINE, AgencyFactory, VersionFactory, officer_actor

pytestmark = pytest.mark.django_db

CODE = "000.00.05.H47-240628-0012"
FILED = datetime(2024, 6, 28, 8, 15, tzinfo=TIME_ZONE)


def told(**changes: object) -> Reflection:
    """What the old system says; its agency ended with the merger of 1 July 2025."""
    today = AgencyFactory.create(name="Sở Xây dựng thành phố (minh họa)")
    old = AgencyFactory.create(
        name="Sở Xây dựng tỉnh (minh họa)",
        valid_from=date(2010, 1, 1),
        valid_to=date(2025, 6, 30),
        successor=today,
    )
    found = Reflection(
        system="Hệ thống một cửa tỉnh Quảng Nam",
        external_code=CODE,
        code=CODE,
        as_of=NINE,
        procedure=VersionFactory.create().procedure.code,
        status=Status.RETURNED,
        owner_name="Trần Thị Mẫu (minh họa)",
        owner_number="048190000777",
        received_at=old.code,
        submitted_at=FILED,
        accepted_at=FILED,
        due_at=FILED + timedelta(days=7),
        completed_at=FILED + timedelta(days=5),
        returned_at=FILED + timedelta(days=6),
        outcome=Outcome.GRANTED,
        route=IntakeRoute.LEGACY,
    )
    return dataclasses.replace(found, **changes)  # type: ignore[arg-type]


def test_l20_a_dossier_with_an_old_code_is_found_and_read_only():
    dossier, made = mirrors.upsert(told=told(), at=NINE)

    assert made
    assert (dossier.code, dossier.status, dossier.intake_route) == (CODE, Status.RETURNED, IntakeRoute.LEGACY)
    # Who received stays who received; who has the task today is its successor.
    assert dossier.received_at_unit is not None
    assert dossier.received_at_unit.successor == dossier.competent_agency
    # Found by its code, by the citizen and by the officers of the successor.
    progress = selectors.look_up(reference=CODE.lower(), number="048190000777")
    assert progress is not None
    assert progress.reference == CODE
    assert dossier.competent_agency is not None
    leader = officer_actor(dossier.competent_agency, Role.UNIT_LEADER, Role.SPECIALIST)
    assert list(policies.visible(leader).filter(code=CODE)) == [dossier]
    # And nothing is changed here.
    with pytest.raises(policies.ReadOnly) as refusal:
        processing.take(dossier_id=dossier.pk, actor=leader, at=NINE)
    assert "Hệ thống một cửa tỉnh Quảng Nam" in str(refusal.value)
    assert not list(history.verify(history.Verification(), dossier_ids=[dossier.pk]))


def test_the_same_report_again_and_an_older_one_change_nothing():
    report = told()
    dossier, _made = mirrors.upsert(told=report, at=NINE)

    again, changed = mirrors.upsert(told=report, at=NINE)
    older = dataclasses.replace(report, as_of=NINE - timedelta(days=1), status=Status.IN_PROCESS)
    still, moved = mirrors.upsert(told=older, at=NINE)

    assert (again.pk, changed, still.pk, moved) == (dossier.pk, False, dossier.pk, False)
    assert Dossier.objects.count() == 1
    assert dossier.events.count() == 1


def test_a_newer_report_of_a_ministry_moves_its_mirror():
    first = told(
        route=IntakeRoute.MINISTRY_SYSTEM,
        system="Bộ Công an",
        external_code="BCA-1",
        code="",
        status=Status.SUBMITTED,
        accepted_at=None,
        due_at=None,
        completed_at=None,
        returned_at=None,
        outcome="",
    )
    dossier, _made = mirrors.upsert(told=first, at=NINE)
    newer = dataclasses.replace(first, as_of=NINE + timedelta(hours=1), status=Status.IN_PROCESS)

    moved, changed = mirrors.upsert(told=newer, at=NINE + timedelta(hours=1))

    assert (moved.pk, changed, moved.status) == (dossier.pk, True, Status.IN_PROCESS)
    assert [event.action for event in moved.events.order_by("seq")] == [Action.MIRROR, Action.MIRROR]
    assert not list(history.verify(history.Verification(), dossier_ids=[dossier.pk]))


def test_a_report_that_does_not_fit_is_refused_by_field():
    report = told(status="lost", due_at=None, owner_number="12", received_at="H99")

    with pytest.raises(InvalidInput) as refusal:
        mirrors.upsert(told=report, at=NINE)

    assert set(refusal.value.errors) == {"status", "due_at", "owner_number", "received_at"}
    assert not Dossier.objects.exists()
