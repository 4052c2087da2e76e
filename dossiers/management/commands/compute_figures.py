"""Count what became of each procedure's dossiers, as the task at night does."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from dossiers import figures


class Command(BaseCommand):
    help = "Count what became of the dossiers of each procedure in the last year, for its page. The last line is JSON."

    def handle(self, **options: Any) -> None:
        self.stdout.write(json.dumps({"procedures": figures.compute(at=timezone.now())}))
