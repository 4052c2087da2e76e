"""Take some entries of one document into another: the halves of a difference, accepted one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from procedures.document.comparing import ORDER, has_rows, row_keys

Key = tuple[str, ...]
"""The way to an entry by names: ``("papers", "Tờ khai#0", "originals")``. Rows keep it when they are moved."""


def taken(left: Mapping[str, Any], right: Mapping[str, Any], wants: Callable[[Key], bool]) -> dict[str, Any]:
    """Give ``left`` with the wanted entries of ``right``. Entries of which ``right`` does not speak stay as they are.

    ``wants`` is asked for the keys of `comparing.differences`: of values, of whole rows, and of the order of a list.
    """
    return _mapping(left, right, (), wants)


def _mapping(
    left: Mapping[str, Any], right: Mapping[str, Any], key: Key, wants: Callable[[Key], bool]
) -> dict[str, Any]:
    merged = dict(left)
    for name in right:
        merged[name] = _value(left.get(name), right[name], (*key, name), wants)
    return merged


def _value(left: Any, right: Any, key: Key, wants: Callable[[Key], bool]) -> Any:
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return _mapping(left, right, key, wants)
    if has_rows(left) and has_rows(right):
        return _rows(left or [], right or [], key, wants)
    return right if wants(key) else left


def _rows(
    left: Sequence[Any], right: Sequence[Any], key: Key, wants: Callable[[Key], bool]
) -> list[Mapping[str, Any]]:
    by_left, by_right = row_keys(left), row_keys(right)
    merged = {
        name: _mapping(row, by_right[name], (*key, name), wants) if name in by_right else row
        for name, row in by_left.items()
        if name in by_right or not wants((*key, name))
    }
    added = {name for name in by_right if name not in by_left and wants((*key, name))}
    order = list(merged)
    if wants((*key, ORDER)):
        theirs = iter([name for name in by_right if name in merged])
        order = [next(theirs) if name in by_right else name for name in order]
    before = ""
    for name in by_right:
        if name in added:
            # Behind the row that it follows at the other side; at the front where it follows none.
            order.insert(order.index(before) + 1 if before else 0, name)
        if name in order:
            before = name
    return [dict(by_right[name]) if name in added else merged[name] for name in order]
