"""Goal 13: starting costs little more than the bare framework, and the test suite stays quick."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path

from bench.findings import Bar, Findings
from bench.goals import Options
from bench.ground import Ground
from bench.webserver import WebServer
from danang_portal.local.folders import REPO

TITLE = "cold check, first answer, and with --suite the tests (goal 13)"

SUITE = ["-m", "pytest", "-n", "auto", "--dist", "loadgroup", "-q", "--no-header"]
LONGEST_SUITE_S = 90 * 60


def measure(ground: Ground, options: Options) -> Findings:
    checks: dict[str, list[tuple[float, float]]] = {"portal": [], "mini": []}
    answers: dict[str, list[float]] = {"portal": [], "mini": []}
    commands = {
        "portal": (["manage.py", "check"], ground.environment),
        "mini": (["-m", "bench.mini", "check"], ground.mini_environment),
    }
    for command, environment in commands.values():
        # Once uncounted: compiled modules and a warm disk, as on every start but the first.
        _run(command, environment)
    for number in range(1, ground.scale.rounds + 1):
        for name, (command, environment) in commands.items():
            checks[name].append(_run(command, environment))
            answers[name].append(_first_answer(ground, name))
            wall, cpu = checks[name][-1]
            print(
                f"round {number}/{ground.scale.rounds}  {name:<8} check {wall:5.2f} s (CPU {cpu:5.2f} s)"
                f"  first answer {answers[name][-1]:5.2f} s",
                flush=True,
            )
    pairs = list(zip(checks["portal"], checks["mini"], strict=True))
    bars = [
        Bar(13, "cold check ÷ reference, CPU", [portal[1] / mini[1] for portal, mini in pairs], 2.2),
        Bar(
            13,
            "exec to first 200 ÷ reference, wall",
            [portal / mini for portal, mini in zip(answers["portal"], answers["mini"], strict=True)],
            2.5,
        ),
    ]
    if options.suite:
        seconds, tests = _suite()
        bars += [
            Bar(13, "whole test suite", [seconds / 60], 10, unit="min", digits=1),
            Bar(13, f"one test of {tests}, on average", [seconds / max(tests, 1)], 0.25, unit="s", digits=3),
        ]
    return Findings(TITLE, bars)


def _run(command: list[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """Run a Python command to its end; give wall and CPU seconds of the process and its children.

    :raises RuntimeError: it failed.
    """
    before, began = os.times(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, *command], cwd=REPO, env=dict(environment), capture_output=True, text=True
    )
    wall, after = time.perf_counter() - began, os.times()
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr[-500:]}")
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, spent


def _first_answer(ground: Ground, name: str) -> float:
    server: WebServer = (
        ground.portal_server("portal-start") if name == "portal" else ground.mini_server("mini-start")
    )
    try:
        return server.start()
    finally:
        server.stop()


def _suite() -> tuple[float, int]:
    """Run all tests as `make test` does; give seconds and the number of tests.

    :raises RuntimeError: a test failed: the time of a broken suite is no figure.
    """
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *SUITE, f"--junitxml={results}"], cwd=REPO, timeout=LONGEST_SUITE_S
        )
        seconds = time.perf_counter() - began
        if done.returncode:
            raise RuntimeError(f"pytest ended with {done.returncode}")
        suites = ElementTree.parse(results).getroot().iter("testsuite")
        return seconds, sum(int(suite.get("tests", 0)) for suite in suites)
