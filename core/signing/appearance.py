"""What a signature looks like on the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class FieldNotSignable(ValueError):
    """The named field is absent from the PDF or has been signed already."""


@dataclass(frozen=True)
class Stamp:
    """What a signature shows, line by line, shrunk to fit its box. Without a stamp a signature stays invisible.

    ``colour`` is red, green and blue from 0 to 1; ``font_size`` is in points.
    """

    lines: Sequence[str]
    font_size: int = 9
    framed: bool = True
    centred: bool = False
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
