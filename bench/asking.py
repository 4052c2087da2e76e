"""How long the database takes for a search, beside the query that is the limit for one, in turns.

    python -m bench.asking FILE ROUNDS

FILE holds the questions (`bench.seeds.catalogue`). Runs in the portal's own environment, and prints one JSON object:
the milliseconds of each search and of each query of the reference, by round, and for each kind of question the slowest
statement with its plan.

The reference looks for three words of a title in a table that has nothing but titles: at most 500 of them, ranked by
the database. That is the least a search can do; see `REFERENCE`.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danang_portal.settings")
django.setup()

from django.db import connection

from procedures import selectors
from procedures.search import titles
from procedures.search.words import words
from procedures.selectors import Filters

SEARCHES, WARM = 500, 60
MAKE = """
CREATE TABLE IF NOT EXISTS bench_title AS
    SELECT version.id, procedure.code, version.name, to_tsvector('simple', version.name_words) AS words
    FROM procedures_procedureversion version
    JOIN procedures_procedure procedure ON procedure.current_version_id = version.id;
CREATE INDEX IF NOT EXISTS bench_title_words ON bench_title USING gin (words);
ANALYZE bench_title;
"""
REFERENCE = """
SELECT id, code, name FROM (
    SELECT * FROM bench_title WHERE words @@ to_tsquery('simple', %(asked)s) LIMIT 500
) AS found
ORDER BY ts_rank_cd(words, to_tsquery('simple', %(asked)s)) DESC, id LIMIT 20
"""


class Watch:
    """Adds up the time in the database, and remembers the slowest statement."""

    def __init__(self) -> None:
        self.spent = 0.0
        self.slowest: tuple[float, str, Any] = (0.0, "", None)

    def __call__(self, execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(statement, values, many, context)
        finally:
            spent = time.perf_counter() - began
            self.spent += spent
            self.slowest = max(self.slowest, (spent, statement, values), key=lambda one: one[0])


def ask(questions: list[list[str]], *, rounds: int) -> dict[str, Any]:
    """Search and ask the reference in turns, after some that do not count."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE)
        cursor.execute("SELECT name FROM bench_title ORDER BY md5(code) LIMIT 2000")
        titles = [" ".join(words(name)) for (name,) in cursor.fetchall()]
    chance = random.Random(len(titles))
    wanted = [
        " & ".join(chance.sample(sorted(set(title.split())), 3)) for title in titles if len(title.split()) > 5
    ]
    searches: list[list[float]] = []
    references: list[list[float]] = []
    slowest: dict[str, tuple[float, str, Any]] = {}
    for number in range(rounds + 1):
        searches.append([])
        references.append([])
        for at, (kind, text) in enumerate(questions[: SEARCHES if number else WARM]):
            seen = _search(text)
            searches[number].append(1e3 * seen.spent)
            if number and seen.slowest[0] > slowest.get(kind, (0.0,))[0]:
                slowest[kind] = seen.slowest
            references[number].append(1e3 * _reference(wanted[at % len(wanted)]))
    plans = {kind: _plan(statement, values) for kind, (_spent, statement, values) in slowest.items()}
    return {"searches": searches[1:], "references": references[1:], "plans": plans}


def _search(text: str) -> Watch:
    watch = Watch()
    with connection.execute_wrapper(watch):
        selectors.catalogue(Filters(query=text))
    return watch


def _reference(asked: str) -> float:
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(REFERENCE, {"asked": asked})
        cursor.fetchall()
        return time.perf_counter() - began


def _plan(statement: str, values: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", values)
        return "\n".join([statement, *(line for (line,) in cursor.fetchall())])


if __name__ == "__main__":
    titles.current()
    print(json.dumps(ask(json.loads(Path(sys.argv[1]).read_text()), rounds=int(sys.argv[2]))))
