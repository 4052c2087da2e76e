"""A million due dates take seconds: the calculator costs little more than the bare arithmetic (serves goal 6)."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from bench.findings import Bar, Findings
from bench.goals import Options
from bench.ground import Ground
from danang_portal.local.folders import REPO

TITLE = "due dates of a million starts, at once and one by one (serves goal 6)"

MOST_SECONDS = 10.0
STARTS_A_DOSSIER = 5
# The calculator needs Django's translations and nothing of the portal's settings.
ENVIRONMENT = {"DJANGO_SETTINGS_MODULE": "django.conf.global_settings"}


def measure(ground: Ground, options: Options) -> Findings:
    count = STARTS_A_DOSSIER * ground.scale.large
    command = [sys.executable, "-m", "bench.clockwork", str(count), str(ground.scale.rounds)]
    done = subprocess.run(
        command, cwd=REPO, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[1:])} failed: {done.stderr[-500:]}")
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    for number, one in enumerate(rounds, start=1):
        print(
            f"round {number}/{len(rounds)}  a million: bare {1e6 * one['bare']:5.2f} s"
            f"  at once {1e6 * one['bulk']:5.2f} s  one by one {1e6 * one['single']:5.2f} s"
        )
    bars = [
        Bar(6, f"CPU of a due date ÷ bare, {count:,} at once", [one["bulk"] / one["bare"] for one in rounds], 3.0),
        Bar(6, "CPU of a due date ÷ bare, one by one", [one["single"] / one["bare"] for one in rounds], 15.0),
        Bar(6, "CPU of a million due dates at once", [1e6 * one["bulk"] for one in rounds], MOST_SECONDS, unit="s", digits=1),
    ]  # fmt: skip
    return Findings(TITLE, bars)
