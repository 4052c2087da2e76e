"""What is held already of what a procedure asks for, on the procedure's own page.

What the city holds of somebody lies in apps above this one. The one that can tell says so here when it starts;
without one, the page says nothing about it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.actor import Actor
from core.errors import Text
from procedures.models import Component, ProcedureVersion


class Holding(Protocol):
    """One component that need not be handed in: from which source, where exactly, valid until when."""

    @property
    def component(self) -> Component: ...
    @property
    def source_label(self) -> Text: ...
    @property
    def origin(self) -> str: ...


class OwnersHoldings(Protocol):
    """What is held of one of those for whom somebody may file."""

    @property
    def name(self) -> str: ...
    @property
    def found(self) -> Sequence[Holding]: ...


Teller = Callable[[Actor, ProcedureVersion, datetime], Sequence[OwnersHoldings]]


@dataclass
class _Told:
    by: list[Teller] = field(default_factory=list)


_told = _Told()


def tell_by(teller: Teller) -> None:
    """Say who tells. Once, when the process starts."""
    _told.by = [teller]


def told(actor: Actor, version: ProcedureVersion, *, at: datetime) -> list[OwnersHoldings]:
    """Give what is held of the actor, and of the organisations that the actor files for, as far as the actor may see."""
    return [one for teller in _told.by for one in teller(actor, version, at) if one.found]
