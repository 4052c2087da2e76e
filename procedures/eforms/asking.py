"""Going through a form with somebody's answers: what is asked, which answers count, what is worked out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from procedures.eforms import values
from procedures.eforms.conditions import holds, names
from procedures.eforms.expressions import Setting, typed
from procedures.eforms.kinds.computed import work_out
from procedures.eforms.schema import Field, FieldType, Page, Rule, Schema


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked (names of fields, headings and notes too) and the answers that count, worked out ones included."""

    names: frozenset[str]
    answers: dict[str, Any]

    def has(self, page: Page) -> bool:
        """Say whether anything of a page is asked."""
        return any(field.name in self.names for field in page.fields)


def setting(schema: Schema, answers: Mapping[str, Any], today: date | None = None) -> Setting:
    """Give what conditions and expressions of this form are worked out with."""

    def shown(path: str, answer: Any) -> str:
        name, _dot, column = path.partition(".")
        field = schema.fields.get(name)
        if field is not None and column:
            field = next((one for one in field.fields if one.name == column), None)
        return "" if field is None else values.display(field, answer, "vi")

    return Setting(answers, today or timezone.localdate(), shown)


def asked(schema: Schema, answers: Mapping[str, Any], *, today: date | None = None) -> Asked:
    """Walk the form from its beginning; an answer to a question that is not asked counts for nothing that follows.

    A worked-out value that is stored among the answers stays as it was on that day.
    """
    counted: dict[str, Any] = {}
    found: list[str] = []
    with_these = setting(schema, counted, today)
    for name, field in schema.fields.items():
        if field.condition is not None and not holds(field.condition, with_these):
            continue
        found.append(name)
        answer = answers.get(name)
        if field.type is FieldType.COMPUTED and answer is None:
            answer = work_out(field, with_these)
        if answer is not None:
            counted[name] = answer
    return Asked(frozenset(found), counted)


def broken_rules(schema: Schema, now: Asked, *, today: date | None = None) -> list[Rule]:
    """Give the rules that the answers break. An answer that is missing or does not fit its field breaks none."""
    with_these = setting(schema, now.answers, today)
    return [
        rule
        for rule in schema.rules
        if (rule.condition is None or holds(rule.condition, with_these))
        and all(_is_right(schema.fields[name], now.answers.get(name)) for name in names(rule.check))
        and not holds(rule.check, with_these)
    ]


def _is_right(field: Field, answer: Any) -> bool:
    if field.type is FieldType.COMPUTED:
        return typed(answer) is not None
    return answer is not None and values.fitting(field, answer) is not None
