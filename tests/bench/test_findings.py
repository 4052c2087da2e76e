"""Ratios within a round, bars, tables and the JSON object."""

from __future__ import annotations

import json
import math

import pytest

from bench import report
from bench.findings import Bar, Findings
from bench.load import Loop
from bench.measuring import Reading, Rounds, reading


def a_reading(*, flows: int = 10, each: float = 0.1, app: float = 0.5, failed: int = 0) -> Reading:
    """A loop of ``flows`` flows that took ``each`` seconds, with half a second of CPU in the application."""
    loop = Loop(
        clients=8,
        wall=2.0,
        flows=[each] * flows,
        requests={"page": [each] * flows},
        failed=failed,
        errors=["HTTP 500"] * failed,
    )
    return reading(loop, spent={"app": app, "db": 0.1, "scanner": 0.2}, statements=(70, 35.0))


def test_cost_is_told_per_flow():
    row = a_reading()

    assert (row.app_cpu, row.db_cpu, row.cpu) == (50, 10, 60)
    assert (row.statements, row.statement_time, row.per_second) == (7, 3.5, 5)
    assert row.beside == {"scanner": 20}
    assert row.app_cores == 0.25


def test_a_ratio_is_taken_within_each_round():
    rounds = Rounds(
        {
            "portal": [a_reading(app=0.5), a_reading(app=5.0), a_reading(app=0.9)],
            "mini": [a_reading(app=0.1), a_reading(app=1.0), a_reading(app=0.3)],
        }
    )

    ratios = rounds.ratio("portal", "mini", lambda row: row.app_cpu)

    assert ratios == pytest.approx([5, 5, 3])
    assert Bar(1, "CPU", ratios, 5.0).met


@pytest.mark.parametrize(
    ("values", "bar", "at_least", "met"),
    [
        ([1, 4, 9], 4, False, True),
        ([1, 5, 5], 4, False, False),
        ([0.9, 0.96, 2], 0.95, True, True),
        ([0.9, 0.94, 2], 0.95, True, False),
        ([math.nan, math.nan, math.nan], 4, False, False),
    ],
)
def test_the_median_of_the_rounds_decides(values, bar, at_least, met):
    assert Bar(1, "figure", values, bar, at_least=at_least).met is met


def test_a_missed_bar_stands_out_in_the_table():
    table = report.bars_table(
        [Bar(1, "CPU", [6.0, 7.0, 8.0], 5.0), Bar(2, "rate", [1.0], 0.95, at_least=True)]
    )

    assert "7.00 ×  6.00–8.00     ≤ 5 ×  MISSED" in table
    assert "≥ 0.95 ×  met" in table


def test_the_table_of_loads_shows_medians_and_all_errors():
    findings = Findings(
        "Filing", [], Rounds({"portal, 8": [a_reading(), a_reading(failed=2)]}), ["portal, 8"]
    )

    (line,) = [line for line in report.readings_table(findings).splitlines() if line.startswith("portal")]

    assert line.startswith("portal, 8")
    assert " 5.0  100.0  100.0  100.0 " in line
    assert line.endswith("50.0    10.0  scanner 20.0  7.0       2")


def test_the_rule_is_told_of_the_portal_alone():
    rounds = Rounds({"portal": [a_reading(flows=30, each=0.1)], "mini": [a_reading(each=9.0)]})

    figures = report.rule_figures([Findings("Filing", [], rounds, portal=["portal"])])

    assert (figures["mean_response_ms"], figures["slowest_response_ms"]) == (100, 100)
    assert figures["concurrent_users"] == 8
    assert figures["continuous_minutes"] == pytest.approx(2 / 60, abs=0.05)


def test_users_with_an_error_are_not_held():
    rounds = Rounds({"portal": [a_reading(failed=1)]})

    assert report.rule_figures([Findings("Filing", [], rounds, portal=["portal"])])["concurrent_users"] == 0


def test_json_is_one_line_and_says_whether_everything_is_met():
    good = Findings("Filing", [Bar(1, "CPU", [4.0], 5.0)], Rounds({"portal": [a_reading()]}), ["portal"])
    bad = Findings("Filing", [Bar(1, "CPU", [math.nan], 5.0)])
    failing = Findings("Filing", [], Rounds({"portal": [a_reading(failed=1)]}), ["portal"])

    answers = [
        json.loads(report.as_json({"filing": findings}, conditions={}, failures={}))
        for findings in (good, bad, failing)
    ]

    assert [answer["met"] for answer in answers] == [True, False, False]
    assert answers[1]["bars"][0]["value"] is None
    assert answers[2]["errors"] == ["portal: 1 failed; HTTP 500"]
    assert "\n" not in report.as_json({"filing": good}, conditions={}, failures={})
