"""Try a procedure from the terminal: lint and dry run as a checklist, JSON on the last line."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from designer import dry_run, trials
from procedures import selectors as catalogue
from procedures.models import ProcedureVersion
from procedures.states import VersionStatus
from procedures.trying.findings import Finding
from procedures.trying.lint import lint

_NEWEST = (VersionStatus.DRAFT, VersionStatus.APPROVED, VersionStatus.PUBLISHED)


class Command(BaseCommand):
    help = (
        "Lint a version of a procedure and send synthetic applicants through it; nothing of it stays. "
        "By default the draft, else the version in force. Ends with 1 where something is red."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("--version-no", type=int, help="number of the version")

    def handle(self, *, code: str, version_no: int | None, **options: Any) -> None:
        version = _version(code, version_no)
        with translation.override("vi"):
            found = self._try(version)
        red = [one for one in found if one.is_red]
        self.stdout.write(
            json.dumps(
                {
                    "code": code,
                    "version_no": version.version_no,
                    "revision": version.revision,
                    "red": len(red),
                    "amber": len(found) - len(red),
                    "findings": [asdict(one) for one in found],
                },
                ensure_ascii=False,
            )
        )
        if red:
            sys.exit(1)

    def _try(self, version: ProcedureVersion) -> list[Finding]:
        said = trials.said_by(version, revision=version.revision)
        at = timezone.now()
        found: list[Finding] = []
        self.stdout.write(
            f"{version.procedure.code} v{version.version_no} r{version.revision}: {version}\n\nlint"
        )
        self._tell(lint(said, today=timezone.localdate(at), codes=catalogue.known_codes(said)), found)
        todo = dry_run.programme(said, at=at)
        self.stdout.write("\ndry run")
        self._tell(todo.findings, found)
        made: set[str] = set()
        places: dict[str, bool] = {}
        for number, (way, who) in enumerate(todo.plays):
            outcome = dry_run.perform(todo, number, at=timezone.now(), made=made)
            made |= {one["form"] for one in outcome.papers if one["file"] and one["form"] != "result"}
            for place, is_filled in outcome.places.items():
                places[place] = places.get(place, False) or is_filled
            stopped = any(not line["ok"] for line in outcome.lines)
            mark = "✗" if stopped or any(one.is_red for one in outcome.findings) else "✓"
            self.stdout.write(
                f"  {mark} {dry_run.WAYS[way].label}, người nộp {who + 1}: {len(outcome.lines)} bước, "
                f"{len(outcome.papers)} giấy tờ, {len(outcome.messages)} tin ({outcome.seconds:.1f} s)"
            )
            self._tell(outcome.findings, found)
        self._tell(dry_run.never_filled(places), found)
        return found

    def _tell(self, new: list[Finding], found: list[Finding]) -> None:
        for one in new:
            if one not in found:
                found.append(one)
                self.stdout.write(f"    [{'ĐỎ' if one.is_red else 'vàng'}] {one.path or '–'}: {one.text}")


def _version(code: str, version_no: int | None) -> ProcedureVersion:
    versions = ProcedureVersion.objects.filter(procedure__code=code).select_related("procedure")
    if version_no is not None:
        found = versions.filter(version_no=version_no).first()
    else:
        found = next(
            (one for status in _NEWEST if (one := versions.filter(status=status).order_by("-pk").first())),
            None,
        )
    if found is None:
        raise CommandError(f"no version of {code} to try; see the codes with manage.py export_procedures")
    return found
