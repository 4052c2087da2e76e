"""Measure, and say what was found: tables for people, and one JSON object as the last line.

    python -m bench [--quick] [--only NAME …] [--suite]

The exit status is 1 when a bar is missed or a flow failed.
"""

from __future__ import annotations

import argparse
import signal
import sys
import traceback

from bench import report
from bench.findings import Findings
from bench.goals import Options, all_benchmarks
from bench.ground import FULL, QUICK, Ground, Scale


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks that are asked for, and print what they found."""
    benchmarks = all_benchmarks()
    asked = _parser(list(benchmarks)).parse_args(arguments)
    if asked.list:
        for name, benchmark in benchmarks.items():
            print(f"  {name:<14} {benchmark.TITLE}")
        return 0
    # Ended from outside, it still stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    scale = _scale(asked)
    options = Options(suite=asked.suite)
    found: dict[str, Findings] = {}
    failures: dict[str, str] = {}
    with Ground(scale) as ground:
        for name in asked.only or benchmarks:
            print(f"\n{benchmarks[name].TITLE}", flush=True)
            try:
                found[name] = benchmarks[name].measure(ground, options)
            except Exception as problem:  # the others are still worth their time
                traceback.print_exc()
                failures[name] = f"{type(problem).__name__}: {problem}"
        conditions = ground.conditions()
    return _print(found, failures, conditions=conditions)


def _print(found: dict[str, Findings], failures: dict[str, str], *, conditions: dict[str, object]) -> int:
    everything = list(found.values())
    for findings in everything:
        if table := report.readings_table(findings):
            print(f"\n{findings.title}\n(medians of the rounds; times and CPU in ms a flow)\n\n{table}")
        for note in findings.notes:
            print(f"\n{note}")
    bars = [bar for findings in everything for bar in findings.bars]
    print(f"\n{report.bars_table(bars)}")
    if figures := report.rule_figures(everything):
        print(f"\nThe five figures of Circular 22/2019/TT-BTTTT: {report.rule_text(figures)}")
    errors = report.errors(everything)
    for line in [*errors, *(f"{name}: {problem}" for name, problem in failures.items())]:
        print(f"\n! {line}")
    print()
    print(report.as_json(found, conditions=conditions, failures=failures), flush=True)
    return 0 if not errors and not failures and all(bar.met for bar in bars) else 1


def _scale(asked: argparse.Namespace) -> Scale:
    base = QUICK if asked.quick else FULL
    return Scale(
        small=asked.small or base.small,
        large=asked.large or base.large,
        seconds=asked.seconds or base.seconds,
        rounds=asked.rounds or base.rounds,
    )


def _parser(names: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    add = parser.add_argument
    add(
        "--quick",
        action="store_true",
        help="fewer dossiers and shorter loops: a smoke test, not a measurement",
    )
    add("--only", nargs="+", choices=names, metavar="NAME", help=f"only these of: {', '.join(names)}")
    add("--suite", action="store_true", help="also run and time the whole test suite")
    add("--list", action="store_true", help="say what there is to measure")
    add("--rounds", type=int, help="rounds of each load (3; fewer have no middle)")
    add("--seconds", type=float, help="seconds of one loop")
    add("--small", type=int, help="dossiers in the small database")
    add("--large", type=int, help="dossiers in the large database")
    return parser


if __name__ == "__main__":
    sys.exit(main())
