"""What applicants are told of, what the people of an asked agency are, and who gets work by name."""

from __future__ import annotations

from django.db import transaction

from dossiers.models import DossierEvent
from dossiers.services import closing, opinions
from dossiers.states import Action
from notifications import asked_agencies, handed_work, services, tasks, wording
from outbox.models import Message
from outbox.services import subscribe


@subscribe(*wording.TOPICS)
def tell_applicant(message: Message) -> None:
    """Write the notices of a move; their letters go out after the commit."""
    letters = services.tell_about_dossier(
        message_id=message.pk,
        topic=message.topic,
        dossier_id=message.payload["dossier_id"],
        at=message.created_at,
    )
    _send(len(letters))


@subscribe(f"dossier.{Action.RECEIVE}", f"dossier.{Action.ASSIGN}")
def tell_new_date(message: Message) -> None:
    """Tell the applicant the date that counts from the reception by another area's agency, where it is a new one."""
    event = DossierEvent.objects.get(pk=message.payload["event_id"])
    if "due_at" in event.data:
        letters = services.tell_about_dossier(
            message_id=message.pk, topic=wording.NEW_DATE, dossier_id=event.dossier_id, at=message.created_at
        )
        _send(len(letters))


@subscribe(*(f"dossier.{action}" for action in handed_work.ACTIONS))
def tell_whom_work_is_handed(message: Message) -> None:
    """Write to the officer who was given a dossier or a step by name, and to who had the dossier before."""
    event = DossierEvent.objects.get(pk=message.payload["event_id"])
    _send(handed_work.tell(event, at=message.created_at))


@subscribe(f"dossier.{Action.ASK_OPINION}")
def tell_the_asked(message: Message) -> None:
    """Write to those who can answer for each agency that was asked."""
    event = DossierEvent.objects.get(pk=message.payload["event_id"])
    _send(asked_agencies.tell_asked(event.data.get("opinion_ids", ()), at=message.created_at))


@subscribe(opinions.REMINDED)
def remind_the_asked(message: Message) -> None:
    """Remind those who can answer for an agency."""
    _send(asked_agencies.tell_reminded(message.payload["opinion_id"], at=message.created_at))


@subscribe(closing.OPINIONS_CLOSED)
def tell_that_nobody_waits(message: Message) -> None:
    """Tell the asked agencies that they need not answer."""
    _send(asked_agencies.tell_closed(message.payload["opinion_ids"], at=message.created_at))


def _send(letters: int) -> None:
    if letters:
        transaction.on_commit(tasks.hint, robust=True)
