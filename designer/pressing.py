"""The buttons of lists: add, take out, put back, move."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict

from designer.parts import Part
from designer.posting import post_row
from designer.trees import MOST_ROWS, RowNode, RowsNode, Tree, draw


def press(part: Part, data: QueryDict, button: str) -> str:
    """Do what a button of a list says, with what is posted: ``add:steps``, ``remove:steps-2``, ``restore:steps-2``,
    ``up:steps-2``, ``down:steps-2``. Gives the id of what to lead to; empty if the button means nothing here.
    """
    what, _colon, target = button.partition(":")
    tree = draw(part, data)
    if what == "add":
        found = next((one for one in _all_lists(tree) if one.prefix == target), None)
        if found is None or len(found.nodes) >= MOST_ROWS:
            return ""
        mark = str(max([-1, *(int(row.mark) for row in found.nodes)]) + 1)
        data.setlist(f"{target}-row", [*data.getlist(f"{target}-row"), mark])
        fresh = found.rows.fresh(len(found.kept), data.get(f"{target}-pick", ""))
        post_row(data, found.rows, fresh, f"{target}-{mark}")
        return f"{target}-{mark}"
    for one in _all_lists(tree):
        for row in one.nodes:
            if row.prefix == target:
                return _press_row(one, row, what, data)
    return ""


def _press_row(one: RowsNode, row: RowNode, what: str, data: QueryDict) -> str:
    if what == "remove":
        data[f"{row.prefix}-removed"] = "1"
    elif what == "restore":
        del data[f"{row.prefix}-removed"]
    elif what in ("up", "down"):
        marks = [node.mark for node in one.nodes]
        at = marks.index(row.mark)
        to = at + (-1 if what == "up" else 1)
        if 0 <= to < len(marks):
            marks[at], marks[to] = marks[to], marks[at]
            data.setlist(f"{one.prefix}-row", marks)
    else:
        return ""
    return row.prefix


def _all_lists(tree: Tree) -> Iterator[RowsNode]:
    for one in tree.lists:
        yield one
        for row in one.nodes:
            yield from _all_lists(row.tree)
