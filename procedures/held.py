"""What is held already of what a procedure asks for, on the procedure's own page.

What the city holds of somebody lies in apps above this one. The one that can tell says so here when it starts;
without one, the page says nothing about it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.utils.translation import get_language

from core.actor import Actor
from core.errors import Text
from procedures import eforms
from procedures.models import Component, ProcedureVersion


class Holding(Protocol):
    """One component that need not be handed in: from which source, where exactly, valid until when."""

    @property
    def component(self) -> Component: ...
    @property
    def source_label(self) -> Text: ...
    @property
    def origin(self) -> str: ...


class Passed(Protocol):
    """What is on record for a component and will not do, with the reason."""

    @property
    def component(self) -> Component: ...
    @property
    def why(self) -> str: ...


class OwnersHoldings(Protocol):
    """What is held of one of those for whom somebody may file."""

    @property
    def name(self) -> str: ...
    @property
    def found(self) -> Sequence[Holding]: ...
    @property
    def passed(self) -> Sequence[Passed]: ...


@dataclass(frozen=True, slots=True)
class Later:
    """What need not be handed in should the answers call for it; ``when`` tells which, empty where words are too few."""

    holding: Holding
    when: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says of one of those for whom somebody may file."""

    name: str
    now: Sequence[Holding]
    later: Sequence[Later]
    passed: Sequence[Passed]


Teller = Callable[[Actor, ProcedureVersion, datetime], Sequence[OwnersHoldings]]


@dataclass
class _Told:
    by: list[Teller] = field(default_factory=list)


_told = _Told()


def tell_by(teller: Teller) -> None:
    """Say who tells. Once, when the process starts."""
    _told.by = [teller]


def told(actor: Actor, version: ProcedureVersion, *, at: datetime) -> list[Told]:
    """Give what is held of the actor, and of the organisations that the actor files for, as far as the actor may see."""
    holdings = [one for teller in _told.by for one in teller(actor, version, at) if one.found or one.passed]
    return [told_of(one, version) for one in holdings]


def told_of(held: OwnersHoldings, version: ProcedureVersion) -> Told:
    """Tell what everybody is asked for from what depends on the answers."""
    schema, language = eforms.of_version(version), get_language() or "vi"
    return Told(
        held.name,
        [one for one in held.found if not one.component.condition],
        [
            Later(one, eforms.told_when(schema, one.component.condition, language))
            for one in held.found
            if one.component.condition
        ],
        held.passed,
    )
