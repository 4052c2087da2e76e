"""Start simulators as the launcher does: real processes on free ports."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from danang_portal.local import ports
from danang_portal.local.folders import REPO


@contextlib.contextmanager
def running(
    name: str, arguments: list[str], *, state: Path, port: int, environment: Mapping[str, str] = {}
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``python -m simulators.<name>`` until the block ends."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", f"simulators.{name}", *arguments, "--state", str(state)],
            cwd=REPO,
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
        )
    try:
        end = time.monotonic() + 30
        while not ports.answers(port):
            assert process.poll() is None, (state / "log").read_text()
            assert time.monotonic() < end, f"{name} did not start"
            time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
