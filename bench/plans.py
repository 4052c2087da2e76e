"""Which plans the database chooses for the queries of a page, asked by the page itself.

    python -m bench.plans COOKIE PATH…

Runs in the portal's own environment, plays a browser that holds the cookie ``NAME=VALUE``, and prints one JSON object:
for every path the queries that read dossiers, each with its plan.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danang_portal.settings")
django.setup()

from django.db import connection
from django.test import Client


def plans(path: str, *, cookie: tuple[str, str]) -> list[dict[str, str]]:
    """Ask for a page, and explain every query of it that reads dossiers.

    :raises RuntimeError: the page does not answer 200.
    """
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:
        if "dossiers_dossier" in statement:
            asked.append((statement, values))
        return execute(statement, values, many, context)

    browser = Client(SERVER_NAME="127.0.0.1")
    browser.cookies[cookie[0]] = cookie[1]
    with connection.execute_wrapper(note):
        answer = browser.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    explained = []
    with connection.cursor() as cursor:
        for statement, values in asked:
            cursor.execute(f"EXPLAIN {statement}", values)
            explained.append({"query": statement, "plan": "\n".join(line for (line,) in cursor.fetchall())})
    return explained


if __name__ == "__main__":
    name, _, value = sys.argv[1].partition("=")
    print(json.dumps({path: plans(path, cookie=(name, value)) for path in sys.argv[2:]}))
