"""Letters go out over real SMTP, once, whatever happens on the way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dossiers.states import Status
from notifications import letters, services
from notifications.models import EmailDelivery
from notifications.states import DeliveryState
from tests.factories import NINE, DossierFactory
from tests.notifications.conftest import only_letter

pytestmark = [pytest.mark.django_db, pytest.mark.stack]

ADDRESS = "hai@example.vn"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def letter(worker, mail_server) -> EmailDelivery:
    """One letter that is due."""
    dossier = DossierFactory.create(status=Status.SUBMITTED, submitted_at=NINE, contact_email=ADDRESS)
    services.tell_about_dossier(message_id=1, topic="dossier.submit", dossier_id=dossier.pk, at=NINE)
    return only_letter()


def test_a_letter_arrives_with_a_link_that_carries_no_token(letter, worker, mail_server):
    assert worker.send() == 1

    (mail,) = mail_server.messages(to=ADDRESS)
    dossier = letter.notice.dossier
    assert dossier is not None
    assert mail["subject"] == letter.notice.subject
    assert mail["headers"]["Auto-Submitted"] == "auto-generated"
    assert mail["message_id"] == letters.message_id(letter)
    for body in (mail["text"], mail["html"]):
        assert f"/ho-so/{dossier.tracking_no}/" in body
        assert "?" not in body.partition("/ho-so/")[2].split()[0].partition('"')[0]
    assert only_letter().state == DeliveryState.SENT


def test_a_letter_is_sent_once(letter, worker, mail_server):
    worker.send()
    worker.send(after=timedelta(days=1))

    assert [mail["transmissions"] for mail in mail_server.messages(to=ADDRESS)] == [1]


@pytest.mark.parametrize("stage", ["ehlo", "mail", "rcpt", "data"])
@pytest.mark.parametrize("code", [421, 451])
def test_a_passing_refusal_is_tried_again_later(letter, worker, mail_server, stage, code):
    mail_server.control(stage=stage, code=code)
    assert worker.send() == 1
    assert only_letter().state == DeliveryState.QUEUED
    assert only_letter().last_error != ""

    mail_server.control(reset=True)
    assert worker.send(after=timedelta(seconds=29)) == 0
    assert worker.send(after=timedelta(seconds=1)) == 1
    assert only_letter().state == DeliveryState.SENT
    assert len(mail_server.messages(to=ADDRESS)) == 1


def test_the_pause_between_tries_grows_to_an_hour(letter, worker, mail_server):
    mail_server.control(stage="rcpt", code=451)
    waits = []
    for _ in range(9):
        worker.send()
        waits.append((only_letter().next_try_at - worker.now).total_seconds())
        worker.now = only_letter().next_try_at

    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_after_two_days_nobody_tries_any_more(letter, worker, mail_server):
    mail_server.control(stage="rcpt", code=451)
    worker.send(after=timedelta(days=2, seconds=1))

    assert only_letter().state == DeliveryState.FAILED


@pytest.mark.parametrize(("stage", "code"), [("rcpt", 550), ("data", 554), ("mail", 552)])
def test_a_lasting_refusal_ends_it_and_keeps_the_servers_words(letter, worker, mail_server, stage, code):
    mail_server.control(stage=stage, code=code, text="no such person")
    worker.send()
    worker.send(after=timedelta(days=1))

    assert only_letter().state == DeliveryState.FAILED
    assert only_letter().attempts == 1
    assert f"{code}" in only_letter().last_error
    assert "no such person" in only_letter().last_error


def test_a_failed_letter_can_be_sent_again_once_the_cause_is_mended(letter, worker, mail_server):
    mail_server.control(stage="rcpt", code=550)
    worker.send()
    mail_server.control(reset=True)

    services.send_again(delivery_id=letter.pk, at=worker.now)
    worker.send()

    assert only_letter().state == DeliveryState.SENT
    assert len(mail_server.messages(to=ADDRESS)) == 1


def test_one_bad_address_does_not_hold_up_the_others(letter, worker, mail_server):
    other = DossierFactory.create(status=Status.SUBMITTED, submitted_at=NINE, contact_email="ba@example.vn")
    services.tell_about_dossier(message_id=2, topic="dossier.submit", dossier_id=other.pk, at=NINE)
    mail_server.control(stage="rcpt", code=451, to=ADDRESS)

    assert worker.send() == 2
    assert len(mail_server.messages(to="ba@example.vn")) == 1


def test_a_server_that_is_away_costs_a_retry_only(letter, worker, settings):
    settings.EMAIL_PORT = 1

    assert worker.send() == 1
    assert only_letter().state == DeliveryState.QUEUED
    assert "Refused" in only_letter().last_error


def test_a_server_that_hangs_is_given_up_after_the_time_limit(letter, worker, mail_server, settings):
    settings.EMAIL_TIMEOUT = 0.3
    mail_server.control(stage="rcpt", delay_s=1.5, times=1)

    worker.send()
    assert only_letter().state == DeliveryState.QUEUED
    worker.send(after=MINUTE)
    assert only_letter().state == DeliveryState.SENT


@pytest.mark.parametrize(("drop", "transmissions"), [("before", 1), ("after", 2)])
def test_a_line_that_breaks_after_the_letter_shows_it_once(letter, worker, mail_server, drop, transmissions):
    mail_server.control(stage="data", drop=drop, times=1)
    worker.send()
    assert only_letter().state == DeliveryState.QUEUED

    worker.send(after=MINUTE)

    (mail,) = mail_server.messages(to=ADDRESS)
    assert mail["transmissions"] == transmissions


def test_a_worker_that_dies_between_claim_and_sending_delays_the_letter_only(letter, worker, mail_server):
    claimed = services._claim(at=worker.now)
    assert claimed is not None
    assert only_letter().state == DeliveryState.SENDING

    assert worker.send(after=timedelta(seconds=59)) == 0
    assert worker.send(after=timedelta(seconds=1)) == 1
    assert [mail["transmissions"] for mail in mail_server.messages(to=ADDRESS)] == [1]


def test_a_worker_that_dies_after_sending_shows_the_letter_once(letter, worker, mail_server):
    claimed = services._claim(at=worker.now)
    assert claimed is not None
    letters.compose(claimed).send()

    worker.send(after=MINUTE)

    (mail,) = mail_server.messages(to=ADDRESS)
    assert mail["transmissions"] == 2
    assert only_letter().state == DeliveryState.SENT


def test_a_slow_worker_does_not_undo_what_a_faster_one_did(letter, worker, mail_server):
    slow = services._claim(at=worker.now)
    assert slow is not None
    worker.send(after=MINUTE)

    services._not_sent(slow, OSError("too late"), at=worker.now)

    assert only_letter().state == DeliveryState.SENT


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_claim_the_same_letter(letter, worker):
    from django.db import connections

    from tests.threads import in_two_threads

    claims = in_two_threads(lambda: services._claim(at=NINE), after=connections.close_all)

    assert sorted(claim is None for claim in claims) == [False, True]


def test_a_letter_that_cannot_be_written_is_reported_once(letter, worker, mail_server):
    letter.notice.subject = "Hồ sơ\r\nBcc: other@example.vn"
    letter.notice.save()

    worker.send()
    worker.send(after=timedelta(days=1))

    assert (only_letter().state, only_letter().attempts) == (DeliveryState.FAILED, 1)
    assert mail_server.messages() == []


def test_the_task_sends_what_is_due(letter, mail_server):
    from notifications.tasks import send_due

    EmailDelivery.objects.update(next_try_at=timezone.now())
    send_due()

    assert len(mail_server.messages(to=ADDRESS)) == 1
