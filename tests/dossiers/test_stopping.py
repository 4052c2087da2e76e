"""Stopping a case that cannot go on, and the archive."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from dossiers import tasks
from dossiers.models import ClockInterval
from dossiers.services import archiving, guards, refunds, stopping
from dossiers.states import Action, PaymentState, RefundReason, Status
from dossiers.transitions import IllegalMove
from tests.dossiers.turns import WEDNESDAY, WHY_STOPPED, paid_dossier
from tests.factories import NINE, DossierFactory, actor_for

pytestmark = pytest.mark.django_db


def stop(dossier, **changes):
    values = {
        "reason": WHY_STOPPED,
        "returns_originals": True,
        "refund_vnd": 0,
        "actor": actor_for(dossier, Role.AGENCY_HEAD),
        "at": WEDNESDAY,
        **changes,
    }
    return stopping.stop(dossier_id=dossier.pk, **values)


def test_the_head_stops_a_case_with_reason_stage_originals_and_money():
    dossier = paid_dossier(60_000)

    stopped = stop(dossier, refund_vnd=20_000)

    assert (stopped.status, stopped.payment_state) == (Status.STOPPED, PaymentState.REFUND_DUE)
    event = stopped.events.latest("seq")
    assert (event.action, event.note) == (Action.STOP, WHY_STOPPED)
    assert event.data == {"stage": Status.IN_PROCESS, "returns_originals": True, "refund_vnd": 20_000}
    assert not ClockInterval.objects.filter(dossier=dossier, stopped_at=None).exists()


def test_nobody_else_stops_it():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)

    with pytest.raises(NotAllowed):
        stop(dossier, actor=actor_for(dossier, Role.UNIT_LEADER))


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.SIGNED, Status.COMPLETED])
def test_not_before_acceptance_and_not_after_the_signature(status):
    dossier = DossierFactory.create(reach=status)

    with pytest.raises((IllegalMove, guards.AlreadyDone)):
        stop(dossier)


@pytest.mark.parametrize(
    ("field", "value"), [("reason", ""), ("reason", "x" * 2001), ("refund_vnd", 1), ("refund_vnd", -1)]
)
def test_a_wrong_stop_names_its_field(field, value):
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)

    with pytest.raises(InvalidInput) as refusal:
        stop(dossier, **{field: value})
    assert list(refusal.value.errors) == [field]


# Archive


def archived_at(dossier, at):
    for dossier_id in archiving.due(at=at):
        archiving.archive(dossier_id=dossier_id, actor=Actor.system(), at=at)
    dossier.refresh_from_db()
    return dossier.status == Status.ARCHIVED


@pytest.mark.parametrize(
    ("status", "days"), [(Status.RETURNED, 30), (Status.STOPPED, 30), (Status.COMPLETED, 90)]
)
def test_what_has_rested_long_enough_goes_to_the_archive(status, days):
    dossier = DossierFactory.create(reach=status)

    assert not archived_at(dossier, NINE + timedelta(days=days, seconds=-1))
    assert archived_at(dossier, NINE + timedelta(days=days))


def test_money_is_given_back_first():
    dossier = DossierFactory.create(reach=Status.STOPPED)
    refunds.owe(dossier, amount_vnd=60_000, reason=RefundReason.STOPPED, at=NINE)

    assert not archived_at(dossier, NINE + timedelta(days=100))
    with pytest.raises(archiving.RefundPending):
        archiving.archive(dossier_id=dossier.pk, actor=actor_for(dossier, Role.CLERK), at=NINE)


def test_a_clerk_need_not_wait():
    dossier = DossierFactory.create(reach=Status.RETURNED)

    archived = archiving.archive(dossier_id=dossier.pk, actor=actor_for(dossier, Role.CLERK), at=NINE)
    assert archived.status == Status.ARCHIVED


def test_the_hourly_task_archives_and_can_run_twice():
    dossier = DossierFactory.create(reach=Status.RETURNED)  # in March 2026

    tasks.archive_rested()
    tasks.archive_rested()

    dossier.refresh_from_db()
    assert dossier.status == Status.ARCHIVED
    assert dossier.events.filter(action=Action.ARCHIVE).count() == 1
