"""Bring the database up to date in one go: tables, demo data, list of the demo accounts.

    python -m danang_portal.local.prepare ACCOUNTS.json

The list is written as JSON, and beside it as a table for people (.txt).

One process for all of it, because starting Django takes longer than the work on a second run.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path


def main(accounts: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danang_portal.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", interactive=False, skip_checks=True)
    if settings.DEMO:
        call_command("load_demo")
        for file, options in ((accounts, ["--json"]), (accounts.with_suffix(".txt"), [])):
            answer = io.StringIO()
            call_command("demo_accounts", *options, stdout=answer)
            file.write_text(answer.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
