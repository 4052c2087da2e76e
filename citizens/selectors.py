from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from citizens.models import Person, Representation
from citizens.states import Scope


@dataclass(frozen=True, slots=True)
class PersonIdentity:
    person_id: int
    full_name: str
    eid_level: int
    organisation_ids: frozenset[int]


def person_of(*, user_id: int, at: datetime) -> PersonIdentity | None:
    """Give the person behind an account, with the organisations that they may act for at ``at``, or None."""
    person = Person.objects.filter(user_id=user_id).only("pk", "full_name", "eid_level").first()
    if person is None:
        return None
    organisations = (
        Representation.objects.filter(person=person, scopes__contains=[Scope.FILE])
        .in_force(at=at)
        .values_list("organisation_id", flat=True)
    )
    return PersonIdentity(person.pk, person.full_name, person.eid_level, frozenset(organisations))
