"""What the database server says of itself: whether it is safe, and which statements a database was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from bench.processes import parent

SAFE = ("fsync", "synchronous_commit", "full_page_writes")
"""What must be on: a figure that a power cut could turn into a lie is no figure."""

OWN_CHECK = "SELECT 1 FROM ONLY %FOR KEY SHARE OF x"
"""What the server asks by itself for every foreign key, as a pattern of LIKE."""


class NotSafe(Exception):
    """The server trades safety for speed."""


class Database:
    """One database of the server under test, seen through a connection of its own whose work is not counted."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.name = urlsplit(url).path.lstrip("/")
        self._line = psycopg2.connect(url, application_name="bench")
        self._line.autocommit = True

    def ask(
        self, statement: str | sql.Composable, values: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows, if it has any."""
        with self._line.cursor() as cursor:
            # Without values a % is just a %.
            cursor.execute(statement, values or None)
            return list(cursor.fetchall()) if cursor.description else []

    def run(self, script: str, values: Mapping[str, Any]) -> None:
        """Run a script of several statements in one transaction."""
        with self._line.cursor() as cursor:
            cursor.execute(script, values)

    def server_pid(self) -> int:
        """Return the process number of the server itself, the parent of all that works for it. Linux, this machine."""
        ((own,),) = self.ask("SELECT pg_backend_pid()")
        return parent(own)

    def close(self) -> None:
        self._line.close()

    def require_safety(self) -> None:
        """:raises NotSafe: a setting of `SAFE` is off, or statements cannot be counted."""
        off = [name for name in SAFE if self.ask(f"SHOW {name}") != [("on",)]]
        if off:
            raise NotSafe(
                f"The database server runs with {', '.join(off)} off. Start one that keeps what it confirms."
            )
        if "pg_stat_statements" not in str(self.ask("SHOW shared_preload_libraries")):
            raise NotSafe(
                "The server counts no statements. Add pg_stat_statements to its shared_preload_libraries."
            )

    def count_statements_from_here(self) -> None:
        """Begin the count of `statements` anew."""
        self.ask("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        self.ask(
            "SELECT pg_stat_statements_reset(0, oid, 0) FROM pg_database WHERE datname = current_database()"
        )

    def statements(self) -> tuple[int, float]:
        """Return how many statements this database was sent since the count began, and their milliseconds.

        The checks of foreign keys that the server runs by itself at a commit are not among them; the CPU time they
        take is in the CPU time of the server.
        """
        ((calls, spent),) = self.ask(
            "SELECT coalesce(sum(calls), 0)::bigint, coalesce(sum(total_exec_time), 0)::float FROM pg_stat_statements"
            " WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
            f" AND query NOT LIKE '%pg_stat_statements%' AND query NOT LIKE '{OWN_CHECK}'"
        )
        return calls, spent


def make_database(url: str, name: str, *, copy: bool = False) -> str:
    """Make a database beside the one at ``url`` and return its address.

    :param copy: with all that is in that database, which nobody may be using; empty otherwise.
    """
    source = urlsplit(url).path.lstrip("/") if copy else "template0"
    maintenance = Database(_named(url, "postgres"))
    try:
        maintenance.ask(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
        )
    finally:
        maintenance.close()
    return _named(url, name)


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
