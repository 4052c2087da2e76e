"""How well the search answers real questions, measured where the catalogue and the questions are at hand."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from procedures.models import ProcedureVersion
from procedures.search.find import find

DATA = Path(os.environ.get("CATALOGUE_DATA", settings.BASE_DIR.parent / "shared" / "data"))
CATALOGUE = DATA / "national-procedures.jsonl.gz"
QUESTIONS = DATA / "search-queries.jsonl"
SHOWN = 10
# Words alone, as the tests have no model of meanings. Measured 0.97 and 0.86; the floor leaves room for a catalogue that
# has grown, none for a broken search.
RECALL_FLOOR = 0.94
RECIPROCAL_RANK_FLOOR = 0.81

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not (CATALOGUE.exists() and QUESTIONS.exists()),
        reason=f"no catalogue and questions in {DATA}; set CATALOGUE_DATA to their folder",
    ),
]


@pytest.fixture(scope="module")
def codes(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[int, str]]:
    """Import the whole catalogue for this module and roll it back afterwards."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        call_command("import_procedures", CATALOGUE, report=tmp_path_factory.mktemp("import") / "report.tsv")
        yield dict(ProcedureVersion.objects.current().values_list("pk", "procedure__code"))
        transaction.set_rollback(True)


def test_the_whole_catalogue_is_taken_and_a_second_import_changes_nothing(
    codes: dict[int, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    call_command("import_procedures", CATALOGUE, report=tmp_path / "report.tsv")

    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (figures["unchanged"], figures["rejected"]) == (len(codes), 0)
    assert (figures["created"], figures["updated"]) == (0, 0)


def test_real_questions_find_their_procedures(codes: dict[int, str]):
    known = set(codes.values())
    recalls, ranks = [], []
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        relevant = set(question["relevant"]) & known
        if not relevant:
            continue
        found = [codes[pk] for pk in find(question["query"]).ids[:SHOWN]]
        recalls.append(len(relevant & set(found)) / min(len(relevant), SHOWN))
        ranks.append(next((1 / at for at, code in enumerate(found, 1) if code in relevant), 0.0))

    recall, reciprocal_rank = sum(recalls) / len(recalls), sum(ranks) / len(ranks)
    print(
        f"\n{len(recalls)} questions: recall@{SHOWN} {recall:.3f}, mean reciprocal rank {reciprocal_rank:.3f}"
    )
    assert recall >= RECALL_FLOOR
    assert reciprocal_rank >= RECIPROCAL_RANK_FLOOR
