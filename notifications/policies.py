from __future__ import annotations

from django.db.models import QuerySet

from core.actor import Actor
from core.errors import NotAllowed
from dossiers import policies as dossier_policies
from notifications.models import EmailDelivery, Notice
from notifications.states import DeliveryState


def visible(actor: Actor) -> QuerySet[Notice]:
    """Give the actor's own notices; nobody sees another's."""
    return (
        Notice.objects.none() if actor.person_id is None else Notice.objects.filter(person_id=actor.person_id)
    )


def require_officer(actor: Actor) -> None:
    """:raises NotAllowed: the actor is not an officer."""
    if not actor.is_officer:
        raise NotAllowed()


def failed_letters(actor: Actor) -> QuerySet[EmailDelivery]:
    """Give the letters that could not be delivered, about dossiers that exist for the officer; for others none."""
    if not actor.is_officer:
        return EmailDelivery.objects.none()
    dossiers = dossier_policies.visible(actor)
    return EmailDelivery.objects.filter(state=DeliveryState.FAILED, notice__dossier__in=dossiers.values("pk"))
