"""A part of a document as controls on a page: drawn from what is posted, changed by its buttons, and taken back.

A control is named by its path with hyphens (``steps-2-time-value``); the order of a list's rows is the order in which
their marks are posted (``steps-row`` = 0, 2, 1), so that moving a row on the page is all that a script has to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator

from core.errors import Text
from designer.controls import as_data, control, got_at, joined, name_of, put_at
from designer.parts import Control, Key, Part, Rows

_TOKEN = re.compile(r"[^.\[\]]+")
MOST_ROWS = 500
_CALLED = ("name", "reason", "title")
"""By what a row is called; a label comes before both."""


@dataclass(slots=True)
class RowNode:
    """One row: its number on the page, whether it was taken out (and may be put back), and what stands in it."""

    mark: str
    number: int
    is_removed: bool
    tree: Tree

    @property
    def prefix(self) -> str:
        return self.tree.prefix


@dataclass(slots=True)
class RowsNode:
    """A list with its rows."""

    rows: Rows
    prefix: str
    nodes: list[RowNode] = field(default_factory=list)

    @property
    def kept(self) -> list[RowNode]:
        return [one for one in self.nodes if not one.is_removed]

    @property
    def is_short(self) -> bool:
        """The rows are shown open."""
        return self.rows.plain or len(self.nodes) <= 3


@dataclass(slots=True)
class Group:
    """Controls under one heading; those without a heading come first and are never folded away."""

    label: Text
    fields: list[forms.BoundField]
    lists: list[RowsNode]

    @property
    def is_used(self) -> bool:
        """Something is filled in or wrong, so that it is shown open."""
        filled = any(
            one.value() not in (None, "", False, [], "all") for one in self.fields if not one.is_hidden
        )
        return filled or any(one.errors for one in self.fields) or any(one.nodes for one in self.lists)


@dataclass(slots=True)
class Tree:
    """A part with its controls, bound to what is posted."""

    part: Part
    prefix: str
    form: forms.Form
    lists: list[RowsNode]

    def groups(self) -> list[Group]:
        named = [str(one.group) for one in self.part.entries] + [str(one.group) for one in self.part.rows]
        labels = list(dict.fromkeys(["", *named]))
        return [
            Group(
                label,
                [self.form[name_of(one.key)] for one in self.part.entries if str(one.group) == label],
                [one for one in self.lists if str(one.rows.group) == label],
            )
            for label in labels
        ]

    @property
    def title(self) -> str:
        """What a row is called on the page: by its name, or by its first control that says something."""
        named = sorted(self.part.entries, key=lambda one: one.key[-1] not in _CALLED)
        named.sort(key=lambda one: one.key[-1] != "label")
        for entry in named:
            value = self.form[name_of(entry.key)].value()
            if entry.control is Control.KEPT or not isinstance(value, str) or not value.strip():
                continue
            text = str(dict(entry.choices).get(value, value))
            return Truncator(" ".join(text.split())).chars(70)
        return ""

    @property
    def brief(self) -> str:
        """What a folded row of the workflow says besides its name: who, and how long."""
        said = []
        for key in (("role",), ("time", "value"), ("time", "unit")):
            entry = next((one for one in self.part.entries if one.key == key), None)
            value = str(self.form[name_of(key)].value() or "") if entry else ""
            if not value:
                return ""
            said.append(str(dict(entry.choices).get(value, value) if entry else value))
        who, number, unit = said
        return f"{who} · {number} {unit}"

    def places(self) -> list[tuple[str, str]]:
        """Give name and label of the places of the template in this part, to be put into its texts."""
        return [
            (str(row.tree.form["name"].value() or ""), row.tree.title)
            for one in self.lists
            if one.rows.key[-2:] == ("template", "fields")
            for row in one.kept
        ]

    def is_valid(self) -> bool:
        """Say whether everything posted can be read; whether it makes sense is the parser's to say."""
        own = self.form.is_valid()
        rows = [row.tree.is_valid() for one in self.lists for row in one.kept]
        return own and all(rows)

    def taken(self) -> dict[str, Any]:
        """Give the value of the part. Only after `is_valid`."""
        value: dict[str, Any] = {}
        for entry in self.part.entries:
            put_at(value, entry.key, as_data(entry, self.form.cleaned_data[name_of(entry.key)]))
        for one in self.lists:
            rows = [row.tree.taken() for row in one.kept]
            put_at(value, one.rows.key, [row["value"] for row in rows] if one.rows.plain else rows)
        for key, bend in self.part.bends.items():
            put_at(value, key, bend.taken(got_at(value, key)))
        return value

    def tell(self, path: str, texts: list[Text]) -> None:
        """Put problems of the parser beside the control that their path means, or as near to it as there is one."""
        tokens, tree = tuple(_TOKEN.findall(path)), self
        while (step := tree._row_at(tokens)) is not None:
            tree, tokens = step
        said = [str(text) for text in texts]
        for length in range(len(tokens), 0, -1):
            name = name_of(tokens[:length])
            if name in tree.form.fields:
                tree.form.add_error(name, said)
                return
        label = next((str(one.rows.label) for one in tree.lists if tokens[:1] == one.rows.key[:1]), "")
        tree.form.add_error(None, [f"{label}: {text}" if label else text for text in said])

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """Give every problem with the id of its control and the label of that."""
        first = next(iter(self.form.fields), "")
        for text in self.form.non_field_errors():
            yield (self.form[first].auto_id if first else "editor"), self.title, str(text)
        for bound in self.form:
            for text in bound.errors:
                where = f"{self.title} › {bound.label}" if self.prefix and self.title else str(bound.label)
                yield bound.auto_id, where, str(text)
        for one in self.lists:
            for row in one.kept:
                yield from row.tree.problems()

    @property
    def is_small(self) -> bool:
        """Its few controls need not be folded away."""
        return not self.lists and len(self.part.entries) <= 4

    @property
    def is_wrong(self) -> bool:
        return next(self.problems(), None) is not None

    def _row_at(self, tokens: Key) -> tuple[Tree, Key] | None:
        for one in self.lists:
            length = len(one.rows.key)
            if tokens[:length] == one.rows.key and len(tokens) > length and tokens[length].isdecimal():
                at = int(tokens[length])
                if at < len(one.kept):
                    return one.kept[at].tree, tokens[length + 1 :]
        return None


def draw(part: Part, data: QueryDict, prefix: str = "") -> Tree:
    """Make the controls of a part from what is posted."""
    form = forms.Form(data, prefix=prefix or None, use_required_attribute=False)
    for entry in part.entries:
        form.fields[name_of(entry.key)] = control(entry)
    lists = []
    for rows in part.rows:
        own = joined(prefix, name_of(rows.key))
        node = RowsNode(rows, own)
        for mark in data.getlist(f"{own}-row")[:MOST_ROWS]:
            if not mark.isdecimal() or len(mark) > 6:
                continue
            below = f"{own}-{mark}"
            removed = bool(data.get(f"{below}-removed"))
            number = len(node.kept) + 1
            node.nodes.append(RowNode(mark, number, removed, draw(rows.part(data, below), data, below)))
        lists.append(node)
    return Tree(part, prefix, form, lists)
