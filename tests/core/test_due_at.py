"""``manage.py due_at``: questions in JSON lines, an answer for each in order."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from danang_portal.local.folders import REPO

SUPPLEMENT = ["2026-03-04T10:00", "2026-03-09T15:00"]


def question(**parts: Any) -> dict[str, Any]:
    return {"start": "2026-03-02T09:00", "unit": "working_day", "value": 3} | parts


@pytest.fixture
def ask(monkeypatch):
    def asking(*lines: Any) -> tuple[list[dict[str, Any]], bool]:
        """Give the answers, and whether the command was content."""
        text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
        monkeypatch.setattr("sys.stdin", StringIO(text))
        out, content = StringIO(), True
        try:
            call_command("due_at", stdout=out)
        except CommandError:
            content = False
        return [json.loads(line) for line in out.getvalue().splitlines()], content

    return asking


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, "2026-03-05T09:00"),
        ({"mode": "END_OF_DAY"}, "2026-03-05T17:00"),
        ({"unit": "working_hour", "value": 4}, "2026-03-02T14:30"),
        ({"unit": "same_day", "start": "2026-03-04T15:01"}, "2026-03-05T17:00"),
        ({"unit": "calendar_day", "value": 15, "start": "2026-04-15T10:00"}, "2026-05-04T17:00"),
        ({"unit": "month", "value": 1, "start": "2026-01-30T09:00"}, "2026-03-02T17:00"),
        ({"value": 2.5, "start": "2026-03-03T14:00"}, "2026-03-06T08:30"),
        ({"value": 5, "start": "2026-03-02T08:00", "pauses": [SUPPLEMENT]}, "2026-03-12T11:30"),
        (
            {"value": 5, "start": "2026-03-02T08:00", "pauses": [SUPPLEMENT], "policy": "restart"},
            "2026-03-16T15:00",
        ),
        ({"pauses": [["2026-03-03T09:00", None]]}, None),
        ({"start": "2026-03-02 09:00:00"}, "2026-03-05 09:00:00"),
        ({"start": "2026-03-02T09:00:30"}, "2026-03-05T09:00:30"),
    ],
)
def test_each_question_gets_its_due_moment(ask, parts, expected):
    answers, content = ask(question(**parts))

    assert ([one["due_at"] for one in answers], content) == ([expected], True)


def test_an_answer_explains_itself_step_by_step(ask):
    [[answer], _content] = ask(question(start="2026-02-13T10:00", value=5))

    kinds = [step["kind"] for step in answer["explain"]]
    assert (kinds[0], kinds[1], kinds[-1]) == ("start", "rule", "due")
    assert any("Tết Nguyên đán" in step["text"] for step in answer["explain"])
    assert sum(step["worked_minutes"] for step in answer["explain"]) == 5 * 480


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("no JSON", ""),
        ("[1]", ""),
        ("9" * 5000, ""),
        (question(start=None), "start"),
        (question(start="2026-02-30T09:00"), "start"),
        (question(start="2026-02-03T09:00+07:00"), "start"),
        (question(start="9999-12-31T09:00"), "start"),
        (question(unit="week"), "unit"),
        (question(unit=["month"]), "unit"),
        (question(value=0), "value"),
        (question(value=True), "value"),
        (question(value="three"), "value"),
        (question(value=None), "value"),
        (question(unit="month", value=1.25), "value"),
        (question(value=10**9), "value"),
        (question(unit="calendar_day", value=10**9), "value"),
        ('{"start": "2026-03-02T09:00", "unit": "month", "value": 1e30}', "value"),
        ('{"start": "2026-03-02T09:00", "unit": "working_hour", "value": 1e300}', "value"),
        ('{"start": "2026-03-02T09:00", "unit": "working_day", "value": NaN}', "value"),
        ('{"start": "2026-03-02T09:00", "unit": "working_day", "value": 9e999999}', "value"),
        ('{"start": "2026-03-02T09:00", "unit": "working_day", "value": 1e999999999999999999999}', "value"),
        ('{"start": "2026-03-02T09:00", "start": "2026-03-03T09:00"}', "start"),
        ('{"start": "2026-03-02\\ud80009:00", "unit": "working_day", "value": 3}', "start"),
        ('{"\\ud800": 1}', "\ud800"),
        (question(value="9e999999"), "value"),
        (question(value="1e-30"), "value"),
        (question(value=-1), "value"),
        (question(start="2026-W10-1T09:00"), "start"),
        (question(start="2026-03-02T24:00"), "start"),
        (question(mode=False), "mode"),
        (question(policy=0), "policy"),
        (question(pauses={}), "pauses"),
        (question(pauses=[["2026-03-03T09:00", "2150-12-31T23:00"]]), "pauses"),
        (question(mode="exact"), "mode"),
        (question(policy="stop"), "policy"),
        (question(pauses="none"), "pauses"),
        (question(pauses=[["2026-03-03T09:00"]]), "pauses"),
        (question(pauses=[["2026-03-03T09:00", "2026-03-02T09:00"]]), "pauses"),
        (question(pauses=[["2026-03-01T09:00", "2026-03-02T09:00"]]), "pauses"),
        (question(pauses=[["2026-03-03T09:00", None], SUPPLEMENT]), "pauses"),
        (question(begin=1), "begin"),
    ],
)
def test_a_bad_line_names_its_field_and_stops_no_other(ask, line, field):
    answers, content = ask(question(), line, question())

    assert not content
    assert [one.get("due_at") for one in answers] == ["2026-03-05T09:00", None, "2026-03-05T09:00"]
    assert (answers[1]["line"], answers[1]["field"]) == (2, field)
    assert answers[1]["error"]
    assert answers[1]["fix"]


def test_a_question_with_nothing_in_place_of_what_is_optional_is_answered(ask):
    answers, content = ask(question(mode=None, policy=None, pauses=None))

    assert ([one["due_at"] for one in answers], content) == (["2026-03-05T09:00"], True)


def test_half_a_character_is_answered_in_letters_that_can_be_written(tmp_path):
    """A terminal or a file takes no lone surrogate: it must not end the answers."""
    lines = ['{"\\ud800": 1}', json.dumps(question())]

    done = subprocess.run(
        [sys.executable, "manage.py", "due_at", "--brief"],
        cwd=REPO,
        env=bare_environment(tmp_path),
        input="\n".join(lines),
        capture_output=True,
        text=True,
    )

    bad, good = done.stdout.splitlines()
    assert json.loads(bad)["field"] == "\ud800"
    assert json.loads(good) == {"due_at": "2026-03-05T09:00"}
    assert (done.returncode, done.stderr) == (
        1,
        "CommandError: 1 lines could not be answered; each says why\n",
    )


def test_a_bad_line_of_a_file_is_found_by_file_and_line(tmp_path, capsys):
    good, bad = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    good.write_text(json.dumps(question()) + "\n", encoding="utf-8")
    bad.write_text(f"{json.dumps(question())}\n\nno JSON\n", encoding="utf-8")

    with pytest.raises(CommandError, match="1 lines"):
        call_command("due_at", str(good), str(bad))

    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["file"], last["line"]) == (str(bad), 3)


def test_questions_may_come_from_files(tmp_path, capsys):
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_text(json.dumps(question()) + "\n", encoding="utf-8")
    second.write_text(json.dumps(question(value=1)), encoding="utf-8")

    call_command("due_at", str(first), str(second))

    due = [json.loads(line)["due_at"] for line in capsys.readouterr().out.splitlines()]
    assert due == ["2026-03-05T09:00", "2026-03-03T09:00"]


def test_a_brief_answer_is_the_due_moment_alone(tmp_path, capsys):
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(question()), encoding="utf-8")

    call_command("due_at", str(file), "--brief")

    assert json.loads(capsys.readouterr().out) == {"due_at": "2026-03-05T09:00"}


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(CommandError, match=r"nowhere\.jsonl"):
        call_command("due_at", "nowhere.jsonl")


def test_who_has_read_enough_ends_it_without_a_word(tmp_path):
    questions = tmp_path / "many.jsonl"
    questions.write_text(f"{json.dumps(question())}\n" * 5000, encoding="utf-8")
    reader, writer = os.pipe()
    os.close(reader)

    done = subprocess.run(
        [sys.executable, "manage.py", "due_at", "--brief", str(questions)],
        cwd=REPO,
        env=bare_environment(tmp_path),
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)

    assert (done.returncode, done.stderr) == (0, "")


def bare_environment(tmp_path):
    kept = ("PATH", "HOME", "LANG")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "STATE_DIR": str(tmp_path / "state")
    }


def test_it_starts_no_server(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "due_at", "--brief"],
        cwd=REPO,
        env=bare_environment(tmp_path),
        input=json.dumps(question()),
        capture_output=True,
        text=True,
    )

    assert json.loads(done.stdout) == {"due_at": "2026-03-05T09:00"}, done.stderr
    assert not (tmp_path / "state" / "postgres").exists()
