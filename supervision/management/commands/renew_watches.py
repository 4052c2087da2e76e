"""Plan the alerts of open dossiers anew: after an import, or where the rules of alerts have changed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agencies.models import Agency
from supervision.services import watching


class Command(BaseCommand):
    help = "Plan the alerts of every open dossier anew. Safe to repeat, and while the portal runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", metavar="CODE", help="only dossiers that this agency decides")
        parser.add_argument(
            "--missing", action="store_true", help="only dossiers whose clock runs and that nobody watches"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["missing"]:
            done = total = watching.renew_unwatched(at=at)
            while done == watching.BATCH:
                done = watching.renew_unwatched(at=at)
                total += done
        else:
            total = watching.renew_all(at=at, agency_id=self._agency_id(options["agency"]))
        self.stdout.write(f"{total} dossiers planned anew.")

    def _agency_id(self, code: str | None) -> int | None:
        if not code:
            return None
        agency_id = Agency.objects.filter(code=code).values_list("pk", flat=True).first()
        if agency_id is None:
            raise CommandError(f"--agency: there is no agency {code}; give its code, for example H17.34.01.")
        return agency_id
