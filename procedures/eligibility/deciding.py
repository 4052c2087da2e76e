"""How far some answers go: to an outcome, or to the questions that are left to ask."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from procedures.eforms.conditions import FALSE, TRUE, Condition, names, settled
from procedures.eforms.expressions import Setting
from procedures.eligibility.checks import Check, Outcome
from procedures.states import EligibilityResult


@dataclass(frozen=True, slots=True)
class Verdict:
    """``outcome`` is settled, or ``ask`` names what may still be asked, the next question first.

    ``doubts`` are outcomes that hang on something that the person does not know; with neither outcome nor question
    left, nobody can say more than that. ``counted`` are the answers that were asked for and count.
    """

    outcome: Outcome | None
    ask: tuple[str, ...] = ()
    doubts: tuple[Outcome, ...] = ()
    counted: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        return not self.ask

    @property
    def stops(self) -> bool:
        return self.outcome is not None and self.outcome.stops

    @property
    def is_unsure(self) -> bool:
        return not self.ask and self.outcome is None


#: What holds for whoever no outcome holds for.
FREE_TO_FILE = Outcome(TRUE, EligibilityResult.CAN)


def decide(
    check: Check, answers: Mapping[str, Any], *, today: date, unknown: Collection[str] = ()
) -> Verdict:
    """Work a check out as far as it goes, asking nothing that no longer matters.

    The first outcome whose condition holds counts. ``unknown`` names questions that the person cannot answer.
    """
    counted: dict[str, Any] = {}
    open_ones: dict[str, Condition] = {}
    for name, field in check.fields.items():
        asked = _left(field.condition, counted, open_ones, today)
        if asked == FALSE:
            continue
        if asked == TRUE and answers.get(name) is not None:
            counted[name] = answers[name]
        else:
            open_ones[name] = asked
    ask: dict[str, None] = {}
    doubts: list[Outcome] = []
    settled_as: Outcome | None = FREE_TO_FILE
    for outcome in check.outcomes:
        left = _left(outcome.condition, counted, open_ones, today)
        if left == TRUE:
            settled_as = outcome
            break
        if left != FALSE:
            doubts.append(outcome)
            ask |= dict.fromkeys(name for name in _askable(left, open_ones) if name not in unknown)
    if not ask and doubts:
        settled_as = None
    return Verdict(None if ask else settled_as, tuple(ask), tuple(doubts), tuple(counted))


def _left(
    condition: Condition | None, counted: Mapping[str, Any], open_names: Collection[str], today: date
) -> Condition:
    return TRUE if condition is None else settled(condition, Setting(counted, today), open_names=open_names)


def _askable(condition: Condition, open_ones: Mapping[str, Condition]) -> Iterator[str]:
    """Give what has to be asked for a condition; before a question that may not be asked, what decides on that."""
    for name in names(condition):
        if name in open_ones:
            if open_ones[name] == TRUE:
                yield name
            else:
                yield from _askable(open_ones[name], open_ones)
