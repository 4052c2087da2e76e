"""A catalogue of invented procedures for the search under test.

    python -m bench.seeds.catalogue PROCEDURES FILE

FILE receives the questions of the load as JSON, ``[["no marks", "cap giay phep …"], …]``. Runs in the portal's own
environment. The rows are copied and joined in SQL: a hundred thousand take a minute, not an hour. Their meanings are
drawn, not computed: they cost a search as much as real ones and mean nothing.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danang_portal.settings")
django.setup()

import numpy
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from bench.seeds import titles
from core.vietnamese import sort_key
from procedures.models import ProcedureVersion, TitleMeaning
from procedures.search import counting, directions, index, meaning
from procedures.search.words import words
from procedures.sectors import sector_named
from procedures.states import Catalogue, Level, VersionStatus

QUESTIONS = 3_000
PHRASES = """
INSERT INTO procedures_paperphrases (version_id, pairs)
SELECT id, array_to_tsvector(array_agg(DISTINCT word || ' ' || after)) FROM (
    SELECT version.id, word, lead(word) OVER (PARTITION BY version.id ORDER BY place) AS after
    FROM procedures_procedureversion version, unnest(string_to_array(execution_sequence, ' ')) WITH ORDINALITY AS part (word, place)
    WHERE version.procedure_id IN (SELECT id FROM procedures_procedure WHERE code LIKE '8.%')
) AS pairs WHERE after IS NOT NULL GROUP BY id
"""
_SECTORS = 40
_AT_ONCE = 10_000


def seed(procedures: int) -> list[list[str]]:
    """Fill the catalogue once; give the questions."""
    drawn = titles.Titles()
    names: list[str] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE invented (number int, name text, name_words text, name_sort text, body text,"
            " sector bigint, level text) ON COMMIT DROP"
        )
        sectors = [sector_named(f"Lĩnh vực minh họa {number:02d}").pk for number in range(_SECTORS)]
        levels = [level.value for level in Level]
        for first in range(0, procedures, _AT_ONCE):
            rows = io.StringIO()
            for number in range(first, min(first + _AT_ONCE, procedures)):
                name = drawn.title()
                names.append(name)
                fields = (
                    number,
                    name,
                    " ".join(words(name)),
                    sort_key(name[: index.SORTED_CHARACTERS]),
                    " ".join(words(drawn.text())),
                    sectors[number % _SECTORS],
                    levels[number % len(levels)],
                )
                rows.write("\t".join(map(str, fields)) + "\n")
            rows.seek(0)
            cursor.copy_from(rows, "invented")
        _join(cursor)
    with connection.cursor() as cursor:
        cursor.execute(PHRASES)
    counting.count_words()
    index.learn_spellings()
    _draw_meanings()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return [[one.kind, one.text] for one in titles.questions(names, number=QUESTIONS)]


def _join(cursor: CursorWrapper) -> None:
    """Make a procedure and its published version of each invented row; all else is as in an empty version."""
    given = {
        "procedure_id": "procedure.id",
        "name": "invented.name",
        "name_words": "invented.name_words",
        "name_sort": "invented.name_sort",
        "title_search": "setweight(to_tsvector('simple', invented.name_words), 'A')",
        "body_search": "setweight(to_tsvector('simple', invented.body), 'D')",
        "execution_sequence": "invented.body",
        "sector_id": "invented.sector",
        "levels": "ARRAY[invented.level]::varchar[]",
    }
    execute = cursor.execute
    execute(
        "INSERT INTO procedures_procedure (code, catalogue, created_at, updated_at)"
        " SELECT '8.' || lpad(number::text, 6, '0'), %s, now(), now() FROM invented",
        [Catalogue.ADMINISTRATIVE],
    )
    blank = ProcedureVersion(status=VersionStatus.PUBLISHED)
    values: list[object] = []
    columns = {
        field.column: field for field in ProcedureVersion._meta.concrete_fields if not field.primary_key
    }
    chosen = []
    for column, field in columns.items():
        if column in given:
            chosen.append(given[column])
        elif isinstance(field, models.DateTimeField) and not field.null:
            chosen.append("now()")
        else:
            chosen.append("%s")
            values.append(field.get_db_prep_save(field.value_from_object(blank), connection))
    execute(
        f"INSERT INTO procedures_procedureversion ({', '.join(columns)}) SELECT {', '.join(chosen)} FROM invented"
        " JOIN procedures_procedure procedure ON procedure.code = '8.' || lpad(number::text, 6, '0')",
        values,
    )
    execute(
        "UPDATE procedures_procedure procedure SET current_version_id = version.id"
        " FROM procedures_procedureversion version"
        " WHERE version.procedure_id = procedure.id AND procedure.code LIKE '8.%%'",
        [],
    )


def _draw_meanings() -> None:
    chance = numpy.random.default_rng(titles.SEED)
    with connection.cursor() as cursor:
        for rows in _in_portions():
            lines = io.StringIO()
            drawn = chance.normal(size=(len(rows), directions.DIMENSIONS))
            drawn /= numpy.linalg.norm(drawn, axis=1, keepdims=True)
            for (pk, name), direction in zip(rows, drawn, strict=True):
                lines.write(f"{pk}\t{meaning.digest(name)}\t\\\\x{directions.packed(direction).hex()}\n")
            lines.seek(0)
            cursor.copy_from(
                lines, TitleMeaning._meta.db_table, columns=("version_id", "text_digest", "direction")
            )
    meaning.have_changed()


def _in_portions() -> Iterator[list[tuple[int, str]]]:
    rows = ProcedureVersion.objects.current().filter(meaning=None).order_by("pk").values_list("pk", "name")
    everything = list(rows)
    for first in range(0, len(everything), _AT_ONCE):
        yield everything[first : first + _AT_ONCE]


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(seed(int(sys.argv[1]))))
