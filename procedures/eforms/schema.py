"""What an e-form is made of. `procedures.eforms.reading` makes these from data, strictly; docs/reference/eform.md says
what the data may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils import timezone

from core.languages import worded
from procedures.eforms.conditions import Condition, holds
from procedures.eforms.expressions import Expression, Setting

#: Where an answer may be taken from; the caller of `prefilled` gives the values under these paths.
PREFILL_SOURCES = frozenset(
    f"person.{part}"
    for part in (
        "full_name",
        "birth_on",
        "sex",
        "nationality",
        "personal_id_number",
        "address",
        "phone",
        "email",
    )
) | frozenset(f"organisation.{part}" for part in ("name", "code", "address", "phone", "email"))


class FieldType(StrEnum):
    """What kind of answer a question takes; the last four ask for none."""

    TEXT = "text"
    TEXTAREA = "textarea"
    DATE = "date"
    TIME = "time"
    MONTH = "month"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    PERSONAL_NUMBER = "personal_number"
    ORGANISATION_CODE = "organisation_code"
    TAX_CODE = "tax_code"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    CHOICE = "choice"
    CHOICE_SEARCH = "choice_search"
    MULTI_CHOICE = "multi_choice"
    CHECKBOX = "checkbox"
    YES_NO = "yes_no"
    REPEAT = "repeat"
    TABLE = "table"
    COMPUTED = "computed"
    FILE = "file"
    HEADING = "heading"
    NOTE = "note"


UNANSWERED = frozenset({FieldType.COMPUTED, FieldType.FILE, FieldType.HEADING, FieldType.NOTE})
"""Kinds in whose place nothing is typed."""
ROWS = frozenset({FieldType.REPEAT, FieldType.TABLE})


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose; ``value`` is what is kept."""

    value: str
    label: str
    label_en: str = ""

    def label_in(self, language: str) -> str:
        return worded(self.label, self.label_en, language)


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One question, or a heading, a note, a place for a file, a value worked out from other answers.

    ``condition`` holds what its section and page ask for as well. ``min`` and ``max`` bound a number, or count chosen
    answers or rows. ``fields`` and ``rows`` are the columns and the fixed lines of a table.
    """

    name: str
    label: str
    type: FieldType
    label_en: str = ""
    required: bool = False
    hint: str = ""
    hint_en: str = ""
    help: str = ""
    help_en: str = ""
    example: str = ""
    example_en: str = ""
    problem: str = ""
    problem_en: str = ""
    required_problem: str = ""
    required_problem_en: str = ""
    max_length: int = 0
    choices: tuple[Choice, ...] = ()
    display: str = ""
    prefill: str = ""
    readonly: bool = False
    pattern: re.Pattern[str] | None = None
    pattern_problem: str = ""
    pattern_problem_en: str = ""
    condition: Condition | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    decimals: int = 0
    in_words: bool = False
    not_future: bool = False
    not_past: bool = False
    fields: tuple[Field, ...] = ()
    rows: tuple[Choice, ...] = ()
    row_label: str = ""
    row_label_en: str = ""
    component: str = ""
    value: Expression | None = None
    shown_as: FieldType = FieldType.TEXT

    def label_in(self, language: str) -> str:
        return worded(self.label, self.label_en, language)

    def hint_in(self, language: str) -> str:
        return worded(self.hint, self.hint_en, language)

    def help_in(self, language: str) -> str:
        return worded(self.help, self.help_en, language)

    def example_in(self, language: str) -> str:
        return worded(self.example, self.example_en, language)

    def row_label_in(self, language: str) -> str:
        return worded(self.row_label, self.row_label_en, language)

    def is_asked(self, answers: Mapping[str, Any], *, today: date | None = None) -> bool:
        """Say whether the question is asked of somebody who has given these answers, all of them to asked questions."""
        if self.condition is None:
            return True
        return holds(self.condition, Setting(answers, today or timezone.localdate()))

    @property
    def takes_answer(self) -> bool:
        """Somebody answers it: neither a text, nor a file, nor worked out."""
        return self.type not in UNANSWERED

    @property
    def keeps_answer(self) -> bool:
        """Something is kept under its name when the form is filed."""
        return self.takes_answer or self.type is FieldType.COMPUTED


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """Some questions of a page under a heading of their own; without a title it is just the page."""

    fields: tuple[Field, ...]
    title: str = ""
    title_en: str = ""
    intro: str = ""
    intro_en: str = ""
    condition: Condition | None = None

    def title_in(self, language: str) -> str:
        return worded(self.title, self.title_en, language)

    def intro_in(self, language: str) -> str:
        return worded(self.intro, self.intro_en, language)


@dataclass(frozen=True, eq=False)
class Page:
    """One group of questions, shown together."""

    id: str
    title: str
    sections: tuple[Section, ...]
    title_en: str = ""
    intro: str = ""
    intro_en: str = ""
    condition: Condition | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Everything on the page, in order."""
        return tuple(one for section in self.sections for one in section.fields)

    def title_in(self, language: str) -> str:
        return worded(self.title, self.title_en, language)

    def intro_in(self, language: str) -> str:
        return worded(self.intro, self.intro_en, language)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What several answers must fulfil together; the problem is told under ``field``.

    A rule is silent where one of the answers that it reads is missing, or where ``condition`` does not hold.
    """

    field: str
    check: Condition
    problem: str
    problem_en: str = ""
    condition: Condition | None = None


@dataclass(frozen=True, eq=False)
class Schema:
    """A whole form; false where it has no pages."""

    pages: tuple[Page, ...] = field(default=())
    rules: tuple[Rule, ...] = field(default=())

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Everything by name, headings and notes too."""
        return {one.name: one for page in self.pages for one in page.fields}

    @cached_property
    def questions(self) -> dict[str, Field]:
        """The fields under whose name an answer is kept."""
        return {name: one for name, one in self.fields.items() if one.keeps_answer}

    @cached_property
    def sources(self) -> frozenset[str]:
        """Give the paths of `PREFILL_SOURCES` that this form asks for."""
        return frozenset(one.prefill for one in self.fields.values() if one.prefill)

    def page(self, page_id: str) -> Page:
        """:raises KeyError: there is no such page."""
        for page in self.pages:
            if page.id == page_id:
                return page
        raise KeyError(page_id)

    def __bool__(self) -> bool:
        return bool(self.pages)
