"""Find procedures: rare words of the question choose some hundreds of titles, what titles say and mean ranks them.

Ranking every match costs more than finding it, so the set is capped before it is ranked (`ranking` says what a title
is worth). Papers, results and meanings are asked unless a title says the question word for word, since a question's
meaning costs more than all the rest; the long texts only when all that gives little.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

from procedures.models import ProcedureVersion, ProcedureVersionQuerySet
from procedures.search import knowledge, meaning, phrases
from procedures.search import query as queries
from procedures.search.knowledge import Vocabulary
from procedures.search.query import Group, Query
from procedures.search.ranking import Candidate, Ranking
from procedures.search.words import bare

CANDIDATES = 700
_FIRST = 150  # titles with the very rarest words; mostly they are enough
_FEW = 10
_FROM_TEXT = 50
_BY_MEANING = 50
_BEGUN = 5
_FROM_PAPERS = 50
_LITTLE = 0.65  # of the question said by the best title, where meanings are not known
_FAR = 0.885  # of the cosine: beyond, nothing means what was asked


@dataclass(frozen=True, slots=True)
class Found:
    """Versions in order of rank, at most `CANDIDATES`.

    ``marked`` are the words to highlight in their names, without marks. ``meant`` is the question as it was taken, when
    that is not what was typed. ``is_weak``: nothing says or means much of what was asked.
    """

    ids: tuple[int, ...]
    marked: frozenset[str] = frozenset()
    meant: str = ""
    is_weak: bool = False


def find(
    text: str, among: ProcedureVersionQuerySet, *, correct: bool = True, by_meaning: bool = True
) -> Found:
    """Rank the versions of ``among`` (current ones) that answer a question. Five database queries at most.

    :param correct: take words that nobody writes as near ones.
    :param by_meaning: compare meanings as well, where that is installed and words leave doubt.
    """
    query = queries.parse(text, knowledge.known(), correct=correct)
    if query.code:
        exact = _by_code(query.code, among)
        return Found(exact, is_weak=not exact)
    query = _completed(query, knowledge.known().vocabulary)
    ranked, is_weak = _ranked(query, knowledge.known().vocabulary, among, by_meaning=by_meaning)
    if len(ranked) < _FEW:
        ranked += [pk for pk in _by_text(query, among) if pk not in set(ranked)]
    meant = " ".join(query.written) if query.corrected else ""
    return Found(tuple(ranked), query.words, meant, is_weak or not ranked)


def _by_code(code: str, among: ProcedureVersionQuerySet) -> tuple[int, ...]:
    return tuple(
        among.filter(procedure__code__startswith=code)
        .order_by("procedure__code")
        .values_list("pk", flat=True)[:20]
    )


def _completed(query: Query, vocabulary: Vocabulary) -> Query:
    """Let the last word stand for the commonest words that it begins, as it may be half typed."""
    if not query.groups or len(query.typed[-1]) < 2 or query.typed[-1] in vocabulary:
        return query
    begun = [(word,) for word in vocabulary.begun(query.typed[-1], most=_BEGUN)]
    last = query.groups[-1]
    return replace(query, groups=(*query.groups[:-1], Group((*last.phrases, *begun), last.weight)))


def _ranked(
    query: Query, vocabulary: Vocabulary, among: ProcedureVersionQuerySet, *, by_meaning: bool
) -> tuple[list[int], bool]:
    """Give versions in order, and whether all of them say and mean little of what was asked."""
    ranking = Ranking(query, vocabulary)
    best = ranking.shortlist(_by_words(query, vocabulary, among, most=_FIRST))
    papers: dict[int, float] = {}
    near: dict[int, float] = {}
    if query.groups and not ranking.is_sure(best):
        if not ranking.is_clear(best):
            best = ranking.shortlist(_by_words(query, vocabulary, among, most=CANDIDATES))
            papers = _by_papers(query, vocabulary)
        meanings = meaning.current() if by_meaning else None
        if meanings is not None:
            direction = meaning.of_question(query.official)
            near = meanings.nearest(direction, most=_BY_MEANING)
        unseen = {*islice(papers, _FROM_PAPERS), *near}.difference(one.pk for one in best)
        best += _candidates(among.filter(pk__in=unseen))
        if meanings is not None:
            near |= meanings.how_near(direction, [one.pk for one in best])
    return ranking.order(best, near, papers), _is_weak(ranking, best, near)


def _is_weak(ranking: Ranking, best: list[Candidate], near: dict[int, float]) -> bool:
    """Say whether nothing answers the question. Where meanings are known they tell it better than words do."""
    if ranking.is_said_in_full(best):
        return False
    if near:
        return max(near.values()) < _FAR
    return max(map(ranking.said, best), default=0.0) < _LITTLE


def _by_words(
    query: Query, vocabulary: Vocabulary, among: ProcedureVersionQuerySet, *, most: int
) -> list[Candidate]:
    """Give titles with rare words of the question, or with two of its neighbours that stand rarely side by side."""
    telling = query.words
    terms = [(vocabulary.titles(word), word) for word in telling if word in vocabulary]
    terms += [
        (vocabulary.titles_with(pair), " & ".join(pair))
        for pair in query.pairs
        if telling.issuperset(pair) and " ".join(pair) in vocabulary
    ]
    chosen: list[str] = []
    total = 0
    for titles, term in sorted(terms):
        if chosen and total + titles > most:
            break
        if not set(term.split(" & ")) & set(chosen):
            chosen.append(term)
            total += titles
    if not chosen:
        return []
    return _candidates(among.filter(title_search=_any_of(chosen)).order_by()[:most])


def _by_papers(query: Query, vocabulary: Vocabulary) -> dict[int, float]:
    rare = sorted((vocabulary.titles_with(pair), pair) for pair in query.pairs)
    return phrases.found(
        (pair for titles, pair in rare if titles <= phrases.MOST_COMMON), among=vocabulary.all
    )


def _candidates(rows: ProcedureVersionQuerySet) -> list[Candidate]:
    columns = rows.values_list(
        "pk", "name", "short_name", "name_words", "sector__name", "levels", "is_fileable"
    )
    return [
        Candidate(pk, f"{name} {short}" if short else name, plain, sector or "", tuple(levels), is_fileable)
        for pk, name, short, plain, sector, levels, is_fileable in columns
    ]


def _by_text(query: Query, among: ProcedureVersionQuerySet) -> list[int]:
    """Ask the long texts for all words of the question that say something, or the official words for them."""
    asked: SearchQuery | None = None
    for group in [one for one in query.groups if one.weight == 1] or query.groups:
        either: SearchQuery | None = None
        for phrase in group.phrases:
            one = SearchQuery(" & ".join(bare(word) for word in phrase), config="simple", search_type="raw")
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
    return SearchQuery(" | ".join(f"({one})" for one in chosen), config="simple", search_type="raw")
