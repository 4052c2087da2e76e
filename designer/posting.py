"""A value as a page would post it, so that a stored and a typed one are drawn in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.http import QueryDict

from designer.controls import as_text, got_at, joined, name_of, put_at
from designer.parts import Control, Part, Rows


def posted(part: Part, value: Mapping[str, Any], prefix: str = "") -> QueryDict:
    """Give what a page would post for a value, so that a stored and a typed one are drawn in the same way."""
    data = QueryDict(mutable=True)
    _post(data, part, value, prefix)
    return data


def _post(data: QueryDict, part: Part, value: Mapping[str, Any], prefix: str) -> None:
    given = deepcopy(dict(value))
    for key, bend in part.bends.items():
        put_at(given, key, bend.shown(got_at(given, key)))
    for entry in part.entries:
        name = joined(prefix, name_of(entry.key))
        own = got_at(given, entry.key)
        if entry.control is Control.SEVERAL:
            data.setlist(name, [str(one) for one in own or []])
        elif (text := as_text(entry, own)) is not None:
            data[name] = text
    for rows in part.rows:
        own_prefix = joined(prefix, name_of(rows.key))
        listed = got_at(given, rows.key) or []
        data.setlist(f"{own_prefix}-row", [str(at) for at in range(len(listed))])
        for at, one in enumerate(listed):
            post_row(data, rows, one, f"{own_prefix}-{at}")


def post_row(data: QueryDict, rows: Rows, value: Any, prefix: str) -> None:
    """Add what a page would post for one row of a list."""
    given = {"value": value} if rows.plain else value
    # What decides which controls a row has must be there before its part is asked for: its kind, or the question that
    # its condition names.
    for key, own in given.items():
        for name, text in own.items() if isinstance(own, Mapping) else [("", own)]:
            if isinstance(text, str):
                data["-".join(filter(None, (prefix, key, name)))] = text
    _post(data, rows.part(data, prefix), given, prefix)
