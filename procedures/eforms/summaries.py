"""Answers as people read them: on the check page, at the officer's desk, in papers, beside what they were before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from procedures.eforms import values
from procedures.eforms.asking import Asked, asked
from procedures.eforms.kinds.rows import row_title
from procedures.eforms.schema import ROWS, Field, FieldType, Schema, Section

Conceal = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """Rows of answers: ``head`` names the columns, each row has its title and a cell for every column."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    def named_rows(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Give each row with its cells, each beside the name of its column: on a phone there is no head."""
        return [(title, list(zip(self.head, cells, strict=True))) for title, cells in self.rows]


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One question with its answer; ``table`` is there for rows, and ``value`` says the same in lines of text."""

    name: str
    label: str
    value: str
    table: SummaryTable | None = None


@dataclass(frozen=True, slots=True)
class SummarySection:
    title: str
    rows: tuple[SummaryRow, ...]


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """One page; ``sections`` part the same rows under their headings."""

    id: str
    title: str
    rows: tuple[SummaryRow, ...]
    sections: tuple[SummarySection, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Difference:
    """One question whose answer is another than before; nothing stands for no answer."""

    name: str
    label: str
    before: str
    after: str


def summary(
    schema: Schema, answers: Mapping[str, Any], language: str = "vi", *, conceal: Conceal | None = None
) -> list[SummaryPage]:
    """Lay the answers out page by page as people read them; what was not asked is left out, pages too.

    ``conceal`` makes personal identification numbers unreadable, in rows as well.
    """
    now = asked(schema, answers)
    pages = []
    for page in schema.pages:
        sections = tuple(
            SummarySection(section.title_in(language), rows)
            for section in page.sections
            if (rows := tuple(_rows(section, now, language, conceal)))
        )
        if sections:
            rows = tuple(row for section in sections for row in section.rows)
            pages.append(SummaryPage(page.id, page.title_in(language), rows, sections))
    return pages


def _rows(section: Section, now: Asked, language: str, conceal: Conceal | None) -> Iterator[SummaryRow]:
    for one in section.fields:
        if one.keeps_answer and one.name in now.names:
            answer = _concealed(one, now.answers.get(one.name), conceal)
            yield SummaryRow(
                one.name,
                one.label_in(language),
                values.display(one, answer, language),
                _table(one, answer, language),
            )


def _table(one: Field, answer: Any, language: str) -> SummaryTable | None:
    if one.type not in ROWS or not isinstance(answer, list) or not answer:
        return None
    return SummaryTable(
        tuple(column.label_in(language) for column in one.fields),
        tuple(
            (
                row_title(one, number, language),
                tuple(values.display(column, row.get(column.name), language) for column in one.fields),
            )
            for number, row in enumerate(answer)
            if isinstance(row, dict)
        ),
    )


def _concealed(one: Field, answer: Any, conceal: Conceal | None) -> Any:
    if conceal is None or answer is None:
        return answer
    if one.type in ROWS and isinstance(answer, list):
        columns = {column.name: column for column in one.fields}
        return [
            {name: _concealed(columns[name], cell, conceal) for name, cell in row.items() if name in columns}
            for row in answer
            if isinstance(row, dict)
        ]
    is_number = one.type is FieldType.PERSONAL_NUMBER or one.prefill.endswith("personal_id_number")
    is_number = is_number or (one.type is FieldType.TAX_CODE and len(str(answer)) == 12)
    return conceal(str(answer)) if is_number else answer


def display_values(schema: Schema, answers: Mapping[str, Any], language: str = "vi") -> dict[str, str]:
    """Give every answer as people read it, by field name; nothing for what was not asked or answered."""
    now = asked(schema, answers)
    return {
        name: values.display(one, now.answers[name], language)
        for name, one in schema.questions.items()
        if now.answers.get(name) is not None
    }


def worked_out(
    schema: Schema, page_id: str, answers: Mapping[str, Any], language: str = "vi"
) -> dict[str, str]:
    """Give the worked-out values of one page as people read them; "" where one has no value yet.

    :raises KeyError: there is no such page.
    """
    shown = display_values(schema, answers, language)
    return {
        one.name: shown.get(one.name, "")
        for one in schema.page(page_id).fields
        if one.type is FieldType.COMPUTED
    }


def differences(
    schema: Schema,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    language: str = "vi",
    *,
    conceal: Conceal | None = None,
) -> list[Difference]:
    """Say which answers are others than before, in the order of the form; what counts is what people read."""
    earlier, later = asked(schema, before).answers, asked(schema, after).answers
    found = []
    for name, one in schema.questions.items():
        if earlier.get(name) == later.get(name):
            continue
        texts = [
            values.display(one, _concealed(one, answers.get(name), conceal), language)
            if answers.get(name) is not None
            else ""
            for answers in (earlier, later)
        ]
        found.append(Difference(name, one.label_in(language), *texts))
    return found
