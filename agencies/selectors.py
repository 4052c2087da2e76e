from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import FilteredRelation

from agencies.models import Officer, role_in_force
from core.actor import Grant


@dataclass(frozen=True, slots=True)
class OfficerIdentity:
    officer_id: int
    full_name: str
    grants: frozenset[Grant]


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
