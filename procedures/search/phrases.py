"""Words side by side in the papers and results of a version: what a title leaves out, its papers often name.

Vietnamese words have several syllables, so two of them side by side say what each alone does not. Only whether a pair is
there is kept, not how often nor where: it ranks as well and needs no look at a long text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Func, TextField, Value

from procedures.models import PaperPhrases, ProcedureVersion
from procedures.search.words import words

Pair = tuple[str, str]

MOST_COMMON = 300  # versions: a pair that stands in more of them says too little to be asked for
_SHARE = 8  # nor one that stands in an eighth of all
_MOST_PAIRS = _FEWEST = 12
_GIVEN = 200
_ROW_START, _WORDS_READ = 400, 1_500
_BATCH = 200


def keep(version: ProcedureVersion) -> None:
    """Write the phrases of a version anew after its papers or results have changed."""
    PaperPhrases.objects.filter(version=version).delete()
    _write([version])


def is_missing() -> bool:
    """Say whether there are current versions that have not been read yet, as after an import that was killed."""
    return ProcedureVersion.objects.current().filter(phrases=None).exists()


def learn_missing() -> int:
    """Write the phrases of current versions that have none, and let go of others; say how many were written."""
    PaperPhrases.objects.filter(version__current_of__isnull=True).delete()
    rows = ProcedureVersion.objects.current().filter(phrases=None).order_by("pk").only("pk")
    waiting = rows.prefetch_related("result_types", "components").iterator(chunk_size=_BATCH)
    written = 0
    while versions := list(islice(waiting, _BATCH)):
        _write(versions)
        written += len(versions)
    return written


def found(pairs: Iterable[Pair], *, among: int) -> dict[int, float]:
    """Give the versions whose papers and results hold pairs of words, and how much these tell; one query.

    :param among: how many versions there are.
    """
    asked = [" ".join(pair) for pair in islice(pairs, _MOST_PAIRS)]
    if not asked:
        return {}
    most = min(MOST_COMMON, max(among // _SHARE, _FEWEST))
    one = "(SELECT %s AS pair, version_id FROM procedures_paperphrases WHERE pairs @@ %s::tsquery LIMIT %s)"
    with connection.cursor() as cursor:
        cursor.execute(
            # Words hold only a–z and 0–9, so nothing in them is syntax.
            f"WITH hit AS MATERIALIZED ({' UNION ALL '.join([one] * len(asked))}),"  # noqa: S608  (only placeholders are joined)
            " counted AS (SELECT version_id, count(*) OVER (PARTITION BY pair) AS times FROM hit)"
            " SELECT version_id, sum(ln(1 + (%s - times + 0.5) / (times + 0.5))) AS worth FROM counted"
            " WHERE times <= %s GROUP BY version_id ORDER BY worth DESC, version_id LIMIT %s",
            [
                *(value for at, pair in enumerate(asked) for value in (at, f"'{pair}'", most + 1)),
                max(among, most),
                most,
                _GIVEN,
            ],
        )
        return {pk: float(worth) for pk, worth in cursor.fetchall()}


def _write(versions: list[ProcedureVersion]) -> None:
    PaperPhrases.objects.bulk_create(
        (PaperPhrases(version=version, pairs=_lexemes(sorted(_pairs_of(version)))) for version in versions),
        ignore_conflicts=True,
    )


def _pairs_of(version: ProcedureVersion) -> set[str]:
    rows = [result.name for result in version.result_types.all()]
    rows += [f"{paper.name} {paper.group}"[:_ROW_START] for paper in version.components.all()]
    return {" ".join(pair) for pair in pairwise(islice(_words(rows), _WORDS_READ))}


def _words(rows: Iterable[str]) -> Iterator[str]:
    return chain.from_iterable(map(words, rows))


def _lexemes(pairs: list[str]) -> Func:
    given = Value(pairs, output_field=ArrayField(TextField()))
    return Func(given, function="array_to_tsvector")
