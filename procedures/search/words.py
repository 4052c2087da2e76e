"""Words as they are compared: without marks, and with one spelling where Vietnamese has two."""

from __future__ import annotations

import re

from core.vietnamese import fold

LONGEST_WORD = 64
_WORD = re.compile(r"[a-z0-9]+")
# "ký" and "kí", "lý" and "lí" are one word; "tay" and "tai" are two.
_FINAL_Y = re.compile(r"((?:[bcdghklmnpqrstvx]{1,3}|qu))y")

#: The national code, with or without its dot, as people paste it ("1.004873", "1004873").
_CODE = re.compile(r"\s*([0-9])\.?([0-9]{6})\s*")


def words(text: str) -> list[str]:
    """Give the words of a text in the form in which they are indexed and looked for."""
    return [one_spelling(word[:LONGEST_WORD]) for word in _WORD.findall(fold(text))]


def one_spelling(word: str) -> str:
    match = _FINAL_Y.fullmatch(word)
    return f"{match[1]}i" if match else word


def code_in(text: str) -> str:
    """Give the national code if the text is nothing but one, else nothing."""
    match = _CODE.fullmatch(text)
    return f"{match[1]}.{match[2]}" if match else ""
