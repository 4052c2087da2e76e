"""Money that crosses another move is neither lost nor kept: it is recorded, owed, and given back with a proof."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from dossiers.models import Dossier, Refund
from dossiers.services import archiving, guards, obligations, refunds, stopping, withdrawals
from dossiers.states import Action, PaymentState, RefundReason, Status
from dossiers.transitions import APPLICANT, IllegalMove
from notifications.models import Notice
from outbox import services as outbox
from tests.dossiers.inquiries import TEN, confirmed, in_process, notified
from tests.factories import AgencyFactory, DossierFactory, actor_for, officer_actor
from tests.threads import in_two_threads

pytestmark = pytest.mark.django_db

ELEVEN = TEN + timedelta(hours=1)
TWO = TEN + timedelta(hours=4)
TOMORROW = TEN + timedelta(days=1)


def collector(dossier: Dossier) -> Actor:
    return actor_for(dossier, Role.FEE_COLLECTOR)


def asked_back(dossier: Dossier) -> None:
    withdrawals.request(
        dossier_id=dossier.pk, reason="Không cần nữa", actor=actor_for(dossier, APPLICANT), at=ELEVEN
    )


def let_go(dossier: Dossier, *, refund_vnd: int = 0) -> Dossier:
    return withdrawals.approve(
        dossier_id=dossier.pk,
        returns_originals=False,
        refund_vnd=refund_vnd,
        actor=actor_for(dossier, Role.UNIT_LEADER),
        at=TWO,
    )


def recorded(dossier: Dossier, actor: Actor | None = None, **changes) -> Refund:
    values = {"amount_vnd": 1_250_000, "proof": "CK-1", "paid_at": TOMORROW, "at": TOMORROW, **changes}
    return refunds.record_payment(
        dossier_id=dossier.pk,
        obligation_id=dossier.obligations.latest("pk").pk,
        actor=actor or collector(dossier),
        **values,
    )


def given_back(refund: Refund, actor: Actor | None = None, **changes) -> Refund:
    values = {
        "amount_vnd": refund.amount_vnd,
        "document_no": "UNC-77",
        "refunded_at": TOMORROW,
        "at": TOMORROW,
        **changes,
    }
    return refunds.pay_out(refund_id=refund.pk, actor=actor or collector(refund.dossier), **values)


# While a withdrawal waits for its decision


def test_money_that_comes_while_a_withdrawal_is_decided_is_recorded_and_the_dossier_stays_there():
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist)
    asked_back(dossier)

    after = confirmed(dossier, obligation, collector(dossier), at=TWO)

    assert (after.status, after.payment_state) == (Status.WITHDRAWAL_REQUESTED, PaymentState.PAID)
    obligation.refresh_from_db()
    assert (obligation.confirmed_at, obligation.cancelled_at) == (TWO, None)


def test_denied_the_dossier_goes_on_in_process_and_its_clock_runs_since_the_money_came():
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist)
    asked_back(dossier)
    confirmed(dossier, obligation, collector(dossier), at=TWO)

    after = withdrawals.deny(
        dossier_id=dossier.pk, note="Chỉ còn ký.", actor=actor_for(dossier, Role.UNIT_LEADER), at=TOMORROW
    )

    assert after.status == Status.IN_PROCESS
    assert after.clock_intervals.order_by("started_at").last().started_at == TWO
    assert after.due_at == after.next_due_at


def test_approved_what_came_is_given_back():
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist)
    asked_back(dossier)
    confirmed(dossier, obligation, collector(dossier), at=ELEVEN)

    after = let_go(dossier, refund_vnd=1_250_000)

    refund = dossier.refunds.get()
    assert (after.payment_state, refund.reason) == (PaymentState.REFUND_DUE, RefundReason.WITHDRAWN)
    assert (refund.amount_vnd, refund.arose_at) == (1_250_000, TWO)


def test_nothing_is_confirmed_where_a_withdrawal_waits_and_nothing_was_to_be_paid():
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist)
    confirmed(dossier, obligation, collector(dossier), at=ELEVEN)
    asked_back(dossier)

    with pytest.raises(obligations.AnotherObligation):
        confirmed(dossier, obligation, collector(dossier), at=TWO)


# After the end, or after the notice was cancelled


def test_confirming_after_the_end_says_who_ended_it_and_recording_owes_the_money_back():
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist)
    asked_back(dossier)
    let_go(dossier)

    with pytest.raises(guards.AlreadyDone):
        confirmed(dossier, obligation, collector(dossier), at=TOMORROW)
    refund = recorded(dossier)

    dossier.refresh_from_db()
    assert (dossier.status, dossier.payment_state) == (Status.STOPPED, PaymentState.REFUND_DUE)
    assert (refund.reason, refund.received_proof) == (RefundReason.PAID_IN_VAIN, "CK-1")
    assert dossier.events.latest("seq").action == Action.RECORD_PAYMENT


def test_money_for_a_cancelled_notice_is_owed_while_the_dossier_goes_on():
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist)
    obligations.cancel(
        dossier_id=dossier.pk,
        obligation_id=obligation.pk,
        reason="Được miễn lệ phí theo điều 8 Luật Phí và lệ phí.",
        actor=specialist,
        at=ELEVEN,
    )

    recorded(dossier)

    dossier.refresh_from_db()
    assert (dossier.status, dossier.payment_state) == (Status.IN_PROCESS, PaymentState.REFUND_DUE)
    again = notified(dossier, specialist, at=TOMORROW)
    dossier.refresh_from_db()
    assert dossier.payment_state == PaymentState.AWAITING
    confirmed(dossier, again, collector(dossier), at=TOMORROW)
    dossier.refresh_from_db()
    assert dossier.payment_state == PaymentState.REFUND_DUE


def test_the_payment_system_tells_the_same_money_twice_and_it_is_owed_once():
    dossier, specialist = in_process()
    confirmed(dossier, notified(dossier, specialist), collector(dossier), at=ELEVEN)

    first, second = recorded(dossier, Actor.system()), recorded(dossier, Actor.system())

    assert first == second
    assert dossier.events.filter(action=Action.RECORD_PAYMENT).count() == 1


def test_an_open_notice_is_paid_and_not_recorded_as_money_in_vain():
    dossier, specialist = in_process()
    notified(dossier, specialist)

    with pytest.raises(refunds.StillToPay):
        recorded(dossier)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("amount_vnd", {"amount_vnd": 0}),
        ("proof", {"proof": " "}),
        ("proof", {"proof": "BL-0042"}),
        ("paid_at", {"paid_at": None}),
        ("paid_at", {"paid_at": TOMORROW + timedelta(days=1)}),
    ],
)
def test_a_wrong_record_names_its_field(field, change):
    dossier, specialist = in_process()
    confirmed(dossier, notified(dossier, specialist), collector(dossier), at=ELEVEN)

    with pytest.raises(InvalidInput) as refusal:
        recorded(dossier, **change)

    assert list(refusal.value.errors) == [field]
    assert not Refund.objects.exists()


def test_nobody_records_money_for_a_dossier_of_others_or_in_another_role():
    dossier, specialist = in_process()
    confirmed(dossier, notified(dossier, specialist), collector(dossier), at=ELEVEN)

    for actor in (specialist, officer_actor(AgencyFactory.create(), Role.FEE_COLLECTOR, Role.ACCOUNTANT)):
        with pytest.raises(NotAllowed):
            recorded(dossier, actor)


# Giving it back


def owed() -> Refund:
    dossier, specialist = in_process()
    confirmed(dossier, notified(dossier, specialist), collector(dossier), at=ELEVEN)
    stopping.stop(
        dossier_id=dossier.pk,
        reason="Quyết định của tòa án số 5/QĐ ngày 01/03/2026.",
        returns_originals=False,
        refund_vnd=1_000_000,
        actor=actor_for(dossier, Role.AGENCY_HEAD),
        at=TWO,
    )
    return dossier.refunds.get()


@pytest.mark.parametrize("role", [Role.FEE_COLLECTOR, Role.ACCOUNTANT])
def test_a_refund_is_closed_with_who_when_how_much_and_the_document(role):
    refund = owed()
    actor = actor_for(refund.dossier, role)

    given_back(refund, actor)

    refund.refresh_from_db()
    refund.dossier.refresh_from_db()
    assert (refund.confirmed_by_id, refund.confirmed_at) == (actor.officer_id, TOMORROW)
    assert (refund.document_no, refund.refunded_at) == ("UNC-77", TOMORROW)
    assert refund.dossier.payment_state == PaymentState.REFUNDED
    event = refund.dossier.events.latest("seq")
    assert (event.action, event.data["document_no"]) == (Action.PAY_REFUND, "UNC-77")


def test_the_applicant_hears_that_the_money_went_back():
    refund = owed()
    given_back(refund)

    outbox.relay(at=TOMORROW)

    assert Notice.objects.filter(topic="dossier.pay_refund", dossier=refund.dossier).count() == 1


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("amount_vnd", {"amount_vnd": 999_999}),
        ("document_no", {"document_no": ""}),
        ("refunded_at", {"refunded_at": None}),
        ("refunded_at", {"refunded_at": TOMORROW + timedelta(minutes=1)}),
        ("refunded_at", {"refunded_at": TEN - timedelta(days=1)}),
    ],
)
def test_a_wrong_proof_names_its_field_and_leaves_the_task_open(field, change):
    refund = owed()

    with pytest.raises(InvalidInput) as refusal:
        given_back(refund, **change)

    assert list(refusal.value.errors) == [field]
    refund.refresh_from_db()
    assert refund.confirmed_at is None


def test_nobody_else_gives_it_back():
    refund = owed()

    for actor in (
        actor_for(refund.dossier, Role.SPECIALIST),
        actor_for(refund.dossier, APPLICANT),
        officer_actor(AgencyFactory.create(), Role.FEE_COLLECTOR, Role.ACCOUNTANT),
    ):
        with pytest.raises(NotAllowed):
            given_back(refund, actor)


@pytest.mark.django_db(transaction=True)
def test_two_give_it_back_at_once_and_one_is_told():
    refund = owed()
    colleagues = [collector(refund.dossier), actor_for(refund.dossier, Role.ACCOUNTANT)]

    def give() -> str:
        try:
            given_back(refund, colleagues.pop())
        except refunds.RefundedAlready:
            return "told"
        return "given"

    assert sorted(in_two_threads(give, after=connections.close_all)) == ["given", "told"]


def test_a_dossier_is_archived_only_when_its_money_went_back():
    refund = owed()
    clerk = actor_for(refund.dossier, Role.CLERK)

    with pytest.raises(archiving.RefundPending):
        archiving.archive(dossier_id=refund.dossier_id, actor=clerk, at=TOMORROW)
    given_back(refund)

    assert archiving.archive(dossier_id=refund.dossier_id, actor=clerk, at=TOMORROW).status == Status.ARCHIVED


def test_a_dossier_that_was_never_accepted_has_no_money_to_give_back():
    dossier = DossierFactory.create(reach=Status.SUBMITTED)
    with pytest.raises(IllegalMove):
        guards.require(dossier, Action.RECORD_PAYMENT, Actor.system())
