"""What a title is worth for a question.

The parts, each a number of its own: how much of the question the title says (rare words say more, words with the same
marks more than words without, words side by side more than apart), how much the rare pairs of words tell that it holds,
and that the papers and results of the procedure hold, how near the two mean, whether the title is a special case that
was not asked for, who decides (near the citizen first), and whether it can be filed here. Their weights were set on one
half of the judged questions and hold on the other; see `evaluate_search`.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from procedures.search import cases
from procedures.search.knowledge import Vocabulary
from procedures.search.query import Query
from procedures.search.synonyms import Phrase
from procedures.search.words import bare, marked, words, written
from procedures.states import Level

SHORTLIST = 80
_WORD_FOR_WORD = 0.97
_SHORT, _LONG = 3, 6  # words; a shorter question may stand in a title by chance
_WORTH_A_LOOK = 0.2  # of the most that any title holds of the question
_WORTH_SHOWING = 0.4  # of the best title's worth by words
_SECTOR = 1.0
_PAIRS = 0.5
_OTHER_MARKS = {True: 0.5, False: 0.8}  # typed with marks: a word with others is another word
_PRECISION = 0.1
_TITLE_PHRASES = 0.8
_PAPER_PHRASES = 0.4
_MEANING = 1.6
_MEANING_SPAN = 0.12  # of the cosine, below the nearest
_MEANT = 0.6  # of the nearest one's worth by meaning: the least that is shown without the words
_CHANGE_NOT_ASKED = 0.2
_CIRCUMSTANCE_NOT_ASKED = 0.1
_FILEABLE = 0.1
_NEAR_THE_CITIZEN = {Level.COMMUNE.value: 0.1, Level.PROVINCE.value: 0.05}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that may answer. ``words`` are those of its title without marks, as the catalogue keeps them."""

    pk: int
    title: str
    words: str
    sector: str
    levels: tuple[str, ...]
    is_fileable: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to say a part of the question: its words and neighbours, without marks, with them, and their rarity."""

    phrase: Phrase
    words: tuple[tuple[str, str, float], ...]
    pairs: tuple[tuple[tuple[str, str], tuple[str, str], float], ...]
    share: float
    mass: float
    most: float


@dataclass(frozen=True, slots=True)
class _Title:
    """The words of a title, in several forms."""

    bare: frozenset[str]
    marked: frozenset[str]
    bare_pairs: frozenset[tuple[str, str]]
    marked_pairs: frozenset[tuple[str, str]]
    padded: str
    change: str


class Ranking:
    """Ranks titles for one question."""

    def __init__(self, query: Query, vocabulary: Vocabulary) -> None:
        self._rarity = vocabulary.rarity
        self._phrases = {pair: vocabulary.rarity_of(pair) for pair in query.pairs}
        self._other_marks = _OTHER_MARKS[query.has_marks]
        self._groups = [
            ([self._way(phrase, is_typed=not at) for at, phrase in enumerate(group.phrases)], group.weight)
            for group in query.groups
        ]
        self._asked = query.words | frozenset(query.typed)
        self._length = len(query.typed)
        self._question = f" {' '.join(query.typed)} "
        self._said: dict[int, tuple[float, float]] = {}
        self._worth_of: dict[str, float] = {}
        for ways, weight in self._groups:
            for way in ways:
                for plain, _spelt, rarity in way.words:
                    worth = weight * rarity * way.share
                    self._worth_of[plain] = max(self._worth_of.get(plain, 0.0), worth)

    def shortlist(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Give those that hold most of the question, for a closer look."""
        worth_of = self._worth_of
        asked = worth_of.keys()
        rows = [
            (sum(worth_of[word] for word in asked & set(one.words.split())) + self._told(one), one)
            for one in candidates
        ]
        least = _WORTH_A_LOOK * max((worth for worth, _one in rows), default=0.0)
        best = heapq.nlargest(SHORTLIST, rows, key=lambda row: row[0])
        return [one for worth, one in best if worth >= least]

    def said(self, candidate: Candidate) -> float:
        """Say how much of the question a title says: 1 is all its words, more when they stand side by side."""
        return self._look(candidate)[0]

    def is_clear(self, candidates: Iterable[Candidate]) -> bool:
        """Say whether titles hold a question of some length as a whole, so that no others need be looked for."""
        return self._length >= _SHORT and any(map(self._holds, candidates))

    def is_sure(self, candidates: Iterable[Candidate]) -> bool:
        """Say whether one title, and no other, holds a long question as a whole: then nothing else need be asked."""
        return self._length >= _LONG and sum(map(self._holds, candidates)) == 1

    def _holds(self, candidate: Candidate) -> bool:
        # The last word may be half typed.
        return self._question.rstrip() in f" {candidate.words}"

    def is_said_in_full(self, candidates: Iterable[Candidate]) -> bool:
        """Say whether any title says the question word for word."""
        return any(self._look(one)[1] >= _WORD_FOR_WORD for one in candidates)

    def _look(self, candidate: Candidate) -> tuple[float, float]:
        """Say how much of the question a title says, and which share that is of all it could say."""
        known = self._said.get(candidate.pk)
        if known is None:
            known = self._said[candidate.pk] = self._compare(candidate)
        return known

    def _compare(self, candidate: Candidate) -> tuple[float, float]:
        title = _read(candidate.title)
        sector = _sector(candidate.sector)
        got = mass = most = 0.0
        last: Phrase = ()
        last_weight = 0.0
        held: set[str] = set()
        for ways, weight in self._groups:
            best, best_worth, best_judged = ways[0], -1.0, -1.0
            for way in ways:
                worth, judged = self._worth(way, title, sector)
                if judged > best_judged:
                    best, best_worth, best_judged = way, worth, judged
            got += weight * best_worth
            mass += weight * best.mass
            most += weight * best.most
            held.update(plain for plain, _spelt, _rarity in best.words if plain in title.bare)
            if last and best.phrase:
                lower = _PAIRS * min(last_weight, weight)
                got += lower * self._joint(last[-1], best.phrase[0], title)
                most += lower * max(self._rarity(bare(last[-1])), self._rarity(bare(best.phrase[0])))
            last, last_weight = best.phrase, weight
        whole = sum(map(self._rarity, title.bare)) or 1.0
        precision = _PRECISION * sum(map(self._rarity, held)) / whole
        return (got / mass if mass else 0.0) + precision, got / most if most else 0.0

    def order(
        self, candidates: Iterable[Candidate], near: Mapping[int, float], papers: Mapping[int, float]
    ) -> list[int]:
        """Put candidates in order, best first, and leave out those that are worth little beside the best.

        :param near: by version, how near the title means what was asked (a cosine); empty: not known.
        :param papers: by version, how much the phrases tell that its papers hold; empty: not asked.
        """
        given = list(candidates)
        nearest = max(near.values(), default=0.0)
        most_told = max(map(self._told, given), default=0.0) or 1.0
        most_in_papers = max(papers.values(), default=0.0) or 1.0
        rows = []
        for one in given:
            worth = self.said(one) + _TITLE_PHRASES * self._told(one) / most_told
            worth += _PAPER_PHRASES * papers.get(one.pk, 0.0) / most_in_papers
            meant = max(0.0, 1 - (nearest - near[one.pk]) / _MEANING_SPAN) if one.pk in near else 0.0
            rows.append((worth + _MEANING * meant + self._standing(one), worth, meant, one.pk))
        most_worth = max((worth for _score, worth, _meant, _pk in rows), default=0.0)
        shown = [row for row in rows if row[1] >= _WORTH_SHOWING * most_worth or row[2] >= _MEANT]
        return [pk for _score, _worth, _meant, pk in sorted(shown, key=lambda row: (-row[0], row[3]))]

    def _told(self, candidate: Candidate) -> float:
        """Say how much the phrases of the question tell that the title holds."""
        row = candidate.words.split()
        return sum(self._phrases[pair] for pair in set(pairwise(row)) & self._phrases.keys())

    def _standing(self, candidate: Candidate) -> float:
        """Give what a title is worth beside its words: plain cases, near the citizen, fileable here."""
        title = _read(candidate.title)
        worth = max((_NEAR_THE_CITIZEN.get(level, 0.0) for level in candidate.levels), default=0.0)
        worth -= _CIRCUMSTANCE_NOT_ASKED * cases.circumstances(title.padded, self._question)
        if title.change and title.change not in self._asked:
            worth -= _CHANGE_NOT_ASKED
        return worth + (_FILEABLE if candidate.is_fileable else 0.0)

    def _way(self, phrase: Phrase, *, is_typed: bool) -> _Way:
        plain = [bare(word) for word in phrase]
        spelt = [marked(word) for word in phrase]
        # An official phrase is longer than what was typed; that alone must not make it weigh more.
        share = 1.0 if is_typed else 1 / math.sqrt(len(phrase))
        rarities = [self._rarity(word) for word in plain]
        pairs = zip(pairwise(plain), pairwise(spelt), pairwise(rarities), strict=True)
        return _Way(
            phrase,
            tuple(zip(plain, spelt, rarities, strict=True)),
            tuple((two, two_spelt, max(rarity)) for two, two_spelt, rarity in pairs),
            share,
            sum(rarities) * share,
            (sum(rarities) + _PAIRS * sum(max(two) for two in pairwise(rarities))) * share,
        )

    def _worth(self, way: _Way, title: _Title, sector: frozenset[str]) -> tuple[float, float]:
        """Give what a way is worth in a title, and by what it is compared with other ways."""
        single = beside = double = 0.0
        for plain, spelt, rarity in way.words:
            if plain in title.bare:
                single += rarity if spelt in title.marked else rarity * self._other_marks
            elif plain in sector:
                beside += rarity
        for pair, spelt_pair, rarity in way.pairs:
            if pair in title.bare_pairs:
                double += rarity if spelt_pair in title.marked_pairs else rarity * self._other_marks
        worth = single + _SECTOR * beside + _PAIRS * double
        return worth * way.share, (single + 0.5 * beside + double) * way.share

    def _joint(self, left: str, right: str, title: _Title) -> float:
        pair = (bare(left), bare(right))
        if pair not in title.bare_pairs:
            return 0.0
        rarity = max(map(self._rarity, pair))
        same = (marked(left), marked(right)) in title.marked_pairs
        return rarity if same else rarity * self._other_marks


@lru_cache(maxsize=2_048)  # about the titles of one city
def _read(title: str) -> _Title:
    row = written(title)
    plain = [bare(word) for word in row]
    spelt = [marked(word) for word in row]
    return _Title(
        frozenset(plain),
        frozenset(spelt),
        frozenset(pairwise(plain)),
        frozenset(pairwise(spelt)),
        f" {' '.join(plain)} ",
        cases.change(title),
    )


@lru_cache(maxsize=512)
def _sector(name: str) -> frozenset[str]:
    return frozenset(words(name))
