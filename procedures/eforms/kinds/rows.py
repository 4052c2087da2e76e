"""Several answers to the same questions: a group that repeats, a table with fixed columns.

Kept as a list of objects, one for each row. A table with fixed lines has as many as those, in their order; elsewhere
rows in which nothing was typed are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from procedures.eforms.conditions import holds
from procedures.eforms.expressions import Setting
from procedures.eforms.kinds.base import Answer, Kind, WrongAnswer, kind, kind_of, missing, read, wrong_type
from procedures.eforms.schema import Field, FieldType

MOST_ROWS = 50


def most_rows(field: Field) -> int:
    """Give how many rows there may be."""
    return len(field.rows) or (MOST_ROWS if field.max is None else int(field.max))


def fewest_rows(field: Field) -> int:
    """Give how many rows there must be once there is an answer."""
    return len(field.rows) or (0 if field.min is None else int(field.min))


def is_blank(row: Mapping[str, Any]) -> bool:
    """Say whether nothing was typed in a row; a box that is not ticked is nothing."""
    return not any(_is_something(value) for value in row.values())


def _is_something(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return bool(value) or (value == 0 and value is not False)


def row_title(field: Field, number: int | str, language: str) -> str:
    """Name a row, counted from 0: by its fixed label, or "Người con 2". A text stands for a number not known yet."""
    if isinstance(number, int) and number < len(field.rows):
        return field.rows[number].label_in(language)
    name = field.row_label_in(language) or ("Row" if (language or get_language()) == "en" else "Dòng")
    return f"{name} {number + 1 if isinstance(number, int) else number}"


@kind(FieldType.REPEAT, FieldType.TABLE)
class Rows(Kind):
    keys = frozenset({"fields", "rows", "min", "max", "row_label", "row_label_en"})
    may_be_fixed = False

    def read(self, field: Field, raw: Any) -> Answer:
        if raw is None or raw == "" or raw == []:
            return None
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            raise wrong_type()
        given = [(at, row) for at, row in enumerate(raw) if field.rows or not is_blank(row)]
        if all(is_blank(row) for _at, row in given):
            return None
        if len(given) > most_rows(field):
            raise WrongAnswer(_("Nhiều nhất %d dòng. Hãy bỏ bớt dòng.") % most_rows(field))
        rows: list[Any] = []
        cells: dict[tuple[int, str], str] = {}
        for at, row in given:
            answers, problems = read_row(field, row)
            rows.append(answers)
            cells |= {(at, name): text for name, text in problems.items()}
        if cells:
            raise WrongAnswer(" ".join(in_cells(field, cells)), cells)
        if len(rows) < fewest_rows(field):
            raise WrongAnswer(_("Cần ít nhất %d dòng. Hãy thêm dòng và điền đủ.") % fewest_rows(field))
        return rows

    def missing(self, field: Field) -> str:
        if field.rows:
            return _("Hãy điền bảng này.")
        return _("Hãy thêm ít nhất một dòng và điền đủ.")

    def display(self, field: Field, answer: Any, language: str) -> str:
        if not isinstance(answer, list):
            return str(answer)
        return "\n".join(
            f"{row_title(field, number, language)}: {', '.join(cells)}"
            for number, row in enumerate(answer)
            if isinstance(row, dict)
            and (
                cells := [f"{one.label_in(language)} {text}" for one, text in cells_of(field, row, language)]
            )
        )

    def is_possible(self, field: Field, value: Any) -> bool:
        return False  # only its count can be compared


def in_cells(field: Field, cells: Mapping[tuple[int, str], str]) -> list[str]:
    """Say each problem with its row and column."""
    columns = {one.name: one for one in field.fields}
    return [
        f"{row_title(field, number, '')}, {columns[name].label_in('')}: {text}"
        for (number, name), text in cells.items()
    ]


def cells_of(field: Field, row: Mapping[str, Any], language: str) -> list[tuple[Field, str]]:
    """Give the answered columns of a row with what people read."""
    return [
        (one, kind_of(one).display(one, row[one.name], language))
        for one in field.fields
        if row.get(one.name) not in (None, "")
    ]


def read_row(field: Field, row: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Read one row; give its answers and its problems by column.

    :raises WrongAnswer: it has a column that the field has not.
    """
    if set(row) - {one.name for one in field.fields}:
        raise wrong_type()
    answers: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for one in field.fields:
        if one.condition is not None and not holds(one.condition, Setting(answers, timezone.localdate())):
            continue
        try:
            answer = read(one, row.get(one.name))
        except WrongAnswer as problem:
            problems[one.name] = str(problem)
            continue
        if one.required and not kind_of(one).is_given(answer):
            problems[one.name] = missing(one)
        elif answer is not None:
            answers[one.name] = answer
    return answers, problems
