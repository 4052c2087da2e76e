from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Hints:
    """Calls ``send`` a moment after it is asked to, once for all who asked meanwhile, in a thread of its own.

    Nobody who asks waits for whom the hint goes to. What is not sent yet when the process ends is lost: a hint may be.
    """

    def __init__(self, send: Callable[[], None], *, gathered_s: float) -> None:
        self._send, self._gathered_s = send, gathered_s
        self._asked = threading.Event()
        self._thread: threading.Thread | None = None

    def ask(self) -> None:
        self._asked.set()
        # A thread does not live on in a forked child, and ends with an error of `send`.
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while self._asked.wait():
            time.sleep(self._gathered_s)
            # Before sending: who asks from now on is served by the next one.
            self._asked.clear()
            self._send()
