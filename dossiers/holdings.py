"""What the city holds already of what a procedure asks for, so that nobody hands it in again. Reads only.

Information in published databases must not be asked again (NĐ 309/2026, art. 2). Each component names its accepted
sources in order of priority; the first that has it is used, the next where that one fails or is declined. This is the
one rule for everybody who files: on the pages, by a program, at the counter. `dossiers.sources` asks; a source that the
portal cannot ask yet is passed over, and its designer was told so (`procedures.sources`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from citizens.models import Person
from core.actor import Actor
from dossiers import eligibility
from dossiers.sources import SOURCES
from dossiers.sources.base import MYSELF, Holding, Owner, Passed
from dossiers.sources.shelf import Shelf
from procedures import sources
from procedures.models import Component, ProcedureVersion
from procedures.states import ComponentSource

__all__ = ["MYSELF", "Held", "Holding", "Owner", "OwnersHoldings", "Passed", "find", "look", "of_version"]


@dataclass(frozen=True, slots=True)
class Held:
    """What is on record for one component: what serves, in order of priority, and what does not, with the reason."""

    offers: Sequence[Holding] = ()
    passed: Sequence[Passed] = ()

    @property
    def first(self) -> Holding | None:
        return self.offers[0] if self.offers else None

    def from_source(self, source: str) -> list[Holding]:
        """Give what one source has; an empty name asks for all of them, in order."""
        return [one for one in self.offers if source in ("", one.source)]


NOTHING = Held()


@dataclass(frozen=True, slots=True)
class OwnersHoldings:
    """What is held for one of those for whom somebody may file."""

    owner: Owner
    found: list[Holding]
    passed: list[Passed]

    @property
    def key(self) -> str:
        return self.owner.key

    @property
    def name(self) -> str:
        return str(self.owner.organisation or self.owner.person)


def owners(*, actor: Actor, version: ProcedureVersion, person: Person) -> list[Owner]:
    """Give those for whom a person may file a procedure today."""
    found = [Owner(person)] if eligibility.for_person(version, person) else []
    if eligibility.for_organisations(version):
        found += [Owner(person, one) for one in eligibility.represented(actor)]
    return found


def of_version(*, version: ProcedureVersion, whose: Iterable[Owner], at: datetime) -> list[OwnersHoldings]:
    """Give what is held of everything that a procedure asks for, by owner; queries as `look`, one an owner."""
    components = list(version.components.filter(is_upload=True).order_by("position"))
    told = []
    for owner in whose:
        held = look(components, owner=owner, at=at).values()
        found = [one.first for one in held if one.first is not None]
        told.append(
            OwnersHoldings(owner, found, [one.passed[0] for one in held if one.passed and not one.offers])
        )
    return told


def find(components: Iterable[Component], *, owner: Owner, at: datetime) -> dict[int, Holding]:
    """Give what is held by component, each from the first of its accepted sources that has it."""
    held = look(components, owner=owner, at=at)
    return {pk: one.first for pk, one in held.items() if one.first is not None}


def look(components: Iterable[Component], *, owner: Owner, at: datetime) -> dict[int, Held]:
    """Give all that is on record by component, in order of priority. At most a query for each kind of record."""
    components = list(components)
    shelf = Shelf(components, owner=owner, at=at)
    return {one.pk: held for one in components if (held := _of(one, owner, shelf)) != NOTHING}


def _of(component: Component, owner: Owner, shelf: Shelf) -> Held:
    offers: dict[str, Holding] = {}
    passed: dict[str, Passed] = {}
    for source in component.accepted_sources:
        if not sources.can_ask(
            source, kind=component.kind, name=component.name, result_of=component.result_of
        ):
            continue
        for ask in SOURCES[ComponentSource(source)]:
            for found in ask(component, owner, shelf):
                if isinstance(found, Holding):
                    offers.setdefault(
                        found.mark, found
                    )  # a result in its owner's vault is the repository's as well
                else:
                    passed.setdefault(found.origin, found)
    return Held(tuple(offers.values()), tuple(passed.values()))


def told(actor: Actor, version: ProcedureVersion, at: datetime) -> list[OwnersHoldings]:
    """Give what is held for everybody for whom the actor may file; nothing for who files nothing here."""
    if not actor.is_person:
        return []
    person = eligibility.person_of(actor)
    return of_version(version=version, whose=owners(actor=actor, version=version, person=person), at=at)
