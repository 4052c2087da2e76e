"""What every process keeps of the search: synonyms, spellings, meanings. One number says when to read it again."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from procedures.models import SearchMemory

T = TypeVar("T")

LOOK_EVERY_S = 2.0
"""An edit is seen by the process that made it at once, and by all others after so long."""

_ROW = 1


class _Number:
    """The number of the row, asked for at most once in `LOOK_EVERY_S`."""

    def __init__(self) -> None:
        self._value = -1
        self._until = 0.0

    def __call__(self) -> int:
        if time.monotonic() >= self._until:
            found = SearchMemory.objects.filter(pk=_ROW).values_list("number", flat=True).first()
            self._value = found or 0
            self._until = time.monotonic() + LOOK_EVERY_S
        return self._value

    def forget(self) -> None:
        self._until = 0.0


_number = _Number()


class Kept(Generic[T]):
    """Something made from the database and kept while the number stays the same."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._kept: tuple[int, T] | None = None

    def __call__(self) -> T:
        number = _number()
        kept = self._kept
        if kept is None or kept[0] != number:
            with self._lock:
                kept = self._kept
                if kept is None or kept[0] != number:
                    kept = self._kept = (number, self._make())
        return kept[1]


def has_changed() -> None:
    """Have every process read anew what it keeps. Call it inside the transaction that made the change."""
    SearchMemory.objects.update_or_create(pk=_ROW, defaults={"number": _fresh()})
    _number.forget()


def forget() -> None:
    """Look at the number again before the next search, whatever the time."""
    _number.forget()


def keep_spellings(packed: bytes) -> None:
    """Replace what is known of spellings, and let every process know."""
    SearchMemory.objects.update_or_create(pk=_ROW, defaults={"spellings": packed, "number": _fresh()})
    _number.forget()


def spellings() -> bytes:
    """Give what `keep_spellings` was given last; nothing before that."""
    found = SearchMemory.objects.filter(pk=_ROW).values_list("spellings", flat=True).first()
    return bytes(found or b"")


def _fresh() -> int:
    # Drawn, not counted up: a change that is rolled back must not leave its number to the next one.
    return secrets.randbelow(2**31 - 1) + 1
