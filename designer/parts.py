"""What a part of a document is made of, as the editor sees it: entries, and lists of parts.

Parts are derived from the serializers of `procedures.document.shape` and of `designer.shapes`. A nested single part is
flattened into its owner (``time.value``); a list becomes rows. Free mappings that are awkward to edit as they are (a
condition, own messages by topic) are bent into rows before they are shown, and back when they are taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.text import format_lazy
from rest_framework import serializers

from core.errors import Text
from designer.hints import HINTS

Key = tuple[str, ...]
Choices = tuple[tuple[str, Text], ...]
Fresh = Callable[[int, str], Any]
"""Makes the value of a new row: from how many there are, and what was picked."""


class Control(StrEnum):
    """How an entry is edited."""

    LINE = "line"
    LONG = "long"
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    DECIMAL = "decimal"
    FLAG = "flag"
    DAY = "day"
    LINES = "lines"
    KEPT = "kept"
    """Not shown; goes to the page and back as it is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One control. ``group`` folds it away under a heading; ``refreshes``: the controls after it depend on its value."""

    key: Key
    label: Text
    control: Control
    choices: Choices = ()
    required: bool = False
    most: int = 0
    hint: Text = ""
    group: Text = ""
    refreshes: bool = False
    empty: Any = ""
    """What is taken where nothing was filled in."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A list. ``part`` gives the part of a row from what is posted for it; ``fresh`` the value of a new row, from the
    rows that are there and what was picked of ``picks`` beside the button that adds it.

    ``plain`` rows are values, not mappings: their part has the one entry ``value``.
    """

    key: Key
    label: Text
    part: Callable[[Mapping[str, Any], str], Part]
    fresh: Fresh
    add: Text
    picks: Choices = ()
    plain: bool = False
    inserts: bool = False
    """Texts into which the places of a template are inserted by a click."""
    group: Text = ""
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class Bend:
    """Turns a value into one that can be shown as rows, and back. Neither raises: what is wrong is told by the parser."""

    shown: Callable[[Any], Any]
    taken: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Part:
    """What is edited together."""

    entries: tuple[Entry, ...] = ()
    rows: tuple[Rows, ...] = ()
    bends: Mapping[Key, Bend] = field(default_factory=dict)

    def __add__(self, other: Part) -> Part:
        return Part(self.entries + other.entries, self.rows + other.rows, {**self.bends, **other.bends})

    def under(self, key: Key, *, group: Text = "") -> Part:
        """Give the part as it lies under a key of another one."""

        def moved(one: Any) -> Any:
            return replace(one, key=key + one.key, group=group or one.group)

        return Part(
            tuple(moved(one) for one in self.entries),
            tuple(moved(one) for one in self.rows),
            {key + own: bend for own, bend in self.bends.items()},
        )


@dataclass(frozen=True, slots=True)
class Adding:
    """How a row is added to a list: the value of a new one, the words of the button, what can be picked beside it."""

    fresh: Fresh
    add: Text
    picks: Choices = ()


Special = Callable[[Any], Part]
"""Makes the part of an entry that is not edited as its serializer says."""


def part_of(
    shape: Any,
    *,
    only: tuple[str, ...] = (),
    special: Mapping[str, Special] | None = None,
    adding: Mapping[str, Adding] | None = None,
) -> Part:
    """Derive a part from a serializer.

    ``only`` picks some of its entries; ``special`` replaces entries by their name, wherever they lie; ``adding`` says
    for each list by its name how a row is added.
    """
    special, adding = special or {}, adding or {}
    made = Part()
    for name, one in shape.fields.items():
        if only and name not in only:
            continue
        if name in special:
            made += special[name](one)
        elif isinstance(one, serializers.ListSerializer):
            child = part_of(one.child, special=special, adding=adding)
            made += Part(rows=(_rows(name, one, child, adding[name]),))
        elif isinstance(one, serializers.Serializer):
            made += _with_owner(part_of(one, special=special, adding=adding), one.label or name).under(
                (name,)
            )
        else:
            made += Part((entry_of(name, one),))
    return made


def _with_owner(part: Part, label: Text) -> Part:
    """Name the halves of a pair by their owner as well: “thời hạn: con số”."""
    if len(part.entries) != 2 or part.rows:
        return part
    named = tuple(replace(one, label=format_lazy("{}: {}", label, one.label)) for one in part.entries)
    return replace(part, entries=named)


def _rows(name: str, shape: Any, child: Part, how: Adding) -> Rows:
    return Rows((name,), shape.label, lambda _data, _prefix: child, how.fresh, how.add, how.picks)


def entry_of(name: str, one: Any) -> Entry:
    """Derive one entry from a serializer's field."""
    known: dict[str, Any] = {
        "key": (name,),
        "label": one.label,
        "required": one.required,
        "hint": HINTS.get(name, ""),
    }
    if isinstance(one, serializers.ListField):
        if isinstance(one.child, serializers.ChoiceField):
            choices = tuple(one.child.choices.items())
            return Entry(**known, control=Control.SEVERAL, choices=choices, empty=[])
        return Entry(**known, control=Control.LINES, empty=[])
    if isinstance(one, serializers.ChoiceField):
        blank: Choices = (("", "—"),) if one.allow_blank else ()
        own = (choice for choice in one.choices.items() if choice[0] != "")
        return Entry(**known, control=Control.CHOICE, choices=(*blank, *own))
    if isinstance(one, serializers.BooleanField):
        return Entry(**known, control=Control.FLAG, empty=False)
    if isinstance(one, serializers.DecimalField):
        return Entry(**known, control=Control.DECIMAL, empty=None)
    if isinstance(one, serializers.IntegerField):
        # An entry with a default of its own goes back to it.
        default: Any = one.default
        return Entry(**known, control=Control.NUMBER, empty=None if default is serializers.empty else default)
    if isinstance(one, serializers.DateField):
        return Entry(**known, control=Control.DAY, empty=None)
    most: int = one.max_length or 0
    long = (most == 0 or most > 300) and not isinstance(one, serializers.URLField)
    return Entry(**known, control=Control.LONG if long else Control.LINE, most=most)
