"""Tables for spreadsheet programs, line by line: memory does not grow with the table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

BOM = "\ufeff"
"""Without it spreadsheet programs take UTF-8 for another alphabet."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that gives back what is written into it: the response sends each line as it comes."""

    def write(self, value: str) -> str:
        return value


def csv_lines(columns: Sequence[object], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Give the lines of a CSV file, one at a time; a cell that a spreadsheet would compute is made text."""
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow([str(column) for column in columns])
    for row in rows:
        yield writer.writerow([as_text(value) for value in row])


def as_text(value: str) -> str:
    """Keep a spreadsheet from computing a cell."""
    return f"'{value}" if value.startswith(_FORMULA) else value
