"""What an import did: counts for the table, and a file that gives the reasons line by line."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any, TextIO

from core.spreadsheets import as_text
from procedures.importing.writing import Entry, Outcome

COLUMNS = ("file", "line", "code", "result", "field", "reason", "text")


class Report:
    """Counts outcomes and writes reasons as they come, so that memory stays flat.

    The file is a tab-separated table with a header; ``result`` is ``rejected`` or ``flagged``. ``codes`` are all codes
    that were met; ``is_whole`` says that no line was lost whose code could not be read.
    """

    def __init__(self, file: TextIO) -> None:
        self.outcomes: Counter[str] = Counter()
        self.flagged = 0
        self.codes: set[str] = set()
        self.is_whole = True
        self.reasons: Counter[str] = Counter()
        self._rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        self._rows.writerow(COLUMNS)

    def reject(self, path: Path, line: int, problem: str, code: str = "") -> None:
        self.outcomes[Outcome.REJECTED] += 1
        self.is_whole = self.is_whole and bool(code)
        self.codes.add(code)
        self._rows.writerow((path.name, line, as_text(code), "rejected", "", "", as_text(problem)))

    def add(self, path: Path, entry: Entry) -> None:
        if entry.outcome is Outcome.REJECTED:
            self.reject(path, entry.line, entry.problem, entry.record.code)
            return
        self.outcomes[str(entry.outcome)] += 1
        self.codes.add(entry.record.code)
        if entry.outcome is Outcome.UNCHANGED or not entry.doubts:
            return
        self.flagged += 1
        for doubt in entry.doubts:
            self.reasons[doubt.reason] += 1
            self._rows.writerow(
                (
                    path.name,
                    entry.line,
                    entry.record.code,
                    "flagged",
                    doubt.field,
                    doubt.reason,
                    as_text(doubt.text),
                )
            )

    @property
    def changed(self) -> bool:
        """Say whether the catalogue is no longer what it was."""
        return bool(self.outcomes[Outcome.CREATED] or self.outcomes[Outcome.UPDATED])

    def figures(self) -> dict[str, Any]:
        """Give the counts by outcome, how many records are flagged, and the reasons with their counts."""
        return {outcome.value: self.outcomes[outcome] for outcome in Outcome} | {
            "flagged": self.flagged,
            "reasons": dict((+self.reasons).most_common()),
        }
