"""Say how well the catalogue's search answers judged questions."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from procedures import selectors
from procedures.models import ProcedureVersion
from procedures.search import evaluation, meaning
from procedures.search.evaluation import BadQuestions
from procedures.selectors import Filters
from procedures.states import VersionStatus

BAD_FILE = 2


class Command(BaseCommand):
    help = (
        "Ask the catalogue's search the questions of files of JSON lines, "
        '{"query": "…", "relevant": ["1.001193"]}, as the page asks it, and print recall, reciprocal rank and time '
        "as one JSON line. Relevant codes that are not in the catalogue do not count, nor do questions that have no "
        f"other. Exit code {BAD_FILE}: a file could not be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", metavar="FILE", type=Path, nargs="+")
        parser.add_argument(
            "--misses", action="store_true", help="also list, before the figures, what is not answered first"
        )

    def handle(self, *, files: Sequence[Path], misses: bool, **options: Any) -> None:
        try:
            questions = [question for path in files for question in evaluation.read(path)]
        except BadQuestions as problem:
            raise CommandError(str(problem), returncode=BAD_FILE) from problem
        known = set(_codes())
        if not known:
            raise CommandError("the catalogue is empty; import one first: manage.py import_procedures FILE")
        learn_meanings()
        if questions:
            _search(questions[0].text)  # connections, caches and word lists are there when people search
        answers = evaluation.ask(questions, _search, known=known)
        if left := len(questions) - len(answers):
            self.stderr.write(f"{left} of {len(questions)} questions ask for procedures that are not here.")
        if misses:
            for answer in answers:
                if answer.reciprocal_rank() < 1:
                    place = min(answer.ranks, default=0) or f">{selectors.PAGE_SIZE}"
                    self.stdout.write(f"{place}\t{answer.question.text}")
        self.stdout.write(json.dumps(evaluation.figures(answers)))


def learn_meanings() -> None:
    """Learn what is not learnt yet: figures of a search that is half ready say nothing."""
    if titles := meaning.missing():
        with tqdm(total=titles, desc="meanings", unit=" titles", file=sys.stderr, mininterval=0.5) as bar:
            meaning.compute_missing(on_titles=bar.update)


def _codes() -> list[str]:
    current = ProcedureVersion.objects.current().filter(status=VersionStatus.PUBLISHED)
    return list(current.values_list("procedure__code", flat=True))


def _search(text: str) -> list[str]:
    return [version.code for version in selectors.catalogue(Filters(query=text)).versions]
