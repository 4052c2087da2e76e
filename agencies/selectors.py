from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import FilteredRelation, Q, QuerySet, Value

from agencies.models import Delegation, Officer, OfficerRole, role_in_force
from core.actor import Actor, ActorKind, Grant, StandIn
from core.kept_statements import ANY_ID, ANY_MOMENT, Statement, statement


@dataclass(frozen=True, slots=True)
class OfficerIdentity:
    """Whom an account belongs to, with the roles in force at that moment, and for whom they stand in."""

    officer_id: int
    full_name: str
    grants: frozenset[Grant]
    stands_in: frozenset[StandIn] = frozenset()

    def actor(self, *, user_id: int, ip: str = "") -> Actor:
        """Make the actor that this officer is, for a request or for background work that they asked for."""
        return Actor(
            kind=ActorKind.OFFICER,
            display_name=self.full_name,
            user_id=user_id,
            officer_id=self.officer_id,
            grants=self.grants,
            stands_in=self.stands_in,
            ip=ip,
        )


def officer_of(*, user_id: int, at: datetime) -> OfficerIdentity | None:
    """Give the officer behind an account with the roles in force at ``at``, those of a delegation too, or None.

    One query.
    """
    rows = _officers_and_roles().rows({ANY_ID: user_id, ANY_MOMENT: at})
    if not rows:
        return None
    officer_id, full_name, *_rest = rows[0]
    # What is held in one's own right comes last, and so counts where both are there.
    grants = {
        (role, agency_id): Grant(role, agency_id, stands_in_for)
        for _id, _name, role, agency_id, stands_in_for, _absent in sorted(
            rows, key=lambda row: row[4], reverse=True
        )
        if role
    }
    stands_in = {
        StandIn(role, agency_id, absent_id, name)
        for _id, _name, role, agency_id, name, absent_id in rows
        if absent_id
    }
    return OfficerIdentity(officer_id, full_name, frozenset(grants.values()), frozenset(stands_in))


@cache
def _officers_and_roles() -> Statement:
    """Every page of an officer asks this first."""
    granted = FilteredRelation("roles", condition=role_in_force(at=ANY_MOMENT, path="roles__"))
    officers = Officer.objects.filter(user_id=ANY_ID, user__is_active=True).annotate(granted=granted)
    own = officers.values_list("pk", "full_name", "granted__role", "granted__agency_id", Value(""), Value(0))
    deputies = Delegation.objects.in_force(at=ANY_MOMENT).filter(
        deputy__user_id=ANY_ID, deputy__user__is_active=True
    )
    deputed = deputies.values_list(
        "deputy_id", "deputy__full_name", "role", "agency_id", "officer__full_name", "officer_id"
    )
    return statement(own.union(deputed, all=True))


def officers_as(role: str, *, agency_id: int | None, at: datetime) -> QuerySet[Officer]:
    """Give the officers who hold a role at an agency at ``at``, or stand in for one who does, by name."""
    if agency_id is None:
        return Officer.objects.none()
    holders = OfficerRole.objects.filter(agency_id=agency_id, role=role).in_force(at=at)
    deputies = Delegation.objects.in_force(at=at).filter(agency_id=agency_id, role=role)
    acting = Q(pk__in=holders.values("officer_id")) | Q(pk__in=deputies.values("deputy_id"))
    return Officer.objects.filter(acting, user__is_active=True).order_by("full_name", "pk")


def deputations(actor: Actor, *, at: datetime) -> list[Delegation]:
    """Give the delegations under which the actor stands in for others at ``at``, the one that ends first before."""
    if not actor.stands_in:
        return []
    held = Delegation.objects.in_force(at=at).filter(deputy=actor.officer_id)
    return list(held.select_related("officer", "agency").order_by("valid_to", "pk"))
