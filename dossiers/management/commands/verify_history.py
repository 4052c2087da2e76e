from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dossiers import history


class Command(BaseCommand):
    help = "Check that no event of any dossier was changed, removed, added or reordered. Prints JSON on the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dossier", type=int, action="append", help="primary key; may be repeated")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = history.Verification()
        breaches = 0
        for breach in history.verify(counts, dossier_ids=options["dossier"]):
            breaches += 1
            self.stdout.write(f"dossier {breach.dossier_id}, event {breach.seq}: {breach.problem}")
        guard = history.guard_is_on()
        if not guard:
            self.stdout.write("the database trigger that keeps events append-only is missing or off")
        self.stdout.write(
            json.dumps(
                {"dossiers": counts.dossiers, "events": counts.events, "breaches": breaches, "guard": guard}
            )
        )
        if breaches or not guard:
            raise CommandError("the history does not hold", returncode=1)
