"""What the moves of a dossier, and the exchange with other systems, mean for its alerts."""

from __future__ import annotations

from django.utils import timezone

from dossiers.services import due_dates, extensions
from dossiers.states import Action
from dossiers.transitions import MOVES
from outbox.models import Message
from outbox.services import subscribe
from supervision.services import sweeping, watching
from supervision.states import AlertKind

SYNC_TRIES = 3
"""Failed tries of an exchange after which somebody must look."""


_MOVES = {move.topic for move in MOVES.moves()}
_BESIDE_MOVES = {f"dossier.{Action.RECOMPUTE}", due_dates.INSIDE, "dossier.opinion_answered"}


@subscribe(*sorted(_MOVES | _BESIDE_MOVES))
def renew_watches(message: Message) -> None:
    """Plan the alerts of the dossier anew."""
    watching.renew(dossier_id=message.payload["dossier_id"], at=timezone.now())


@subscribe(extensions.ESCALATE)
def tell_the_city_office(message: Message) -> None:
    """A second new date was asked for: the city's office hears it now, and not three days after the due date."""
    watching.escalate(dossier_id=message.payload["dossier_id"], at=message.created_at)


@subscribe(f"dossier.{Action.LOSS_INCIDENT}", f"dossier.{Action.LOSS_MENDED}")
def follow_losses(message: Message) -> None:
    """Tell the heads of papers that were lost or damaged, until it is mended."""
    watching.follow_losses(dossier_id=message.payload["dossier_id"], at=message.created_at)


@subscribe("interop.sync_failed")
def note_sync_failure(message: Message) -> None:
    """Watch a dossier that could not be sent. Payload: dossier_id, tries."""
    if message.payload["tries"] >= SYNC_TRIES:
        watching.note_sync_failure(dossier_id=message.payload["dossier_id"], at=message.created_at)


@subscribe("interop.synced")
def settle_sync(message: Message) -> None:
    """A dossier was sent after all. Payload: dossier_id."""
    watching.settle_sync(dossier_id=message.payload["dossier_id"], at=message.created_at)


@subscribe(f"{sweeping.TOPIC}{AlertKind.APOLOGY_DUE}")
def draft_apology(message: Message) -> None:
    """Lateness is certain: have the apology ready before its last moment, so that the head sends it by one click."""
    extensions.draft_for(message.payload["dossier_id"], at=timezone.now())
