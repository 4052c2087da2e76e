from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def in_two_threads(work: Callable[[], Any], *, after: Callable[[], None]) -> list[Any]:
    """Run the same work in two threads at once; give both answers."""
    answers: list[Any] = []
    start = threading.Barrier(2)

    def run() -> None:
        start.wait(5)
        try:
            answers.append(work())
        finally:
            after()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return answers
