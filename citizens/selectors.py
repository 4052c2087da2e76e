from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import FilteredRelation, Q, QuerySet
from django.db.models.functions import Now

from citizens.models import AccessLog, Person, Representation, representation_in_force
from citizens.states import Scope
from core import crypto


@dataclass(frozen=True, slots=True)
class PersonIdentity:
    """Whom an account belongs to; ``organisation_ids`` are those that the person may file for at that moment."""

    person_id: int
    full_name: str
    eid_level: int
    organisation_ids: frozenset[int]


def person_of(*, user_id: int, at: datetime) -> PersonIdentity | None:
    """Give the person behind an account, with the organisations that they may act for at ``at``, or None."""
    may_file = Q(representations__scopes__contains=[Scope.FILE])
    acting = FilteredRelation(
        "representations", condition=may_file & representation_in_force(at=at, path="representations__")
    )
    persons = Person.objects.filter(user_id=user_id).annotate(acting=acting)
    rows = list(persons.values_list("pk", "full_name", "eid_level", "acting__organisation_id"))
    if not rows:
        return None
    person_id, full_name, eid_level, _organisation = rows[0]
    organisations = frozenset(organisation for *_person, organisation in rows if organisation is not None)
    return PersonIdentity(person_id, full_name, eid_level, organisations)


def by_number(number: str) -> Person | None:
    """Find somebody by their personal identification number (12 digits)."""
    return Person.objects.filter(personal_id_digest=crypto.digest(number)).first()


def access_log(*, person_id: int) -> QuerySet[AccessLog]:
    """List who read the data of a person or of the organisations they act for."""
    organisations = Representation.objects.filter(person_id=person_id).in_force(at=Now())
    return AccessLog.objects.filter(
        Q(person_id=person_id) | Q(organisation__in=organisations.values("organisation"))
    )


def representations(*, person_id: int, at: datetime) -> QuerySet[Representation]:
    """List the organisations that a person acts for at ``at``."""
    return (
        Representation.objects.filter(person_id=person_id)
        .in_force(at=at)
        .select_related("organisation")
        .order_by("organisation__name_sort")
    )
