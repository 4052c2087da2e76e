"""The titles of what is in force, held by every process: to look hundreds of them up costs more than to rank them.

A process reads them once, and then those that have changed: each row of the database has a stamp that no other state
of it has. It looks for changes when the number of `memory.Part.TITLES` is another one, and every `TRUSTED_S` in any
case. Titles only say what may be shown: whoever shows a version reads it, and whether it is in force, from the database.
"""

from __future__ import annotations

import threading
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any

from django.db import connection

from procedures.search import memory
from procedures.search.knowledge import Vocabulary, known
from procedures.search.memory import Part
from procedures.search.ranking import Candidate
from procedures.search.words import words
from procedures.states import VersionStatus

TRUSTED_S = 300.0
_MOST_GONE = 100  # places that hold nothing any more, and an eighth of all; with more of them it is made anew
_AT_ONCE = 5_000

_FROM = """
    FROM procedures_procedureversion version
    JOIN procedures_procedure procedure ON procedure.current_version_id = version.id
    LEFT JOIN procedures_sector sector ON sector.id = version.sector_id
    WHERE version.status = %s
"""
_STAMP = "hashtextextended(concat_ws(' ', version.xmin, version.ctid, procedure.catalogue, sector.slug, sector.name), 0)"
_STAMPS = f"SELECT version.id, {_STAMP} {_FROM}"
_ROWS = f"""
    SELECT version.id, {_STAMP}, concat_ws(' ', version.name, nullif(version.short_name, '')), version.name_words,
        procedure.catalogue, sector.slug, sector.name, sector.name_sort, version.levels,
        version.applicant_categories, version.ministry, version.online_level, version.is_fileable
    {_FROM}
"""
_IN_ORDER = " ORDER BY version.is_fileable DESC, version.id"


@dataclass(frozen=True, slots=True)
class Cell:
    """What procedures are narrowed by, the same for many of them."""

    catalogue: str
    sector: str
    sector_name: str
    sector_sort: str
    levels: tuple[str, ...]
    categories: tuple[str, ...]
    agency: str
    online_level: str
    online: bool


Fits = Callable[[Cell], bool]


class Titles:
    """The titles of published versions in force; see `current`. What can be filed here comes first.

    :param vocabulary: whose pairs of words are looked up as such.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._versions = array("q")
        self._stamps = array("q")
        self._titles: list[str] = []
        self._words: list[str] = []
        self._cells: list[Cell] = []
        self._alike: dict[Cell, Cell] = {}
        self._holding: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._at: dict[int, int] = {}
        self._counted: Counter[Cell] | None = None

    def __len__(self) -> int:
        return len(self._at)

    def refresh(self) -> Titles:
        """Give the titles as they are now: these ones brought up to date, or new ones."""
        seen = dict(_ask(_STAMPS, [VersionStatus.PUBLISHED]))
        kept = {pk: at for pk, at in self._at.items() if seen.get(pk) == self._stamps[at]}
        missing = [pk for pk in seen if pk not in kept]
        gone = len(self._versions) + len(missing) - len(seen)
        if gone > _MOST_GONE + len(seen) // 8 or len(missing) * 2 > len(seen):
            new = Titles(known().vocabulary)
            new._add(_ask(_ROWS + _IN_ORDER, [VersionStatus.PUBLISHED]), new._at)
            return new
        if missing:
            self._add(
                _ask(f"{_ROWS} AND version.id = ANY(%s) {_IN_ORDER}", [VersionStatus.PUBLISHED, missing]),
                kept,
            )
        self._at, self._counted = kept, None
        return self

    def _add(self, rows: Iterable[tuple[Any, ...]], places: dict[int, int]) -> None:
        for pk, stamp, title, plain, *cell in rows:
            at = len(self._versions)
            held = _cell(*cell)
            held = self._alike.setdefault(held, held)
            self._versions.append(pk)
            self._stamps.append(stamp)
            self._titles.append(title)
            self._words.append(plain)
            self._cells.append(held)
            row = plain.split()
            pairs = filter(self._vocabulary.__contains__, map(" ".join, pairwise(row)))
            for term in {*row, *_sector_words(held.sector_name), *pairs}:
                self._holding[term].append(at)
            places[pk] = at

    def holding(self, terms: Iterable[str], *, most: int, fits: Fits | None = None) -> list[Candidate]:
        """Give titles with any of some words, or pairs of words with a blank between."""
        fits = _once_for_each(fits)
        found: dict[int, None] = {}
        for at in chain.from_iterable(self._holding.get(term, ()) for term in terms):
            if at not in found and self._at.get(self._versions[at]) == at and fits(self._cells[at]):
                found[at] = None
                if len(found) == most:
                    break
        return [self._candidate(at) for at in found]

    def has_pair(self, pair: tuple[str, str]) -> bool:
        """Say whether `holding` knows two words side by side."""
        return " ".join(pair) in self._holding

    def candidates(self, versions: Iterable[int], *, fits: Fits | None = None) -> list[Candidate]:
        """Give the titles of versions; of those that are not in force, nothing."""
        fits = _once_for_each(fits)
        places = (self._at.get(pk) for pk in versions)
        return [self._candidate(at) for at in places if at is not None and fits(self._cells[at])]

    def cells(self, versions: Iterable[int]) -> dict[int, Cell]:
        """Give what versions are narrowed by; of those that are not in force, nothing."""
        return {pk: self._cells[at] for pk in versions if (at := self._at.get(pk)) is not None}

    def counted(self) -> Counter[Cell]:
        """Say how many versions are alike in all that they are narrowed by."""
        counted = self._counted
        if counted is None:
            counted = self._counted = Counter(map(self._cells.__getitem__, self._at.values()))
        return counted

    def that_fit(self, fits: Fits) -> list[int]:
        """Give all versions that fit."""
        fits = _once_for_each(fits)
        return [pk for pk, at in self._at.items() if fits(self._cells[at])]

    def _candidate(self, at: int) -> Candidate:
        cell = self._cells[at]
        return Candidate(
            self._versions[at], self._titles[at], self._words[at], cell.sector_name, cell.levels, cell.online
        )


class _Current:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[int, float, Titles] | None = None

    def __call__(self) -> Titles:
        number = memory.last_number(Part.TITLES)
        kept = self._kept
        if kept is None or not self._is_right(kept, number):
            with self._lock:
                kept = self._kept
                if kept is None or not self._is_right(kept, number):
                    titles = kept[2] if kept is not None else Titles(known().vocabulary)
                    kept = self._kept = (number, time.monotonic() + TRUSTED_S, titles.refresh())
        return kept[2]

    def forget(self) -> None:
        """Look for changes before the next search, whatever the number says."""
        self._kept = None if self._kept is None else (0, 0.0, self._kept[2])

    def _is_right(self, kept: tuple[int, float, Titles], number: int) -> bool:
        # 0: nobody has told of a change yet, so nothing can be concluded from the number.
        return bool(number) and kept[0] == number and time.monotonic() < kept[1]


current = _Current()
"""Call it for the titles of what is in force."""


def have_changed() -> None:
    """Have every process look for changes. Call it inside the transaction that made one."""
    memory.has_changed(Part.TITLES)


def _ask(statement: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from rows


def _cell(
    catalogue: str,
    sector: str | None,
    name: str | None,
    sort: str | None,
    levels: list[str],
    categories: list[str],
    agency: str,
    online_level: str,
    online: bool,
) -> Cell:
    return Cell(
        catalogue,
        sector or "",
        name or "",
        sort or "",
        tuple(levels),
        tuple(categories),
        agency,
        online_level,
        online,
    )


def _once_for_each(fits: Fits | None) -> Fits:
    """Ask once for each cell: versions share them."""
    if fits is None:
        return lambda _cell: True
    known: dict[int, bool] = {}

    def remembered(cell: Cell) -> bool:
        fit = known.get(id(cell))
        if fit is None:
            fit = known[id(cell)] = fits(cell)
        return fit

    return remembered


@lru_cache(maxsize=1_024)
def _sector_words(name: str) -> frozenset[str]:
    return frozenset(words(name))
