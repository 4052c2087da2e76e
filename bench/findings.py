"""What a benchmark found: readings, and bars that were met or missed."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.measuring import Rounds


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure against its bar. ``values`` holds one figure a round; their median is judged.

    ``goal`` is the number of the goal it belongs to; ``at_least`` turns the bar round: the figure must not be lower.
    """

    goal: int
    what: str
    values: Sequence[float]
    bar: float
    unit: str = "×"
    at_least: bool = False
    digits: int = 2

    @property
    def value(self) -> float:
        return statistics.median(self.values)

    @property
    def met(self) -> bool:
        return self.value >= self.bar if self.at_least else self.value <= self.bar


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything one benchmark has to say. ``portal`` are the labels in ``rounds`` that are the portal's own."""

    title: str
    bars: Sequence[Bar]
    rounds: Rounds | None = None
    portal: Sequence[str] = ()
    notes: Sequence[str] = field(default_factory=list)
