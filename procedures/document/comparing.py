"""Two documents, field by field, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.errors import Text
from procedures.document.shape import shape

ORDER = "@order"
"""Stands at the end of the key of a list's order."""

# By what a row of a list is known again, so that one that was moved or changed is not taken for a new one.
_KNOWN_BY = ("name", "id", "channel", "procedure", "code", "title", "reason")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two documents differ. ``before`` is None for what was added, ``after`` for what was removed.

    ``path`` is for machines (``steps[2].time.value``), ``label`` for people (“quy trình nội bộ › Ký › thời gian”).
    """

    path: str
    label: str
    before: Any
    after: Any
    key: tuple[str, ...] = ()
    """The way by names instead of numbers (see `procedures.document.merging`)."""

    @property
    def kind(self) -> str:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def differences(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[Difference]:
    """Give every field in which two parsed documents differ, in the document's order."""
    return list(_of_mappings(left, right, "", (), shape(), ()))


def row_keys(rows: Sequence[Any]) -> dict[str, Any]:
    """Name each row by what it is called and by how many of that name came before it: ``Tờ khai#0``."""
    return {f"{name}#{number}": row for (name, number), row in _keys(rows, nameless="").items()}


def has_rows(value: Any) -> bool:
    """Say whether a value is a list of parts, or nothing."""
    return value is None or (isinstance(value, list) and all(isinstance(one, Mapping) for one in value))


def _of_mappings(
    left: Mapping[str, Any],
    right: Mapping[str, Any],
    path: str,
    trail: tuple[str, ...],
    shape: Any,
    way: tuple[str, ...],
) -> Iterator[Difference]:
    for key in dict.fromkeys((*left, *right)):
        field = _field(shape, key)
        here = f"{path}.{key}" if path else str(key)
        label = (*trail, str(_label(field) or key))
        yield from _of_values(left.get(key), right.get(key), here, label, field, (*way, str(key)))


def _of_values(
    before: Any, after: Any, path: str, trail: tuple[str, ...], shape: Any, way: tuple[str, ...]
) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _of_mappings(before, after, path, trail, shape, way)
    elif has_rows(before) and has_rows(after):
        yield from _of_lists(before or [], after or [], path, trail, getattr(shape, "child", None), way)
    else:
        yield Difference(path, " › ".join(trail), _or_none(before), _or_none(after), way)


def _of_lists(
    left: Sequence[Any],
    right: Sequence[Any],
    path: str,
    trail: tuple[str, ...],
    shape: Any,
    way: tuple[str, ...],
) -> Iterator[Difference]:
    """Compare rows by what they are called: added, removed, changed, and only then moved."""
    keys_left, keys_right = _keys(left), _keys(right)
    names_left = dict(zip(keys_left, row_keys(left), strict=True))
    names_right = dict(zip(keys_right, row_keys(right), strict=True))
    for at, (key, row) in enumerate(keys_left.items()):
        if key not in keys_right:
            yield Difference(
                f"{path}[{at}]", " › ".join((*trail, key[0])), row, None, (*way, names_left[key])
            )
    for at, (key, row) in enumerate(keys_right.items()):
        here, names = f"{path}[{at}]", (*trail, key[0])
        if key not in keys_left:
            yield Difference(here, " › ".join(names), None, row, (*way, names_right[key]))
        else:
            yield from _of_values(keys_left[key], row, here, names, shape, (*way, names_right[key]))
    stayed_left = [key for key in keys_left if key in keys_right]
    stayed_right = [key for key in keys_right if key in keys_left]
    if stayed_left != stayed_right:
        blocks = SequenceMatcher(a=stayed_left, b=stayed_right, autojunk=False).get_matching_blocks()
        kept = {key for block in blocks for key in stayed_left[block.a : block.a + block.size]}
        for key in stayed_right:
            if key not in kept:
                label = " › ".join((*trail, key[0], _("vị trí")))
                before, after = list(keys_left).index(key) + 1, list(keys_right).index(key) + 1
                yield Difference(f"{path}[{after - 1}]", label, before, after, (*way, ORDER))


def _keys(rows: Sequence[Any], *, nameless: str | None = None) -> dict[tuple[str, int], Any]:
    """Name each row by what it is called, and by how many of that name came before it."""
    named: dict[tuple[str, int], Any] = {}
    seen: dict[str, int] = {}
    for row in rows:
        name = next((str(row[key]) for key in _KNOWN_BY if isinstance(row, Mapping) and row.get(key)), "")
        seen[name] = seen.get(name, -1) + 1
        named[name or (_("dòng") if nameless is None else nameless), seen[name]] = row
    return named


def _or_none(value: Any) -> Any:
    return None if value in ("", [], {}) else value


def _field(shape: Any, key: str) -> Any:
    if isinstance(shape, serializers.ListSerializer):
        shape = shape.child
    fields = getattr(shape, "fields", None)
    return fields.get(key) if isinstance(fields, Mapping) else None


def _label(field: Any) -> Text:
    return getattr(field, "label", None) or ""
