"""Procedures go out as files and come back in."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from procedures import demo
from procedures.demo import marital_status
from procedures.models import Procedure, ProcedureVersion
from procedures.states import VersionStatus

CODE = "1.004873"


@pytest.fixture
def file(db: None, tmp_path: Path) -> Path:
    demo.offer(marital_status.PUBLISHED, marital_status.CITY_PART)
    call_command("export_procedures", CODE, to=tmp_path, stdout=StringIO())
    return tmp_path / f"{CODE}.yaml"


def load(*paths: Path, is_opened: bool = False) -> str:
    out = StringIO()
    call_command("load_procedures", *paths, open=is_opened, stdout=out, stderr=out)
    return out.getvalue()


def test_the_same_again_is_not_touched(file: Path) -> None:
    assert "unchanged" in load(file)
    assert ProcedureVersion.objects.count() == 1


def test_a_changed_file_becomes_a_draft(file: Path) -> None:
    file.write_text(file.read_text().replace("short_name: ", "short_name: Mới – "))
    assert "draft 2" in load(file)
    assert ProcedureVersion.objects.get(version_no=2).status == VersionStatus.DRAFT


def test_a_new_service_is_open_in_one_command(file: Path) -> None:
    text = file.read_text().replace(CODE, "9.900010") + "effective_from: '2026-01-01'\n"
    file.write_text(text)
    assert "open for filing" in load(file.parent, is_opened=True)
    assert ProcedureVersion.objects.get(current_of__code="9.900010").is_fileable


def test_what_cannot_be_opened_leaves_nothing_behind(file: Path) -> None:
    other = file.parent / "other.yaml"
    other.write_text("format: danang-procedure/1\ncode: '9.900011'\nname: Việc chưa xong\n")
    with pytest.raises(CommandError, match="1 of 2"):
        load(file.parent, is_opened=True)
    assert not Procedure.objects.filter(code="9.900011").exists()


def test_every_problem_of_a_file_is_told_with_its_place(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("format: danang-procedure/1\ncode: '9.1'\nname: x\nlevels: [moon]\nsteps: [{}]\n")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("load_procedures", file, stdout=out, stderr=out)
    assert "levels" in out.getvalue()
    assert "steps[0].kind" in out.getvalue()


def test_a_version_is_exported_by_its_number(file: Path) -> None:
    out = StringIO()
    call_command("export_procedures", CODE, version_no=1, stdout=out)
    assert out.getvalue() == file.read_text()
    with pytest.raises(CommandError, match="number 7"):
        call_command("export_procedures", CODE, version_no=7, stdout=out)


def test_a_path_that_is_not_there_is_named(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no such file"):
        load(tmp_path / "nothing.yaml")
