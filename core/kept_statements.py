"""Statements written once and asked again and again: writing one with the ORM costs several times what its answer costs.

A statement is written with stand-ins, values that nothing else has, and kept; asking puts the values in their places.
The database keeps it too, for as long as the connection lives, and plans it only now and then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import NotSupportedError, connection
from django.db.models import QuerySet

ANY_MOMENT = datetime(1, 1, 2, tzinfo=UTC)
ANY_ID = -987_654_321
ANY_TEXT = "any-text-987654321"


class Statement:
    """A query of plain columns, with its values; empty when it can find nothing.

    :param text: SQL with ``%s`` for each of ``values``.
    :param table: what the query is about; the database's views of what runs show it.
    """

    def __init__(self, text: str, values: Sequence[Any], *, table: str = "") -> None:
        self.text, self.values = text, tuple(values)
        self._name = f"kept_{table}_{hashlib.sha256(repr((text, self.values)).encode()).hexdigest()[:12]}"
        self._prepared: str | None = None

    def rows(self, stand_ins: Mapping[Any, Any], *, prepare: bool = True) -> list[tuple[Any, ...]]:
        """Ask the database with these values in place of their stand-ins.

        :param stand_ins: the same ones each time.
        :param prepare: not for what a connection asks only once or twice.
        """
        if not self.text:
            return []
        values = [stand_ins.get(value, value) for value in self.values]
        # Behind a pooler that gives every transaction another connection, neither cursors nor statements are kept.
        if not prepare or connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            return _answer(self.text, values)
        asked = [stand_ins[value] for value in self.values if value in stand_ins]
        self._be_prepared(stand_ins)
        places = f" ({', '.join(['%s'] * len(asked))})" if asked else ""
        try:
            return _answer(f"EXECUTE {self._name}{places}", asked)
        except NotSupportedError:  # a column has another type since
            if connection.in_atomic_block:
                raise
            connection.prepared.discard(self._name)  # type: ignore[attr-defined]  # of our own engine
            _tell(f"DEALLOCATE {self._name}")
            return _answer(self.text, values)

    def _be_prepared(self, stand_ins: Mapping[Any, Any]) -> None:
        connection.ensure_connection()
        known: set[str] = connection.prepared  # type: ignore[attr-defined]  # of our own engine
        if self._name in known:
            return
        if self._prepared is None:
            self._prepared = self._with_places(stand_ins)
        _tell(f"PREPARE {self._name} AS {self._prepared}")
        known.add(self._name)

    def _with_places(self, stand_ins: Mapping[Any, Any]) -> str:
        """Write the text with numbered places for what changes, and with all else in it: partial indexes need to know."""
        *parts, rest = self.text.replace("%%", "\0").split("%s")
        written, number = [], 0
        with connection.connection.cursor() as cursor:
            for part, value in zip(parts, self.values, strict=True):
                if value in stand_ins:
                    number += 1
                    written.append(f"{part}${number}")
                else:
                    written.append(part + cursor.mogrify("%s", [value]).decode())
        return "".join([*written, rest]).replace("\0", "%")


def statement(queryset: QuerySet[Any, Any]) -> Statement:
    """Write the statement of a queryset whose values come back as the database gives them."""
    table = queryset.model._meta.db_table
    try:
        text, values = queryset.query.sql_with_params()
    except EmptyResultSet:
        return Statement("", (), table=table)
    return Statement(text, values, table=table)


def _answer(text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall()


def _tell(text: str) -> None:
    """Send what is no question, past those who count questions."""
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(text)
