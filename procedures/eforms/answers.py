"""All answers of a form: known beforehand, taken as a draft, checked before filing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import InvalidInput, Text
from core.languages import worded
from procedures.eforms import posted, values
from procedures.eforms.asking import Asked, asked, broken_rules, setting
from procedures.eforms.conditions import holds
from procedures.eforms.kinds.computed import work_out
from procedures.eforms.schema import Field, FieldType, Schema
from procedures.eforms.values import Answer, WrongAnswer


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


def draft_values(schema: Schema, page_id: str, data: Mapping[str, Any]) -> dict[str, Answer]:
    """Take what has been typed on one page so far, right or wrong, so that nothing typed is lost.

    Only this page's fields are taken and each is bounded; a value that already fits is stored as its answer. A press
    on "add a row" or "remove this row" (see `posted`) is done in passing.

    :raises KeyError: there is no such page.
    """
    taken: dict[str, Answer] = {}
    for field in schema.page(page_id).fields:
        if not field.takes_answer:
            continue
        if field.type is FieldType.CHECKBOX:
            taken[field.name] = bool(values.read(field, data.get(field.name)))
        elif posted.is_there(field, data):
            taken[field.name] = _as_draft(field, posted.typed(field, data))
    return taken


def _as_draft(field: Field, raw: Any) -> Answer:
    if field.fields and isinstance(raw, list):  # blank rows stay, to be filled in
        return [
            {
                one.name: kept
                for one in field.fields
                if (kept := _as_draft(one, row.get(one.name))) is not None
            }
            for row in raw
            if isinstance(row, dict)
        ]
    answer = values.fitting(field, raw)
    return answer if answer is not None else posted.bounded(raw)


def clean_all(schema: Schema, data: Mapping[str, Any], prefill: Mapping[str, Any]) -> dict[str, Answer]:
    """Check every answer of a form and give what may be filed: questions that were not asked are left out.

    Read-only answers come from ``prefill`` (see `prefilled`), whatever ``data`` says; worked-out values are those of
    today.

    :raises InvalidInput: with the problems by field name, unknown names included.
    """
    problems: dict[str, list[Text]] = {
        name: [_("Biểu mẫu không có mục “%s”. Hãy tải lại trang rồi điền lại.") % name]
        for name in data
        if name not in schema.questions
    }
    today = timezone.localdate()
    fixed = locked(schema, prefill)
    answers: dict[str, Answer] = {}
    with_these = setting(schema, answers, today)
    for name, field in schema.questions.items():
        if field.condition is not None and not holds(field.condition, with_these):
            continue
        if field.type is FieldType.COMPUTED:
            if (worked_out := work_out(field, with_these)) is not None:
                answers[name] = worked_out
            continue
        try:
            answer = fixed[name] if name in fixed else values.read(field, data.get(name))
        except WrongAnswer as problem:
            problems[name] = [str(problem)]
            continue
        if field.required and not values.is_given(field, answer):
            problems[name] = [values.missing(field)]
        elif answer is not None:
            answers[name] = answer
    for rule in broken_rules(schema, asked(schema, answers, today=today), today=today):
        problems.setdefault(rule.field, []).append(worded(rule.problem, rule.problem_en))
    if problems:
        raise InvalidInput(problems)
    return answers


def clean_one(schema: Schema, name: str, data: Mapping[str, Any]) -> Answer:
    """Check a new answer to one question, by the same rule as for filing.

    :raises InvalidInput: under the question's name.
    :raises KeyError: the form has no such question.
    """
    field = schema.questions[name]
    try:
        answer = values.read(field, posted.typed(field, data))
    except WrongAnswer as problem:
        raise InvalidInput({name: [str(problem)]}) from None
    if not values.is_given(field, answer):
        raise InvalidInput({name: [values.missing(field)]})
    return answer


def with_answer(schema: Schema, answers: Mapping[str, Any], name: str, answer: Answer) -> dict[str, Any]:
    """Put a new answer among those of a filed form, and work out again what stands on it.

    Answers to questions that are not asked any more are left out.
    """
    kept = {
        key: value
        for key, value in {**answers, name: answer}.items()
        if key not in schema.fields or schema.fields[key].type is not FieldType.COMPUTED
    }
    now: Asked = asked(schema, kept)
    strange = {key: value for key, value in kept.items() if key not in schema.fields}
    return strange | {key: value for key, value in now.answers.items() if schema.fields[key].keeps_answer}
