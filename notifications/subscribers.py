"""What applicants are told of, and what the people of an asked agency are."""

from __future__ import annotations

from django.db import transaction

from dossiers.models import DossierEvent
from dossiers.services import closing, opinions
from dossiers.states import Action
from notifications import asked_agencies, services, tasks, wording
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
