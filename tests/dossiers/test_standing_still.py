"""A clock that the law lets stand makes nothing late, and its date is not moved twice (R6, R13)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from agencies.states import Role
from core.working_time import TIME_ZONE
from dossiers import clock, desk_page, services
from dossiers.desk_queues import QUEUES
from dossiers.models import Dossier
from dossiers.plain_words import describe
from dossiers.services import extensions
from dossiers.states import Action, Status
from dossiers.transitions import APPLICANT
from supervision.services import telling
from tests.dossiers.turns import DUE, NEW_DUE, WEDNESDAY, approved, proposed
from tests.factories import DossierFactory, actor_for

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=TIME_ZONE)
"""One working day of three is used."""
NEXT_MONDAY, NEXT_TUESDAY = TUESDAY + timedelta(days=6), TUESDAY + timedelta(days=7)
"""The first day after which the old due date has passed for good; then the day on which the clock goes on."""


def late_at_the_desk(dossier: Dossier, *, at: datetime) -> bool:
    [late] = [queue for queue in QUEUES if queue.name == "qua-han"]
    head = actor_for(dossier, Role.AGENCY_HEAD)
    return Dossier.objects.filter(late.condition(head, at=at), pk=dossier.pk).exists()


def overdue_this_morning(dossier: Dossier, *, at: datetime) -> int:
    assert dossier.competent_agency_id
    return telling.morning_counts(agency_id=dossier.competent_agency_id, at=at).overdue


def verified_outside_the_limit() -> Dossier:
    """Give a dossier that is being verified since Tuesday, under a law that does not count that time."""
    dossier: Dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    version = dossier.procedure_version
    version.excludes_verification = "Điều 5 Nghị định minh họa"
    version.save()
    moved(dossier, Action.START_VERIFICATION, Role.SPECIALIST, at=TUESDAY)
    return dossier


def moved(dossier: Dossier, action: Action, role: str, *, at: datetime) -> None:
    actor = actor_for(dossier, role)
    services.advance(dossier_id=dossier.pk, action=action, actor=actor, at=at, note="Lý do minh họa")
    dossier.refresh_from_db()


def asked_back(status: Status) -> Dossier:
    dossier: Dossier = DossierFactory.create(reach=status)
    moved(dossier, Action.REQUEST_WITHDRAWAL, APPLICANT, at=TUESDAY)
    return dossier


def test_a_verification_that_is_not_counted_makes_nobody_late():
    dossier = verified_outside_the_limit()

    assert clock.stands_still(dossier)
    assert not late_at_the_desk(dossier, at=NEXT_MONDAY)
    assert overdue_this_morning(dossier, at=NEXT_MONDAY) == 0
    assert desk_page.deadline(dossier, at=NEXT_MONDAY) is None
    situation = describe(dossier, at=NEXT_MONDAY)
    assert (situation.is_late, situation.until) == (False, None)


def test_afterwards_the_date_holds_again_moved_by_the_pause():
    dossier = verified_outside_the_limit()

    moved(dossier, Action.FINISH_VERIFICATION, Role.SPECIALIST, at=NEXT_TUESDAY)

    due = NEXT_TUESDAY + timedelta(days=2)  # two working days were left
    assert dossier.due_at == dossier.next_due_at == due
    assert not clock.stands_still(dossier)
    assert describe(dossier, at=NEXT_TUESDAY).until == due
    assert late_at_the_desk(dossier, at=due + timedelta(minutes=1))
    assert overdue_this_morning(dossier, at=due + timedelta(minutes=1)) == 1


def test_nobody_apologises_for_time_that_does_not_count():
    dossier = verified_outside_the_limit()

    with pytest.raises(extensions.ClockStands):
        proposed(dossier)
    assert not extensions.may_propose(dossier, actor=actor_for(dossier, Role.SPECIALIST), at=WEDNESDAY)


def test_an_apology_that_was_proposed_before_is_not_approved_meanwhile():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    version = dossier.procedure_version
    version.excludes_verification = "Điều 5 Nghị định minh họa"
    version.save()
    proposed(dossier, at=TUESDAY)
    moved(dossier, Action.START_VERIFICATION, Role.SPECIALIST, at=TUESDAY)

    with pytest.raises(extensions.ClockStands):
        approved(dossier)


def test_a_verification_that_counts_is_late_like_all_else():
    dossier = DossierFactory.create(reach=Status.VERIFYING)

    assert not clock.stands_still(dossier)
    assert late_at_the_desk(dossier, at=NEXT_MONDAY)
    assert overdue_this_morning(dossier, at=NEXT_MONDAY) == 1
    assert describe(dossier, at=NEXT_MONDAY).is_late


@pytest.mark.parametrize("status", [Status.PROCESS_SUPPLEMENT, Status.AWAITING_PAYMENT])
def test_who_asks_to_withdraw_while_the_clock_stands_sets_it_not_going(status):
    dossier = asked_back(status)

    assert not late_at_the_desk(dossier, at=NEXT_MONDAY)
    assert overdue_this_morning(dossier, at=NEXT_MONDAY) == 0
    assert desk_page.deadline(dossier, at=NEXT_MONDAY) is None
    assert not describe(dossier, at=NEXT_MONDAY).is_late
    with pytest.raises(extensions.ClockStands):
        proposed(dossier)


def test_the_clock_runs_while_a_withdrawal_is_decided_and_its_end_can_be_moved():
    dossier = asked_back(Status.IN_PROCESS)
    assert overdue_this_morning(dossier, at=NEXT_MONDAY) == 1
    assert late_at_the_desk(dossier, at=NEXT_MONDAY)

    proposed(dossier)
    late = approved(dossier)

    assert (late.status, late.resume_status) == (Status.WITHDRAWAL_REQUESTED, Status.IN_PROCESS)
    assert (late.due_at, late.original_due_at) == (NEW_DUE, DUE)
    moved(late, Action.DENY_WITHDRAWAL, Role.UNIT_LEADER, at=WEDNESDAY)
    assert (late.status, late.due_at) == (Status.IN_PROCESS, NEW_DUE)


def test_a_server_whose_clock_is_behind_sets_the_time_going_from_where_it_stopped():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    moved(dossier, Action.NOTIFY_OBLIGATION, Role.SPECIALIST, at=TUESDAY)
    due = dossier.due_at

    moved(dossier, Action.CONFIRM_PAYMENT, Role.FEE_COLLECTOR, at=TUESDAY - timedelta(seconds=2))

    assert (dossier.status, dossier.due_at) == (Status.IN_PROCESS, due)
    assert clock.due(dossier).at == due
    assert dossier.clock_intervals.latest("pk").started_at == TUESDAY


def test_a_server_whose_clock_is_behind_stops_the_time_where_it_began():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    assert dossier.accepted_at is not None
    behind = dossier.accepted_at - timedelta(seconds=2)

    moved(dossier, Action.NOTIFY_OBLIGATION, Role.SPECIALIST, at=behind)
    moved(dossier, Action.CONFIRM_PAYMENT, Role.FEE_COLLECTOR, at=behind)

    assert not clock.stands_still(dossier)
    assert clock.due(dossier).at == dossier.due_at == dossier.original_due_at
