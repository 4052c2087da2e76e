"""Alerts are told to the right people, again as their kind says, until somebody takes them on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.mail import get_connection

from agencies.models import Delegation, OfficerRole
from agencies.states import Role
from core.errors import NotAllowed
from core.working_time import TIME_ZONE, Calendar, official_days
from dossiers.models import Dossier, Extension
from dossiers.states import Status
from notifications import letters as mail_letters
from notifications import services as notifications
from notifications.models import OfficerLetter
from notifications.states import DeliveryState
from supervision.models import Alert
from supervision.repeats import next_telling
from supervision.services import answering, telling
from supervision.services.answering import NothingToAcknowledge
from supervision.states import AlertKind, AlertState, Repeat
from tests.factories import LONG_AGO, NINE, DossierFactory, OfficerFactory, officer_actor
from tests.supervision.conftest import Clock, give_address, unit_of

CALENDAR = Calendar(official_days())
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=TIME_ZONE)


@pytest.mark.parametrize(
    ("repeat", "told", "again"),
    [
        (Repeat.ONCE, "03-02 09:00", None),
        (Repeat.HOURLY, "03-02 09:00", "03-02 10:00"),
        (Repeat.HOURLY, "03-02 11:00", "03-02 13:30"),
        (Repeat.HOURLY, "03-06 16:31", "03-09 08:01"),
        (Repeat.HOURLY, "11-23 16:30", "11-25 08:00"),
        (Repeat.EACH_SESSION, "03-02 07:00", "03-02 07:30"),
        (Repeat.EACH_SESSION, "03-02 07:30", "03-02 13:00"),
        (Repeat.EACH_SESSION, "03-02 13:00", "03-03 07:30"),
        (Repeat.EACH_SESSION, "03-07 09:00", "03-09 07:30"),
        (Repeat.DAILY, "03-02 09:00", "03-03 07:30"),
        (Repeat.DAILY, "11-23 09:00", "11-25 07:30"),
        (Repeat.HALF_HOURLY, "03-07 23:45", "03-08 00:15"),
    ],
)
def test_when_it_is_told_again(repeat: Repeat, told: str, again: str | None):
    assert next_telling(repeat, told_at=at(told), calendar=CALENDAR) == (again and at(again))


@pytest.fixture
def late(clock: Clock, db: None) -> Dossier:
    """A dossier that has waited for more than four hours."""
    dossier = DossierFactory.create(reach=Status.SUBMITTED)
    clock.relay()
    clock.now = at("03-02 14:31")
    return dossier


def hire(dossier: Dossier, role: Role, name: str) -> int:
    actor = officer_actor(unit_of(dossier), role)
    give_address(actor, f"{name}@danang.example")
    return actor.officer_id or 0


def test_an_officer_gets_one_letter_for_all_that_is_told_at_once(clock: Clock, late: Dossier):
    other = DossierFactory.create(received_at_unit=late.received_at_unit, reach=Status.SUBMITTED)
    hire(late, Role.ONE_STOP_OFFICER, "motcua")

    clock.work()

    letter = OfficerLetter.objects.get()
    assert letter.subject == "2 cảnh báo cần xem"
    assert late.tracking_no in letter.body
    assert other.tracking_no in letter.body
    assert letter.path == "/can-bo/canh-bao/"
    assert set(Alert.objects.filter(resolved_at=None).values_list("state", "deliveries")) == {
        (AlertState.DELIVERED, 1)
    }


def test_a_letter_tells_nothing_of_the_people_behind_a_dossier(clock: Clock, late: Dossier):
    hire(late, Role.ONE_STOP_OFFICER, "motcua")

    clock.work()

    letter = OfficerLetter.objects.get()
    for secret in (late.submitter.full_name, str(late.submitter.personal_id_number)):
        assert secret not in letter.body + letter.subject


def test_a_letter_keeps_its_message_id_at_every_try(clock: Clock, late: Dossier):
    hire(late, Role.ONE_STOP_OFFICER, "motcua")
    clock.work()
    letter = OfficerLetter.objects.get()

    first = mail_letters.compose(letter)
    again = mail_letters.compose(OfficerLetter.objects.get())

    assert first.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]
    assert first.to == ["motcua@danang.example"]
    assert "/can-bo/canh-bao/" in first.body


def test_officers_letters_go_out_by_the_same_mail_queue(clock: Clock, late: Dossier, mailoutbox: list):
    hire(late, Role.ONE_STOP_OFFICER, "motcua")
    clock.work()

    connection = get_connection("django.core.mail.backends.locmem.EmailBackend")
    while notifications.send_next(at=clock.now, connection=connection):
        pass

    assert [one.subject for one in mailoutbox if one.to == ["motcua@danang.example"]] == [
        OfficerLetter.objects.get().subject
    ]
    assert OfficerLetter.objects.get().state == DeliveryState.SENT


def test_who_left_the_role_or_has_no_address_gets_no_letter(clock: Clock, late: Dossier):
    gone = hire(late, Role.ONE_STOP_OFFICER, "da.nghi")
    OfficerRole.objects.filter(officer=gone).update(valid_from=LONG_AGO, valid_to=NINE)
    officer_actor(unit_of(late), Role.UNIT_LEADER)  # without an address

    clock.work()

    assert not OfficerLetter.objects.exists()
    assert Alert.objects.get(kind=AlertKind.NOT_ACCEPTED).state == AlertState.DELIVERED


def test_a_deputy_hears_what_the_absent_officer_would(clock: Clock, late: Dossier):
    absent = hire(late, Role.ONE_STOP_OFFICER, "vang.mat")
    deputy = OfficerFactory.create()
    deputy.user.email = "thay@danang.example"
    deputy.user.save()
    Delegation.objects.create(
        officer_id=absent,
        deputy=deputy,
        agency=unit_of(late),
        role=Role.ONE_STOP_OFFICER,
        decision="QĐ 1 (minh họa)",
        valid_from=LONG_AGO,
        valid_to=at("03-06 17:00"),
    )

    clock.work()

    assert set(OfficerLetter.objects.values_list("officer", flat=True)) == {absent, deputy.pk}


def test_it_is_told_again_every_working_hour_until_somebody_takes_it_on(clock: Clock, late: Dossier):
    officer = officer_actor(unit_of(late), Role.ONE_STOP_OFFICER)
    give_address(officer, "motcua@danang.example")
    clock.work()
    clock.work(at("03-02 15:30"))
    assert OfficerLetter.objects.count() == 1
    clock.work(at("03-02 15:31"))
    assert OfficerLetter.objects.count() == 2

    alert = Alert.objects.get(kind=AlertKind.NOT_ACCEPTED)
    answering.acknowledge(alert_ids=[alert.pk], actor=officer, at=at("03-02 15:40"))
    clock.work(at("03-02 16:40"))

    assert OfficerLetter.objects.count() == 2
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by_id, alert.acknowledged_at) == (
        AlertState.ACKNOWLEDGED,
        officer.officer_id,
        at("03-02 15:40"),
    )
    assert alert.reaction == timedelta(hours=1, minutes=9)


def test_what_was_taken_on_is_not_taken_on_twice_and_not_by_others(clock: Clock, late: Dossier):
    first = officer_actor(unit_of(late), Role.ONE_STOP_OFFICER)
    second = officer_actor(unit_of(late), Role.UNIT_LEADER)
    clock.work()
    alert = Alert.objects.get(kind=AlertKind.NOT_ACCEPTED)
    answering.acknowledge(alert_ids=[alert.pk], actor=first, at=clock.now)

    with pytest.raises(NothingToAcknowledge):
        answering.acknowledge(alert_ids=[alert.pk], actor=second, at=clock.now + MINUTE)

    alert.refresh_from_db()
    assert alert.acknowledged_by_id == first.officer_id


def test_a_head_sees_what_is_told_to_others_and_does_not_take_it_on(clock: Clock, late: Dossier):
    head = officer_actor(unit_of(late), Role.AGENCY_HEAD)
    clock.work(at("03-02 11:01"))  # two hours: told to the one-stop officer alone
    soon = Alert.objects.get(kind=AlertKind.NOT_ACCEPTED_SOON)

    with pytest.raises(NotAllowed):
        answering.acknowledge(alert_ids=[soon.pk], actor=head, at=clock.now)


def test_an_apology_is_drafted_when_its_alert_is_raised(clock: Clock, db: None):
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    dossier.steps.create(
        position=2,
        name="Thẩm định",
        role=Role.SPECIALIST,
        agency=unit_of(dossier),
        started_at=at("03-04 09:00"),
        due_at=at("03-04 14:30"),
    )
    clock.relay()

    clock.work(at("03-04 13:01"))

    assert Alert.objects.filter(kind=AlertKind.APOLOGY_DUE, resolved_at=None).exists()
    drafted = Extension.objects.get()
    assert (drafted.is_drafted, drafted.old_due_at) == (True, at("03-05 09:00"))


def test_a_head_gets_one_morning_letter_a_working_day(clock: Clock, late: Dossier):
    hire(late, Role.AGENCY_HEAD, "thutruong")

    assert telling.write_morning_letters(at=at("03-03 07:00")) == 1
    assert telling.write_morning_letters(at=at("03-03 07:01")) == 0, "asked twice, written once"
    assert telling.write_morning_letters(at=at("03-07 07:00")) == 0, "a Saturday"
    letter = OfficerLetter.objects.get()
    assert "Chưa tiếp nhận: 1" in letter.body
    assert letter.path == "/can-bo/canh-bao/tong-hop/"


def test_a_head_of_an_agency_where_nothing_waits_gets_no_morning_letter(clock: Clock, db: None):
    dossier = DossierFactory.create(reach=Status.RETURNED)
    hire(dossier, Role.AGENCY_HEAD, "thutruong")

    assert telling.write_morning_letters(at=at("03-03 07:00")) == 0
