"""What is needed to understand a question: how words are written, what things are called, which words are rare."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from procedures.models import SearchWord
from procedures.search import memory, synonyms
from procedures.search.spelling import Spellings, unpack
from procedures.search.synonyms import Synonyms


class Vocabulary:
    """In how many current titles each word stands.

    :param titles: by word without marks; under "" the number of all titles.
    """

    def __init__(self, titles: dict[str, int]) -> None:
        self._titles = titles
        self._all = titles.pop("", 0)
        self._ordered = sorted(titles)

    def __contains__(self, word: str) -> bool:
        return word in self._titles

    def titles(self, word: str) -> int:
        return self._titles.get(word, 0)

    def rarity(self, word: str) -> float:
        """Say how much it tells that a title holds a word: 0.3 for one in most titles, 8 for one in a thousand."""
        titles = self._titles.get(word, 0)
        return math.log(1 + (self._all - titles + 0.5) / (titles + 0.5))

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


known = memory.Kept(_read)
"""Call it for what is known now; kept by each process until something is learnt."""
