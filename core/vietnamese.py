"""Vietnamese letters for a database without ICU: a key that sorts, a fold that finds.

Both are pure functions of the text, to be stored in columns of their own when a row is saved.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# The tones in the order of the dictionary: ngang, huyền, hỏi, ngã, sắc, nặng.
TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_PLACES = {letter: chr(ord("A") + place) for place, letter in enumerate(ALPHABET)}
# The end of a part sorts before all else, a space next: a shorter name comes first, and words are compared one by one.
_END = " "
_SPACE = "!"
_OTHER_SIGN = "/"
# Letters with a stroke do not decompose; the Icelandic eth is a common slip for the Vietnamese đ.
_STROKED = str.maketrans("đĐðÐ", "dDdD")


def sort_key(text: str) -> str:
    """Return an ASCII-ordered key: compare keys by code point (``COLLATE "C"``) to sort as a Vietnamese dictionary.

    Letters count first (a, ă, â, b, c, d, đ …), then tones, then lower before upper case. Equal texts have equal
    keys in composed and decomposed form; different texts of one spelling differ only in their case.
    """
    letters, tones, cases = [], [], []
    for letter in unicodedata.normalize("NFC", text):
        base, tone = _untoned(letter)
        letters.append(_place(base.lower()))
        tones.append(tone)
        cases.append("1" if base != base.lower() else "0")
    return "".join([*letters, _END, *tones, _END, *cases])


def fold(text: str) -> str:
    """Return a text in lower case without diacritics (``Đà Nẵng`` is ``da nang``), spaces joined, for searching."""
    plain = text.translate(_STROKED)
    decomposed = unicodedata.normalize("NFKD", plain)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.lower().split())


def _place(letter: str) -> str:
    """Return what stands for a letter; signs and digits sort before letters, foreign letters after them."""
    if letter in _PLACES:
        return _PLACES[letter]
    if letter.isspace():
        return _SPACE
    return _OTHER_SIGN if "A" <= letter <= "~" else letter


@lru_cache(maxsize=4096)
def _untoned(letter: str) -> tuple[str, str]:
    """Split a composed letter into its letter of the alphabet and its tone: ``ế`` into ``ê`` and ``4``."""
    if letter.isascii():
        return letter, "0"
    parts = unicodedata.normalize("NFD", letter)
    tone = next((TONES[mark] for mark in parts if mark in TONES), "0")
    base = "".join(mark for mark in parts if mark not in TONES)
    return unicodedata.normalize("NFC", base), tone
