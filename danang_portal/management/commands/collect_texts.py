from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand

from danang_portal import translations

HEADER = {
    "Project-Id-Version": "danang-portal",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


class Command(BaseCommand):
    help = "Bring locale/en/LC_MESSAGES/django.po up to date with the texts in templates and code."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        po = polib.pofile(str(path), wrapwidth=100) if path.exists() else polib.POFile(wrapwidth=100)
        po.metadata = HEADER
        came, gone = translations.update(po, translations.collect(Path(settings.BASE_DIR)))
        po.save(str(path))
        self.stdout.write(
            json.dumps(
                {
                    "texts": len(po),
                    "came": came,
                    "gone": gone,
                    "untranslated": len(translations.untranslated(po)),
                }
            )
        )
