"""Whom alerts are told to, and who may look at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from agencies.models import Agency
from agencies.states import AgencyKind, Role
from core.actor import Actor
from core.errors import NotAllowed
from supervision.kinds import KINDS, for_applicants
from supervision.models import Alert
from supervision.states import AlertKind

AT_THE_CITY = (Role.PROCEDURE_CONTROL_OFFICER, Role.SYSTEM_ADMIN)
"""Roles that hear of the whole city where they are held at an agency of the city's level."""

OVERSEERS = (Role.AGENCY_HEAD, Role.IOC_OPERATOR, Role.PROCEDURE_CONTROL_OFFICER)
"""Roles that look over all alerts of their agency, or of the city."""

Seat = tuple[str, int]
"""A kind of alert at one of its stages."""

NOT_FOR_OFFICERS = [kind for kind in AlertKind if for_applicants(kind)]


def heard(actor: Actor) -> QuerySet[Alert]:
    """Give the alerts that are told to an officer, in the roles that they hold today."""
    condition = _heard(actor)
    return Alert.objects.filter(condition) if condition is not None else Alert.objects.none()


def visible(actor: Actor) -> QuerySet[Alert]:
    """Give the alerts that exist for an officer: those told to them, and all that they look over.

    An alert names a dossier, its procedure and its moments, and nobody's personal data.
    """
    conditions = [one for one in (_heard(actor), _overseen(actor)) if one is not None]
    if not conditions:
        return Alert.objects.none()
    return Alert.objects.filter(conditions[0] if len(conditions) == 1 else conditions[0] | conditions[1])


def overseen(actor: Actor) -> QuerySet[Alert]:
    """Give the alerts that an officer looks over: a head those of the agency, the city's level all.

    :raises NotAllowed: the actor looks over nothing.
    """
    condition = _overseen(actor)
    if condition is None:
        raise NotAllowed()
    return Alert.objects.filter(condition)


def oversees(actor: Actor) -> bool:
    """Say whether the officer has a summary to look at."""
    return actor.is_officer and bool(actor.roles & set(OVERSEERS))


def require_officer(actor: Actor) -> None:
    """:raises NotAllowed: the actor is not an officer."""
    if not actor.is_officer:
        raise NotAllowed()


def city_roles(actor: Actor) -> frozenset[str]:
    """Give the roles in which an officer hears of the whole city."""
    agencies = actor.agencies_as(*AT_THE_CITY)
    at_city = (
        set(Agency.objects.filter(pk__in=agencies, kind=AgencyKind.CITY).values_list("pk", flat=True))
        if agencies
        else set()
    )
    return frozenset(
        grant.role
        for grant in actor.grants
        if grant.role == Role.IOC_OPERATOR or (grant.role in AT_THE_CITY and grant.agency_id in at_city)
    )


def _overseen(actor: Actor) -> Q | None:
    if not oversees(actor):
        return None
    if city_roles(actor) & {Role.IOC_OPERATOR, Role.PROCEDURE_CONTROL_OFFICER}:
        return ~Q(kind__in=NOT_FOR_OFFICERS)
    agencies = actor.agencies_as(Role.AGENCY_HEAD, Role.PROCEDURE_CONTROL_OFFICER)
    return Q(agency__in=agencies) & ~Q(kind__in=NOT_FOR_OFFICERS)


def _heard(actor: Actor) -> Q | None:
    if not actor.is_officer or not actor.grants:
        return None
    seats: dict[frozenset[int] | None, set[Seat]] = defaultdict(set)
    of_handler: set[Seat] = set()
    city = city_roles(actor)
    for kind, row in KINDS.items():
        for stage, audience in enumerate(row.stages, start=1):
            if agencies := actor.agencies_as(*audience.roles):
                seats[agencies].add((kind, stage))
            if audience.city & city:
                seats[None].add((kind, stage))
            if audience.handler:
                of_handler.add((kind, stage))
    # Who holds no role at the agency any more holds none of its dossiers.
    own = Q(handler=actor.officer_id, agency__in=actor.agency_ids)
    for one in actor.stands_in:
        own |= Q(handler=one.officer_id, agency=one.agency_id)
    condition = own & _at(of_handler)
    for place, heard_there in seats.items():
        condition |= _at(heard_there) if place is None else Q(agency__in=place) & _at(heard_there)
    return condition


def _at(seats: Iterable[Seat]) -> Q:
    """Give the condition for alerts of these kinds at these stages."""
    stages: dict[str, set[int]] = defaultdict(set)
    for kind, stage in seats:
        stages[kind].add(stage)
    whole = [kind for kind, heard_at in stages.items() if len(heard_at) == len(KINDS[AlertKind(kind)].stages)]
    condition = Q(kind__in=whole)
    for kind, heard_at in stages.items():
        if kind not in whole:
            condition |= Q(kind=kind, stage__in=heard_at)
    return condition
