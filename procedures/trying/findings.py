"""What trying a draft has found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How much a finding weighs."""

    RED = "red"
    """It hurts people or stops the work: publishing needs it mended, or a reason that is kept."""
    AMBER = "amber"
    """It should be looked at."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``rule`` is stable for machines, ``path`` the place in the document, ``text`` the problem with its mend."""

    rule: str
    weight: Weight
    path: str
    text: str

    @property
    def is_red(self) -> bool:
        return self.weight is Weight.RED


def red(rule: str, path: str, text: str) -> Finding:
    return Finding(rule, Weight.RED, path, text)


def amber(rule: str, path: str, text: str) -> Finding:
    return Finding(rule, Weight.AMBER, path, text)
