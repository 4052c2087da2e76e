"""The register as a table for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone

from dossiers.register_book import COLUMNS, Row

BOM = "\ufeff"
"""Without it spreadsheet programs take UTF-8 for another alphabet."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that gives back what is written into it: the response sends each line as it comes."""

    def write(self, value: str) -> str:
        return value


def csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Give the lines of a CSV file, one at a time; a cell that a spreadsheet would compute is made text."""
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow([str(column) for column in COLUMNS])
    for row in rows:
        yield writer.writerow([_cell(value) for value in cells(row)])


def cells(row: Row) -> list[str]:
    """Give a line in the order of the form's columns, as text."""
    return [
        str(row.number),
        row.code,
        row.procedure,
        str(row.count),
        row.owner,
        row.contact,
        row.agency,
        _moment(row.received_at),
        _moment(row.due_at),
        _moment(row.returned_at),
        row.method,
        row.receiver,
        row.note,
    ]


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M}" if at else ""


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
