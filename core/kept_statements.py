"""Statements written once and asked again and again: writing one with the ORM costs several times what its answer costs.

A statement is written with stand-ins, values that nothing else has, and kept; asking puts the values in their places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

ANY_MOMENT = datetime(1, 1, 2, tzinfo=UTC)
ANY_ID = -987_654_321


@dataclass(frozen=True, slots=True)
class Statement:
    """The text of a query of plain columns, with its values; empty when it can find nothing."""

    text: str
    values: tuple[Any, ...]

    def rows(self, stand_ins: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
        """Ask the database with these values in place of their stand-ins."""
        if not self.text:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.text, [stand_ins.get(value, value) for value in self.values])
            return cursor.fetchall()


def statement(queryset: QuerySet[Any, Any]) -> Statement:
    """Write the statement of a queryset whose values come back as the database gives them."""
    try:
        text, values = queryset.query.sql_with_params()
    except EmptyResultSet:
        return Statement("", ())
    return Statement(text, tuple(values))
