"""Find procedures: rare words of the question choose some hundreds of titles, all its words rank them.

Ranking every match costs more than finding it, so the set is capped before it is ranked. A title is worth the
rarity of the words it holds, more for words that stand together as in the question, less the longer it is. Only
when titles give little are the long texts asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q

from procedures.models import ProcedureVersion, ProcedureVersionQuerySet, SearchWord
from procedures.search import query as queries
from procedures.search.query import Phrase, Query
from procedures.search.words import words

CANDIDATES = 500
_FEW = 10
_FROM_TEXT = 50
_WORTH_SHOWING = 0.4  # of the best title's score
_SECTOR_WEIGHT = 0.5
_NEIGHBOURS = 1.0
_USUAL_LENGTH = 18  # words of a title
_LENGTH_WEIGHT = 0.35


@dataclass(frozen=True, slots=True)
class Found:
    """Versions in order of rank, at most `CANDIDATES`; ``marked`` are the words to highlight in their names."""

    ids: tuple[int, ...]
    marked: frozenset[str]


def find(text: str, among: ProcedureVersionQuerySet) -> Found:
    """Rank the versions of ``among`` (current ones) that answer a question. Four database queries at most."""
    query = queries.parse(text)
    if query.code and (exact := _by_code(query.code, among)):
        return Found(exact, frozenset())
    known = _known_words(query)
    query = _completed(query, known)
    ids = _by_title(query, known, among)
    if len(ids) < _FEW:
        ids += [pk for pk in _by_text(query, among) if pk not in set(ids)]
    return Found(tuple(ids), query.words)


def _by_code(code: str, among: ProcedureVersionQuerySet) -> tuple[int, ...]:
    return tuple(
        among.filter(procedure__code__startswith=code)
        .order_by("procedure__code")
        .values_list("pk", flat=True)[:20]
    )


def _known_words(query: Query) -> dict[str, int]:
    """Give the number of titles for each word of the question, for words that its last one begins, and for all ("")."""
    wanted = Q(word__in=[*query.words, ""])
    if query.typed and len(query.typed[-1]) > 1:
        wanted |= Q(word__startswith=query.typed[-1])
    return dict(SearchWord.objects.filter(wanted).order_by("-titles").values_list("word", "titles")[:200])


def _completed(query: Query, known: Mapping[str, int]) -> Query:
    """Let the last word stand for the commonest words that it begins, as it may be half typed."""
    if not query.groups or query.typed[-1] in known:
        return query
    begun = [(word,) for word in known if word.startswith(query.typed[-1])][:5]
    return Query(query.code, (*query.groups[:-1], (*query.groups[-1], *begun)))


def _by_title(query: Query, known: Mapping[str, int], among: ProcedureVersionQuerySet) -> list[int]:
    chosen: list[str] = []
    total = 0
    for word in sorted((word for word in query.words if word in known), key=lambda word: known[word]):
        if chosen and total + known[word] > CANDIDATES:
            break
        chosen.append(word)
        total += known[word]
    if not chosen:
        return []
    rows = (
        among.filter(title_search=_any_of(chosen))
        .order_by("pk")
        .values_list("pk", "name_words", "sector__name")[:CANDIDATES]
    )
    weights = _Weights(query, known)
    scored = sorted(
        ((weights.of(name, sector or ""), pk) for pk, name, sector in rows), key=lambda one: (-one[0], one[1])
    )
    return [pk for score, pk in scored if score >= _WORTH_SHOWING * scored[0][0]]


def _by_text(query: Query, among: ProcedureVersionQuerySet) -> list[int]:
    """Ask the long texts for all words of the question, or the official words for them."""
    asked: SearchQuery | None = None
    for group in query.groups:
        either: SearchQuery | None = None
        for phrase in group:
            one = SearchQuery(" & ".join(phrase), config="simple", search_type="raw")
            either = one if either is None else either | one
        if either is not None:
            asked = either if asked is None else asked & either
    if asked is None:
        return []
    matching = among.filter(body_search=asked).order_by().values("pk")[:CANDIDATES]
    ranked = ProcedureVersion.objects.filter(pk__in=matching).annotate(
        rank=SearchRank(F("body_search"), asked)
    )
    return list(ranked.order_by("-rank", "pk").values_list("pk", flat=True)[:_FROM_TEXT])


def _any_of(chosen: Iterable[str]) -> SearchQuery:
    # Words hold only a–z and 0–9, so nothing in them is syntax.
    return SearchQuery(" | ".join(chosen), config="simple", search_type="raw")


class _Alternative:
    """One way to say a part of the question, with all that does not depend on the title."""

    def __init__(self, phrase: Phrase, rarity: Mapping[str, float], *, is_typed: bool) -> None:
        self.phrase = phrase
        self.words = [(word, rarity[word]) for word in phrase if word in rarity]
        self.pairs = [pair for pair in (_pair(*two, rarity) for two in pairwise(phrase)) if pair[1]]
        # An official phrase is longer than what was typed; that alone must not make it weigh more.
        self.share = 1.0 if is_typed else 1 / math.sqrt(len(phrase))

    def worth(self, padded: str, held: set[str], sector: frozenset[str]) -> float:
        worth = sum(weight for pair, weight in self.pairs if pair in padded)
        for word, weight in self.words:
            if word in held:
                worth += weight
            elif word in sector:
                worth += _SECTOR_WEIGHT * weight
        return worth * self.share


class _Weights:
    """What a title is worth for one question."""

    def __init__(self, query: Query, known: Mapping[str, int]) -> None:
        all_titles = max(known.get("", 0), 1)
        self.rarity = {
            word: math.log(1 + all_titles / (1 + titles)) for word, titles in known.items() if word
        }
        self.groups = [
            [_Alternative(phrase, self.rarity, is_typed=not at) for at, phrase in enumerate(group)]
            for group in query.groups
        ]
        self.joints: dict[tuple[str, str], tuple[str, float]] = {}
        self.sectors: dict[str, frozenset[str]] = {}

    def of(self, name_words: str, sector: str) -> float:
        padded, split = f" {name_words} ", name_words.split()
        held = set(split)
        if sector not in self.sectors:
            self.sectors[sector] = frozenset(words(sector))
        score = 0.0
        taken: list[str] = []
        for group in self.groups:
            best, best_worth = group[0], -1.0
            for one in group:
                worth = one.worth(padded, held, self.sectors[sector])
                if worth > best_worth:
                    best, best_worth = one, worth
            score += best_worth
            taken += best.phrase
        score += self._neighbours(taken, padded)
        return score / math.sqrt(1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * len(split) / _USUAL_LENGTH)

    def _neighbours(self, phrase: list[str], padded: str) -> float:
        worth = 0.0
        for two in pairwise(phrase):
            if two not in self.joints:
                self.joints[two] = _pair(*two, self.rarity)
            pair, weight = self.joints[two]
            if weight and pair in padded:
                worth += weight
        return worth


def _pair(left: str, right: str, rarity: Mapping[str, float]) -> tuple[str, float]:
    """Give two neighbours as they stand in a title, and what it is worth to hold them side by side."""
    return f" {left} {right} ", _NEIGHBOURS * min(rarity.get(left, 0.0), rarity.get(right, 0.0))
