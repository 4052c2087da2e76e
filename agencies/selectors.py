from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agencies.models import Officer, OfficerRole
from core.actor import Grant


@dataclass(frozen=True, slots=True)
class OfficerIdentity:
    officer_id: int
    full_name: str
    grants: frozenset[Grant]


def officer_of(*, user_id: int, at: datetime) -> OfficerIdentity | None:
    """Give the officer behind an account with the roles in force at ``at``, or None."""
    officer = Officer.objects.filter(user_id=user_id, user__is_active=True).only("pk", "full_name").first()
    if officer is None:
        return None
    rows = OfficerRole.objects.filter(officer=officer).in_force(at=at).values_list("role", "agency_id")
    return OfficerIdentity(
        officer_id=officer.pk,
        full_name=officer.full_name,
        grants=frozenset(Grant(role, agency_id) for role, agency_id in rows),
    )
