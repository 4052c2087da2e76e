"""Write procedures as documents: one YAML file each, for review and version control."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procedures import document
from procedures.models import ProcedureVersion


class Command(BaseCommand):
    help = "Write procedures as YAML documents: to the screen, or each to its own file of a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("codes", metavar="CODE", nargs="+", help="national code, for example 1.004873")
        parser.add_argument(
            "--version-no", type=int, help="a version by its number (default: the one in force)"
        )
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="write CODE.yaml into this folder")

    def handle(self, *, codes: list[str], version_no: int | None, to: Path | None, **options: Any) -> None:
        versions = [_version(code, version_no) for code in codes]
        for version in versions:
            text = document.to_yaml(document.of_version(version))
            if to is None:
                self.stdout.write(text)
                continue
            to.mkdir(parents=True, exist_ok=True)
            path = to / f"{version.procedure.code}.yaml"
            path.write_text(text, encoding="utf-8")
            self.stdout.write(str(path))


def _version(code: str, version_no: int | None) -> ProcedureVersion:
    rows = ProcedureVersion.objects.select_related("procedure", "sector", "competent_agency")
    wanted = (
        rows.filter(current_of__code=code)
        if version_no is None
        else rows.filter(procedure__code=code, version_no=version_no)
    )
    version = wanted.first()
    if version is None:
        which = "in force" if version_no is None else f"with number {version_no}"
        raise CommandError(f"procedure {code} has no version {which}")
    return version
