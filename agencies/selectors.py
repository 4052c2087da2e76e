from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import FilteredRelation

from agencies.models import Officer, role_in_force
from core.actor import Actor, ActorKind, Grant


@dataclass(frozen=True, slots=True)
class OfficerIdentity:
    """Whom an account belongs to, with the roles in force at that moment."""

    officer_id: int
    full_name: str
    grants: frozenset[Grant]

    def actor(self, *, user_id: int, ip: str = "") -> Actor:
        """Make the actor that this officer is, for a request or for background work that they asked for."""
        return Actor(
            kind=ActorKind.OFFICER,
            display_name=self.full_name,
            user_id=user_id,
            officer_id=self.officer_id,
            grants=self.grants,
            ip=ip,
        )


def officer_of(*, user_id: int, at: datetime) -> OfficerIdentity | None:
    """Give the officer behind an account with the roles in force at ``at``, or None."""
    granted = FilteredRelation("roles", condition=role_in_force(at=at, path="roles__"))
    officers = Officer.objects.filter(user_id=user_id, user__is_active=True).annotate(granted=granted)
    rows = list(officers.values_list("pk", "full_name", "granted__role", "granted__agency_id"))
    if not rows:
        return None
    officer_id, full_name, _role, _agency = rows[0]
    return OfficerIdentity(
        officer_id=officer_id,
        full_name=full_name,
        grants=frozenset(Grant(role, agency_id) for _id, _name, role, agency_id in rows if role),
    )
