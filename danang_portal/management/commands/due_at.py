from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.working_time import Calendar, official_days
from core.working_time.questions import BadQuestion, answer


class Command(BaseCommand):
    help = (
        "Answer questions for due dates, one JSON object a line, from files or standard input: "
        '{"start": "2026-03-02T09:00", "unit": "working_day", "value": 3}. Optional: mode (EXACT or END_OF_DAY), '
        "policy (pause or restart), pauses ([[from, to], …]). Times are local. Counts by the official days; "
        "needs no database."
    )
    # A question of arithmetic: nothing of the portal has to be in order.
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="*", metavar="FILE", help="files of questions; standard input if none"
        )

        parser.add_argument("--brief", action="store_true", help="only due_at, for very many questions")

    def handle(self, *args: Any, **options: Any) -> None:
        calendar = Calendar(official_days())
        bad = 0
        for number, line in enumerate(_lines(options["files"]), start=1):
            if not line.strip():
                continue
            try:
                answered = answer(calendar, line, brief=options["brief"])
            except BadQuestion as problem:
                bad += 1
                answered = {"error": str(problem), "line": number, "field": problem.field}
            self.stdout.write(json.dumps(answered, ensure_ascii=False))
        if bad:
            raise CommandError(f"{bad} lines could not be answered; each says why", returncode=1)


def _lines(files: Iterable[str]) -> Iterator[str]:
    """Give all lines of the files, one after the other, counted through.

    :raises CommandError: a file cannot be read.
    """
    if not files:
        # Bytes that are no text make a bad line, not an end.
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
        yield from sys.stdin
    for name in files:
        try:
            with Path(name).open(encoding="utf-8-sig", errors="replace") as lines:
                yield from lines
        except OSError as problem:
            raise CommandError(f"{name}: {problem.strerror}; name a file of JSON lines") from problem
