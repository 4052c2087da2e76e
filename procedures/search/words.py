"""Words as they are compared: without marks, and with one spelling where Vietnamese has two."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from core.vietnamese import fold

LONGEST_WORD = 64
_WORD = re.compile(r"[a-z0-9]+")
_WRITTEN = re.compile(r"[^\W_]+")
# "ký" and "kí", "lý" and "lí" are one word; "tay" and "tai" are two.
_FINAL_Y = re.compile(r"((?:[bcdghklmnpqrstvx]{1,3}|qu))y")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")

#: The national code, with or without its dot, as people paste it ("1.004873", "1004873").
_CODE = re.compile(r"\s*([0-9])\.?([0-9]{6})\s*")


def words(text: str) -> list[str]:
    """Give the words of a text in the form in which they are indexed and looked for."""
    return [one_spelling(word[:LONGEST_WORD]) for word in _WORD.findall(fold(text))]


def written(text: str) -> list[str]:
    """Give the words of a text as they are written, in lower case; each has a `bare` and a `marked` form."""
    found = _WRITTEN.findall(unicodedata.normalize("NFC", text).lower())
    return [word[:LONGEST_WORD] for word in found if bare(word[:LONGEST_WORD])]


@lru_cache(maxsize=16_384)
def bare(word: str) -> str:
    """Give a written word without its marks, as `words` does; empty when it has other letters than Latin ones."""
    folded = fold(word)
    return one_spelling(folded) if _WORD.fullmatch(folded) else ""


@lru_cache(maxsize=16_384)
def marked(word: str) -> str:
    """Give a written word with its marks in one spelling: "hoà" as "hòa", "lý" as "lí". Only for comparison."""
    parts = unicodedata.normalize("NFD", word)
    tone = next((part for part in parts if part in _TONES), "")
    return one_spelling(unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))) + tone


def has_marks(text: str) -> bool:
    """Say whether whoever wrote it has a Vietnamese keyboard."""
    return not text.isascii() and fold(text) != text.lower()


@lru_cache(maxsize=16_384)
def one_spelling(word: str) -> str:
    match = _FINAL_Y.fullmatch(word)
    return f"{match[1]}i" if match else word


def code_in(text: str) -> str:
    """Give the national code if the text is nothing but one, else nothing."""
    match = _CODE.fullmatch(text)
    return f"{match[1]}.{match[2]}" if match else ""
