"""The terminal's way to try a procedure."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core import pdf
from designer import dry_run
from tests.designer.kit import draft_of, good
from tests.dossiers.conftest import clean_scanner  # noqa: F401  (fixture)
from tests.factories import AgencyFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("clean_scanner"),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]


@pytest.fixture(autouse=True)
def one_play(monkeypatch: pytest.MonkeyPatch) -> None:
    AgencyFactory.create()
    monkeypatch.setattr(dry_run, "ways_of", lambda said: [dry_run.WAYS["refused_at_intake"]])


def run(*arguments: str) -> tuple[str, dict[str, Any], int]:
    out, code = io.StringIO(), 0
    try:
        call_command("try_procedure", *arguments, stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    text = out.getvalue()
    return text, json.loads(text.splitlines()[-1]), code


def test_a_good_draft_is_a_checklist_without_red() -> None:
    draft_of(good())

    text, told, code = run("9.000001")

    assert "✓ Từ chối tiếp nhận, người nộp 1" in text
    assert (told["code"], told["version_no"], told["red"], code) == ("9.000001", 1, 0, 0)


def test_red_items_end_with_1() -> None:
    def change(said: dict[str, Any]) -> None:
        said["steps"][1]["time"]["value"] = 1

    draft_of(good(change))

    text, told, code = run("9.000001", "--version-no", "1")

    assert "[ĐỎ] steps" in text
    assert code == 1
    assert {one["rule"] for one in told["findings"] if one["weight"] == "red"} >= {
        "steps_do_not_add_up",
        "not_fileable",
    }


def test_a_code_that_is_not_known_is_told() -> None:
    with pytest.raises(CommandError, match=r"no version of 1\.1 to try"):
        run("1.1")
