"""Import the national catalogue of procedures."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from procedures import tasks
from procedures.care import differences
from procedures.importing.lines import MalformedFile, inspect
from procedures.importing.report import Report
from procedures.importing.run import import_file
from procedures.importing.writing import flag_shared_names
from procedures.models import ReviewFlag
from procedures.search import meaning, phrases
from procedures.search.counting import count_words
from procedures.search.index import learn_spellings, tell_planner
from procedures.states import FlagReason

MALFORMED = 2
INTERRUPTED = 130
_TABLE = {
    "created": "Thêm mới",
    "updated": "Phiên bản mới",
    "pending": "Chờ nhận từng mục",
    "absent": "Không còn trong danh mục",
    "unchanged": "Không đổi",
    "rejected": "Dòng bị từ chối",
    "flagged": "Có điểm cần rà soát",
    "needs_review": "Còn chờ rà soát",
}


class Meanings(StrEnum):
    """Who learns what new titles mean."""

    AUTO = "auto"
    HERE = "here"
    WORKER = "worker"


class Command(BaseCommand):
    help = (
        "Import administrative procedures from JSON lines, plain or gzip. A changed procedure becomes a new version; "
        "an unchanged one is not touched; for one that the city published or edited the difference waits to be accepted "
        "item by item. Doubtful values are kept as text and marked for review. "
        f"The last line is JSON. Exit code {MALFORMED}: a file could not be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", metavar="FILE", type=Path, nargs="+")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument(
            "--whole",
            action="store_true",
            help="the files are the whole catalogue: ask about procedures that they no longer have",
        )
        parser.add_argument(
            "--report",
            type=Path,
            help="where the reasons go, line by line (default: under STATE_DIR/imports)",
        )
        parser.add_argument(
            "--meanings",
            choices=list(Meanings),
            default=Meanings.AUTO,
            help=(
                "who learns what new titles mean, where a model is installed: the worker; this command, after all "
                "else, with its progress; auto (default): the worker if one answers"
            ),
        )

    def handle(
        self,
        *,
        files: Sequence[Path],
        dry_run: bool,
        report: Path | None,
        whole: bool = False,
        meanings: str = Meanings.AUTO,
        **options: Any,
    ) -> None:
        if missing := [str(path) for path in files if not path.is_file()]:
            raise CommandError(f"no such file: {', '.join(missing)}")
        where = report or _default_report()
        started = time.monotonic()
        malformed: list[MalformedFile] = []
        interrupted, absent, at = False, 0, timezone.now()
        try:
            where.parent.mkdir(parents=True, exist_ok=True)
            out = where.open("w", encoding="utf-8", newline="")
        except OSError as problem:
            raise CommandError(f"--report: {where} cannot be written ({problem.strerror})") from problem
        with out:
            result = Report(out)
            try:
                for path in files:
                    malformed += self._one(path, result, dry_run=dry_run, at=at)
                if not dry_run:  # an earlier import may have been killed before it came to this
                    result.reasons[FlagReason.SHARED_NAME] += flag_shared_names(at=at)
                if whole and not malformed and result.is_whole:
                    names = ", ".join(path.name for path in files)
                    absent = differences.note_absent(
                        codes=result.codes, file_name=names, at=at, dry_run=dry_run
                    )
            except KeyboardInterrupt:
                interrupted = True
            if not dry_run and (result.changed or phrases.is_missing()):
                count_words()
                learn_spellings()
                tell_planner()
                learn_meanings(Meanings(meanings))
        figures: dict[str, Any] = result.figures() | {
            "meanings_left": meaning.missing(),
            "malformed": [
                {"file": str(one.path), "line": one.line, "reason": one.reason} for one in malformed
            ],
            "needs_review": ReviewFlag.objects.filter(resolved_at=None, version__current_of__isnull=False)
            .values("version")
            .distinct()
            .count(),
            "absent": absent,
            "absent_left_out": whole and bool(malformed or not result.is_whole),
            "dry_run": dry_run,
            "interrupted": interrupted,
            "seconds": round(time.monotonic() - started, 1),
            "report": str(where),
        }
        self._print(figures)
        if interrupted:
            raise CommandError(
                "interrupted; what is counted above is saved, run again to go on", returncode=INTERRUPTED
            )
        if malformed:
            raise CommandError("\n".join(str(one) for one in malformed), returncode=MALFORMED)

    def _one(self, path: Path, result: Report, *, dry_run: bool, at: datetime) -> list[MalformedFile]:
        try:
            lines = inspect(path)
            with tqdm(total=lines, desc=path.name, unit=" dòng", file=sys.stderr, mininterval=0.5) as bar:
                import_file(path, result, dry_run=dry_run, at=at, on_lines=bar.update)
        except MalformedFile as problem:
            return [problem]
        return []

    def _print(self, figures: dict[str, Any]) -> None:
        for key, label in _TABLE.items():
            self.stdout.write(f"{label:<26}{figures[key]:>8}")
        for reason, times in figures["reasons"].items():
            self.stdout.write(f"    {times:>6}  {FlagReason(reason).label}")
        if figures["absent_left_out"]:
            self.stdout.write("Có dòng không đọc được mã, nên chưa hỏi về thủ tục không còn trong danh mục.")
        if figures["dry_run"]:
            self.stdout.write("Chạy thử: không ghi gì vào danh mục.")
        self.stdout.write(f"Lý do theo từng dòng: {figures['report']}")
        self.stdout.write(json.dumps(figures, ensure_ascii=False))


def learn_meanings(by: Meanings) -> None:
    """Have the meanings of new titles learnt; the catalogue is found by its words meanwhile."""
    titles = meaning.missing()
    if not titles:
        return
    if by is Meanings.WORKER or (by is Meanings.AUTO and tasks.is_a_worker_there(at=timezone.now())):
        if tasks.ask_for_meanings():
            print(f"Worker đọc tiếp ý nghĩa của {titles} tên.", file=sys.stderr)
        return
    with (
        # Stopped here, it goes on from there: in the worker, or with the next import.
        contextlib.suppress(KeyboardInterrupt),
        tqdm(total=titles, desc="ý nghĩa tên", unit=" tên", file=sys.stderr, mininterval=0.5) as bar,
    ):
        meaning.compute_missing(on_titles=bar.update)


def _default_report() -> Path:
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    return Path(settings.STATE_DIR) / "imports" / f"procedures-{stamp}.tsv"
