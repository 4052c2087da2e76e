"""Answers that a form accepts, and answers that decide where it goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from procedures.eforms import values
from procedures.eforms.conditions import All, Any_, Compare, Condition, Not
from procedures.eforms.expressions import FieldValue, Literal, Operation
from procedures.eforms.schema import ROWS, Field, FieldType

_WORDS = (
    "Minh họa",
    "048090000001",
    "0100109106",
    "minh họa",
    "MH123",
    "MH-123",
    "12345",
    "123456789",
    "2026",
    "1",
    "A",
    "43A-123.45",
)
_PLAIN: dict[FieldType, Any] = {
    FieldType.TEXT: "Minh họa",
    FieldType.TEXTAREA: "Nội dung minh họa",
    FieldType.TIME: "08:00",
    FieldType.MONTH: "2026-01",
    FieldType.PERSONAL_NUMBER: "048090000001",
    FieldType.ORGANISATION_CODE: "0100109106",
    FieldType.TAX_CODE: "0100109106",
    FieldType.PHONE: "0905123456",
    FieldType.EMAIL: "minh.hoa@example.vn",
    FieldType.ADDRESS: "12 Trần Phú, phường Hải Châu, thành phố Đà Nẵng",
    FieldType.CHECKBOX: True,
    FieldType.YES_NO: True,
}


def sample(field: Field, *, today: date) -> Any:
    """Give one answer that the field accepts; None where none is found, for instance under an odd pattern."""
    for raw in _tries(field, today):
        answer = values.fitting(field, raw)
        if answer is not None and values.is_given(field, answer):
            return answer
    return None


def _tries(field: Field, today: date) -> Iterator[Any]:
    if field.example:
        yield field.example
    if field.type in (FieldType.CHOICE, FieldType.CHOICE_SEARCH):
        yield from (one.value for one in field.choices)
    elif field.type is FieldType.MULTI_CHOICE:
        least = max(1, int(field.min or 1))
        yield [one.value for one in field.choices[:least]]
    elif field.type is FieldType.DATE:
        yield from (
            day.isoformat() for day in (today - timedelta(days=9_131), today, today + timedelta(days=30))
        )
    elif field.type in (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY):
        yield from (str(number) for number in (field.min, field.max, 1, 1_000, 0) if number is not None)
    elif field.type in ROWS:
        row = {one.name: sample(one, today=today) for one in field.fields if one.takes_answer}
        yield [row] * max(len(field.rows), int(field.min or 1), 1)
    elif field.pattern is not None:
        yield from _WORDS
    elif field.type in _PLAIN:
        yield _PLAIN[field.type]


def deciding(field: Field, conditions: list[Condition], *, today: date) -> list[Any]:
    """Give the answers of a field that may make a difference to conditions, no answer (None) among them."""
    found: list[Any] = [None, sample(field, today=today)]
    if field.choices and field.type is not FieldType.MULTI_CHOICE:
        found += [one.value for one in field.choices]
    elif field.type is FieldType.MULTI_CHOICE:
        found += [[one.value] for one in field.choices] + [[one.value for one in field.choices]]
    elif field.type in (FieldType.CHECKBOX, FieldType.YES_NO):
        found += [True, False]
    for literal in _literals(field.name, conditions):
        found += _around(literal)
    if field.type is FieldType.DATE:
        found += [(today - timedelta(days=round(years * 365.25) + 1)).isoformat() for years in _AGES]
    if field.type in ROWS and isinstance(found[1], list) and not field.rows:
        found += [found[1][:1] * count for count in (1, 2, 3, 5)]
    fitting: list[Any] = []
    for raw in found:
        answer = raw if raw is None or isinstance(raw, list) else values.fitting(field, raw)
        if answer not in fitting:
            fitting.append(answer)
    return fitting


_AGES = (0, 1, 6, 14, 16, 18, 25, 60, 80)


def _around(literal: Any) -> list[Any]:
    if isinstance(literal, Decimal):
        return [str(literal - 1), str(literal), str(literal + 1)]
    if isinstance(literal, date):
        return [(literal + timedelta(days=by)).isoformat() for by in (-1, 0, 1)]
    return [literal]


def _literals(name: str, conditions: list[Condition]) -> Iterator[Any]:
    """Give the fixed values that conditions compare a field with."""
    for condition in conditions:
        match condition:
            case All(parts) | Any_(parts):
                yield from _literals(name, list(parts))
            case Not(part):
                yield from _literals(name, [part])
            case Compare(left, _operator, right):
                sides = (left, *right)
                if any(_reads(side, name) for side in sides):
                    yield from (side.value for side in sides if isinstance(side, Literal))


def _reads(expression: Any, name: str) -> bool:
    if isinstance(expression, FieldValue):
        return expression.name == name
    return isinstance(expression, Operation) and any(_reads(one, name) for one in expression.arguments)
