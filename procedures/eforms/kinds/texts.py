"""Words: one line, several lines; and what only stands there to be read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.languages import worded
from procedures.eforms.kinds.base import Answer, Kind, WrongAnswer, kind
from procedures.eforms.schema import Field, FieldType


def within_length(field: Field, text: str) -> str:
    """:raises WrongAnswer: the text is too long."""
    if len(text) > field.max_length:
        raise WrongAnswer(
            _("Dài %(length)d ký tự, tối đa %(limit)d ký tự. Hãy viết ngắn hơn.")
            % {"length": len(text), "limit": field.max_length}
        )
    return text


@kind(FieldType.TEXT)
class OneLine(Kind):
    keys = frozenset({"max_length", "pattern", "pattern_problem", "pattern_problem_en"})
    length = 200

    def read_text(self, field: Field, text: str) -> Answer:
        text = within_length(field, " ".join(text.split()))
        if field.pattern and not field.pattern.fullmatch(text):
            raise WrongAnswer(worded(field.pattern_problem, field.pattern_problem_en))
        return text


@kind(FieldType.TEXTAREA)
class Lines(Kind):
    keys = frozenset({"max_length"})
    length = 2000

    def read_text(self, field: Field, text: str) -> Answer:
        return within_length(field, text)


@kind(FieldType.HEADING, FieldType.NOTE)
class Reading(Kind):
    """Nothing is asked: the label is the text."""

    may_be_fixed = False

    def read(self, field: Field, raw: Any) -> Answer:
        return None


@kind(FieldType.FILE)
class PlaceForFile(Kind):
    """The file itself lies with the papers of the dossier, under the component of that name."""

    keys = frozenset({"component"})
    may_be_fixed = False

    def read(self, field: Field, raw: Any) -> Answer:
        return None
