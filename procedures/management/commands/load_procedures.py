"""Load procedures from documents: as drafts, or published and opened at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from core.actor import Actor
from core.errors import InvalidInput, Refusal
from procedures import document, services
from procedures.models import ProcedureVersion


class Command(BaseCommand):
    help = (
        "Load procedures from YAML documents (export_procedures writes them). Each file is taken whole or not at all. "
        "A procedure whose version in force says the same already, or began later than the file, is not touched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a file, or a folder of them")
        parser.add_argument(
            "--open", action="store_true", help="approve, publish and open for filing, where that is possible"
        )

        parser.add_argument(
            "--new",
            action="store_true",
            help="leave procedures alone that take filings before the command begins",
        )

    def handle(self, *, paths: list[Path], open: bool, new: bool, **options: Any) -> None:
        files = [one for path in paths for one in _files(path)]
        fileable = ProcedureVersion.objects.open_for_filing().values_list("procedure__code", flat=True)
        left_alone = frozenset(fileable if new else ())
        refused = 0
        for path in files:
            try:
                outcome = load(path, is_opened=open, left_alone=left_alone)
            except Refusal as problem:
                refused += 1
                self.stderr.write(f"{path}: refused\n{_told(problem)}")
            else:
                self.stdout.write(f"{path}: {outcome}")
        if refused:
            raise CommandError(f"{refused} of {len(files)} files refused, the others are loaded")


@transaction.atomic
def load(path: Path, *, is_opened: bool, left_alone: Collection[str] = ()) -> str:
    """Load one file, unless its procedure is one of those to be left alone; say what became of it.

    :raises Refusal: the file is wrong, the procedure has a draft, or the version cannot be published or opened.
    """
    said = document.from_yaml(path.read_bytes())
    if said["code"] in left_alone:
        return "takes filings already"
    current = ProcedureVersion.objects.filter(current_of__code=said["code"]).first()
    if current is not None and not document.differences(document.of_version(current), said):
        return "unchanged"
    if current is not None and _began_later(current, said):
        return f"older than version {current.version_no}, which is in force"
    actor, at = Actor.system(), timezone.now()
    draft = services.bring_in(document=said, actor=actor, at=at)
    if not is_opened:
        return f"draft {draft.version_no}"
    services.approve(version_id=draft.pk, actor=actor, at=at)
    services.publish(version_id=draft.pk, actor=actor, at=at)
    draft.refresh_from_db()
    if not draft.is_fileable:
        services.open_for_filing(version_id=draft.pk, actor=actor, at=at)
    return f"version {draft.version_no} open for filing"


def _began_later(current: ProcedureVersion, said: Mapping[str, Any]) -> bool:
    """A folder may hold a procedure's former versions too: loaded again, they must not come back."""
    return bool(
        current.effective_from
        and said["effective_from"]
        and current.effective_from.isoformat() > said["effective_from"]
    )


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("*.yaml"))
    if not path.is_file():
        raise CommandError(f"no such file or folder: {path}")
    return [path]


def _told(problem: Refusal) -> str:
    if isinstance(problem, InvalidInput):
        return "\n".join(f"  {name}: {text}" for name, texts in problem.errors.items() for text in texts)
    return f"  {problem}"
