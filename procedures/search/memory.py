"""What every process keeps of the search: synonyms, spellings, meanings. A number for each says when to read it again."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Generic, TypeVar

from procedures.models import SearchMemory

T = TypeVar("T")

LOOK_EVERY_S = 2.0
"""An edit is seen by the process that made it at once, and by all others after so long."""

_ROW = 1


class Part(StrEnum):
    """What changes together, by the column of its number."""

    KNOWLEDGE = "number"
    MEANINGS = "meanings"
    TITLES = "titles"


class _Numbers:
    """The numbers of the row, asked for at most once in `LOOK_EVERY_S`."""

    def __init__(self) -> None:
        self._values: dict[str, int] = {}
        self._until = 0.0

    def __call__(self, part: Part) -> int:
        if time.monotonic() >= self._until:
            self._values = SearchMemory.objects.filter(pk=_ROW).values(*Part).first() or {}
            self._until = time.monotonic() + LOOK_EVERY_S
        return self._values.get(part, 0)

    def forget(self) -> None:
        self._until = 0.0


_numbers = _Numbers()


class Kept(Generic[T]):
    """Something made from the database and kept while the number of its part stays the same.

    :param make: is given the number.
    """

    def __init__(self, make: Callable[[int], T], part: Part = Part.KNOWLEDGE) -> None:
        self._make, self._part = make, part
        self._lock = threading.Lock()
        self._kept: tuple[int, T] | None = None

    def __call__(self) -> T:
        number = _numbers(self._part)
        kept = self._kept
        if kept is None or kept[0] != number:
            with self._lock:
                kept = self._kept
                if kept is None or kept[0] != number:
                    kept = self._kept = (number, self._make(number))
        return kept[1]


def has_changed(*parts: Part) -> None:
    """Have every process read anew what it keeps of parts, or else of synonyms, spellings and words.

    Call it inside the transaction that made the change.
    """
    _write({part.value: _fresh() for part in parts or (Part.KNOWLEDGE,)})


def forget() -> None:
    """Look at the numbers again before the next search, whatever the time."""
    _numbers.forget()


def number(part: Part) -> int:
    """Give the number of a part as it is now."""
    _numbers.forget()
    return _numbers(part)


def last_number(part: Part) -> int:
    """Give the number of a part as it was when somebody last looked, at most `LOOK_EVERY_S` ago; 0: there is none."""
    return _numbers(part)


def keep_spellings(packed: bytes) -> None:
    """Replace what is known of spellings, and let every process know."""
    _write({"spellings": packed, Part.KNOWLEDGE.value: _fresh()})


def spellings() -> bytes:
    """Give what `keep_spellings` was given last; nothing before that."""
    found = SearchMemory.objects.filter(pk=_ROW).values_list("spellings", flat=True).first()
    return bytes(found or b"")


def _write(values: dict[str, Any]) -> None:
    SearchMemory.objects.update_or_create(pk=_ROW, defaults=values)
    _numbers.forget()


def _fresh() -> int:
    # Drawn, not counted up: a change that is rolled back must not leave its number to the next one.
    return secrets.randbelow(2**31 - 1) + 1
