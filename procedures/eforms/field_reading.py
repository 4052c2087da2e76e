"""Reading one field of an e-form: which keys its kind may carry, and what they may say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from procedures.eforms import patterns, units
from procedures.eforms.conditions import Condition, both
from procedures.eforms.entries import Reader
from procedures.eforms.expressions import Expression
from procedures.eforms.kinds import KINDS
from procedures.eforms.kinds.computed import SHOWN_AS
from procedures.eforms.kinds.rows import MOST_ROWS
from procedures.eforms.logic import Known, read_condition, read_expression
from procedures.eforms.schema import PREFILL_SOURCES, ROWS, Choice, Field, FieldType

MAX_FIELDS = 60
MAX_COLUMNS = 12
MAX_CHOICES = 500
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")

#: Lists of choices that the portal knows by itself.
CHOICE_SOURCES = ("provinces", "communal_units")

_COMMON = {
    "name": "text",
    "label": "text",
    "label_en": "text",
    "type": "text",
    "required": "flag",
    "hint": "text",
    "hint_en": "text",
    "help": "text",
    "help_en": "text",
    "example": "text",
    "example_en": "text",
    "problem": "text",
    "problem_en": "text",
    "required_problem": "text",
    "required_problem_en": "text",
    "prefill": "text",
    "readonly": "flag",
    "show_if": "mapping",
    "show_when": "mapping",
}
_OF_KINDS = {
    "max_length": "number",
    "choices": "list",
    "display": "text",
    "source": "text",
    "pattern": "text",
    "pattern_problem": "text",
    "pattern_problem_en": "text",
    "min": "amount",
    "max": "amount",
    "decimals": "number",
    "in_words": "flag",
    "not_future": "flag",
    "not_past": "flag",
    "fields": "list",
    "rows": "list",
    "row_label": "text",
    "row_label_en": "text",
    "component": "text",
    "value": "expression",
    "shown_as": "text",
}
_FIELD_KEYS = _COMMON | _OF_KINDS
_DECIMALS = 2


_AS_WRITTEN = (
    "label_en",
    "required",
    "hint",
    "hint_en",
    "help",
    "help_en",
    "example",
    "example_en",
    "problem",
    "problem_en",
    "required_problem",
    "required_problem_en",
    "pattern_problem",
    "pattern_problem_en",
    "in_words",
    "not_future",
    "not_past",
    "row_label",
    "row_label_en",
)
"""Keys of a field that mean what they say, whatever stands beside them."""


class FieldReader:
    """Reads fields in the order of the form; ``known`` holds those that were read so far."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.known = Known()

    def fields(
        self, found: Mapping[str, Any], path: str, outer: Condition | None, *, most: int = MAX_FIELDS
    ) -> tuple[Field, ...]:
        raw = found.get("fields", [])
        if not 1 <= len(raw) <= most:
            self.reader.refuse(f"{path}.fields", _("Phải có từ 1 đến %d câu hỏi.") % most)
        return tuple(self.field(one, f"{path}.fields[{at}]", outer) for at, one in enumerate(raw[:most]))

    def field(self, raw: Any, path: str, outer: Condition | None) -> Field:
        found = self.reader.entries(raw, _FIELD_KEYS, path)
        name = self.reader.text(found, "name", path, NAME)
        if name in self.known.fields:
            self.reader.refuse(
                f"{path}.name", _("Trùng tên “%s” với một câu hỏi trước. Hãy đặt tên khác.") % name
            )
        one = self.one(found, name, path, outer)
        self.known.fields.setdefault(name, one)
        return one

    def one(self, found: Mapping[str, Any], name: str, path: str, outer: Condition | None) -> Field:
        kind = self.type(found, path)
        self.only_fitting_keys(found, kind, path)
        condition = self.show_when(found, path)
        if "show_if" in found and condition is not None:
            self.reader.refuse(f"{path}.show_if", _("Chỉ dùng một trong hai mục show_if và show_when."))
        one = Field(
            name=name,
            label=self.reader.text(found, "label", path),
            type=kind,
            condition=both(outer, condition or self.show_if(found, path)),
            max_length=self.length(found, kind, path),
            choices=tuple(self.choices(found, kind, path)),
            prefill=self.prefill(found, path),
            readonly=self.readonly(found, kind, path),
            pattern=self.pattern(found, kind, path),
            min=self.bound(found, "min", kind, path),
            max=self.bound(found, "max", kind, path),
            decimals=self.decimals(found, path),
            display=self.display(found, path),
            fields=self.columns(found, kind, path),
            rows=self.lines(found, kind, path),
            component=self.component(found, kind, path),
            value=self.value(found, kind, path),
            shown_as=self.shown_as(found, kind, path),
            **{key: found[key] for key in _AS_WRITTEN if key in found},
        )
        if one.min is not None and one.max is not None and one.min > one.max:
            self.reader.refuse(f"{path}.max", _("Số lớn nhất phải không nhỏ hơn số nhỏ nhất."))
        if one.required and not one.takes_answer and kind is not FieldType.FILE:
            self.reader.refuse(f"{path}.required", _("Không dùng cho loại %s: không có gì để điền.") % kind)
        return one

    def type(self, found: Mapping[str, Any], path: str) -> FieldType:
        try:
            return FieldType(found.get("type", ""))
        except ValueError:
            self.reader.refuse(f"{path}.type", _("Phải là một trong: %s.") % ", ".join(FieldType))
            return FieldType.TEXT

    def only_fitting_keys(self, found: Mapping[str, Any], kind: FieldType, path: str) -> None:
        for key in found:
            if key in _OF_KINDS and key not in KINDS[kind].keys:
                kinds = [one for one in FieldType if key in KINDS[one].keys]
                self.reader.refuse(f"{path}.{key}", _("Chỉ dùng cho câu hỏi loại %s.") % ", ".join(kinds))

    def length(self, found: Mapping[str, Any], kind: FieldType, path: str) -> int:
        value: int = found.get("max_length", KINDS[kind].length)
        if "max_length" in found and not 1 <= value <= 10_000:
            self.reader.refuse(f"{path}.max_length", _("Phải từ 1 đến 10000 ký tự."))
        return value

    def choices(self, found: Mapping[str, Any], kind: FieldType, path: str) -> Iterator[Choice]:
        if "choices" not in KINDS[kind].keys:
            return
        if "source" in found:
            yield from self.source(found, path)
            return
        raw = found.get("choices", [])
        if not 2 <= len(raw) <= MAX_CHOICES:
            self.reader.refuse(f"{path}.choices", _("Phải có từ 2 đến %d lựa chọn.") % MAX_CHOICES)
        yield from self.reader.choices(raw[:MAX_CHOICES], f"{path}.choices")

    def source(self, found: Mapping[str, Any], path: str) -> Iterator[Choice]:
        if "choices" in found:
            self.reader.refuse(f"{path}.choices", _("Chỉ dùng một trong hai mục choices và source."))
        if found["source"] not in CHOICE_SOURCES:
            self.reader.refuse(f"{path}.source", _("Phải là một trong: %s.") % ", ".join(CHOICE_SOURCES))
            return
        listed = units.provinces() if found["source"] == "provinces" else units.communal_units(units.OUR_CITY)
        yield from (Choice(unit.code, unit.name) for unit in listed)

    def prefill(self, found: Mapping[str, Any], path: str) -> str:
        value: str = found.get("prefill", "")
        if value and value not in PREFILL_SOURCES:
            self.reader.refuse(
                f"{path}.prefill", _("Phải là một trong: %s.") % ", ".join(sorted(PREFILL_SOURCES))
            )
        return value

    def readonly(self, found: Mapping[str, Any], kind: FieldType, path: str) -> bool:
        value: bool = found.get("readonly", False)
        if value and not found.get("prefill"):
            self.reader.refuse(
                f"{path}.readonly", _("Câu hỏi chỉ đọc phải có mục prefill để biết lấy dữ liệu từ đâu.")
            )
        if value and not KINDS[kind].may_be_fixed:
            self.reader.refuse(f"{path}.readonly", _("Không dùng cho câu hỏi loại %s.") % kind)
        return value

    def pattern(self, found: Mapping[str, Any], kind: FieldType, path: str) -> re.Pattern[str] | None:
        if "pattern" not in found:
            return None
        if not found.get("pattern_problem"):
            self.reader.refuse(f"{path}.pattern_problem", _("Phải nói cho người điền biết cách viết đúng."))
        try:
            length = int(found.get("max_length", KINDS[kind].length))
            return patterns.compiled(found["pattern"], length=length)
        except (re.error, OverflowError, RecursionError, patterns.TooSlow) as problem:
            self.reader.refuse(f"{path}.pattern", _("Không dùng được biểu thức này: %s.") % problem)
            return None

    def bound(self, found: Mapping[str, Any], key: str, kind: FieldType, path: str) -> Decimal | None:
        if key not in found:
            return None
        value = Decimal(str(found[key]))
        if kind is not FieldType.DECIMAL and value != value.to_integral_value():
            self.reader.refuse(f"{path}.{key}", _("Phải là số nguyên."))
        counts_rows = kind in ROWS
        if (counts_rows or kind is FieldType.MULTI_CHOICE) and not 0 <= value <= MOST_ROWS:
            self.reader.refuse(f"{path}.{key}", _("Phải từ 0 đến %d.") % MOST_ROWS)
        if counts_rows and "rows" in found:
            self.reader.refuse(f"{path}.{key}", _("Không dùng khi bảng đã có các dòng cố định (rows)."))
        return value

    def decimals(self, found: Mapping[str, Any], path: str) -> int:
        value: int = found.get("decimals", _DECIMALS)
        if not 0 <= value <= 6:
            self.reader.refuse(f"{path}.decimals", _("Phải từ 0 đến 6 chữ số."))
            return _DECIMALS
        return value

    def display(self, found: Mapping[str, Any], path: str) -> str:
        value: str = found.get("display", "")
        if value not in ("", "radio", "select"):
            self.reader.refuse(f"{path}.display", _("Phải là radio hoặc select."))
        return value

    def columns(self, found: Mapping[str, Any], kind: FieldType, path: str) -> tuple[Field, ...]:
        if kind not in ROWS:
            return ()
        outer, self.known = self.known, Known(in_rows=True)
        read = self.fields(found, path, None, most=MAX_COLUMNS)
        self.known = outer
        for at, one in enumerate(read):
            here = f"{path}.fields[{at}]"
            if one.type in ROWS or not one.takes_answer:
                self.reader.refuse(
                    f"{here}.type", _("Loại %s không đặt được trong bảng hoặc nhóm lặp.") % one.type
                )
            if one.prefill:
                self.reader.refuse(f"{here}.prefill", _("Không dùng trong bảng hoặc nhóm lặp."))
        return read

    def lines(self, found: Mapping[str, Any], kind: FieldType, path: str) -> tuple[Choice, ...]:
        if "rows" not in found:
            return ()
        if kind is not FieldType.TABLE:
            self.reader.refuse(f"{path}.rows", _("Chỉ dùng cho câu hỏi loại table."))
        if not 1 <= len(found["rows"]) <= MOST_ROWS:
            self.reader.refuse(f"{path}.rows", _("Phải có từ 1 đến %d dòng.") % MOST_ROWS)
        return tuple(self.reader.choices(found["rows"][:MOST_ROWS], f"{path}.rows"))

    def component(self, found: Mapping[str, Any], kind: FieldType, path: str) -> str:
        return self.reader.text(found, "component", path) if kind is FieldType.FILE else ""

    def value(self, found: Mapping[str, Any], kind: FieldType, path: str) -> Expression | None:
        if kind is not FieldType.COMPUTED:
            return None
        if "value" not in found:
            self.reader.refuse(f"{path}.value", _("Thiếu mục này hoặc mục này để trống."))
            return None
        return read_expression(self.reader, found["value"], f"{path}.value", self.known)

    def shown_as(self, found: Mapping[str, Any], kind: FieldType, path: str) -> FieldType:
        value = found.get("shown_as", "text")
        if kind is FieldType.COMPUTED and value not in SHOWN_AS:
            self.reader.refuse(f"{path}.shown_as", _("Phải là một trong: %s.") % ", ".join(SHOWN_AS))
            return FieldType.TEXT
        return FieldType(value) if value in SHOWN_AS else FieldType.TEXT

    def show_when(self, found: Mapping[str, Any], path: str) -> Condition | None:
        if "show_when" not in found:
            return None
        return read_condition(self.reader, found["show_when"], f"{path}.show_when", self.known)

    def show_if(self, found: Mapping[str, Any], path: str) -> Condition | None:
        """Read the short way to ask only after one answer: {"field": name, "equals": answer}."""
        if "show_if" not in found:
            return None
        here = f"{path}.show_if"
        inner = self.reader.entries(found["show_if"], {"field": "text", "equals": "answer"}, here)
        if "equals" not in inner:
            self.reader.refuse(f"{here}.equals", _("Thiếu mục này hoặc mục này để trống."))
            return None
        return read_condition(self.reader, {"field": "", **inner}, here, self.known)
