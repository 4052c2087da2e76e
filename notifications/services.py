"""Tell applicants and officers, and get their e-mail out once.

The row says what is left to send. It is claimed and committed before the first byte goes to the mail server; a worker
that dies in between leaves a claim that lapses, and the letter goes again under the same Message-ID, which a mailbox
shows once.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation

from agencies.models import Officer
from citizens.models import Person, Representation
from citizens.states import Scope
from dossiers.models import Dossier
from notifications import letters, wording
from notifications.models import EmailDelivery, Notice, OfficerLetter
from notifications.states import DeliveryState

log = logging.getLogger(__name__)

L = TypeVar("L", EmailDelivery, OfficerLetter)

FIRST_RETRY = timedelta(seconds=settings.FORGOTTEN_AFTER_S)
LAST_RETRY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=2)


@transaction.atomic
def tell_about_dossier(*, message_id: int, topic: str, dossier_id: int, at: datetime) -> list[int]:
    """Write the notices that a move of a dossier causes, and queue their letters.

    Each is told in their own language, once for a message.

    :param at: when it happened. :return: ids of the letters that are now to be sent.
    :raises Dossier.DoesNotExist: no such dossier.
    """
    dossier = Dossier.objects.select_related(
        "submitter",
        "owner_person",
        "procedure_version",
        "received_at_unit",
        "competent_agency",
        "current_handler",
    ).get(pk=dossier_id)
    deliveries = []
    for person in _to_be_told(dossier, at=at):
        with translation.override(person.language):
            words = wording.of(topic=topic, dossier=dossier, at=at)
        notice, is_new = Notice.objects.get_or_create(
            message_id=message_id,
            person=person,
            defaults={
                "topic": topic,
                "dossier": dossier,
                "subject": words.subject,
                "body": words.body,
                "created_at": at,
            },
        )
        address = _address(person, dossier)
        if is_new and address:
            deliveries.append(EmailDelivery(notice=notice, address=address, queued_at=at, next_try_at=at))
    return [delivery.pk for delivery in EmailDelivery.objects.bulk_create(deliveries)]


def write_to_officer(
    *, officer: Officer, key: str, subject: str, body: str, path: str, at: datetime
) -> OfficerLetter | None:
    """Queue a letter to an officer, once for a key; None where it was written before or there is no address.

    :param key: names the cause. :param path: the page of the portal that the letter leads to.
    """
    if not officer.user.email:
        return None
    letter, is_new = OfficerLetter.objects.get_or_create(
        key=key,
        defaults={
            "officer": officer,
            "subject": subject,
            "body": body,
            "path": path,
            "queued_at": at,
            "next_try_at": at,
        },
    )
    return letter if is_new else None


def send_next(*, at: datetime, connection: BaseEmailBackend) -> bool:
    """Send the letter that is due first; say whether there was one.

    Several workers may do this at once: each claims a row that the others have not.

    :param connection: opened when it is needed, left open for the next letter.
    """
    delivery = _claim(at=at)
    if delivery is None:
        return False
    try:
        connection.open()
        letters.compose(delivery, connection=connection).send()
    except (OSError, smtplib.SMTPException) as problem:
        connection.close()  # it may be in the middle of a conversation
        _not_sent(delivery, problem, at=at)
    except Exception as problem:  # a letter that cannot be written must not come back every minute
        log.exception(
            "letter could not be written", extra={"letter": f"{delivery._meta.label} {delivery.pk}"}
        )
        _not_sent(delivery, problem, at=at)
    else:
        _sent(delivery, at=at)
    return True


def send_again(*, delivery_id: int, at: datetime) -> None:
    """Give a letter that failed for good another chance, after its address or the server was mended."""
    EmailDelivery.objects.filter(pk=delivery_id, state=DeliveryState.FAILED).update(
        state=DeliveryState.QUEUED, attempts=0, next_try_at=at, queued_at=at, last_error=""
    )


def send_letter_again(*, letter_id: int, at: datetime) -> bool:
    """Give a letter to an officer that was given up another chance; say whether it waits again now."""
    given_up = OfficerLetter.objects.filter(pk=letter_id, state=DeliveryState.FAILED)
    return bool(
        given_up.update(state=DeliveryState.QUEUED, attempts=0, next_try_at=at, queued_at=at, last_error="")
    )


def mark_read(*, person_id: int, at: datetime, notice_id: int | None = None) -> int:
    """Mark one notice of the person as read, or all of them; give how many were not read before."""
    notices = Notice.objects.filter(person_id=person_id, read_at=None)
    if notice_id is not None:
        notices = notices.filter(pk=notice_id)
    return notices.update(read_at=at)


def _to_be_told(dossier: Dossier, *, at: datetime) -> list[Person]:
    """Submitter and owner. For an organisation who files for it at ``at``: the submitter, or if not them, the others.

    Somebody who has left the organisation must not hear any more of its dossiers.
    """
    if dossier.owner_organisation_id is None:
        people = {person.pk: person for person in (dossier.submitter, dossier.owner_person) if person}
        return list(people.values())
    representations = Representation.objects.filter(organisation=dossier.owner_organisation_id)
    representations = representations.allowing(Scope.FILE, at=at)
    people = {one.person_id: one.person for one in representations.select_related("person").order_by("pk")}
    submitter = people.get(dossier.submitter_id)
    return [submitter] if submitter else list(people.values())


def _address(person: Person, dossier: Dossier) -> str:
    """The address given for this dossier, for the one who filed it; else the person's own."""
    if person.pk == dossier.submitter_id and dossier.contact_email:
        return dossier.contact_email
    return person.email


@transaction.atomic
def _claim(*, at: datetime) -> EmailDelivery | OfficerLetter | None:
    """Take the next due letter for this worker, applicants first; it is committed before anything is sent."""
    notices = EmailDelivery.objects.select_related("notice__person", "notice__dossier")
    return _take(notices, at=at) or _take(OfficerLetter.objects.select_related("officer__user"), at=at)


def _take(letters: QuerySet[L], *, at: datetime) -> L | None:
    delivery = (
        letters.select_for_update(of=("self",), skip_locked=True)
        .filter(Q(state=DeliveryState.QUEUED) | Q(state=DeliveryState.SENDING), next_try_at__lte=at)
        .order_by("next_try_at", "pk")
        .first()
    )
    if delivery is None:
        return None
    delivery.state = DeliveryState.SENDING
    delivery.attempts = F("attempts") + 1
    delivery.next_try_at = at + timedelta(seconds=settings.MAIL_CLAIM_S)
    delivery.save(update_fields=["state", "attempts", "next_try_at"])
    delivery.refresh_from_db(fields=["attempts"])
    return delivery


def _same(delivery: EmailDelivery | OfficerLetter) -> QuerySet[Any]:
    return type(delivery)._default_manager.filter(pk=delivery.pk)


def _sent(delivery: EmailDelivery | OfficerLetter, *, at: datetime) -> None:
    """The server has it, whatever another worker made of the claim meanwhile."""
    _same(delivery).update(state=DeliveryState.SENT, sent_at=at, last_error="")


def _not_sent(delivery: EmailDelivery | OfficerLetter, problem: Exception, *, at: datetime) -> None:
    """Try again later, or give up: after a lasting refusal, or after two days."""
    is_over = _is_lasting(problem) or at - delivery.queued_at > GIVE_UP_AFTER
    wait = min(FIRST_RETRY * 2 ** min(delivery.attempts - 1, 10), LAST_RETRY)
    # Only while the claim is ours: another worker may have sent it after our lease ran out.
    _same(delivery).filter(state=DeliveryState.SENDING, attempts=delivery.attempts).update(
        state=DeliveryState.FAILED if is_over else DeliveryState.QUEUED,
        next_try_at=at + wait,
        last_error=_explain(problem),
    )


def _is_lasting(problem: Exception) -> bool:
    """Say whether the server refused this very letter for good (RFC 5321: 5yz)."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in problem.recipients.values())
    if isinstance(problem, smtplib.SMTPDataError | smtplib.SMTPSenderRefused):
        return bool(problem.smtp_code >= 500)
    # What is not about the connection is about the letter: an address or a text that cannot be sent at all.
    return isinstance(problem, smtplib.SMTPNotSupportedError) or not isinstance(
        problem, OSError | smtplib.SMTPException
    )


def _explain(problem: Exception) -> str:
    """Give the server's words, or the kind of failure, for the staff who look after it."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        answers = problem.recipients.values()
        return "; ".join(f"{code} {_decoded(text)}" for code, text in answers)[:500]
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"{problem.smtp_code} {_decoded(problem.smtp_error)}"[:500]
    return f"{type(problem).__name__}: {problem}"[:500]


def _decoded(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text
