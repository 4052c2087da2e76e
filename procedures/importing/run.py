"""One import of one file, from its lines to the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from procedures.importing import writing
from procedures.importing.lines import read
from procedures.importing.records import BadRecord, parse
from procedures.importing.report import Report
from procedures.importing.writing import Entry

BATCH = 100  # records a transaction: large enough to be quick, small enough to be held in memory and retried


def import_file(
    path: Path,
    report: Report,
    *,
    at: datetime,
    dry_run: bool = False,
    on_lines: Callable[[int], object] = lambda lines: None,
) -> None:
    """Import a file that `lines.inspect` has found readable. Each record is written as a whole or not at all.

    :param on_lines: told how many lines are done, for a progress bar.
    :raises MalformedFile: the file changed after it was inspected.
    """
    entries = _entries(path, report, on_lines)
    while batch := list(islice(entries, BATCH)):
        if dry_run:
            writing.classify(batch)
        else:
            writing.write(batch, file_name=path.name, at=at)
        for entry in batch:
            report.add(path, entry)
        on_lines(len(batch))


def _entries(path: Path, report: Report, on_lines: Callable[[int], object]) -> Iterator[Entry]:
    first_lines: dict[str, int] = {}
    for line in read(path):
        try:
            if line.problem:
                raise BadRecord(line.problem)
            record = parse(line.text)
            if record.code in first_lines:
                raise BadRecord(f"code: repeated, first on line {first_lines[record.code]}", record.code)
        except BadRecord as bad:
            report.reject(path, line.number, bad.problem, bad.code)
            on_lines(1)
            continue
        first_lines[record.code] = line.number
        yield Entry(line.number, record)
