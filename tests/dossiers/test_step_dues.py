"""Steps of the control sheet are due as much later as the dossier is."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from agencies import services as calendars
from agencies.models import Officer
from agencies.states import Role
from core.working_time import TIME_ZONE, DayKind, DayRecord
from dossiers import papers, services, step_dues
from dossiers.models import Dossier
from dossiers.services import due_dates, steps
from dossiers.states import Action, Status
from procedures.states import DurationUnit
from supervision import facts
from tests.dossiers.turns import approved, proposed
from tests.factories import NINE, DossierFactory, actor_for, officer_actor

pytestmark = pytest.mark.django_db

EXAMINATION = "Thẩm định"
PLANNED = datetime(2026, 3, 4, 14, 30, tzinfo=TIME_ZONE)
"""Two and a half working days after `NINE`: when the examination is due by its plan."""


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=TIME_ZONE)


def examined(**fields: object) -> Dossier:
    """Give a dossier in process whose plan was laid out at acceptance, and which stands with its specialist."""
    dossier: Dossier = DossierFactory.create(reach=Status.IN_PROCESS, **fields)
    steps.plan(dossier, at=NINE)
    steps.pass_on(dossier, roles=[Role.ONE_STOP_OFFICER], officer_id=None, at=NINE)
    return dossier


def moved(dossier: Dossier, action: Action, role: str, *, at: datetime) -> None:
    actor = actor_for(dossier, role)
    services.advance(dossier_id=dossier.pk, action=action, actor=actor, at=at, note="Lý do minh họa")
    dossier.refresh_from_db()


def due(dossier: Dossier, name: str = EXAMINATION) -> datetime | None:
    return step_dues.of(dossier).due(dossier.steps.get(name=name))


def test_without_a_change_a_step_is_due_by_its_plan():
    dossier = examined()

    assert due(dossier) == PLANNED
    assert due(dossier, "Tiếp nhận, chuyển hồ sơ") == march(2, 14, 30)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("pause", march(17, 14, 30)),  # nine working days more
        ("restart", march(18, 14, 30)),  # and the one that was used
    ],
)
def test_a_supplement_moves_the_steps_that_follow_and_form_06_calls_nothing_late(policy, expected):
    dossier = examined()
    version = dossier.procedure_version
    version.supplement_policy = policy
    version.save()
    moved(dossier, Action.REQUEST_SUPPLEMENT, Role.SPECIALIST, at=march(3, 9))
    moved(dossier, Action.SUPPLEMENT_RECEIVED, Role.ONE_STOP_OFFICER, at=march(16, 9))

    assert due(dossier) == expected
    # What was done before keeps its limit.
    assert due(dossier, "Tiếp nhận, chuyển hồ sơ") == march(2, 14, 30)

    steps.pass_on(dossier, roles=[Role.SPECIALIST], officer_id=None, at=expected)
    row = next(row for row in papers.control_rows(dossier) if row.name == EXAMINATION)
    assert (row.due_at, row.verdict) == (expected, "Đúng hạn")


def test_what_is_done_too_late_stays_late_whatever_moves_afterwards():
    dossier = examined()
    steps.pass_on(dossier, roles=[Role.SPECIALIST], officer_id=None, at=march(4, 15))
    proposed(dossier, at=march(4, 16))
    approved(dossier, at=march(4, 16))
    dossier.refresh_from_db()

    row = next(row for row in papers.control_rows(dossier) if row.name == EXAMINATION)
    assert (row.due_at, row.verdict) == (PLANNED, "Quá hạn")
    assert due(dossier, "Ký") == march(6, 16, 30)  # two working days more


def test_what_another_areas_agency_receives_late_is_not_overdue_on_arrival():
    dossier = DossierFactory.create(reach=Status.SUBMITTED, is_cross_area=True)
    steps.plan(dossier, at=NINE)
    moved(dossier, Action.ACCEPT, Role.ONE_STOP_OFFICER, at=NINE)
    moved(dossier, Action.FORWARD, Role.ONE_STOP_OFFICER, at=NINE)
    steps.pass_on(dossier, roles=[Role.ONE_STOP_OFFICER], officer_id=None, at=NINE)
    moved(dossier, Action.ASSIGN, Role.UNIT_LEADER, at=march(5, 9))

    assert due(dossier) == march(9, 14, 30)  # three working days later than planned
    known = facts.of(dossier)
    assert known
    assert [step.due_at for step in known.steps] == [march(9, 14, 30)]


def test_a_day_that_becomes_a_day_off_moves_the_steps():
    dossier = examined()
    agency = dossier.competent_agency
    assert agency
    calendars.enter_days(
        calendar_id=agency.calendar_id, days=[DayRecord(march(4, 0).date(), DayKind.LOCAL_CLOSURE, "Bão")]
    )
    due_dates.recompute(calendar_id=agency.calendar_id, reason="Bão", at=march(3, 9))
    dossier.refresh_from_db()

    assert due(dossier) == march(5, 14, 30)


def test_the_desk_says_until_when_the_step_at_work_is_due():
    dossier = examined()
    assert dossier.competent_agency
    specialist = officer_actor(dossier.competent_agency, Role.SPECIALIST)
    moved(dossier, Action.REQUEST_SUPPLEMENT, Role.SPECIALIST, at=march(3, 9))
    moved(dossier, Action.SUPPLEMENT_RECEIVED, Role.ONE_STOP_OFFICER, at=march(4, 9))
    client = Client()
    officer = Officer.objects.select_related("user").get(user=specialist.user_id or 0)
    client.force_login(officer.user, backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(reverse("desk:dossier", args=[dossier.tracking_no])).content.decode()

    moment = due(dossier)
    assert moment
    assert f"hạn {moment.astimezone(TIME_ZONE):%H:%M %d/%m/%Y}" in page


def test_steps_in_calendar_days_stop_with_the_dossier_too():
    dossier: Dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    version = dossier.procedure_version
    for model in (version.channels, version.workflow_steps):
        model.update(duration_unit=DurationUnit.DAY)
    steps.plan(dossier, at=NINE)
    steps.pass_on(dossier, roles=[Role.ONE_STOP_OFFICER], officer_id=None, at=NINE)
    assert due(dossier, "Cấp số, phát hành") == march(5, 17)

    moved(dossier, Action.NOTIFY_OBLIGATION, Role.SPECIALIST, at=march(3, 9))
    moved(dossier, Action.CONFIRM_PAYMENT, Role.FEE_COLLECTOR, at=march(5, 9))
    assert due(dossier, "Cấp số, phát hành") == dossier.due_at
