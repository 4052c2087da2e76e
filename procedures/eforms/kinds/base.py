"""What every kind of field can say of its answers, and the list of kinds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from core.languages import worded
from procedures.eforms.schema import Field, FieldType

Answer = str | int | bool | list[Any] | dict[str, Any] | None
"""As it is kept, in JSON: text, whole numbers, true or false; decimals, dates, times and months as text; several chosen
values and rows as lists, rows and addresses as objects."""

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


class WrongAnswer(ValueError):
    """The answer cannot be taken; the text says why and how to mend it.

    ``cells`` are the problems inside rows, by number of the row (from 0) and column.
    """

    def __init__(self, text: str, cells: dict[tuple[int, str], str] | None = None) -> None:
        super().__init__(text)
        self.cells = cells or {}


def plain_text(raw: object) -> str:
    """Give text as it is stored: NFC, no control or direction marks, no white space at the ends."""
    return (
        _CONTROL.sub("", unicodedata.normalize("NFC", str(raw)))
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .strip()
    )


def wrong_type() -> WrongAnswer:
    """Make the problem of an answer of another shape altogether, which only a program sends."""
    return WrongAnswer(_("Câu trả lời không đúng kiểu. Hãy nhập lại."))


class Kind:
    """One kind of answer: how it is read, told and shown. Keys are those that only some kinds of field may carry."""

    keys: frozenset[str] = frozenset()
    length = 0
    """The longest text by default, in characters; 0: the kind has no length of its own."""
    has_order = False
    """Answers can be greater or less than others."""
    may_be_fixed = True
    """Its answer may be read-only, as it is known."""

    def read(self, field: Field, raw: Any) -> Answer:
        """Turn what was typed, or a JSON value, into an answer; nothing typed is None.

        :raises WrongAnswer: the answer does not fit the field.
        """
        if raw is None or raw == []:
            return None
        if isinstance(raw, bool | list | dict | float):
            raise wrong_type()
        if isinstance(raw, date):
            raw = (raw.date() if isinstance(raw, datetime) else raw).isoformat()
        text = plain_text(raw)
        return self.read_text(field, text) if text else None

    def read_text(self, field: Field, text: str) -> Answer:
        """Read what is neither empty nor of another shape. :raises WrongAnswer:"""
        return text

    def is_given(self, answer: Answer) -> bool:
        """Say whether there is an answer that a required field accepts; zero is one."""
        return answer is not None

    def missing(self, field: Field) -> str:
        """Say what to do about a required answer that is not there."""
        return _("Hãy điền mục này.")

    def display(self, field: Field, answer: Any, language: str) -> str:
        """Give an answer as people read it; never called without one."""
        return str(answer)

    def is_possible(self, field: Field, value: Any) -> bool:
        """Say whether a condition may compare the answer with this value."""
        return isinstance(value, str) and value != ""

    def as_typed(self, field: Field, answer: Any) -> Any:
        """Give an answer as it stands in its control when it is shown again."""
        return answer


KINDS: dict[FieldType, Kind] = {}


def kind(*types: FieldType) -> Callable[[type[Kind]], type[Kind]]:
    """Enter a kind into `KINDS`."""

    def enter(made: type[Kind]) -> type[Kind]:
        for one in types:
            KINDS[one] = made()
        return made

    return enter


def kind_of(field: Field) -> Kind:
    """Give the kind of a field."""
    return KINDS[field.type]


def read(field: Field, raw: Any) -> Answer:
    """Turn what was typed (text of a form, or a JSON value) into an answer; nothing typed is None.

    A box that is not ticked is False. Whether an answer is required is not asked here.

    :raises WrongAnswer: the answer does not fit the field; in the field's own words where it has some.
    """
    try:
        return kind_of(field).read(field, raw)
    except WrongAnswer as problem:
        if field.problem and not problem.cells:
            raise WrongAnswer(worded(field.problem, field.problem_en)) from None
        raise


def missing(field: Field) -> str:
    """Say what to do about a required answer that is not there."""
    return worded(field.required_problem, field.required_problem_en) or kind_of(field).missing(field)
