"""The starter services are whole: each file is clean, can be filled in, and opens on an empty catalogue."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from agencies import demo
from core.errors import InvalidInput
from procedures import document, eforms, starters
from procedures.models import ProcedureVersion
from procedures.states import HELD_SOURCES, OnlineLevel, VersionStatus
from procedures.trying.applicants import Trial
from procedures.trying.lint import lint
from tests.factories import NINE

FILES = sorted(starters.FOLDER.glob("*.yaml"))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    file: Path = request.param
    return file


@pytest.fixture
def said(path: Path) -> dict[str, Any]:
    return document.from_yaml(path.read_bytes())


def comments(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.startswith("#")]


def test_there_are_enough_of_them() -> None:
    assert len({path.name.split(".yaml")[0].removesuffix(".before") for path in FILES}) >= 30


def test_a_file_is_written_as_the_export_writes_it(path: Path, said: dict[str, Any]) -> None:
    """So that a change through the designer shows up as that change only."""
    head = comments(path)
    assert head
    assert path.read_text() == "\n".join(head) + "\n" + document.to_yaml(said)


def test_a_file_is_called_by_its_code_and_says_what_is_demonstration(
    path: Path, said: dict[str, Any]
) -> None:
    assert path.name in (f"{said['code']}.yaml", f"{said['code']}.before.yaml")
    assert "Demonstration" in " ".join(comments(path))
    assert "minh họa" in said["guidance"]
    assert "Demonstration" in said["guidance_en"]


def test_the_lint_finds_nothing(said: dict[str, Any]) -> None:
    """But for registers that law accepts and the portal has no way to yet: the designer is told, people are asked."""
    findings = lint(said, today=timezone.localdate())
    assert [one for one in findings if one.rule != "source_not_asked"] == []
    assert not any(one.is_red for one in findings)


def test_invented_applicants_can_file_it(said: dict[str, Any]) -> None:
    """Some are refused by a rule of the form, as they should be; the others meet everything that is asked."""
    schema = eforms.parse(said["eform"])
    trial = Trial(schema, timezone.localdate())
    assert (trial.unreachable, trial.unfillable) == ([], [])
    met: set[str] = set()
    for one in trial.applicants:
        taken = {name: answer for name, answer in one.answers.items() if schema.fields[name].takes_answer}
        try:
            eforms.clean_all(schema, taken, taken)
        except InvalidInput as problem:
            told = {text for texts in problem.errors.values() for text in texts}
            assert told <= {rule.problem for rule in schema.rules}
        else:
            met |= one.meets
    assert met == set(schema.fields)


def test_what_the_portal_knows_is_filled_in_and_what_it_holds_comes_first(said: dict[str, Any]) -> None:
    schema = eforms.parse(said["eform"])
    assert {"person.full_name"} & schema.sources
    for upload in said["uploads"]:
        held = [source in HELD_SOURCES for source in upload["accepted_sources"]]
        assert held == sorted(held, reverse=True), upload["name"]


@pytest.fixture
def demo_agencies(db: None, settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_DIR = tmp_path / "signing"
    demo.load(at=NINE, password="mot-mat-khau-dai")


def test_all_of_them_open_on_an_empty_catalogue_and_a_second_time_nothing_happens(
    demo_agencies: None,
) -> None:
    out = StringIO()
    call_command("load_procedures", starters.FOLDER, open=True, stdout=out, stderr=out)
    assert out.getvalue().count("open for filing") == len(FILES)
    current = ProcedureVersion.objects.filter(current_of__isnull=False)
    assert all(one.is_fileable and one.status == VersionStatus.PUBLISHED for one in current)
    mediation = ProcedureVersion.objects.get(current_of__code="2.000930")
    assert (mediation.version_no, mediation.online_level) == (2, OnlineLevel.FULL_ONLINE)
    versions = ProcedureVersion.objects.count()
    call_command("load_procedures", starters.FOLDER, open=True, stdout=out, stderr=out)
    assert ProcedureVersion.objects.count() == versions


def test_what_takes_filings_already_may_be_left_alone(demo_agencies: None) -> None:
    out = StringIO()
    call_command("load_procedures", starters.FOLDER / "2.000930.yaml", open=True, stdout=out)
    call_command("load_procedures", starters.FOLDER, open=True, new=True, stdout=out)
    assert out.getvalue().count("takes filings already") == 2
    assert ProcedureVersion.objects.filter(procedure__code="2.000930").count() == 1
