"""Which change takes a result from which status to which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from results_vault.states import Change, ResultStatus

if TYPE_CHECKING:
    from results_vault.models import Result


@dataclass(frozen=True)
class Move:
    """One change: where it may start, where it leads, whether it names the result that takes over, or the day it happened."""

    change: Change
    sources: frozenset[ResultStatus]
    target: ResultStatus
    needs_successor: bool = False
    needs_day: bool = False


_IN_USE = frozenset({ResultStatus.VALID, ResultStatus.SUSPENDED})

# fmt: off
MOVES = {
    move.change: move
    for move in (
        Move(Change.REVOKE,    _IN_USE,                              ResultStatus.REVOKED),
        Move(Change.SUSPEND,   frozenset({ResultStatus.VALID}),      ResultStatus.SUSPENDED),
        Move(Change.RESUME,    frozenset({ResultStatus.SUSPENDED}),  ResultStatus.VALID),
        Move(Change.SUPERSEDE, _IN_USE,                              ResultStatus.SUPERSEDED, needs_successor=True),
        Move(Change.CORRECT,   _IN_USE,                              ResultStatus.CORRECTED,  needs_successor=True),
        # Expiry follows from the date: what ends a result gives it its last day.
        Move(Change.END,       _IN_USE,                              ResultStatus.VALID,      needs_day=True),
    )
}
# fmt: on


def available(result: Result, *, on: date) -> list[Change]:
    """Give the changes that a result may undergo on a day, in the order of the table."""
    return [move.change for move in MOVES.values() if may_start(move, result, on=on)]


def may_start(move: Move, result: Result, *, on: date) -> bool:
    """Say whether a change may start: only what is in force until an event can be ended by it."""
    if result.status not in move.sources:
        return False
    return move.change != Change.END or (
        bool(result.until_event) and (result.valid_to is None or result.valid_to >= on)
    )
