"""When something is asked, or right: comparisons of answers, joined by all, any and not.

A condition is a mapping::

    {"all": [c, …]}  {"any": [c, …]}  {"not": c}
    {"field": "muc_dich", "equals": "khac"}    also not_equals, in, not_in, contains, greater, less, at_least, at_most
    {"field": "ngay_den", "at_least": {"field": "ngay_di"}}         the other side may be an expression
    {"value_of": {"count": "con"}, "greater": 2}                      and so may this one
    {"field": "ten_cha", "filled": true}

A comparison with something that has no answer is false, ``not_equals`` and ``not_in`` too; ``not`` turns it round.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from procedures.eforms.expressions import (
    Expression,
    FieldValue,
    Literal,
    Setting,
    Value,
    evaluate,
    raw_values,
)
from procedures.eforms.expressions import names as names_in


@dataclass(frozen=True, slots=True)
class Always:
    """A condition that is settled."""

    holds: bool


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any_:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


@dataclass(frozen=True, slots=True)
class Filled:
    """A field has an answer, a list of rows at least one row; the other way round if ``wanted`` is false."""

    path: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Compare:
    """``operator`` is one of `COMPARISONS`; ``in`` and ``not_in`` have several right sides, the others one."""

    left: Expression
    operator: str
    right: tuple[Expression, ...]


Condition = Always | All | Any_ | Not | Filled | Compare
TRUE, FALSE = Always(True), Always(False)


def holds(condition: Condition, setting: Setting) -> bool:
    """Say whether a condition is fulfilled by the answers."""
    match condition:
        case Always(settled):
            return settled
        case All(parts):
            return all(holds(part, setting) for part in parts)
        case Any_(parts):
            return any(holds(part, setting) for part in parts)
        case Not(part):
            return not holds(part, setting)
        case Filled(path, wanted):
            return any(_given(answer) for answer in raw_values(path, setting.answers)) is wanted
        case Compare(left, operator, right):
            return COMPARISONS[operator](left, right, setting)


def names(condition: Condition) -> Iterator[str]:
    """Give the fields that a condition reads."""
    match condition:
        case All(parts) | Any_(parts):
            for part in parts:
                yield from names(part)
        case Not(part):
            yield from names(part)
        case Filled(path, _wanted):
            yield path.partition(".")[0]
        case Compare(left, _operator, right):
            for side in (left, *right):
                yield from names_in(side)


def both(first: Condition | None, second: Condition | None) -> Condition | None:
    """Join two conditions that may not be there."""
    if first is None or second is None:
        return first or second
    return All((first, second))


def settled(condition: Condition, setting: Setting, *, open_names: Collection[str]) -> Condition:
    """Work out what does not depend on the open fields, and give what is left to ask."""
    match condition:
        case All(parts):
            left = [settled(part, setting, open_names=open_names) for part in parts]
            return _joined(All, [part for part in left if part != TRUE], absorbing=FALSE, neutral=TRUE)
        case Any_(parts):
            left = [settled(part, setting, open_names=open_names) for part in parts]
            return _joined(Any_, [part for part in left if part != FALSE], absorbing=TRUE, neutral=FALSE)
        case Not(part):
            inner = settled(part, setting, open_names=open_names)
            return Always(not inner.holds) if isinstance(inner, Always) else Not(inner)
    if any(name in open_names for name in names(condition)):
        return condition
    return Always(holds(condition, setting))


def _joined(
    join: type[All] | type[Any_], parts: list[Condition], *, absorbing: Always, neutral: Always
) -> Condition:
    if absorbing in parts:
        return absorbing
    if not parts:
        return neutral
    return parts[0] if len(parts) == 1 else join(tuple(parts))


def as_data(
    condition: Condition, setting: Setting, *, named: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Give a condition for the script of the page, which knows fields and plain values but works nothing out.

    A comparison of worked-out values goes along as it stands now. ``named`` gives the names of the page's controls
    where they are not the fields' own.
    """
    named = named or {}
    match condition:
        case All(parts):
            return {"all": [as_data(part, setting, named=named) for part in parts]}
        case Any_(parts):
            return {"any": [as_data(part, setting, named=named) for part in parts]}
        case Not(part):
            return {"not": as_data(part, setting, named=named)}
        case Filled(path, wanted) if "." not in path:
            return {"field": named.get(path, path), "filled": wanted}
        case Compare(FieldValue(path), operator, right) if "." not in path:
            sides = [_side(side, setting, named) for side in right]
            if None not in sides:
                return {"field": named.get(path, path), "operator": operator, "sides": sides}
    return {"always": holds(condition, setting)}


def _side(side: Expression, setting: Setting, named: Mapping[str, str]) -> dict[str, Any] | None:
    if isinstance(side, FieldValue):
        return {"field": named.get(side.path, side.path)} if "." not in side.path else None
    value = side.value if isinstance(side, Literal) else evaluate(side, setting)
    if value is None:
        return None
    if isinstance(value, Decimal):
        return {"value": float(value)}
    return {"value": value.isoformat() if isinstance(value, date) else value}


def _given(answer: Any) -> bool:
    """Say whether somebody answered; a box that is not ticked is no answer, a number 0 is one."""
    if isinstance(answer, list):
        return any(bool(row) for row in answer)
    return answer is not None and answer is not False and answer != "" and answer != {}


def same(one: Value, other: Value) -> bool:
    """Say whether two values are the same; true is not 1."""
    return isinstance(one, bool) is isinstance(other, bool) and one == other


def order(one: Value, other: Value) -> int | None:
    """Give -1, 0 or 1 for two numbers, two dates or two texts (times and months sort as text); else None."""
    if isinstance(one, bool) or isinstance(other, bool):
        return None
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return (one > other) - (one < other)
    if isinstance(one, date) and isinstance(other, date):
        return (one > other) - (one < other)
    if isinstance(one, str) and isinstance(other, str):
        return (one > other) - (one < other)
    return None


Comparison = Callable[[Expression, tuple[Expression, ...], Setting], bool]


def _membership(*, wanted: bool) -> Comparison:
    def compare(left: Expression, right: tuple[Expression, ...], setting: Setting) -> bool:
        value = evaluate(left, setting)
        others = [other for side in right if (other := evaluate(side, setting)) is not None]
        if value is None or not others:
            return False
        return any(same(value, other) for other in others) is wanted

    return compare


def _ordered(fits: Callable[[int], bool]) -> Comparison:
    def compare(left: Expression, right: tuple[Expression, ...], setting: Setting) -> bool:
        value, other = evaluate(left, setting), evaluate(right[0], setting)
        placed = None if value is None or other is None else order(value, other)
        return placed is not None and fits(placed)

    return compare


def _contains(left: Expression, right: tuple[Expression, ...], setting: Setting) -> bool:
    """Say whether one of several chosen answers is the other side."""
    other = evaluate(right[0], setting)
    chosen = setting.answers.get(left.path) if isinstance(left, FieldValue) else None
    return isinstance(chosen, list) and isinstance(other, str) and other in chosen


COMPARISONS: dict[str, Comparison] = {
    "equals": _membership(wanted=True),
    "not_equals": _membership(wanted=False),
    "in": _membership(wanted=True),
    "not_in": _membership(wanted=False),
    "contains": _contains,
    "greater": _ordered(lambda placed: placed > 0),
    "less": _ordered(lambda placed: placed < 0),
    "at_least": _ordered(lambda placed: placed >= 0),
    "at_most": _ordered(lambda placed: placed <= 0),
}
ORDERINGS = frozenset({"greater", "less", "at_least", "at_most"})
