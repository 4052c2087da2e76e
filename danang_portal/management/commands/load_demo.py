"""Load everything that a demonstration needs. Safe and quick to repeat."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agencies import demo as agencies_demo
from procedures import demo as procedures_demo
from procedures import starters
from procedures.demo import beside
from results_vault import demo as results_demo

SHORTEST_PASSWORD = 12


class Command(BaseCommand):
    help = "Load demonstration agencies, officers and procedures. Needs DEMO=true: their passwords are known."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--procedures",
            metavar="FILE",
            type=Path,
            action="append",
            default=[],
            help="also import procedures from this file (JSON lines, plain or gzip); may be repeated",
        )

    def handle(self, *, procedures: list[Path], **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration accounts have known passwords. Set DEMO=true to load them.")
        if len(settings.DEMO_PASSWORD) < SHORTEST_PASSWORD:
            raise CommandError(f"DEMO_PASSWORD: at least {SHORTEST_PASSWORD} characters, please.")
        missing = [str(file) for file in procedures if not file.exists()]
        if missing:
            raise CommandError(f"--procedures: no such file: {', '.join(missing)}")
        at = timezone.now()
        self.stdout.write("agencies, officers, calendar and signing keys …")
        agencies_demo.load(at=at, password=settings.DEMO_PASSWORD)
        results_demo.load(at=at)
        if procedures:
            given = {"stdout": self.stdout, "stderr": self.stderr, "meanings": "worker"}
            call_command("import_procedures", *map(str, procedures), **given)
        self.stdout.write("procedures that can be filed online …")
        procedures_demo.load()
        self.stdout.write("starter services …")
        call_command("load_procedures", starters.FOLDER, open=True, new=True, stdout=StringIO())
        self.stdout.write("samples, video and obstacles beside them …")
        beside.load(at=at)
