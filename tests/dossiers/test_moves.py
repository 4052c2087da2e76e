"""Every move from every status, by everybody."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from core.working_time import TIME_ZONE
from dossiers import services
from dossiers.clock import NoTimeLimit
from dossiers.models import CodeCounter, Dossier
from dossiers.states import Action, Status
from dossiers.transitions import APPLICANT, MOVES, SYSTEM, IllegalMove
from outbox.models import Message
from procedures.states import Channel
from tests.factories import (
    NINE,
    WAYS,
    AgencyFactory,
    DossierFactory,
    PersonFactory,
    VersionFactory,
    actor_for,
    actor_of_person,
    officer_actor,
)

pytestmark = pytest.mark.django_db

EVERY_ROLE = [*Role.values, APPLICANT, SYSTEM]


def at_start(status: Status, action: Action) -> Dossier:
    """Make a dossier from which the action starts; only at the counter an officer accepts what nobody submitted."""
    channel = Channel.COUNTER if action == Action.ACCEPT_AT_COUNTER else Channel.ONLINE
    return DossierFactory.create(reach=status, channel=channel)


@pytest.mark.parametrize("status", list(WAYS), ids=str)
def test_what_the_table_does_not_name_is_refused_and_leaves_no_trace(status: Status):
    dossier = DossierFactory.create(reach=status)
    events, messages = dossier.history_length, Message.objects.count()

    for action in Action:
        if (status, action) in set(MOVES):
            continue
        with pytest.raises(IllegalMove) as refusal:
            services.advance(dossier_id=dossier.pk, action=action, actor=Actor.system(), at=NINE, note="…")
        assert str(Status(status).label) in str(refusal.value)

    dossier.refresh_from_db()
    assert (dossier.status, dossier.history_length, Message.objects.count()) == (status, events, messages)


@pytest.mark.parametrize(("status", "action"), sorted(MOVES), ids=str)
def test_only_the_roles_of_the_table_take_a_move_and_each_leaves_one_event_and_one_message(status, action):
    move = MOVES.find(status=status, action=action)
    for role in EVERY_ROLE:
        with transaction.atomic():
            dossier = at_start(status, action)
            target = move.leads_to(dossier)
            before = dossier.history_length
            actor = actor_for(dossier, role)
            if role in move.by:
                services.advance(dossier_id=dossier.pk, action=action, actor=actor, at=NINE, note="Lý do")
                dossier.refresh_from_db()
                assert dossier.status == target
                assert dossier.history_length == before + 1
                assert Message.objects.filter(key=dossier.tracking_no, topic=f"dossier.{action}").count() == 1
            else:
                with pytest.raises(NotAllowed):
                    services.advance(dossier_id=dossier.pk, action=action, actor=actor, at=NINE, note="Lý do")
                dossier.refresh_from_db()
                assert (dossier.status, dossier.history_length) == (status, before)


@pytest.mark.parametrize(("status", "action"), sorted(MOVES), ids=str)
def test_a_role_at_another_agency_or_another_persons_account_takes_nothing(status, action):
    dossier = at_start(status, action)
    elsewhere = officer_actor(AgencyFactory.create(), *Role.values)
    stranger = actor_of_person(PersonFactory.create())

    for actor in (elsewhere, stranger, Actor.anonymous()):
        with pytest.raises(NotAllowed):
            services.advance(dossier_id=dossier.pk, action=action, actor=actor, at=NINE, note="Lý do")


def test_a_refusal_without_a_reason_is_refused_and_names_the_field():
    dossier = DossierFactory.create(reach=Status.SUBMITTED)

    with pytest.raises(InvalidInput) as refusal:
        services.advance(
            dossier_id=dossier.pk,
            action=Action.REFUSE_INTAKE,
            actor=actor_for(dossier, Role.ONE_STOP_OFFICER),
            at=NINE,
            note="   ",
        )

    assert list(refusal.value.errors) == ["note"]


def test_filing_promises_an_answer_within_four_working_hours():
    dossier = DossierFactory.create()

    services.advance(
        dossier_id=dossier.pk,
        action=Action.SUBMIT,
        actor=actor_for(dossier, APPLICANT),
        at=datetime(2026, 3, 6, 16, 30, tzinfo=TIME_ZONE),
    )

    dossier.refresh_from_db()
    assert dossier.accept_due_at == datetime(2026, 3, 9, 11, 0, tzinfo=TIME_ZONE)
    assert (dossier.next_due_at, dossier.due_at, dossier.code) == (dossier.accept_due_at, None, None)


def test_acceptance_starts_the_clock_gives_the_code_and_keeps_the_version():
    dossier = DossierFactory.create(reach=Status.SUBMITTED)
    agency = dossier.received_at_unit

    services.advance(
        dossier_id=dossier.pk, action=Action.ACCEPT, actor=actor_for(dossier, Role.ONE_STOP_OFFICER), at=NINE
    )

    dossier.refresh_from_db()
    assert dossier.due_at == NINE + timedelta(days=3)
    assert dossier.original_due_at == dossier.next_due_at == dossier.due_at
    assert dossier.code == f"{agency.code}-260302-0001"
    assert dossier.clock_intervals.get().stopped_at is None


def test_a_failed_acceptance_gives_its_number_back():
    first, second = DossierFactory.create(reach=Status.SUBMITTED), None
    officer = actor_for(first, Role.ONE_STOP_OFFICER)
    version = VersionFactory.create()
    version.channels.update(duration_value=None)
    second = DossierFactory.create(
        procedure_version=version, received_at_unit=first.received_at_unit, reach=Status.SUBMITTED
    )

    with pytest.raises(NoTimeLimit):
        services.advance(dossier_id=second.pk, action=Action.ACCEPT, actor=officer, at=NINE)
    services.advance(dossier_id=first.pk, action=Action.ACCEPT, actor=officer, at=NINE)

    first.refresh_from_db()
    assert first.code.endswith("-0001")
    assert CodeCounter.objects.get().last == 1


@pytest.mark.django_db(transaction=True)
def test_two_officers_accept_at_once_and_one_of_them_is_told():
    dossier = DossierFactory.create(reach=Status.SUBMITTED)
    assert dossier.received_at_unit
    officers = [officer_actor(dossier.received_at_unit, Role.ONE_STOP_OFFICER) for _ in range(4)]
    ready = threading.Barrier(len(officers))
    outcomes: list[str] = []

    def accept(actor: Actor) -> None:
        try:
            ready.wait()
            services.advance(dossier_id=dossier.pk, action=Action.ACCEPT, actor=actor, at=NINE)
            outcomes.append("accepted")
        except IllegalMove:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["accepted", "told", "told", "told"]
    dossier = Dossier.objects.get()
    assert dossier.events.filter(action=Action.ACCEPT).count() == 1
    assert dossier.code.endswith("-0001")


@pytest.mark.django_db(transaction=True)
def test_dossiers_accepted_at_once_in_one_unit_get_numbers_without_a_gap_or_a_double():
    unit = AgencyFactory.create()
    version = VersionFactory.create()
    dossiers = [
        DossierFactory.create(procedure_version=version, received_at_unit=unit, reach=Status.SUBMITTED)
        for _ in range(8)
    ]
    officer = officer_actor(unit, Role.ONE_STOP_OFFICER)

    def accept(pk: int) -> None:
        try:
            services.advance(dossier_id=pk, action=Action.ACCEPT, actor=officer, at=NINE)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=[dossier.pk]) for dossier in dossiers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    codes = sorted(code or "" for code in Dossier.objects.values_list("code", flat=True))
    assert codes == [f"{unit.code}-260302-{n:04d}" for n in range(1, 9)]
