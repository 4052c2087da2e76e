from __future__ import annotations

import json
import os
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
        '{"start": "2026-03-02T09:00", "unit": "working_day", "value": 3}. Units: working_day, working_hour, '
        "calendar_day, month, same_day (without value). Optional: mode (EXACT or END_OF_DAY), policy (pause or "
        "restart), pauses ([[from, to], …]). Times are local. Counts by the official days; needs no database. "
        'A line that cannot be answered gets {"line", "field", "error", "fix"} in its place ("file" too where files '
        "are named), the lines after it are answered, and the command ends with status 1. A file that cannot be "
        "read ends it at once."
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
        try:
            self._answer(options)
        except BrokenPipeError:
            # Whoever reads has read enough, as `head` does; Python must not write the rest when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _answer(self, options: dict[str, Any]) -> None:
        calendar = Calendar(official_days())
        bad = 0
        for place, line in _lines(options["files"]):
            if not line.strip():
                continue
            try:
                answered = answer(calendar, line, brief=options["brief"])
            except BadQuestion as problem:
                bad += 1
                answered = place | {"field": problem.field, "error": str(problem), "fix": problem.fix}
            self.stdout.write(_printable(json.dumps(answered, ensure_ascii=False)))
        if bad:
            raise CommandError(f"{bad} lines could not be answered; each says why", returncode=1)


def _printable(text: str) -> str:
    """Write what no encoding knows, such as half a character, as the escape that it came as."""
    return text.encode("utf-8", "backslashreplace").decode()


def _lines(files: Iterable[str]) -> Iterator[tuple[dict[str, Any], str]]:
    """Give all lines with their place: the number in their file, and its name.

    :raises CommandError: a file cannot be read.
    """
    if not files:
        # Bytes that are no text make a bad line, not an end.
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
        for number, line in enumerate(sys.stdin, start=1):
            yield {"line": number}, line
    for name in files:
        try:
            with Path(name).open(encoding="utf-8-sig", errors="replace") as lines:
                for number, line in enumerate(lines, start=1):
                    yield {"file": name, "line": number}, line
        except OSError as problem:
            raise CommandError(f"{name}: {problem.strerror}; name a file of JSON lines") from problem
