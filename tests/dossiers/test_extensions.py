"""The apology for a late result: proposed or drafted, approved once, late in the indicators all the same."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from agencies.states import Role
from core.errors import InvalidInput, NotAllowed
from core.working_time import TIME_ZONE
from dossiers import clock, lateness, services
from dossiers.models import Extension
from dossiers.services import extensions, steps
from dossiers.states import Action, LateReason, Status
from dossiers.transitions import EXTENDABLE, IllegalMove
from tests.dossiers.turns import DUE, NEW_DUE, WEDNESDAY, approved, proposed, told
from tests.factories import NINE, DossierFactory, actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return DossierFactory.create(reach=Status.IN_PROCESS)


def planned():
    """Give a dossier in process whose control sheet was laid out at acceptance, and which stands with its specialist."""
    found = DossierFactory.create(reach=Status.IN_PROCESS)
    steps.plan(found, at=NINE)
    steps.pass_on(found, roles=[Role.ONE_STOP_OFFICER], officer_id=None, at=NINE)
    return found


def test_the_head_approves_and_the_new_date_holds(dossier):
    extension = proposed(dossier)
    assert (extension.old_due_at, extension.new_due_at) == (DUE, NEW_DUE)

    late = approved(dossier)

    assert (late.due_at, late.next_due_at, late.original_due_at) == (NEW_DUE, NEW_DUE, DUE)
    assert late.is_rescheduled
    assert clock.promised(late) == NEW_DUE
    event = late.events.latest("seq")
    assert event.action == Action.EXTEND
    moved = {name: datetime.fromisoformat(moment) for name, moment in event.data["due_at"].items()}
    assert moved == {"from": DUE, "to": NEW_DUE}
    assert event.data["is_late_apology"] is False


def test_an_apology_after_the_last_moment_is_marked_as_late(dossier):
    thursday = datetime(2026, 3, 5, 8, 0, tzinfo=TIME_ZONE)
    proposed(dossier, at=thursday)

    assert approved(dossier, at=thursday).events.latest("seq").data["is_late_apology"] is True


def test_until_the_due_moment_and_not_after_it(dossier):
    proposed(dossier, at=DUE)

    with pytest.raises(extensions.DuePassed):
        approved(dossier, at=DUE + timedelta(seconds=1))
    assert approved(dossier, at=DUE).due_at == NEW_DUE


def test_nothing_is_proposed_after_the_due_date(dossier):
    with pytest.raises(extensions.DuePassed):
        proposed(dossier, at=DUE + timedelta(minutes=1))


@pytest.mark.parametrize("status", sorted(set(Status) - EXTENDABLE - {Status.DRAFT, Status.SUBMITTED}))
def test_only_where_the_clock_runs(status):
    dossier = DossierFactory.create(reach=status)

    with pytest.raises((IllegalMove, NotAllowed)):
        proposed(dossier)


def test_one_proposal_waits_at_a_time(dossier):
    proposed(dossier)

    with pytest.raises(extensions.ProposedAlready):
        proposed(dossier)


def test_who_does_not_hold_the_dossier_proposes_nothing(dossier):
    dossier.current_handler_id = actor_for(dossier, Role.SPECIALIST).officer_id
    dossier.save()

    with pytest.raises(NotAllowed):
        proposed(dossier)


def test_a_specialist_does_not_approve(dossier):
    proposed(dossier)

    with pytest.raises(NotAllowed):
        extensions.approve(dossier_id=dossier.pk, actor=actor_for(dossier, Role.SPECIALIST), at=WEDNESDAY)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reason", "lazy"),
        ("reason", ""),
        ("explanation", " "),
        ("explanation", "Bận."),
        ("explanation", "x" * 2001),
        ("working_days", 0),
        ("working_days", 31),
    ],
)
def test_a_wrong_proposal_names_its_field(dossier, field, value):
    with pytest.raises(InvalidInput) as refusal:
        proposed(dossier, **{field: value})
    assert list(refusal.value.errors) == [field]
    assert not Extension.objects.exists()


def test_a_declined_proposal_leaves_the_date_and_another_can_be_made(dossier):
    head = actor_for(dossier, Role.AGENCY_HEAD)
    proposed(dossier)
    with pytest.raises(InvalidInput):
        extensions.decline(dossier_id=dossier.pk, note="", actor=head, at=WEDNESDAY)
    declined = extensions.decline(
        dossier_id=dossier.pk, note="Còn đủ thời gian, hãy ký trong hôm nay.", actor=head, at=WEDNESDAY
    )

    dossier.refresh_from_db()
    assert (declined.is_granted, dossier.due_at, dossier.is_rescheduled) == (False, DUE, False)
    proposed(dossier)


def test_the_second_head_hears_who_decided(dossier):
    proposed(dossier)
    first = actor_for(dossier, Role.AGENCY_HEAD)
    extensions.decline(dossier_id=dossier.pk, note="Chưa cần hẹn lại.", actor=first, at=WEDNESDAY)

    with pytest.raises(extensions.DecidedAlready) as refusal:
        approved(dossier)
    assert first.display_name in str(refusal.value)


def test_a_second_date_is_refused_and_the_city_is_told(dossier):
    proposed(dossier)
    approved(dossier)

    with pytest.raises(extensions.Rescheduled) as refusal:
        proposed(dossier)
    assert "Văn phòng Ủy ban nhân dân thành phố" in str(refusal.value)
    assert told("dossier.escalate") == 1
    assert Extension.objects.count() == 1


def test_a_date_that_was_moved_meanwhile_is_not_approved(dossier):
    proposed(dossier)
    specialist = actor_for(dossier, Role.SPECIALIST)
    for action, at, actor in (
        (Action.NOTIFY_OBLIGATION, WEDNESDAY, specialist),
        (Action.CONFIRM_PAYMENT, WEDNESDAY + timedelta(hours=4), actor_for(dossier, Role.FEE_COLLECTOR)),
    ):
        services.advance(dossier_id=dossier.pk, action=action, actor=actor, at=at)

    with pytest.raises(extensions.DueMoved):
        approved(dossier)


# Indicators


def test_inside_the_new_date_is_late_all_the_same(dossier):
    proposed(dossier)
    dossier = approved(dossier)

    assert not lateness.is_late(dossier, at=DUE)
    assert lateness.is_late(dossier, at=DUE + timedelta(minutes=1))
    dossier.completed_at = DUE + timedelta(hours=1)
    assert lateness.is_late(dossier, at=NEW_DUE)
    dossier.completed_at = DUE
    assert not lateness.is_late(dossier, at=NEW_DUE)


def test_a_lawful_pause_makes_nothing_late():
    dossier = DossierFactory.create(reach=Status.AWAITING_PAYMENT)
    paid_at = DUE + timedelta(days=7)
    services.advance(
        dossier_id=dossier.pk,
        action=Action.CONFIRM_PAYMENT,
        actor=actor_for(dossier, Role.FEE_COLLECTOR),
        at=paid_at,
    )
    dossier.refresh_from_db()

    assert dossier.due_at is not None
    assert dossier.original_due_at is not None
    assert dossier.due_at > dossier.original_due_at
    assert not lateness.is_late(dossier, at=paid_at)


# Drafted by the system


def test_an_apology_is_drafted_four_hours_before_its_last_moment_when_lateness_is_certain():
    dossier = planned()
    # Standing with the specialist since Monday, 09:00: two days planned, then signature and issue, half a day.
    stuck = datetime(2026, 3, 4, 14, 0, tzinfo=TIME_ZONE)

    assert extensions.draft_for(dossier.pk, at=datetime(2026, 3, 4, 11, 29, tzinfo=TIME_ZONE)) is None
    steps.send_back(dossier, to_role=Role.SPECIALIST, officer_id=None, by_id=None, at=stuck)
    drafted = extensions.draft_for(dossier.pk, at=stuck)

    assert drafted is not None
    assert (drafted.is_drafted, drafted.proposed_by_id, drafted.reason) == (True, None, LateReason.WORKLOAD)
    # 20 working hours are needed from Wednesday, 14:00; 4.5 are left until Thursday, 09:00: two days are lacking.
    assert (drafted.old_due_at, drafted.new_due_at) == (DUE, NEW_DUE)
    assert approved(dossier, at=stuck).due_at == NEW_DUE


def test_nothing_is_drafted_where_the_plan_still_holds():
    dossier = planned()

    assert extensions.draft_for(dossier.pk, at=datetime(2026, 3, 4, 13, 30, tzinfo=TIME_ZONE)) is None


def test_a_draft_is_made_once_and_gives_way_to_the_specialists_own_words():
    dossier = planned()
    stuck = datetime(2026, 3, 4, 14, 0, tzinfo=TIME_ZONE)
    steps.send_back(dossier, to_role=Role.SPECIALIST, officer_id=None, by_id=None, at=stuck)

    assert extensions.draft_for_all([dossier.pk], at=stuck) == [dossier.pk]
    assert extensions.draft_for_all([dossier.pk], at=stuck) == []
    rewritten = proposed(dossier, at=stuck, reason="staff_absence")
    assert (rewritten.is_drafted, rewritten.reason) == (False, "staff_absence")
    assert Extension.objects.count() == 1
    assert extensions.draft_for_all([dossier.pk], at=stuck) == []


def test_nothing_is_drafted_after_the_due_date_or_a_first_apology(dossier):
    assert extensions.draft_for(dossier.pk, at=DUE + timedelta(minutes=1)) is None
    proposed(dossier)
    approved(dossier)
    assert extensions.draft_for(dossier.pk, at=NEW_DUE) is None
