"""What a posted page, or a mapping of answers, holds for a field.

A date may come in three parts (``ngay_day``…), an address in three (``noi_o_ward``…), rows cell by cell
(``con-0-ten``; ``con-rows`` says that the rows were on the page even if none is left). Pressing ``row-add`` = ``con`` or
``row-remove`` = ``con-1`` changes the rows before they are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.widgets import DateParts
from procedures.eforms.kinds import plain_text
from procedures.eforms.kinds.address import PARTS
from procedures.eforms.kinds.rows import most_rows
from procedures.eforms.schema import ROWS, Field, FieldType
from procedures.eforms.values import fitting

ROW_ADD, ROW_REMOVE = "row-add", "row-remove"
_LONGEST = 10_000
_DATE = DateParts()


def asks_for_rows(data: Mapping[str, Any]) -> str:
    """Give the field whose rows a button of the page was to change; "" if it was another button."""
    return str(data.get(ROW_ADD) or str(data.get(ROW_REMOVE, "")).rpartition("-")[0])


def is_there(field: Field, data: Mapping[str, Any]) -> bool:
    """Say whether the page held this field at all."""
    if field.name in data:
        return True
    match field.type:
        case FieldType.DATE:
            return not _DATE.value_omitted_from_data(data, {}, field.name)
        case FieldType.ADDRESS:
            return any(f"{field.name}_{part}" in data for part in PARTS)
        case FieldType.MULTI_CHOICE:
            return f"{field.name}-shown" in data
        case FieldType.REPEAT | FieldType.TABLE:
            return f"{field.name}-rows" in data or bool(_numbers(field, data))
    return False


def typed(field: Field, data: Mapping[str, Any], *, name: str = "") -> Any:
    """Give what was typed, in the shape that `values.read` takes; ``name`` is the control's where it is not the field's."""
    name = name or field.name
    if field.type in ROWS:
        return _rows(field, data)
    match field.type:
        case FieldType.DATE:
            return _DATE.value_from_datadict(data, {}, name)
        case FieldType.ADDRESS if name not in data:
            parts = {part: str(data.get(f"{name}_{part}", "")) for part in PARTS}
            return parts if parts["street"].strip() or parts["ward"].strip() else None
        case FieldType.MULTI_CHOICE if hasattr(data, "getlist"):
            return data.getlist(name)
    return data.get(name)


def _rows(field: Field, data: Mapping[str, Any]) -> Any:
    if field.name in data:
        return data.get(field.name)
    rows: list[Any] = [
        {one.name: typed(one, data, name=f"{field.name}-{number}-{one.name}") for one in field.fields}
        for number in _numbers(field, data)
    ]
    if field.rows:
        return rows
    remove = str(data.get(ROW_REMOVE, ""))
    if remove.startswith(f"{field.name}-") and remove.rpartition("-")[2].isdecimal():
        gone = int(remove.rpartition("-")[2])
        rows = [row for number, row in zip(_numbers(field, data), rows, strict=True) if number != gone]
    if data.get(ROW_ADD) == field.name and len(rows) < most_rows(field):
        rows.append({})
    return rows


def _numbers(field: Field, data: Mapping[str, Any]) -> list[int]:
    """Give the numbers of the rows that were on the page, in order; a few more than there may be, so that it is told."""
    cell = re.compile(rf"{re.escape(field.name)}-([0-9]{{1,3}})-")
    found = {int(match[1]) for name in data if (match := cell.match(name))}
    return sorted(found)[: most_rows(field) + 5]


def bounded(raw: Any) -> Any:
    """Give something typed that does not fit as it is kept in a draft: text, its length bounded; None for nothing."""
    if isinstance(raw, dict):
        return {key: plain_text(part)[:_LONGEST] for key, part in raw.items() if key in PARTS and part}
    if isinstance(raw, list):
        return [plain_text(part)[:_LONGEST] for part in raw[:500]] or None
    return plain_text(raw)[:_LONGEST] if raw or raw == 0 else None


def in_row(field: Field, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give the right answers of a row, for the conditions of its later columns."""
    answers = {one.name: fitting(one, row.get(one.name)) for one in field.fields}
    return {name: answer for name, answer in answers.items() if answer is not None}
