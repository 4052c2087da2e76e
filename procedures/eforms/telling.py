"""Saying in words when a paper is asked for: “Mục đích sử dụng: Đăng ký kết hôn”."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procedures.eforms.conditions import All, Any_, Compare, Condition, Filled
from procedures.eforms.elsewhere import condition_on
from procedures.eforms.expressions import Expression, FieldValue, Literal
from procedures.eforms.schema import Field, Schema


def told_when(schema: Schema, raw: Mapping[str, Any], language: str) -> str:
    """Give a condition over the form as its reader sees the questions; empty where words cannot say it shortly.

    :raises InvalidInput: the condition is broken (see `condition_on`).
    """
    return _told(condition_on(schema, raw), schema, language)


def _told(condition: Condition, schema: Schema, language: str) -> str:
    match condition:
        case All(parts):
            return _joined(parts, _(" và "), schema, language)
        case Any_(parts):
            return _joined(parts, _(" hoặc "), schema, language)
        case Filled(path, True) if path in schema.fields:
            return _("có điền “%s”") % schema.fields[path].label_in(language)
        case Compare(FieldValue(path), operator, right) if path in schema.fields:
            return _compared(schema.fields[path], operator, right, language)
    return ""


def _joined(parts: Iterable[Condition], by: str, schema: Schema, language: str) -> str:
    told = [_told(part, schema, language) for part in parts]
    return by.join(told) if all(told) else ""


def _compared(field: Field, operator: str, right: Iterable[Expression], language: str) -> str:
    values = [_value(field, side, language) for side in right]
    if not all(values):
        return ""
    told, label = _(" hoặc ").join(values), field.label_in(language)
    if operator in _IS:
        return f"“{label}”: {told}"
    return f"“{label}” {_IS_NOT[operator]} {told}" if operator in _IS_NOT else ""


def _value(field: Field, side: Expression, language: str) -> str:
    if not isinstance(side, Literal):
        return ""
    choice = next((one for one in field.choices if one.value == side.value), None)
    if choice is not None:
        return choice.label_in(language)
    if isinstance(side.value, bool):
        return str(_("Có") if side.value else _("Không"))
    return f"{side.value:%d/%m/%Y}" if isinstance(side.value, date) else str(side.value)


_IS = frozenset({"equals", "in", "contains"})
_IS_NOT = {
    "not_equals": gettext_lazy("khác"),
    "not_in": gettext_lazy("khác"),
    "greater": gettext_lazy("lớn hơn"),
    "less": gettext_lazy("nhỏ hơn"),
    "at_least": gettext_lazy("từ"),
    "at_most": gettext_lazy("không quá"),
}
