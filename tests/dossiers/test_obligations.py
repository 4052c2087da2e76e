"""Money that must be paid before a case goes on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connections

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from dossiers.models import ClockInterval, Obligation
from dossiers.services import guards, obligations
from dossiers.states import Action, PauseReason, PaymentState, Status
from dossiers.transitions import IllegalMove
from outbox.models import Message
from tests.dossiers.inquiries import FRIDAY_EVENING, TEN, confirmed, in_process, notified
from tests.factories import NINE, actor_for
from tests.threads import in_two_threads

pytestmark = pytest.mark.django_db

TOMORROW = NINE + timedelta(days=1)


def test_a_notice_stops_the_clock_and_waits_until_its_day_ends():
    dossier, specialist = in_process()

    obligation = notified(dossier, specialist)

    dossier.refresh_from_db()
    assert (dossier.status, dossier.payment_state) == (Status.AWAITING_PAYMENT, PaymentState.AWAITING)
    assert dossier.next_due_at == obligation.due_at == FRIDAY_EVENING
    interval = ClockInterval.objects.get(dossier=dossier)
    assert (interval.stopped_at, interval.reason) == (TEN, PauseReason.FINANCIAL_OBLIGATION)


@pytest.mark.parametrize("role", [Role.FEE_COLLECTOR, Role.ACCOUNTANT])
def test_a_confirmation_with_proof_lets_the_clock_go_on(role):
    dossier, specialist = in_process()
    promised = dossier.due_at
    assert promised is not None
    obligation = notified(dossier, specialist)

    dossier = confirmed(dossier, obligation, actor_for(dossier, role), at=TEN + timedelta(hours=1))

    obligation.refresh_from_db()
    assert (dossier.status, dossier.payment_state) == (Status.IN_PROCESS, PaymentState.PAID)
    assert dossier.due_at == dossier.next_due_at == promised + timedelta(hours=1)
    assert (obligation.proof, obligation.confirmed_at) == ("BL-0042", TEN + timedelta(hours=1))


def test_a_payment_system_confirms_as_well():
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist)

    dossier = confirmed(dossier, obligation, Actor.system(), at=TOMORROW)

    obligation.refresh_from_db()
    assert dossier.status == Status.IN_PROCESS
    assert obligation.confirmed_by is None


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.ONE_STOP_OFFICER, Role.SIGNER, Role.AGENCY_HEAD])
def test_nobody_else_confirms(role):
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist)

    with pytest.raises(NotAllowed):
        confirmed(dossier, obligation, actor_for(dossier, role), at=TOMORROW)


def test_a_second_confirmation_is_told_who_was_faster():
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist)
    first = actor_for(dossier, Role.FEE_COLLECTOR)
    confirmed(dossier, obligation, first, at=TOMORROW)

    with pytest.raises(guards.AlreadyDone) as refusal:
        confirmed(dossier, obligation, actor_for(dossier, Role.ACCOUNTANT), at=TOMORROW)

    assert first.display_name in str(refusal.value)


@pytest.mark.django_db(transaction=True)
def test_two_collectors_at_once_confirm_once():
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist)
    collectors = [actor_for(dossier, Role.FEE_COLLECTOR), actor_for(dossier, Role.ACCOUNTANT)]

    def confirm() -> str:
        try:
            confirmed(dossier, obligation, collectors.pop(), at=TOMORROW)
        except guards.AlreadyDone:
            return "told"
        return "confirmed"

    assert sorted(in_two_threads(confirm, after=connections.close_all)) == ["confirmed", "told"]
    assert dossier.events.filter(action=Action.CONFIRM_PAYMENT).count() == 1
    assert Message.objects.filter(topic="dossier.confirm_payment").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount_vnd", 0),
        ("amount_vnd", -50_000),
        ("amount_vnd", obligations.MOST_VND + 1),
        ("amount_vnd", 10**30),
        ("basis", "  "),
        ("basis", "x" * 501),
        ("explanation", "x" * 2001),
        ("explanation", "Liên hệ để biết."),
        ("due_on", None),
        ("due_on", date(2026, 2, 27)),
        ("due_on", date(2026, 3, 8)),
        ("due_on", date(2062, 3, 6)),
    ],
)
def test_a_wrong_notice_names_its_field_and_changes_nothing(field, value):
    dossier, specialist = in_process()

    with pytest.raises(InvalidInput) as refusal:
        notified(dossier, specialist, **{field: value})

    dossier.refresh_from_db()
    assert list(refusal.value.errors) == [field]
    assert (dossier.status, Obligation.objects.count()) == (Status.IN_PROCESS, 0)


def test_the_largest_amount_that_is_right_is_taken():
    dossier, specialist = in_process()

    assert notified(dossier, specialist, amount_vnd=obligations.MOST_VND).amount_vnd == obligations.MOST_VND


def test_today_is_a_day_to_pay_until_the_office_closes():
    dossier, specialist = in_process()

    notified(dossier, specialist, due_on=TEN.date())

    other, holder = in_process()
    with pytest.raises(InvalidInput):
        notified(other, holder, due_on=TEN.date(), at=TEN.replace(hour=17))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("proof", " "),
        ("proof", "x" * 201),
        ("paid_at", None),
        ("paid_at", TOMORROW + timedelta(minutes=1)),
        ("paid_at", NINE - timedelta(days=1)),
    ],
)
def test_a_wrong_confirmation_names_its_field(field, value):
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist)

    with pytest.raises(InvalidInput) as refusal:
        confirmed(dossier, obligation, actor_for(dossier, Role.FEE_COLLECTOR), at=TOMORROW, **{field: value})

    assert list(refusal.value.errors) == [field]


def test_another_specialist_neither_notifies_nor_cancels():
    dossier, specialist = in_process()
    colleague = actor_for(dossier, Role.SPECIALIST)
    with pytest.raises(NotAllowed):
        notified(dossier, colleague)

    obligation = notified(dossier, specialist)
    with pytest.raises(NotAllowed):
        cancelled(dossier, obligation, colleague)


def cancelled(
    dossier, obligation, actor, *, reason="Hồ sơ này được miễn lệ phí theo điều 8 Luật Phí và lệ phí."
):
    return obligations.cancel(
        dossier_id=dossier.pk, obligation_id=obligation.pk, reason=reason, actor=actor, at=TOMORROW
    )


def test_a_wrong_notice_is_taken_back_and_another_can_follow():
    dossier, specialist = in_process()
    wrong = notified(dossier, specialist)

    dossier = cancelled(dossier, wrong, specialist)
    again = notified(dossier, specialist, at=TOMORROW, amount_vnd=90_000)

    wrong.refresh_from_db()
    assert (dossier.status, dossier.payment_state) == (Status.IN_PROCESS, PaymentState.NOT_DUE)
    assert wrong.cancelled_at == TOMORROW
    assert obligations.waiting(dossier) == again


def test_cancelling_a_second_notice_does_not_forget_that_the_first_was_paid():
    dossier, specialist = in_process()
    first = notified(dossier, specialist)
    confirmed(dossier, first, actor_for(dossier, Role.FEE_COLLECTOR), at=TEN)
    second = notified(dossier, specialist, at=TOMORROW)

    assert cancelled(dossier, second, specialist).payment_state == PaymentState.PAID


def test_cancelling_needs_a_reason():
    dossier, specialist = in_process()
    obligation = notified(dossier, specialist)

    with pytest.raises(InvalidInput) as refusal:
        cancelled(dossier, obligation, specialist, reason=" ")

    assert list(refusal.value.errors) == ["reason"]


def test_a_page_about_a_notice_that_was_replaced_confirms_nothing():
    dossier, specialist = in_process()
    old = notified(dossier, specialist)
    cancelled(dossier, old, specialist)
    notified(dossier, specialist, at=TOMORROW, amount_vnd=90_000)

    with pytest.raises(obligations.AnotherObligation):
        confirmed(dossier, old, actor_for(dossier, Role.FEE_COLLECTOR), at=TOMORROW)


def test_the_applicant_is_reminded_once_a_day():
    dossier, specialist = in_process()
    notified(dossier, specialist)
    collector = actor_for(dossier, Role.FEE_COLLECTOR)

    obligations.remind(dossier_id=dossier.pk, actor=collector, at=TOMORROW)
    with pytest.raises(obligations.RemindedAlready):
        obligations.remind(dossier_id=dossier.pk, actor=specialist, at=TOMORROW + timedelta(hours=23))
    obligations.remind(dossier_id=dossier.pk, actor=specialist, at=TOMORROW + timedelta(hours=24))

    assert Message.objects.filter(topic="dossier.remind_payment").count() == 2


def test_nobody_is_reminded_of_nothing():
    dossier, specialist = in_process()

    with pytest.raises(IllegalMove):
        obligations.remind(dossier_id=dossier.pk, actor=specialist, at=TOMORROW)
    with pytest.raises(NotAllowed):
        obligations.remind(dossier_id=dossier.pk, actor=actor_for(dossier, Role.SIGNER), at=TOMORROW)
