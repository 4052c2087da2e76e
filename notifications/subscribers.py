"""What applicants are told of."""

from __future__ import annotations

from django.db import transaction

from notifications import services, tasks, wording
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
    if letters:
        transaction.on_commit(tasks.hint, robust=True)
