"""Goal 6: the sweep for alerts reads what is due and writes what changes, however many dossiers are open."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from typing import Any

from bench.database import make_database
from bench.findings import Bar, Findings
from bench.goals import Options
from bench.ground import Ground
from danang_portal.local.folders import REPO

TITLE = "a sweep for alerts over a million open dossiers beside one bare statement (goal 6)"

DOSSIERS_A_DOSSIER = 5
"""Five times the large database of the other goals: a million."""
LONGEST_HOLD_S = 1.0


def measure(ground: Ground, options: Options) -> Findings:
    count = DOSSIERS_A_DOSSIER * ground.scale.large
    found: dict[float, list[dict[str, Any]]] = defaultdict(list)
    for one in _rounds(ground, count):
        found[one["share"]].append(one)
        print(
            f"{one['share']:6.1%} of {count:,}  one statement {one['one_statement']:6.3f} s"
            f"  by index {one['next_change']:6.3f} s  sweep {one['sweep']:6.3f} s ({one['raised']:,} alerts,"
            f" longest batch {one['longest_batch']:.3f} s)",
            flush=True,
        )
    bars = []
    for share, rows in found.items():
        named = f"{share:.1%} due"
        # The goal gives no bar for all at once: its time and its ratio stand in the notes.
        if share < 1:
            ratios = [row["sweep"] / row["one_statement"] for row in rows]
            bars.append(Bar(6, f"sweep ÷ one statement, {named}", ratios, 2.0))
        bars.append(
            Bar(
                6,
                f"rows written beside those that changed, {named}",
                [_astray(row) for row in rows],
                0,
                unit="",
                digits=0,
            )
        )
    every = [row for rows in found.values() for row in rows]
    bars.append(
        Bar(
            6,
            "longest batch",
            [max(row["longest_batch"] for row in every)],
            LONGEST_HOLD_S,
            unit="s",
            digits=3,
        )
    )
    return Findings(TITLE, bars, notes=[_stretch(found), _everything(found)])


def _rounds(ground: Ground, count: int) -> list[dict[str, Any]]:
    address = make_database(ground.environment["DATABASE_URL"], "alert_sweep")
    environment = ground.environment | {"DATABASE_URL": address}
    answer = ""
    for command in (
        ["manage.py", "migrate", "--verbosity", "0"],
        ["-m", "bench.sweeping", str(count), str(ground.scale.rounds)],
    ):
        done = subprocess.run(
            [sys.executable, *command], cwd=REPO, env=environment, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed: {done.stderr[-800:]}")
        answer = done.stdout
    return [json.loads(line) for line in answer.splitlines()]


def _astray(row: dict[str, Any]) -> int:
    """Count rows that were written and should not have been, or the other way round.

    Each alert is one row inserted, one watch deleted, one message; no dossier is touched.
    """
    changed = row["raised"]
    wanted = {
        "supervision_alert": [changed, 0, 0],
        "supervision_watch": [0, 0, changed],
        "outbox_message": [changed, 0, 0],
        "dossiers_dossier": [0, 0, 0],
    }
    pairs = [
        pair for name, counts in wanted.items() for pair in zip(row["written"][name], counts, strict=True)
    ]
    return sum(abs(got - meant) for got, meant in pairs) + abs(row["changed"][0] - changed)


def _stretch(found: dict[float, list[dict[str, Any]]]) -> str:
    ratios = [
        f"{share:.1%}: {sorted(row['sweep'] / row['next_change'] for row in rows)[len(rows) // 2]:.1f} ×"
        for share, rows in found.items()
        if share
    ]
    return f"Sweep ÷ one statement that knows each row's next change: {'; '.join(ratios)}."


def _everything(found: dict[float, list[dict[str, Any]]]) -> str:
    parts = [
        f"{row['sweep']:.1f} s for {row['raised']:,} alerts, {row['sweep'] / row['one_statement']:.1f} × one statement "
        f"({row['one_statement']:.1f} s), longest batch {row['longest_batch']:.3f} s"
        for row in found.get(1.0, [])
    ]
    return f"Everything due at once: {'; '.join(parts)}."
