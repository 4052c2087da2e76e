from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from procedures.search.evaluation import Question, ask, figures
from tests.procedures.test_import import file_of, record


def judged(folder: Path, *lines: str) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_recall_counts_what_fits_and_the_first_right_answer_gives_the_rank():
    question = Question("x", frozenset({"a", "b"}))

    measured = figures(ask([question], lambda text: ["c", "a", "d", "b"], known={"a", "b", "c", "d"}))

    assert (measured["recall@1"], measured["recall@5"], measured["mrr@10"]) == (0, 1, 0.5)


def test_procedures_that_are_not_in_the_catalogue_do_not_count():
    questions = [Question("x", frozenset({"a", "gone"})), Question("y", frozenset({"gone"}))]

    measured = figures(ask(questions, lambda text: ["a"], known={"a"}))

    assert (measured["queries"], measured["recall@1"], measured["recall@10"]) == (1, 1, 1)


def test_what_is_found_beyond_the_tenth_place_is_no_find():
    question = Question("x", frozenset({"a"}))

    measured = figures(ask([question], lambda text: [*"bcdefghijk", "a"], known={"a"}))

    assert (measured["recall@10"], measured["mrr@10"]) == (0, 0)


def test_the_command_prints_its_figures_as_one_line(
    tmp_path: Path, db: None, capsys: pytest.CaptureFixture[str]
):
    call_command(
        "import_procedures",
        file_of(tmp_path, record(code="1.000894", name="Thủ tục đăng ký kết hôn")),
        report=tmp_path / "report.tsv",
    )
    capsys.readouterr()
    path = judged(
        tmp_path,
        '{"query": "ket hon", "relevant": ["1.000894"], "origin": "authored"}',
        "",
        '{"query": "nope", "relevant": ["9.999999"]}',
    )

    call_command("evaluate_search", path)

    printed = capsys.readouterr()
    assert list(json.loads(printed.out)) == [
        "queries", "recall@1", "recall@5", "recall@10", "mrr@10", "p50_ms", "p95_ms"
    ]  # fmt: skip
    assert json.loads(printed.out)["recall@1"] == 1
    assert "1 of 2 questions" in printed.err


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("not json",), "line 1: is not JSON"),
        (('{"query": "a", "relevant": ["1.000894"]}', "[1]"), "line 2: is not an object"),
        (('{"relevant": ["1.000894"]}',), 'line 1: field "query" is not a text'),
        (('{"query": " ", "relevant": ["1.000894"]}',), 'field "query"'),
        (('{"query": "a", "relevant": "1.000894"}',), 'field "relevant" is not a list of codes'),
        (('{"query": "a", "relevant": []}',), 'write the codes that answer it: ["1.001193"]'),
    ],
)
def test_a_bad_file_is_refused_with_its_line_its_field_and_the_fix(
    tmp_path: Path, db: None, lines: tuple[str, ...], says: str
):
    with pytest.raises(CommandError, match=r"questions\.jsonl") as refused:
        call_command("evaluate_search", judged(tmp_path, *lines))

    assert says in str(refused.value)
    assert refused.value.returncode == 2


def test_a_file_that_is_not_there_or_not_utf8_is_refused(tmp_path: Path, db: None):
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("evaluate_search", tmp_path / "nothing.jsonl")
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes("Đăng ký".encode("utf-16"))
    with pytest.raises(CommandError, match="save it as UTF-8"):
        call_command("evaluate_search", latin)


def test_an_empty_catalogue_says_what_to_do(tmp_path: Path, db: None):
    with pytest.raises(CommandError, match="import_procedures"):
        call_command("evaluate_search", judged(tmp_path, '{"query": "a", "relevant": ["1.000894"]}'))
