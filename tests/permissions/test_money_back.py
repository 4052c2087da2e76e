"""Who records money that came in vain, gives money back, and writes down what the post says: every kind of person."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from agencies.models import OfficerRole
from agencies.states import Role
from core.actor import Actor, ActorKind, Grant
from dossiers.models import Dossier, Obligation, Refund, Shipment
from dossiers.services import obligations
from dossiers.states import DeliveryState, Status
from tests.dossiers.inquiries import BASIS
from tests.factories import LONG_AGO, NINE
from tests.permissions.test_matrix import AT_THE_AGENCY, AT_THE_UNIT, NOT_SIGNED_IN, a_working_day
from tests.permissions.world import CLERK, ELSEWHERE, ONE_STOP, OWNER, SPECIALIST, World, footprints

pytestmark = pytest.mark.django_db


def holder(world: World) -> Actor:
    officer = world.officers[SPECIALIST]
    grants = frozenset({Grant(Role.SPECIALIST, world.department.pk)})
    return Actor(kind=ActorKind.OFFICER, user_id=officer.user_id, officer_id=officer.pk, grants=grants)


def to_pay(world: World, at: datetime) -> Dossier:
    dossier = world.dossiers[OWNER, Status.IN_PROCESS]
    obligations.notify(
        dossier_id=dossier.pk,
        amount_vnd=60_000,
        basis=BASIS,
        explanation="",
        due_on=date.fromisoformat(a_working_day(world)),
        actor=holder(world),
        at=at,
    )
    return dossier


def give(world: World, who: str, role: str) -> None:
    agency = world.ward if who == ONE_STOP else world.department
    OfficerRole.objects.create(officer=world.officers[who], agency=agency, role=role, valid_from=LONG_AGO)


def wanted_of(who: str, may: set[str], *, method: str) -> int:
    if who in NOT_SIGNED_IN:
        return 302
    if who not in AT_THE_UNIT | AT_THE_AGENCY:
        return 404
    if who in may:
        return 302 if method == "POST" else 200
    return 403


def cancelled(world: World) -> Obligation:
    dossier = to_pay(world, timezone.now())
    obligation = dossier.obligations.get()
    obligations.cancel(
        dossier_id=dossier.pk,
        obligation_id=obligation.pk,
        reason="Được miễn lệ phí theo điều 8 Luật Phí và lệ phí.",
        actor=holder(world),
        at=timezone.now(),
    )
    return obligation


def answers_of(world: World, address: str, method: str, data: dict[str, str]) -> dict[str, tuple[int, bool]]:
    """Give what each person is answered, and whether they changed anything."""
    before, found = footprints(), {}
    for who in world.users:
        with transaction.atomic():
            answer = world.visit(who, address, method, data if method == "POST" else None)
            found[who] = (answer.status_code, footprints() != before)
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_collector_and_accountant_alone_record_money_that_came_in_vain(world: World, method: str):
    give(world, ONE_STOP, Role.FEE_COLLECTOR)
    give(world, CLERK, Role.ACCOUNTANT)
    obligation = cancelled(world)
    address = reverse("desk:record_payment", args=[obligation.dossier.tracking_no, obligation.pk])
    data = {"amount_vnd": "60.000", "proof": "CK-1", "paid_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}"}

    answers = answers_of(world, address, method, data)

    may = {ONE_STOP, CLERK}
    assert {who: code for who, (code, _changed) in answers.items()} == {
        who: wanted_of(who, may, method=method) for who in world.users
    }
    assert {who for who, (_code, changed) in answers.items() if changed} == (
        may if method == "POST" else set()
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refund_exists_for_those_who_give_it_back_and_for_nobody_else(world: World, method: str):
    give(world, ONE_STOP, Role.FEE_COLLECTOR)
    give(world, CLERK, Role.ACCOUNTANT)
    obligation = cancelled(world)
    refund = Refund.objects.create(
        dossier=obligation.dossier, amount_vnd=60_000, reason="paid_in_vain", arose_at=timezone.now()
    )
    local = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    data = {"amount_vnd": "60000", "document_no": "UNC-1", "refunded_at": local}

    answers = answers_of(world, reverse("desk:refund", args=[refund.pk]), method, data)
    listed = answers_of(world, reverse("desk:refunds"), "GET", {})

    may, then = {ONE_STOP, CLERK}, 302 if method == "POST" else 200
    assert {answers.pop(who) for who in may} == {(then, method == "POST")}
    assert {answers.pop(who) for who in NOT_SIGNED_IN} == {(302, False)}
    assert set(answers.values()) == {(404, False)}
    # All roles elsewhere have a list of their own, and this refund is not on it.
    assert {who for who, (code, _changed) in listed.items() if code == 200} == may | {ELSEWHERE}
    assert obligation.dossier.code not in world.visit(ELSEWHERE, reverse("desk:refunds")).content.decode()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_one_stop_officer_alone_writes_down_what_the_post_says(world: World, method: str):
    dossier = world.dossiers[OWNER, Status.COMPLETED]
    Shipment.objects.create(dossier=dossier, consignment_no="EK123456789VN", handed_at=NINE)
    Dossier.objects.filter(pk=dossier.pk).update(delivery_state=DeliveryState.HANDED_TO_POST)
    data = {"state": "in_transit", "at": f"{timezone.localtime():%Y-%m-%dT%H:%M}"}

    answers = answers_of(world, reverse("desk:follow_post", args=[dossier.tracking_no]), method, data)

    assert {who: code for who, (code, _changed) in answers.items()} == {
        who: wanted_of(who, {ONE_STOP}, method=method) for who in world.users
    }
    assert {who for who, (_code, changed) in answers.items() if changed} == (
        {ONE_STOP} if method == "POST" else set()
    )
