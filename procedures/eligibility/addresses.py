"""Answers in an address, the only place where they are kept: nothing of them is stored, so whoever has the address has them.

``?tuoi=17&da_ket_hon=no&chua-ro=noi_cu_tru``: an answer for each question, and what the person does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from procedures.eforms import posted, values
from procedures.eforms.kinds import kind_of
from procedures.eforms.schema import Field

UNKNOWN, ASKED = "chua-ro", "hoi"


@dataclass(frozen=True, slots=True)
class Given:
    """What an address says. ``asked`` is the question that was on the page when it was sent, "" for none."""

    answers: dict[str, Any] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    asked: str = ""


def read(data: QueryDict, fields: Mapping[str, Field]) -> Given:
    """Read the answers that fit their questions; whatever else stands in an address counts for nothing."""
    answers: dict[str, Any] = {}
    for name, one in fields.items():
        if posted.is_there(one, data):
            answer = values.fitting(one, posted.typed(one, data))
            if answer is not None and values.is_given(one, answer):
                answers[name] = answer
    unknown = frozenset(name for name in data.getlist(UNKNOWN) if name in fields and name not in answers)
    asked = data.get(ASKED, "")
    return Given(answers, unknown, asked if asked in fields else "")


def pairs(
    fields: Mapping[str, Field], answers: Mapping[str, Any], unknown: Iterable[str] = ()
) -> Iterator[tuple[str, str]]:
    """Give name and value of each answer as a form would send them."""
    for name, one in fields.items():
        if name in answers:
            typed = kind_of(one).as_typed(one, answers[name])
            for value in typed if isinstance(typed, list) else [typed]:
                yield name, str(value)
    yield from ((UNKNOWN, name) for name in fields if name in frozenset(unknown))


def written(fields: Mapping[str, Field], answers: Mapping[str, Any], unknown: Iterable[str] = ()) -> str:
    """Give the part of an address that says the answers; "?" alone for none, which leads back to the beginning."""
    return "?" + urlencode(list(pairs(fields, answers, unknown)))
