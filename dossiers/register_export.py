"""The register as a table for spreadsheets, as CSV or as a workbook; memory does not grow with the book."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO

import xlsxwriter
from django.utils import timezone

from core import spreadsheets
from core.spreadsheets import as_text
from dossiers.register_book import COLUMNS, Row


def csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Give the lines of a CSV file, one at a time; a cell that a spreadsheet would compute is made text."""
    return spreadsheets.csv_lines(COLUMNS, map(cells, rows))


WIDTHS = (8, 24, 40, 6, 28, 36, 32, 17, 17, 17, 18, 26, 30)
"""Of the workbook's columns, in characters."""


def workbook(rows: Iterable[Row], *, title: str) -> IO[bytes]:
    """Give an XLSX file, which the caller closes. Every cell but the numbers is text: a spreadsheet computes nothing.

    :param title: name of its one sheet.
    """
    options = {
        "constant_memory": True,  # each line goes to the disk as it comes
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 -- the response reads it to its end
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for at, width in enumerate(WIDTHS):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(COLUMNS):
        sheet.write_string(0, at, str(column), bold)
    for line, row in enumerate(rows, start=1):
        sheet.write_number(line, 0, row.number)
        for at, value in enumerate(cells(row)[1:], start=1):
            if value:
                sheet.write_string(line, at, as_text(value)[:LONGEST_CELL])
    book.close()
    file.seek(0)
    return file


LONGEST_CELL = 32_767
"""Characters that a cell of a workbook can hold."""


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
