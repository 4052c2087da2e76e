"""What is measured: every benchmark is found, and what it sends is what it should be."""

from __future__ import annotations

import io

import pikepdf
import pytest

from bench import papers
from bench.__main__ import main
from bench.goals import all_benchmarks
from bench.seeds import procedure
from procedures import eforms


def test_a_module_among_the_goals_is_a_benchmark(capsys):
    assert main(["--list"]) == 0

    listed = capsys.readouterr().out
    for name, benchmark in all_benchmarks().items():
        assert f"{name} " in listed
        assert callable(benchmark.measure)


def test_an_unknown_benchmark_is_refused_with_the_names_there_are(capsys):
    with pytest.raises(SystemExit):
        main(["--only", "fliing"])

    assert "'filing'" in capsys.readouterr().err


def test_the_paper_is_a_valid_pdf_of_200_kb():
    content = papers.scanned_page()

    with pikepdf.open(io.BytesIO(content)) as document:
        assert len(document.pages) == 1
        assert document.get_warnings() == []
    assert 200 * 1024 <= len(content) < 202 * 1024


def test_a_filing_has_ten_answers_that_fit_its_form():
    schema = eforms.parse(procedure.EFORM)

    assert len(procedure.ANSWERS) == 10
    assert set(eforms.clean_all(schema, procedure.ANSWERS, {})) == set(procedure.ANSWERS)
