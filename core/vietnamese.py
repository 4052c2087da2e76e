"""Vietnamese order and Vietnamese without its marks, for a database that knows neither.

The database's build has no ICU: a column that is sorted by keeps `sort_key` beside it (``COLLATE "C"``), a column
that is searched keeps `fold`.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: chr(ord("A") + rank) for rank, letter in enumerate(_LETTERS)}
# Dictionary order of the tones: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_NOT_A_LETTER = "#"


@lru_cache(maxsize=4096)  # lists of procedures and units are put in order again and again
def sort_key(text: str) -> str:
    """Give an ASCII text that sorts, byte by byte, as Vietnamese dictionaries do.

    Letters decide first (a ă â b … d đ e ê), then tones, then case; at most 3 × the length + 2.
    """
    letters, tones, cases = [], [], []
    for character in unicodedata.normalize("NFC", text):
        tone, bare = _without_tone(character)
        lower = bare.lower()
        letters.append(_RANK.get(lower) or (lower if lower.isascii() and lower.isalnum() else _NOT_A_LETTER))
        tones.append(tone)
        cases.append("1" if bare != lower else "0")
    return "!".join(("".join(letters), "".join(tones).rstrip("0"), "".join(cases).rstrip("0")))


def fold(text: str) -> str:
    """Give the text in lower case and without marks: what people type who have no Vietnamese keyboard."""
    lower = text.lower().replace("đ", "d")
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))


def _without_tone(character: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", character)
    tone = next((_TONES[part] for part in parts if part in _TONES), "0")
    bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    return tone, bare
