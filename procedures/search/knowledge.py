"""What is needed to understand a question: how words are written, what things are called, which words are rare."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from procedures.models import SearchWord
from procedures.search import memory, synonyms
from procedures.search.spelling import Spellings, unpack
from procedures.search.synonyms import Synonyms


class Vocabulary:
    """In how many current titles each word stands, and each two words side by side.

    :param titles: by word, or two with a blank between, without marks; under "" the number of all titles.
    """

    def __init__(self, titles: dict[str, int]) -> None:
        self.all = titles.pop("", 0)
        self._titles = titles
        self._ordered = sorted(word for word in titles if " " not in word)
        self._rarities = {word: self._rarity(times) for word, times in titles.items()}
        self._unseen, self._seen_once = self._rarity(0), self._rarity(1)

    def __contains__(self, word: str) -> bool:
        return word in self._titles

    def titles(self, word: str) -> int:
        return self._titles.get(word, 0)

    def titles_with(self, pair: tuple[str, str]) -> int:
        """Say in how many titles two words stand side by side; 1 when it is one or none."""
        return self._titles.get(" ".join(pair), 1)

    def rarity(self, word: str) -> float:
        """Say how much it tells that a title holds a word: 0.3 for one in most titles, 8 for one in a thousand."""
        return self._rarities.get(word, self._unseen)

    def rarity_of(self, pair: tuple[str, str]) -> float:
        """Say the same of two words side by side that some title holds."""
        return self._rarities.get(" ".join(pair), self._seen_once)

    def _rarity(self, titles: int) -> float:
        return math.log(1 + (self.all - titles + 0.5) / (titles + 0.5))

    def begun(self, start: str, *, most: int) -> list[str]:
        """Give the words that begin so, those of most titles first."""
        at = bisect_left(self._ordered, start)
        found = []
        while at < len(self._ordered) and self._ordered[at].startswith(start):
            found.append(self._ordered[at])
            at += 1
        return sorted(found, key=lambda word: (-self._titles[word], word))[:most]


@dataclass(frozen=True, slots=True)
class Knowledge:
    spellings: Spellings
    synonyms: Synonyms
    vocabulary: Vocabulary


def of(*, lines: Iterable[tuple[str, str]] = (), titles: dict[str, int] | None = None) -> Knowledge:
    """Give a knowledge that is made by hand, with nothing known of spellings."""
    return Knowledge(unpack(b""), Synonyms(lines), Vocabulary(dict(titles or {})))


def _read(_number: int) -> Knowledge:
    titles = dict(SearchWord.objects.values_list("word", "titles"))
    return Knowledge(unpack(memory.spellings()), synonyms.stored(), Vocabulary(titles))


_kept = memory.Kept(_read)
_tried: ContextVar[Knowledge | None] = ContextVar("tried", default=None)


def known() -> Knowledge:
    """Give what is known now; kept by each process until something is learnt."""
    return _tried.get() or _kept()


@contextmanager
def trying(tried: Synonyms) -> Iterator[None]:
    """Search with other synonyms than those of the database, within the block."""
    token = _tried.set(replace(known(), synonyms=tried))
    try:
        yield
    finally:
        _tried.reset(token)
