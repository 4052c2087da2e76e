"""Values worked out from answers: data with a fixed set of operations, never code.

An expression is a number, or a mapping with one operation::

    {"field": "so_ban"}  {"field": "con.tien"}  {"value": 5}  {"today": true}
    {"sum": [e, …]}  {"product": [e, …]}  {"difference": [e, e]}  {"quotient": [e, e]}  {"min": [e, …]}  {"max": [e, …]}
    {"count": "con"}  {"years": [from, to]}  {"days": [from, to]}  {"concat": [e, …], "separator": " "}

``con.tien`` is the column ``tien`` of all rows of ``con``; `sum`, `min`, `max` and `concat` take it whole. What lacks an
answer has no value, and neither has what stands on it; `sum`, `min`, `max` and `concat` leave gaps out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext
from typing import Any

BIGGEST = Decimal(10) ** 15
"""Numbers beyond are no amounts of anything: they have no value."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,6})?")  # not 0905…, which is a name of digits
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Value = Decimal | date | str | bool
Shown = Callable[[str, Any], str]
"""Gives the answer of a field as people read it: name (a column as con.tien) and answer."""


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value


@dataclass(frozen=True, slots=True)
class FieldValue:
    """The answer of a field, or of a column of rows ("con.tien")."""

    path: str

    @property
    def name(self) -> str:
        """The field itself, without the column."""
        return self.path.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Today:
    """The day on which it is worked out."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One of `OPERATIONS` over its arguments; ``separator`` is for ``concat``."""

    name: str
    arguments: tuple[Expression, ...]
    separator: str = " "


Expression = Literal | FieldValue | Today | Operation


def plain(value: Any) -> str:
    """Show a value without knowing its field."""
    return str(value)


@dataclass(frozen=True, slots=True)
class Setting:
    """What an expression is worked out with."""

    answers: Mapping[str, Any]
    today: date
    shown: Shown = lambda _path, answer: plain(answer)


def evaluate(expression: Expression, setting: Setting) -> Value | None:
    """Work an expression out; None where it has no value."""
    found = _all(expression, setting)
    return found[0] if len(found) == 1 else None


def names(expression: Expression) -> Iterator[str]:
    """Give the fields that an expression reads, columns by their rows' name."""
    if isinstance(expression, FieldValue):
        yield expression.name
    elif isinstance(expression, Operation):
        for argument in expression.arguments:
            yield from names(argument)


def typed(answer: Any) -> Value | None:
    """Give an answer as a value: numbers and dates by their own type, wherever they were kept as text."""
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, int):
        return Decimal(answer)
    if not isinstance(answer, str) or not answer:
        return None
    if _NUMBER.fullmatch(answer):
        return Decimal(answer)
    if _ISO_DATE.fullmatch(answer):
        try:
            return date.fromisoformat(answer)
        except ValueError:
            return answer
    return answer


def raw_values(path: str, answers: Mapping[str, Any]) -> list[Any]:
    """Give the answers under a path: one for a field, one for each row for a column; gaps are left out."""
    name, _dot, column = path.partition(".")
    answer = answers.get(name)
    if not column:
        return [] if answer is None or answer == "" else [answer]
    rows = answer if isinstance(answer, list) else []
    cells = [row.get(column) for row in rows if isinstance(row, dict)]
    return [cell for cell in cells if cell is not None and cell != ""]


def _all(expression: Expression, setting: Setting) -> list[Value]:
    """Give the values: one at most, but for a column."""
    match expression:
        case Literal(value):
            return [value]
        case Today():
            return [setting.today]
        case FieldValue(path):
            answers = [typed(raw) for raw in raw_values(path, setting.answers)]
            return [answer for answer in answers if answer is not None]
        case Operation(name):
            result = OPERATIONS[name](expression, setting)
            return [] if result is None else [result]


def _numbers(expression: Operation, setting: Setting) -> list[Decimal]:
    values = [value for argument in expression.arguments for value in _all(argument, setting)]
    return [value for value in values if isinstance(value, Decimal)]


def _bounded(value: Decimal | None) -> Decimal | None:
    return value if value is not None and abs(value) <= BIGGEST else None


def _sum(expression: Operation, setting: Setting) -> Decimal | None:
    found = _numbers(expression, setting)
    return _bounded(sum(found, Decimal(0))) if found else None


def _exactly(expression: Operation, setting: Setting) -> list[Decimal] | None:
    """Give one number for each argument, or None where one is lacking."""
    values = [evaluate(argument, setting) for argument in expression.arguments]
    numbers = [value for value in values if isinstance(value, Decimal)]
    return numbers if len(numbers) == len(values) else None


def _product(expression: Operation, setting: Setting) -> Decimal | None:
    numbers = _exactly(expression, setting)
    if numbers is None:
        return None
    result: Decimal | None = Decimal(1)
    with localcontext(prec=60):
        for number in numbers:
            result = None if result is None else _bounded(result * number)
    return result


def _difference(expression: Operation, setting: Setting) -> Decimal | None:
    numbers = _exactly(expression, setting)
    return None if numbers is None else _bounded(numbers[0] - numbers[1])


def _quotient(expression: Operation, setting: Setting) -> Decimal | None:
    numbers = _exactly(expression, setting)
    if numbers is None:
        return None
    try:
        return _bounded(numbers[0] / numbers[1])
    except (DivisionByZero, InvalidOperation):
        return None


def _least(expression: Operation, setting: Setting) -> Decimal | None:
    return min(_numbers(expression, setting), default=None)


def _greatest(expression: Operation, setting: Setting) -> Decimal | None:
    return max(_numbers(expression, setting), default=None)


def _count(expression: Operation, setting: Setting) -> Decimal:
    (argument,) = expression.arguments
    rows = setting.answers.get(argument.name) if isinstance(argument, FieldValue) else None
    return Decimal(sum(1 for row in rows if row) if isinstance(rows, list) else 0)


def _dates(expression: Operation, setting: Setting) -> tuple[date, date] | None:
    first, last = (evaluate(argument, setting) for argument in expression.arguments)
    if isinstance(first, date) and isinstance(last, date) and first <= last:
        return first, last
    return None


def _years(expression: Operation, setting: Setting) -> Decimal | None:
    """Count full years: a person born on 29 February is a year older on 1 March."""
    if (dates := _dates(expression, setting)) is None:
        return None
    first, last = dates
    return Decimal(last.year - first.year - ((last.month, last.day) < (first.month, first.day)))


def _days(expression: Operation, setting: Setting) -> Decimal | None:
    dates = _dates(expression, setting)
    return None if dates is None else Decimal((dates[1] - dates[0]).days)


def _concat(expression: Operation, setting: Setting) -> str | None:
    parts: list[str] = []
    for argument in expression.arguments:
        if isinstance(argument, FieldValue):
            parts += [setting.shown(argument.path, raw) for raw in raw_values(argument.path, setting.answers)]
        elif (value := evaluate(argument, setting)) is not None:
            parts.append(plain(value))
    return expression.separator.join(part for part in parts if part) or None


OPERATIONS: dict[str, Callable[[Operation, Setting], Value | None]] = {
    "sum": _sum,
    "product": _product,
    "difference": _difference,
    "quotient": _quotient,
    "min": _least,
    "max": _greatest,
    "count": _count,
    "years": _years,
    "days": _days,
    "concat": _concat,
}
ARGUMENTS = {"difference": 2, "quotient": 2, "count": 1, "years": 2, "days": 2}
"""How many arguments an operation takes, where it is not any number."""
