"""Find procedures: rare words of the question choose some hundreds of titles, what titles say and mean ranks them.

Ranking every match costs more than finding it, so the set is capped before it is ranked (`ranking` says what a title
is worth). Papers, results and meanings are asked unless a title says the question word for word, since a question's
meaning costs more than all the rest; the long texts only when all that gives little.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from django.db import connection

from procedures.search import knowledge, meaning, phrases, titles
from procedures.search import query as queries
from procedures.search.knowledge import Vocabulary
from procedures.search.query import Group, Query
from procedures.search.ranking import Candidate, Ranking
from procedures.search.titles import Fits, Titles
from procedures.search.words import bare
from procedures.states import VersionStatus

CANDIDATES = 700
_FIRST = 150  # titles with the very rarest words; mostly they are enough
_FEW = 10
_FROM_TEXT = 50
_SMALL_PART = 2  # of the titles, one in so many
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


def find(text: str, fits: Fits | None = None, *, correct: bool = True, by_meaning: bool = True) -> Found:
    """Rank the published versions in force that answer a question. Three database queries at most.

    :param fits: leave out what is narrowed away by this; None: nothing.
    :param correct: take words that nobody writes as near ones.
    :param by_meaning: compare meanings as well, where that is installed and words leave doubt.
    """
    known, among = knowledge.known(), Among(titles.current(), fits)
    query = queries.parse(text, known, correct=correct)
    if query.code:
        exact = _by_code(query.code, among)
        return Found(exact, is_weak=not exact)
    query = _completed(query, known.vocabulary)
    ranked, is_weak = _ranked(query, known.vocabulary, among, by_meaning=by_meaning)
    if len(ranked) < _FEW:
        ranked += [pk for pk in _by_text(query, among) if pk not in set(ranked)]
    meant = " ".join(query.written) if query.corrected else ""
    return Found(tuple(ranked), query.words, meant, is_weak or not ranked)


@dataclass(frozen=True, slots=True)
class Among:
    """What is searched: the titles in force that fit."""

    titles: Titles
    fits: Fits | None

    def holding(self, terms: Iterable[str], *, most: int) -> list[Candidate]:
        return self.titles.holding(terms, most=most, fits=self.fits)

    def candidates(self, versions: Iterable[int]) -> list[Candidate]:
        return self.titles.candidates(versions, fits=self.fits)

    def few(self) -> list[int] | None:
        """Give all that fit where that is a small part, so that the database need not look at others; else None."""
        if self.fits is None:
            return None
        left = sum(times for cell, times in self.titles.counted().items() if self.fits(cell))
        return self.titles.that_fit(self.fits) if left * _SMALL_PART < len(self.titles) else None


def _by_code(code: str, among: Among) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_version_id FROM procedures_procedure WHERE code LIKE %s ORDER BY code LIMIT 200",
            [f"{code}%"],
        )
        found = [pk for (pk,) in cursor.fetchall() if pk is not None]
    return tuple(one.pk for one in among.candidates(found))[:20]


def _completed(query: Query, vocabulary: Vocabulary) -> Query:
    """Let the last word stand for the commonest words that it begins, as it may be half typed."""
    if not query.groups or len(query.typed[-1]) < 2 or query.typed[-1] in vocabulary:
        return query
    begun = [(word,) for word in vocabulary.begun(query.typed[-1], most=_BEGUN)]
    last = query.groups[-1]
    return replace(query, groups=(*query.groups[:-1], Group((*last.phrases, *begun), last.weight)))


def _ranked(
    query: Query, vocabulary: Vocabulary, among: Among, *, by_meaning: bool
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
        best += among.candidates(unseen)
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


def _by_words(query: Query, vocabulary: Vocabulary, among: Among, *, most: int) -> list[Candidate]:
    """Give titles with rare words of the question, or with two of its neighbours that stand rarely side by side."""
    telling = query.words
    terms = [(vocabulary.titles(word), word) for word in telling if word in vocabulary]
    terms += [
        (vocabulary.titles_with(pair), " ".join(pair))
        for pair in query.pairs
        if telling.issuperset(pair) and among.titles.has_pair(pair)
    ]
    chosen: list[str] = []
    total = 0
    for number, term in sorted(terms):
        if chosen and total + number > most:
            break
        if not set(term.split()) & set(chosen):
            chosen.append(term)
            total += number
    return among.holding(chosen, most=most)


def _by_papers(query: Query, vocabulary: Vocabulary) -> dict[int, float]:
    rare = sorted((vocabulary.titles_with(pair), pair) for pair in query.pairs)
    return phrases.found(
        (pair for titles, pair in rare if titles <= phrases.MOST_COMMON), among=vocabulary.all
    )


def _by_text(query: Query, among: Among) -> list[int]:
    """Ask the long texts for all words of the question that say something, or the official words for them."""
    asked = [group for group in query.groups if group.weight == 1] or query.groups
    # Words hold only a–z and 0–9, so nothing in them is syntax.
    whole = " & ".join(
        f"({' | '.join(' & '.join(map(bare, phrase)) for phrase in group.phrases)})" for group in asked
    )
    if not whole:
        return []
    chosen = among.few()
    within = "" if chosen is None else "AND version.id = ANY(%(chosen)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            # Only a place for a value is put in, or nothing.
            "SELECT id FROM (SELECT version.id, body_search FROM procedures_procedureversion version"  # noqa: S608
            " JOIN procedures_procedure procedure ON procedure.current_version_id = version.id"
            " WHERE body_search @@ to_tsquery('simple', %(asked)s) AND version.status = %(status)s"
            f" {within} LIMIT {CANDIDATES}) AS found"
            " ORDER BY ts_rank(body_search, to_tsquery('simple', %(asked)s)) DESC, id",
            {"asked": whole, "status": VersionStatus.PUBLISHED, "chosen": chosen},
        )
        found = [pk for (pk,) in cursor.fetchall()]
    return [one.pk for one in among.candidates(found)][:_FROM_TEXT]
