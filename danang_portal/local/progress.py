"""Say what is going on: one line a step, with the seconds it takes. Standard library only."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Show a step while it runs and how long it took; on a terminal the seconds tick."""
    began, done, live = time.monotonic(), threading.Event(), sys.stdout.isatty()

    def show(mark: str, end: str) -> None:
        start = "\r\033[K" if live else ""
        print(f"{start}  {mark} {title} ({time.monotonic() - began:.1f} s)", end=end, flush=True)

    def tick() -> None:
        if not live and not done.wait(1):
            print(f"  · {title} …", flush=True)
        while live and not done.wait(0.2):
            show("·", "")

    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    mark = "✗"
    try:
        yield
        mark = "✓"
    finally:
        done.set()
        ticker.join()
        show(mark, "\n")


def say(text: str) -> None:
    print(f"  {text}", flush=True)
