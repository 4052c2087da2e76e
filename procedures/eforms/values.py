"""The rule for one answer, whatever its kind: what was typed becomes a JSON value, or a problem with its mend."""

from __future__ import annotations

from typing import Any

from procedures.eforms.kinds import Answer, WrongAnswer, kind_of, plain_text
from procedures.eforms.kinds.base import missing, read
from procedures.eforms.schema import Field, FieldType

__all__ = ["Answer", "WrongAnswer", "display", "fitting", "is_given", "missing", "plain_text", "read"]


def fitting(field: Field, raw: Any) -> Answer:
    """Give the answer, or None where `read` would refuse."""
    try:
        return read(field, raw)
    except WrongAnswer:
        return None


def is_given(field: Field, answer: Answer) -> bool:
    """Say whether there is an answer that a required field accepts; zero is one."""
    return kind_of(field).is_given(answer)


def display(field: Field, answer: Any, language: str) -> str:
    """Give an answer as people read it, in Vietnamese or English; nothing for no answer."""
    if field.type is not FieldType.CHECKBOX and (answer is None or answer == "" or answer == []):
        return ""
    return kind_of(field).display(field, answer, language)
