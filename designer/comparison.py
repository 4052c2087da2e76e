"""Two versions side by side, field by field, grouped by the sections of the editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import Text
from designer.sections import SECTIONS, section_of
from designer.words import said, shape_at, trail
from procedures.document import Difference, differences


@dataclass(frozen=True, slots=True)
class Line:
    """One place where the two differ, as people read it."""

    label: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Group:
    """The differences of one section."""

    slug: str
    label: Text
    lines: list[Line]


def compared(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[Group]:
    """Give what differs between two parsed documents, in the order of the editor's sections."""
    found: dict[str, list[Line]] = {}
    for one in differences(left, right):
        section = section_of(one.path)
        if section is not None:
            found.setdefault(section.slug, []).append(line(one))
    return [Group(one.slug, one.label, found[one.slug]) for one in SECTIONS if one.slug in found]


def line(one: Difference) -> Line:
    """Say one difference in words."""
    shape = shape_at(one.path)
    return Line(trail(one.label), one.kind, said(one.before, shape), said(one.after, shape))
