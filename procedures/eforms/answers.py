"""All answers of a form: taken as a draft, checked before filing, shown again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput, Text
from core.widgets import DateParts
from procedures.eforms import values
from procedures.eforms.schema import Field, FieldType, Schema
from procedures.eforms.values import Answer, WrongAnswer

_DRAFT_LENGTH = 10_000
_DATE = DateParts()


@dataclass(frozen=True, slots=True)
class SummaryRow:
    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class SummaryPage:
    id: str
    title: str
    rows: tuple[SummaryRow, ...]


def prefilled(schema: Schema, sources: Mapping[str, Any]) -> dict[str, Answer]:
    """Give the answers that are known already, by field name.

    ``sources`` maps paths of `schema.PREFILL_SOURCES` to values, for example ``{"person.birth_on": date(…)}``.
    What does not fit the field is left for the person to type.
    """
    known: dict[str, Answer] = {}
    for field in schema.fields.values():
        if field.prefill and (value := values.fitting(field, sources.get(field.prefill))) is not None:
            known[field.name] = value
    return known


def locked(schema: Schema, sources: Mapping[str, Any]) -> dict[str, Answer]:
    """Give the answers that the person may not change: read-only fields whose source has a value."""
    return {name: value for name, value in prefilled(schema, sources).items() if schema.fields[name].readonly}


def typed(field: Field, data: Mapping[str, Any]) -> Any:
    """Give what a posted page, or a mapping of answers, holds for a field; a date may come in three parts."""
    return (
        _DATE.value_from_datadict(data, {}, field.name)
        if field.type is FieldType.DATE
        else data.get(field.name)
    )


def _is_typed_date(field: Field, data: Mapping[str, Any]) -> bool:
    return field.type is FieldType.DATE and not _DATE.value_omitted_from_data(data, {}, field.name)


def draft_values(schema: Schema, page_id: str, data: Mapping[str, Any]) -> dict[str, Answer]:
    """Take what has been typed on one page so far, right or wrong, so that nothing typed is lost.

    Only this page's fields are taken and each is bounded; a value that already fits is stored as its answer.

    :raises KeyError: there is no such page.
    """
    taken: dict[str, Answer] = {}
    for field in schema.page(page_id).fields:
        if field.type is FieldType.CHECKBOX:
            taken[field.name] = bool(values.read(field, data.get(field.name)))
        elif field.name in data or _is_typed_date(field, data):
            raw = typed(field, data)
            answer = values.fitting(field, raw)
            taken[field.name] = values.plain_text(raw)[:_DRAFT_LENGTH] if answer is None and raw else answer
    return taken


def clean_all(schema: Schema, data: Mapping[str, Any], prefill: Mapping[str, Any]) -> dict[str, Answer]:
    """Check every answer of a form and give what may be filed: questions that were not asked are left out.

    Read-only answers come from ``prefill`` (see `prefilled`), whatever ``data`` says.

    :raises InvalidInput: with the problems by field name, unknown names included.
    """
    problems: dict[str, list[Text]] = {
        name: [_("Biểu mẫu không có mục “%s”. Hãy tải lại trang rồi điền lại.") % name]
        for name in data
        if name not in schema.fields
    }
    fixed = locked(schema, prefill)
    answers: dict[str, Answer] = {}
    for name, field in schema.fields.items():
        if not field.is_asked(answers):
            continue
        try:
            answer = fixed[name] if name in fixed else values.read(field, data.get(name))
        except WrongAnswer as problem:
            problems[name] = [str(problem)]
            continue
        if field.required and not values.is_given(answer):
            problems[name] = [values.missing(field)]
        elif answer is not None:
            answers[name] = answer
    if problems:
        raise InvalidInput(problems)
    return answers


def clean_one(schema: Schema, name: str, data: Mapping[str, Any]) -> Answer:
    """Check a new answer to one question, by the same rule as for filing.

    :raises InvalidInput: under the question's name.
    :raises KeyError: the form has no such question.
    """
    field = schema.fields[name]
    try:
        answer = values.read(field, typed(field, data))
    except WrongAnswer as problem:
        raise InvalidInput({name: [str(problem)]}) from None
    if not values.is_given(answer):
        raise InvalidInput({name: [values.missing(field)]})
    return answer


def summary(schema: Schema, answers: Mapping[str, Any], language: str = "vi") -> list[SummaryPage]:
    """Lay the answers out page by page as people read them; questions that were not asked are left out."""
    return [
        SummaryPage(
            page.id,
            page.title_in(language),
            tuple(
                SummaryRow(
                    field.name,
                    field.label_in(language),
                    values.display(field, answers.get(field.name), language),
                )
                for field in page.fields
                if field.is_asked(answers)
            ),
        )
        for page in schema.pages
    ]


def display_values(schema: Schema, answers: Mapping[str, Any], language: str = "vi") -> dict[str, str]:
    """Give every answer as people read it, by field name; nothing for what was not asked or answered."""
    return {
        name: values.display(field, answers.get(name), language)
        for name, field in schema.fields.items()
        if field.is_asked(answers) and answers.get(name) is not None
    }
