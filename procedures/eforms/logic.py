"""Reading conditions and expressions strictly: only fields that stand before, only operations that make sense there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from procedures.eforms.conditions import (
    COMPARISONS,
    FALSE,
    ORDERINGS,
    All,
    Any_,
    Compare,
    Condition,
    Filled,
    Not,
)
from procedures.eforms.entries import Reader
from procedures.eforms.expressions import (
    ARGUMENTS,
    OPERATIONS,
    Expression,
    FieldValue,
    Literal,
    Operation,
    Today,
    typed,
)
from procedures.eforms.kinds import KINDS
from procedures.eforms.schema import ROWS, Field, FieldType

DEEPEST = 6
MOST_PARTS = 30
_NOTHING = Literal("")


@dataclass
class Known:
    """The fields that have been read so far; in rows, the columns of the row alone."""

    fields: dict[str, Field] = field(default_factory=dict)
    in_rows: bool = False

    def answered(self, path: str) -> Field | None:
        """Find a field with an answer, or a column of rows (con.tien)."""
        name, _dot, column = path.partition(".")
        found = self.fields.get(name)
        if found is None or not column:
            return found if found is not None and found.keeps_answer else None
        return next((one for one in found.fields if one.name == column), None)


def read_condition(reader: Reader, raw: Any, path: str, known: Known, *, depth: int = 0) -> Condition:
    """Read one condition; what is wrong goes to the reader and the condition never holds."""
    if not isinstance(raw, dict):
        reader.refuse(path, _("Phải là %s.") % _("đối tượng {...}"))
        return FALSE
    if depth > DEEPEST:
        reader.refuse(
            path, _("Lồng nhau quá %d tầng. Hãy tách thành nhiều điều kiện đơn giản hơn.") % DEEPEST
        )
        return FALSE
    if len(raw) == 1 and (joined := set(raw) & {"all", "any"}):
        key = joined.pop()
        if not isinstance(raw[key], list) or not 1 <= len(raw[key]) <= MOST_PARTS:
            reader.refuse(f"{path}.{key}", _("Phải là danh sách có từ 1 đến %d điều kiện.") % MOST_PARTS)
            return FALSE
        parts = tuple(
            read_condition(reader, one, f"{path}.{key}[{at}]", known, depth=depth + 1)
            for at, one in enumerate(raw[key])
        )
        return All(parts) if key == "all" else Any_(parts)
    if set(raw) == {"not"}:
        return Not(read_condition(reader, raw["not"], f"{path}.not", known, depth=depth + 1))
    return _comparison(reader, raw, path, known)


def _comparison(reader: Reader, raw: Mapping[str, Any], path: str, known: Known) -> Condition:
    operators = [key for key in raw if key in COMPARISONS or key == "filled"]
    if len(operators) != 1 or len(raw) != 2 or not ({"field", "value_of"} & set(raw)):
        reader.refuse(
            path,
            _("Phải có mục field (hoặc value_of) và đúng một phép so sánh: %s.")
            % ", ".join([*COMPARISONS, "filled"]),
        )
        return FALSE
    (operator,) = operators
    subject = None
    left: Expression
    if "field" in raw:
        subject = known.answered(raw["field"]) if isinstance(raw["field"], str) else None
        if subject is None:
            reader.refuse(f"{path}.field", _("Phải là tên của một câu hỏi đứng trước."))
            return FALSE
        left = FieldValue(raw["field"])
    else:
        left = read_expression(reader, raw["value_of"], f"{path}.value_of", known)
    here = f"{path}.{operator}"
    if operator == "filled":
        return _filled(reader, raw, left, here)
    if subject is not None and not _suits(reader, subject, operator, here):
        return FALSE
    return Compare(left, operator, _right(reader, raw[operator], operator, here, known, subject))


def _filled(reader: Reader, raw: Mapping[str, Any], left: Expression, here: str) -> Condition:
    if not isinstance(raw["filled"], bool) or not isinstance(left, FieldValue):
        reader.refuse(here, _("Phải là true hoặc false, và chỉ dùng với mục field."))
        return FALSE
    return Filled(left.path, raw["filled"])


def _suits(reader: Reader, subject: Field, operator: str, here: str) -> bool:
    """Say whether the comparison makes sense for the kind of answer."""
    kind = KINDS[subject.type]
    if subject.type in ROWS or subject.type is FieldType.ADDRESS:
        reader.refuse(here, _("Loại %s chỉ hỏi được bằng filled, hoặc số dòng bằng count.") % subject.type)
    elif operator in ORDERINGS and not kind.has_order:
        reader.refuse(here, _("Loại %s không so lớn hơn, nhỏ hơn được.") % subject.type)
    elif (operator == "contains") is not (subject.type is FieldType.MULTI_CHOICE):
        reader.refuse(
            here, _("Phép contains dùng cho loại multi_choice, và loại này chỉ dùng contains hoặc filled.")
        )
    else:
        return True
    return False


def _right(
    reader: Reader, raw: Any, operator: str, here: str, known: Known, subject: Field | None
) -> tuple[Expression, ...]:
    if operator not in ("in", "not_in"):
        return (_side(reader, raw, here, known, subject),)
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_PARTS:
        reader.refuse(here, _("Phải là danh sách có từ 1 đến %d giá trị.") % MOST_PARTS)
        return (_NOTHING,)
    return tuple(_side(reader, one, f"{here}[{at}]", known, subject) for at, one in enumerate(raw))


def _side(reader: Reader, raw: Any, here: str, known: Known, subject: Field | None) -> Expression:
    if isinstance(raw, dict):
        return read_expression(reader, raw, here, known)
    if subject is not None:
        if KINDS[subject.type].is_possible(subject, raw):
            return _literal(raw)
        reader.refuse(here, _("Không phải là câu trả lời có thể có của “%s”.") % subject.name)
    elif isinstance(raw, str | int):
        return _literal(raw)
    else:
        reader.refuse(here, _("Phải là %s.") % _("chuỗi, số nguyên, true hoặc false"))
    return _NOTHING


def _literal(raw: Any) -> Literal:
    value = typed(raw)
    return _NOTHING if value is None else Literal(value)


def read_expression(reader: Reader, raw: Any, path: str, known: Known, *, depth: int = 0) -> Expression:
    """Read one expression; what is wrong goes to the reader and the expression is empty."""
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**16:
        return Literal(Decimal(raw))
    if not isinstance(raw, dict):
        reader.refuse(path, _("Phải là %s.") % _("đối tượng {...} hoặc số nguyên"))
        return _NOTHING
    if depth > DEEPEST:
        reader.refuse(path, _("Lồng nhau quá %d tầng. Hãy tách thành nhiều giá trị tính.") % DEEPEST)
        return _NOTHING
    keys = set(raw) - {"separator"}
    operation = next(iter(keys)) if len(keys) == 1 else ""
    if "separator" in raw and operation != "concat":
        reader.refuse(f"{path}.separator", _("Chỉ dùng cùng phép concat."))
    if operation == "field":
        return _field(reader, raw["field"], f"{path}.field", known)
    if operation == "today" and raw["today"] is True:
        return Today()
    if operation == "value" and isinstance(raw["value"], str | int) and typed(raw["value"]) is not None:
        return _literal(raw["value"])
    if operation in OPERATIONS:
        return _operation(reader, raw, operation, path, known, depth)
    reader.refuse(
        path,
        _("Phải có đúng một mục trong số: %s.") % ", ".join(["field", "value", "today", *OPERATIONS]),
    )
    return _NOTHING


def _field(reader: Reader, raw: Any, path: str, known: Known) -> Expression:
    if isinstance(raw, str) and (found := known.answered(raw)) is not None:
        if found.type not in ROWS or "." in raw:
            return FieldValue(raw)
        reader.refuse(path, _("“%s” có nhiều dòng. Hãy ghi tên.cột, hoặc dùng count để đếm dòng.") % raw)
    else:
        reader.refuse(path, _("Phải là tên của một câu hỏi đứng trước."))
    return _NOTHING


def _operation(
    reader: Reader, raw: Mapping[str, Any], name: str, path: str, known: Known, depth: int
) -> Expression:
    here = f"{path}.{name}"
    if name == "count":
        found = known.answered(raw[name]) if isinstance(raw[name], str) else None
        if found is None or found.type not in ROWS:
            reader.refuse(here, _("Phải là tên của một nhóm lặp hoặc bảng đứng trước."))
            return _NOTHING
        return Operation(name, (FieldValue(raw[name]),))
    wanted = ARGUMENTS.get(name)
    given = raw[name]
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_PARTS or (wanted and len(given) != wanted):
        number = wanted or _("1 đến %d") % MOST_PARTS
        reader.refuse(here, _("Phải là danh sách có %s giá trị.") % number)
        return _NOTHING
    separator = raw.get("separator", " ")
    if not isinstance(separator, str) or len(separator) > 10:
        reader.refuse(f"{path}.separator", _("Phải là chuỗi dài tối đa 10 ký tự."))
        separator = " "
    arguments = tuple(
        read_expression(reader, one, f"{here}[{at}]", known, depth=depth + 1) for at, one in enumerate(given)
    )
    return Operation(name, arguments, separator)
