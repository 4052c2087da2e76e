"""A part of a document as controls on a page: drawn from what is posted, changed by its buttons, and taken back.

A control is named by its path with hyphens (``steps-2-time-value``); the order of a list's rows is the order in which
their marks are posted (``steps-row`` = 0, 2, 1), so that moving a row on the page is all that a script has to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.errors import Text
from core.widgets import PlainSelect
from designer.parts import Control, Entry, Key, Part, Rows

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
                [self.form[_name(one.key)] for one in self.part.entries if str(one.group) == label],
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
            value = self.form[_name(entry.key)].value()
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
            value = str(self.form[_name(key)].value() or "") if entry else ""
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
            _put(value, entry.key, _as_data(entry, self.form.cleaned_data[_name(entry.key)]))
        for one in self.lists:
            rows = [row.tree.taken() for row in one.kept]
            _put(value, one.rows.key, [row["value"] for row in rows] if one.rows.plain else rows)
        for key, bend in self.part.bends.items():
            _put(value, key, bend.taken(_get(value, key)))
        return value

    def tell(self, path: str, texts: list[Text]) -> None:
        """Put problems of the parser beside the control that their path means, or as near to it as there is one."""
        tokens, tree = tuple(_TOKEN.findall(path)), self
        while (step := tree._row_at(tokens)) is not None:
            tree, tokens = step
        said = [str(text) for text in texts]
        for length in range(len(tokens), 0, -1):
            name = _name(tokens[:length])
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
        form.fields[_name(entry.key)] = _control(entry)
    lists = []
    for rows in part.rows:
        own = _joined(prefix, _name(rows.key))
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


def posted(part: Part, value: Mapping[str, Any], prefix: str = "") -> QueryDict:
    """Give what a page would post for a value, so that a stored and a typed one are drawn in the same way."""
    data = QueryDict(mutable=True)
    _post(data, part, value, prefix)
    return data


def _post(data: QueryDict, part: Part, value: Mapping[str, Any], prefix: str) -> None:
    given = deepcopy(dict(value))
    for key, bend in part.bends.items():
        _put(given, key, bend.shown(_get(given, key)))
    for entry in part.entries:
        name = _joined(prefix, _name(entry.key))
        own = _get(given, entry.key)
        if entry.control is Control.SEVERAL:
            data.setlist(name, [str(one) for one in own or []])
        elif (text := _as_text(entry, own)) is not None:
            data[name] = text
    for rows in part.rows:
        own_prefix = _joined(prefix, _name(rows.key))
        listed = _get(given, rows.key) or []
        data.setlist(f"{own_prefix}-row", [str(at) for at in range(len(listed))])
        for at, one in enumerate(listed):
            _post_row(data, rows, one, f"{own_prefix}-{at}")


def _post_row(data: QueryDict, rows: Rows, value: Any, prefix: str) -> None:
    given = {"value": value} if rows.plain else value
    # What decides which controls a row has must be there before its part is asked for: its kind, or the question that
    # its condition names.
    for key, own in given.items():
        for name, text in own.items() if isinstance(own, Mapping) else [("", own)]:
            if isinstance(text, str):
                data["-".join(filter(None, (prefix, key, name)))] = text
    _post(data, rows.part(data, prefix), given, prefix)


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
        _post_row(data, found.rows, fresh, f"{target}-{mark}")
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


def _control(entry: Entry) -> forms.Field:
    common: dict[str, Any] = {
        "label": entry.label,
        "required": entry.required,
        "help_text": entry.hint,
        "template_name": "designer/_field.html",
    }
    if entry.required:
        common["error_messages"] = {"required": _("Hãy điền mục này.")}
    marked = {"data-refresh": ""} if entry.refreshes else {}
    match entry.control:
        case Control.CHOICE:
            return forms.ChoiceField(**common, choices=entry.choices, widget=PlainSelect(marked))
        case Control.SEVERAL:
            return forms.MultipleChoiceField(
                **common, choices=entry.choices, widget=forms.CheckboxSelectMultiple
            )
        case Control.NUMBER:
            return forms.IntegerField(**common, widget=forms.NumberInput({"inputmode": "numeric"}))
        case Control.DECIMAL:
            widget = forms.TextInput({"inputmode": "decimal", "class": "designer-short"})
            return forms.DecimalField(**common, localize=True, max_digits=12, widget=widget)
        case Control.FLAG:
            return forms.BooleanField(**{**common, "required": False})
        case Control.DAY:
            day = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            return forms.DateField(**common, widget=day, input_formats=["%Y-%m-%d"])
        case Control.LINES:
            common["help_text"] = entry.hint or _("Mỗi dòng một mục.")
            return forms.CharField(**common, widget=forms.Textarea({"rows": 3}))
        case Control.KEPT:
            return forms.CharField(required=False, widget=forms.HiddenInput)
        case Control.LONG:
            rows = 2 if entry.most and entry.most <= 2_000 else 5
            return forms.CharField(
                **common, strip=False, max_length=entry.most or None, widget=forms.Textarea({"rows": rows})
            )
    return forms.CharField(**common, max_length=entry.most or None)


def _as_data(entry: Entry, cleaned: Any) -> Any:
    if cleaned in (None, "", []):
        return deepcopy(entry.empty)
    match entry.control:
        case Control.DAY:
            return cleaned.isoformat()
        case Control.DECIMAL:
            whole = cleaned == cleaned.to_integral_value()
            return int(cleaned) if whole else float(cleaned)
        case Control.LINES:
            return [line.strip() for line in cleaned.splitlines() if line.strip()]
        case Control.LONG:
            return cleaned.replace("\r\n", "\n")
    return cleaned


def _as_text(entry: Entry, value: Any) -> str | None:
    if entry.control is Control.FLAG:
        return "on" if value else None
    if value is None:
        return ""
    if entry.control is Control.LINES:
        return "\n".join(value)
    if entry.control is Control.DECIMAL:
        return number_format(Decimal(str(value)).normalize(), use_l10n=True, force_grouping=False)
    return str(value)


def _name(key: Key) -> str:
    return "-".join(key)


def _joined(prefix: str, name: str) -> str:
    return f"{prefix}-{name}" if prefix else name


def _get(value: Any, key: Key) -> Any:
    for one in key:
        if not isinstance(value, Mapping):
            return None
        value = value.get(one)
    return value


def _put(value: dict[str, Any], key: Key, given: Any) -> None:
    for one in key[:-1]:
        value = value.setdefault(one, {})
    value[key[-1]] = given
