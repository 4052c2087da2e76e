"""Which change takes a result from which status to which."""

from __future__ import annotations

from dataclasses import dataclass

from results_vault.states import Change, ResultStatus


@dataclass(frozen=True)
class Move:
    """One change: where it may start, where it leads, and whether it names the result that takes over."""

    change: Change
    sources: frozenset[ResultStatus]
    target: ResultStatus
    needs_successor: bool = False


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
    )
}
# fmt: on


def available(status: str) -> list[Change]:
    """Give the changes that may start from a status, in the order of the table."""
    return [move.change for move in MOVES.values() if status in move.sources]
