"""Pages of a list that does not get slower with its length: each goes on after the last row of the one before.

There is no page number and no count of everything. A cursor is the order of one row, readable and harmless: it only
says where to go on, the list itself is what the actor may see.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page; ``earlier`` and ``later`` are cursors, empty where there is nothing more."""

    rows: list[Row]
    earlier: str = ""
    later: str = ""


def keyset(
    queryset: QuerySet[Any, Row], *, order: Sequence[str], size: int, after: str = "", before: str = ""
) -> Page[Row]:
    """Give the page after or before a cursor, or the first one.

    ``order`` names columns that are never null, all ascending or all with a minus, and ends in a unique one. A
    cursor that cannot be read gives the first page: it comes from the address line.
    """
    names = [name.lstrip("-") for name in order]
    descending = order[0].startswith("-")
    backwards = bool(before) and not after
    position = _decode(queryset, names, after or before)
    if position is None:
        backwards = False
    else:
        queryset = queryset.filter(_beyond(names, position, greater=descending == backwards))
    turned = [_turn(name) for name in order] if backwards else list(order)
    rows = list(queryset.order_by(*turned)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_earlier = more if backwards else position is not None
    has_later = bool(rows) if backwards else more
    return Page(
        rows=rows,
        earlier=_encode(rows[0], names) if rows and has_earlier else "",
        later=_encode(rows[-1], names) if rows and has_later else "",
    )


def _turn(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(names: Sequence[str], position: Sequence[Any], *, greater: bool) -> Q:
    """Compare rows column by column, with the first column alone in front so that an index serves it."""
    direction = "gt" if greater else "lt"
    first, rest = names[0], names[1:]
    beyond = Q(**{f"{first}__{direction}": position[0]})
    if not rest:
        return beyond
    equal = Q(**{first: position[0]}) & _beyond(rest, position[1:], greater=greater)
    return Q(**{f"{first}__{direction}e": position[0]}) & (beyond | equal)


def _encode(row: Any, names: Sequence[str]) -> str:
    values = [row[name] if isinstance(row, dict) else getattr(row, name) for name in names]
    plain = [value if isinstance(value, int) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _decode(queryset: QuerySet[Any, Any], names: Sequence[str], cursor: str) -> list[Any] | None:
    if not cursor:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(names):
            return None
        fields = [queryset.model._meta.get_field(name) for name in names]
        position = [field.to_python(value) for field, value in zip(fields, values, strict=True)]
    except (binascii.Error, ValueError, TypeError, ValidationError):
        return None
    return None if None in position else position
