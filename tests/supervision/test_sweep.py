"""Watches are kept true, what is due is raised once, and what is over ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from agencies.states import Role
from core.working_time import TIME_ZONE
from dossiers import services
from dossiers.models import Dossier, Opinion, SupplementRequest
from dossiers.services import processing
from dossiers.states import Action, Status, SupplementPhase, SupplementState
from outbox import services as outbox
from outbox.models import Message
from supervision.kinds import CITY_OFFICE
from supervision.models import Alert, Watch
from supervision.services import sweeping, watching
from supervision.states import AlertKind, AlertState
from tests.factories import NINE, AgencyFactory, DossierFactory, OfficerFactory, actor_for, officer_actor
from tests.supervision.conftest import Clock, kinds, unit_of
from tests.threads import in_two_threads

pytestmark = pytest.mark.django_db

ACCEPT_DUE = datetime(2026, 3, 2, 14, 30, tzinfo=TIME_ZONE)
"""Four working hours after `NINE`."""
MINUTE = timedelta(minutes=1)


def filed() -> Dossier:
    return DossierFactory.create(reach=Status.SUBMITTED)


def advance(dossier: Dossier, action: Action, role: str, *, at: datetime) -> None:
    dossier.refresh_from_db()
    services.advance(
        dossier_id=dossier.pk, action=action, actor=actor_for(dossier, role), at=at, note="Lý do"
    )


def test_a_move_plans_what_will_be_due(clock: Clock):
    dossier = filed()

    clock.relay()

    assert list(dossier.watches.order_by("at").values_list("kind", flat=True)) == [
        AlertKind.NOT_ACCEPTED_SOON,
        AlertKind.NOT_ACCEPTED,
        AlertKind.NOT_ACCEPTED_NATIONAL,
    ]


def test_what_another_areas_agency_never_confirms_to_have_is_warned_of_all_the_same(clock: Clock):
    dossier = DossierFactory.create(reach=Status.SUBMITTED, is_cross_area=True)
    advance(dossier, Action.ACCEPT, Role.ONE_STOP_OFFICER, at=NINE)
    advance(dossier, Action.FORWARD, Role.ONE_STOP_OFFICER, at=NINE)
    dossier.refresh_from_db()
    assert dossier.competent_received_at is None
    assert dossier.due_at

    clock.work(at=dossier.due_at - timedelta(hours=1))
    assert kinds(dossier=dossier) == [AlertKind.NEAR_DUE]

    clock.work(at=dossier.due_at + MINUTE)
    assert kinds(dossier=dossier, state=AlertState.DELIVERED) == [AlertKind.OVERDUE]


def test_planning_again_writes_nothing(clock: Clock):
    dossier = filed()
    clock.relay()
    before = list(Watch.objects.order_by("pk").values())

    with CaptureQueriesContext(connection) as asked:
        watching.renew(dossier_id=dossier.pk, at=NINE)

    assert list(Watch.objects.order_by("pk").values()) == before
    assert not [one for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_what_is_due_is_raised_with_its_message_and_watched_no_more(clock: Clock):
    dossier = filed()
    clock.relay()

    sweeping.sweep(at=ACCEPT_DUE)
    assert kinds() == [AlertKind.NOT_ACCEPTED_SOON], "a limit has passed only after its last moment"
    sweeping.sweep(at=ACCEPT_DUE + MINUTE)

    alert = Alert.objects.get(kind=AlertKind.NOT_ACCEPTED)
    assert (alert.dossier, alert.agency, alert.limit_at, alert.raised_at, alert.state) == (
        dossier,
        dossier.received_at_unit,
        ACCEPT_DUE,
        ACCEPT_DUE + MINUTE,
        AlertState.RAISED,
    )
    message = Message.objects.get(topic="alert.not_accepted")
    assert message.payload == {"dossier_id": dossier.pk, "alert_id": alert.pk, "stage": 1}
    assert list(dossier.watches.values_list("kind", flat=True)) == [AlertKind.NOT_ACCEPTED_NATIONAL]


def test_the_next_kind_about_a_limit_ends_the_one_before(clock: Clock):
    filed()
    clock.relay()

    sweeping.sweep(at=ACCEPT_DUE - MINUTE)
    sweeping.sweep(at=ACCEPT_DUE + MINUTE)

    states = dict(Alert.objects.values_list("kind", "state"))
    assert states == {
        AlertKind.NOT_ACCEPTED_SOON: AlertState.RESOLVED,
        AlertKind.NOT_ACCEPTED: AlertState.RAISED,
    }


def test_a_sweep_that_was_away_for_a_day_leaves_only_the_last_word_open(clock: Clock):
    filed()
    clock.relay()

    sweeping.sweep(at=NINE + timedelta(days=2))

    assert kinds(resolved_at=None) == [AlertKind.NOT_ACCEPTED_NATIONAL]


def test_a_sweep_loads_no_dossier_and_goes_by_index(clock: Clock):
    filed()
    clock.relay()

    with CaptureQueriesContext(connection) as asked:
        sweeping.sweep(at=ACCEPT_DUE - MINUTE)

    assert not [one["sql"] for one in asked if "dossiers_dossier" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM supervision_watch WHERE at < now() ORDER BY at, id LIMIT 500")
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "supervision_watches_due" in plan


def test_a_move_ends_the_alerts_whose_cause_is_gone(clock: Clock):
    dossier = filed()
    clock.work(ACCEPT_DUE + MINUTE)
    assert kinds(resolved_at=None) == [AlertKind.NOT_ACCEPTED]

    advance(dossier, Action.ACCEPT, Role.ONE_STOP_OFFICER, at=ACCEPT_DUE + 5 * MINUTE)
    clock.work(ACCEPT_DUE + 6 * MINUTE)

    ended = Alert.objects.get(kind=AlertKind.NOT_ACCEPTED)
    assert (ended.state, ended.resolved_at, ended.tell_at) == (
        AlertState.RESOLVED,
        ACCEPT_DUE + 6 * MINUTE,
        None,
    )
    assert ended.reaction == 5 * MINUTE
    assert AlertKind.OVERDUE in dossier.watches.values_list("kind", flat=True)


def test_what_was_raised_is_not_raised_again_by_a_move_that_changes_nothing(clock: Clock):
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    clock.work(NINE + timedelta(days=2, minutes=1))
    assert kinds(resolved_at=None) == [AlertKind.NEAR_DUE]

    advance(dossier, Action.START_VERIFICATION, Role.SPECIALIST, at=clock.now)
    clock.work()

    assert kinds() == [AlertKind.NEAR_DUE]
    assert AlertKind.NEAR_DUE not in dossier.watches.values_list("kind", flat=True)


def test_an_alert_follows_the_dossier_to_its_new_handler(clock: Clock):
    dossier = DossierFactory.create(reach=Status.FORWARDED)
    clock.work(NINE + timedelta(days=2, minutes=1))
    assert Alert.objects.get(kind=AlertKind.NEAR_DUE).handler is None

    specialist = officer_actor(unit_of(dossier), Role.SPECIALIST)
    processing.take(dossier_id=dossier.pk, actor=specialist, at=clock.now)
    clock.work()

    assert Alert.objects.get(kind=AlertKind.NEAR_DUE).handler_id == specialist.officer_id
    assert dossier.watches.get(kind=AlertKind.OVERDUE).handler_id == specialist.officer_id


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_raise_each_alert_once():
    dossiers = [filed() for _ in range(4)]
    outbox.relay(at=NINE)
    for dossier in dossiers:
        watching.renew(dossier_id=dossier.pk, at=NINE)

    counts = in_two_threads(lambda: sweeping.sweep(at=ACCEPT_DUE + MINUTE), after=connections.close_all)

    assert sum(counts) == 8
    assert Alert.objects.count() == Message.objects.filter(topic__startswith="alert.").count() == 8


@pytest.mark.django_db(transaction=True)
def test_a_sweep_passes_over_what_another_one_holds():
    first, second = filed(), filed()
    for dossier in (first, second):
        watching.renew(dossier_id=dossier.pk, at=NINE)

    with transaction.atomic():
        list(Watch.objects.select_for_update().filter(dossier=first))
        (raised, _same) = in_two_threads(
            lambda: sweeping.sweep(at=ACCEPT_DUE - MINUTE), after=connections.close_all
        )

    assert raised + _same == 1
    assert Alert.objects.get().dossier == second


def test_dossiers_without_a_watch_are_found(clock: Clock):
    lost, running = filed(), DossierFactory.create(reach=Status.IN_PROCESS)
    closed = DossierFactory.create(reach=Status.RETURNED)
    assert set(watching.unwatched()) == {lost, running}

    assert watching.renew_unwatched(at=NINE) == 2
    assert (lost.watches.count() > 0, running.watches.count() > 0, closed.watches.count()) == (True, True, 0)
    assert not watching.unwatched().exists()


def test_the_command_plans_every_open_dossier_anew(clock: Clock, capsys: pytest.CaptureFixture[str]):
    filed()
    DossierFactory.create(reach=Status.RETURNED)

    call_command("renew_watches")

    assert capsys.readouterr().out == "1 dossiers planned anew.\n"
    assert Watch.objects.count() == 3


def test_a_mirrored_dossier_is_its_ministrys_to_watch(clock: Clock):
    dossier = filed()
    Dossier.objects.filter(pk=dossier.pk).update(is_mirror=True)

    clock.relay()

    assert not Watch.objects.exists()


def test_a_second_new_date_that_is_asked_for_goes_up_to_the_city_at_once_and_once(clock: Clock):
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    clock.relay()

    for _twice in range(2):
        tell_of_exchange("dossier.escalate", dossier)
        clock.work(clock.now + MINUTE)
    watching.renew(dossier_id=dossier.pk, at=clock.now)

    alert = Alert.objects.get()
    assert (alert.kind, alert.stage, alert.state) == (
        AlertKind.OVERDUE_ESCALATED,
        CITY_OFFICE,
        AlertState.DELIVERED,
    )


def test_a_supplement_that_was_handed_in_is_not_asked_for_again(clock: Clock):
    dossier = DossierFactory.create(reach=Status.PROCESS_SUPPLEMENT)
    asked = SupplementRequest.objects.create(
        dossier=dossier,
        phase=SupplementPhase.PROCESS,
        asked_by=OfficerFactory.create(),
        asked_at=NINE,
        due_at=NINE + timedelta(days=30),
    )
    clock.relay()
    assert set(dossier.watches.values_list("kind", flat=True)) == {AlertKind.SUPPLEMENT_WAITING}

    asked.state = SupplementState.ANSWERED
    asked.save()
    tell_of_exchange("dossier.supplement_handed_in", dossier)
    clock.relay()

    assert not dossier.watches.exists()


def test_an_opinion_that_the_dossier_goes_on_without_is_waited_for_no_more(clock: Clock):
    dossier = DossierFactory.create(reach=Status.AWAITING_OPINION)
    Opinion.objects.create(
        dossier=dossier,
        agency=AgencyFactory.create(),
        question="Có tranh chấp không?",
        asked_by=OfficerFactory.create(),
        asked_at=NINE,
        due_at=NINE + timedelta(hours=4),
    )
    clock.work(NINE + timedelta(hours=5))
    assert set(kinds(resolved_at=None)) == {AlertKind.OPINION_OVERDUE}

    advance(dossier, Action.RECEIVE_OPINION, Role.SPECIALIST, at=clock.now)
    clock.work()

    assert kinds(resolved_at=None) == []


def test_a_failed_synchronisation_is_raised_after_three_tries_and_ends_when_it_went_through(clock: Clock):
    dossier = filed()
    clock.relay()

    for tries in (1, 2, 3, 4):
        tell_of_exchange("interop.sync_failed", dossier, tries=tries)
        clock.work(clock.now + MINUTE)
    assert kinds() == [AlertKind.SYNC_FAILED]
    watching.renew(dossier_id=dossier.pk, at=clock.now)
    assert kinds(resolved_at=None) == [AlertKind.SYNC_FAILED], "a move does not mend it"

    tell_of_exchange("interop.synced", dossier)
    clock.work(clock.now + MINUTE)
    assert kinds(resolved_at=None) == []


def tell_of_exchange(topic: str, dossier: Dossier, **payload: int) -> None:
    with transaction.atomic():
        outbox.publish(
            topic=topic, key=dossier.tracking_no, payload={"dossier_id": dossier.pk, **payload}, at=NINE
        )
