"""Worked-out values as an operation and its parts to choose; what they cannot say is kept as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import Text
from designer.conditions import KEPT, TODAY, Questions, kept_value
from designer.parts import Bend, Choices, Control, Entry, Key, Part, Rows
from procedures.eforms.schema import ROWS

FIXED = "="
_OPERATIONS: Choices = (
    ("sum", _("cộng lại")),
    ("difference", _("phần thứ nhất trừ phần thứ hai")),
    ("product", _("nhân với nhau")),
    ("quotient", _("phần thứ nhất chia phần thứ hai")),
    ("min", _("nhỏ nhất")),
    ("max", _("lớn nhất")),
    ("count", _("đếm số dòng")),
    ("years", _("số năm tròn từ phần thứ nhất đến phần thứ hai")),
    ("days", _("số ngày từ phần thứ nhất đến phần thứ hai")),
    ("concat", _("ghép thành một dòng chữ")),
    ("field", _("lấy nguyên câu trả lời")),
)


def expression_part(questions: Questions, key: Key, label: Text, *, kept: bool) -> Part:
    """Make the controls of an expression over questions that stand before, columns of rows among them."""
    operations = ((KEPT, _("giữ phép tính phức tạp đã nhập từ tệp")), *_OPERATIONS) if kept else _OPERATIONS
    choices = _operands(questions)
    rows = Rows(
        ("parts",),
        _("Các phần của phép tính"),
        lambda data, prefix: _part(choices, data, prefix),
        lambda _count, _picked: {"what": ""},
        _("Thêm phần"),
    )
    own = Part(
        (Entry(("operation",), label, Control.CHOICE, operations), Entry((KEPT,), "", Control.KEPT)), (rows,)
    ).under(key)
    known = {name for name, _label in choices}
    return own + Part(bends={key: Bend(lambda value: shown(value, known), taken)})


def shown(value: Any, known: set[str]) -> dict[str, Any]:
    """Give an expression as an operation with its parts; ``known`` are the parts that can be chosen."""
    if not value:
        return {"operation": "sum", "parts": [], KEPT: ""}
    complicated = {"operation": KEPT, "parts": [], KEPT: json.dumps(value, ensure_ascii=False)}
    if not isinstance(value, Mapping) or len(value) != 1:
        return complicated
    ((operation, given),) = value.items()
    if operation in ("count", "field"):
        return (
            {"operation": operation, "parts": [{"what": given}], KEPT: ""} if given in known else complicated
        )
    if operation not in dict(_OPERATIONS) or not isinstance(given, list):
        return complicated
    parts = [_shown_part(one, known) for one in given]
    if any(one is None for one in parts):
        return complicated
    return {"operation": operation, "parts": parts, KEPT: ""}


def taken(value: Mapping[str, Any]) -> Any:
    """Give the expression that is chosen."""
    operation = value.get("operation")
    if operation == KEPT:
        return kept_value(value.get(KEPT))
    parts = [made for one in value.get("parts") or [] if (made := _taken_part(one)) is not None]
    if operation in ("count", "field"):
        first = parts[0] if parts else {}
        return {operation: first.get("field", "") if isinstance(first, Mapping) else ""}
    return {operation: parts}


def _part(choices: Choices, data: Mapping[str, Any], prefix: str) -> Part:
    choose: Choices = (("", _("— chọn —")),)
    entries = [Entry(("what",), _("Phần"), Control.CHOICE, (*choose, *choices), refreshes=True)]
    if data.get(f"{prefix}-what") == FIXED:
        entries.append(Entry(("fixed",), _("Số, hoặc chữ cố định"), Control.LINE, most=100))
    return Part(tuple(entries))


def _operands(questions: Questions) -> Choices:
    choices: list[tuple[str, Text]] = []
    for name, one in questions.items():
        choices.append((name, one.label))
        if one.type in ROWS:
            choices += [(f"{name}.{column.name}", f"{one.label} › {column.label}") for column in one.fields]
    return (*choices, (TODAY, _("ngày điền đơn")), (FIXED, _("giá trị cố định")))


def _shown_part(one: Any, known: set[str]) -> dict[str, Any] | None:
    if isinstance(one, int) and not isinstance(one, bool):
        return {"what": FIXED, "fixed": str(one)}
    if not isinstance(one, Mapping) or len(one) != 1:
        return None
    if one == {"today": True}:
        return {"what": TODAY}
    if "value" in one and isinstance(one["value"], str | int):
        return {"what": FIXED, "fixed": str(one["value"])}
    return {"what": one["field"]} if one.get("field") in known else None


def _taken_part(row: Mapping[str, Any]) -> Any:
    what = row.get("what")
    if not what:
        return None
    if what == TODAY:
        return {"today": True}
    if what != FIXED:
        return {"field": what}
    text = str(row.get("fixed") or "").strip()
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 16 else {"value": text}
