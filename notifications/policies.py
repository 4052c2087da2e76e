from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from agencies.models import Agency, OfficerRole
from agencies.states import AgencyKind, Role
from core.actor import Actor
from core.errors import NotAllowed
from dossiers import policies as dossier_policies
from notifications.models import EmailDelivery, Notice, OfficerLetter
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


def administers(actor: Actor) -> bool:
    """Say whether the actor administers an agency."""
    return actor.is_officer and bool(actor.agencies_as(Role.SYSTEM_ADMIN))


def require_administrator(actor: Actor) -> None:
    """:raises NotAllowed: the actor administers no agency."""
    if not administers(actor):
        raise NotAllowed()


def failed_officer_letters(actor: Actor, *, at: datetime) -> QuerySet[OfficerLetter]:
    """Give the letters to officers that were given up, for the administrators of those officers' agencies.

    An administrator of the city's level sees all of them, those to officers without a role among them.
    """
    administers = actor.agencies_as(Role.SYSTEM_ADMIN)
    failed = OfficerLetter.objects.filter(state=DeliveryState.FAILED)
    if not administers:
        return failed.none()
    if Agency.objects.filter(pk__in=administers, kind=AgencyKind.CITY).exists():
        return failed
    theirs = OfficerRole.objects.in_force(at=at).filter(agency__in=administers)
    return failed.filter(officer__in=theirs.values("officer"))
