"""Mark the words of a question in a name."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from procedures.search.words import marked as with_marks
from procedures.search.words import words

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_marked: bool


Forms = Mapping[str, frozenset[str]]
"""Of a word without marks, how it is written where it is meant (`words.marked`); any way for a word that is not named."""


def markup(text: str, marked: frozenset[str], forms: Forms | None = None) -> SafeString:
    """Give a text as HTML with ``<mark>`` around the words; words that stand together are marked as one.

    :param forms: whoever asks for "đỏ" is not shown "do", though both were looked for.
    """
    pieces = _merged(_cut(text, marked, forms or {})) if marked else [Piece(text, False)]
    return mark_safe("".join(map(_shown, pieces)))  # noqa: S308  (each piece is escaped)


def _shown(piece: Piece) -> str:
    plain = html.escape(piece.text)
    return f"<mark>{plain}</mark>" if piece.is_marked else plain


@lru_cache(maxsize=8_192)
def _as_compared(word: str) -> str:
    """Give a word as it is compared, nothing where it is more than one."""
    folded = words(word)
    return folded[0] if len(folded) == 1 else ""


def _cut(text: str, marked: frozenset[str], forms: Forms) -> Iterator[Piece]:
    at = 0
    for match in _WORD.finditer(text):
        if match.start() > at:
            yield Piece(text[at : match.start()], False)
        yield Piece(match[0], _is_meant(match[0], marked, forms))
        at = match.end()
    if at < len(text):
        yield Piece(text[at:], False)


def _is_meant(word: str, marked: frozenset[str], forms: Forms) -> bool:
    folded = _as_compared(word)
    if folded not in marked:
        return False
    meant = forms.get(folded)
    return meant is None or with_marks(word.lower()) in meant


def _merged(found: Iterator[Piece]) -> Iterator[Piece]:
    held: list[Piece] = []
    for piece in found:
        if held and piece.is_marked != held[0].is_marked and not (held[0].is_marked and piece.text.isspace()):
            yield from _joined(held)
            held = []
        held.append(piece)
    yield from _joined(held)


def _joined(held: list[Piece]) -> Iterator[Piece]:
    """Give the pieces as one; white space after the last marked word is not marked."""
    if not held:
        return
    trailing = []
    while held and held[0].is_marked and not held[-1].is_marked:
        trailing.append(held.pop())
    if held:
        yield Piece("".join(piece.text for piece in held), held[0].is_marked)
    if trailing:
        yield Piece("".join(piece.text for piece in reversed(trailing)), False)
