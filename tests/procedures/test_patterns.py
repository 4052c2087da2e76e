"""Patterns of questions: what people need is taken, what could stop a server is refused before anybody answers."""

from __future__ import annotations

import re
import time

import pytest

from core.errors import InvalidInput
from procedures import eforms
from procedures.eforms.patterns import TooSlow, compiled


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        (r"(19|20)[0-9]{2}", "2026"),
        (r"[0-9]{6,20}", "0" * 20),
        (r"\d{2}[A-Z]{1,2}-?\d{3}\.?\d{2}", "43A-123.45"),
        (r"[A-ZĐ]+( [A-ZĐ]+)*", " ".join(["NGUYEN"] * 25)),
        (r"(\d{1,3}\.)*\d{3}", "1.234.567"),
        (r"([0-9]{1,2}[A-Z]?){1,3}", "12A3B"),
        (r"\w+/\w+", "12/QĐ"),
        (r"(?i:nđ|qđ)-[0-9]{1,4}", "NĐ-63"),
        (r"[A-Z]*[0-9]*", "A" * 100 + "1" * 100),
    ],
)
def test_what_people_need_is_taken_and_quick(pattern: str, answer: str) -> None:
    found = compiled(pattern, length=200)
    assert found.fullmatch(answer)
    began = time.perf_counter()
    found.fullmatch((answer * 200)[:199] + "!")
    assert time.perf_counter() - began < 3


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+",
        r"(a*)*b",
        r"([a-z]+)*[0-9]",
        r"(a|aa)+",
        r"(\w+\s?)*",
        r"((a{1,9}){1,9}){1,9}",
        r"\d*\d*\d*\d*\d*x",
        r"(.*a){12}",
        r"(a)(\1)+",
        r"(?=(a+)+b)a",
        r"(?:a?){60}a{60}",
        "a" * 301,
    ],
)
def test_what_could_stop_a_server_is_refused(pattern: str) -> None:
    with pytest.raises(TooSlow):
        compiled(pattern, length=200)


@pytest.mark.parametrize("pattern", ["(", "a{2,1}", "[z-a]", "(?P<x>", "a{99999999999}"])
def test_what_is_no_pattern_is_told(pattern: str) -> None:
    with pytest.raises((re.error, OverflowError)):
        compiled(pattern, length=200)


def test_a_form_says_where_its_pattern_is_wrong_and_what_to_do() -> None:
    question = {
        "name": "a",
        "label": "A",
        "type": "text",
        "pattern": "(a+)+",
        "pattern_problem": "Chỉ gồm chữ a.",
    }
    with pytest.raises(InvalidInput) as refusal:
        eforms.parse({"pages": [{"id": "p", "title": "P", "fields": [question]}]})
    assert "{1,20}" in str(refusal.value.errors["pages[0].fields[0].pattern"][0])
