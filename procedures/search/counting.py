"""In how many current titles each word stands, and each two side by side: what is rare says more.

One title more or less changes some dozen counts; only those are written when a procedure is published, since counting
a hundred thousand titles takes most of a minute.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise

from django.db import connection, transaction

from procedures.models import PaperPhrases, ProcedureVersion, SearchWord
from procedures.search import memory, phrases
from procedures.search.memory import Part
from procedures.search.words import LONGEST_WORD, words

MOST_PAIRS = 40_000  # those of most titles; every process holds them

_ALL = ""
_CHANGE = """
    INSERT INTO procedures_searchword AS known (word, titles)
    SELECT word, greatest(more, 0) FROM unnest(%s::text[], %s::int[]) AS change (word, more)
    WHERE word NOT LIKE '%% %%' OR EXISTS (SELECT FROM procedures_searchword WHERE word = change.word)
    ORDER BY word
    ON CONFLICT (word) DO UPDATE SET titles = greatest(known.titles + %s, 0)
"""


@transaction.atomic
def count_words() -> None:
    """Count all anew, after an import and once a day: what `count_changed` cannot know is right again. Takes seconds."""
    phrases.learn_missing()
    SearchWord.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO procedures_searchword (word, titles)
            SELECT word, ndoc FROM ts_stat(
                'SELECT version.title_search FROM procedures_procedureversion version'
                ' JOIN procedures_procedure procedure ON procedure.current_version_id = version.id'
            ) WHERE length(word) BETWEEN 1 AND %s
            """,
            [LONGEST_WORD],
        )
        cursor.execute(
            """
            INSERT INTO procedures_searchword (word, titles)
            SELECT word || ' ' || after, count(DISTINCT id) AS titles FROM (
                SELECT version.id, word, lead(word) OVER (PARTITION BY version.id ORDER BY place) AS after
                FROM procedures_procedureversion version
                JOIN procedures_procedure procedure ON procedure.current_version_id = version.id,
                unnest(string_to_array(version.name_words, ' ')) WITH ORDINALITY AS part (word, place)
            ) AS pairs
            WHERE length(word) + length(after) < %s AND word <> '' AND after <> ''
            GROUP BY 1 HAVING count(DISTINCT id) > 1 ORDER BY 2 DESC, 1 LIMIT %s
            """,
            [LONGEST_WORD, MOST_PAIRS],
        )
    SearchWord.objects.create(word=_ALL, titles=ProcedureVersion.objects.current().count())
    memory.has_changed(Part.KNOWLEDGE, Part.TITLES)


def terms_of(version: ProcedureVersion) -> frozenset[str]:
    """Give the words of a version's title and sector, and the title's pairs of words, as they are counted."""
    plain = words(f"{version.name} {version.short_name}")
    sector = words(version.sector.name) if version.sector else []
    pairs = (" ".join(pair) for pair in pairwise(plain))
    return frozenset(term for term in (*plain, *sector, *pairs) if len(term) <= LONGEST_WORD)


@transaction.atomic
def count_changed(*, before: Collection[str] | None, after: Collection[str] | None) -> None:
    """Count one title that has changed, come or gone, by its terms before and after; None: there was, or is, none.

    A pair of words that no two titles held is not known yet; the next `count_words` will know it. Where nothing has
    been counted, everything is.
    """
    if not SearchWord.objects.filter(word=_ALL).exists():
        count_words()
        return
    old, new = frozenset(before or ()), frozenset(after or ())
    gone, come = old - new, new - old
    if before is None:
        come |= {_ALL}
    if after is None:
        gone |= {_ALL}
    for terms, more in ((gone, -1), (come, 1)):
        _change(terms, more)
    memory.has_changed(Part.KNOWLEDGE, Part.TITLES)


def replace_phrases(*, gone: ProcedureVersion | None, come: ProcedureVersion) -> None:
    """Keep the phrases of the version in force in place of those of the one before it."""
    PaperPhrases.objects.filter(version=gone).delete()
    if not PaperPhrases.objects.filter(version=come).exists():
        phrases.keep(come)


def _change(terms: Iterable[str], more: int) -> None:
    chosen = sorted(
        terms
    )  # in one order, so that two who publish at once do not wait for each other in a ring
    if chosen:
        with connection.cursor() as cursor:
            cursor.execute(_CHANGE, [chosen, [more] * len(chosen), more])
