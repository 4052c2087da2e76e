"""Hints go out soon, once for all who asked meanwhile, and hold nobody up."""

from __future__ import annotations

import threading
import time

import pytest

from outbox.hints import Hints

SOON_S = 0.05
LONG_S = 10.0


class Receiver:
    """Counts hints; ``until`` waits for a number of them."""

    def __init__(self, *, fails: int = 0) -> None:
        self.received, self.fails = 0, fails
        self._changed = threading.Condition()

    def take(self) -> None:
        with self._changed:
            self.received += 1
            self._changed.notify_all()
            failing = self.received <= self.fails
        if failing:
            raise RuntimeError("not reached")

    def until(self, number: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.received >= number, timeout=LONG_S)


def test_many_who_ask_at_once_cause_one_hint_and_whoever_asks_later_another():
    receiver = Receiver()
    hints = Hints(receiver.take, gathered_s=SOON_S)

    for _ in range(20):
        hints.ask()
    assert receiver.until(1)
    time.sleep(3 * SOON_S)
    assert receiver.received == 1

    hints.ask()
    assert receiver.until(2)


def test_whoever_asks_does_not_wait_while_a_hint_is_sent():
    sending, go_on = threading.Event(), threading.Event()

    def send() -> None:
        sending.set()
        go_on.wait(LONG_S)

    hints = Hints(send, gathered_s=0)
    hints.ask()
    assert sending.wait(LONG_S)

    began = time.monotonic()
    hints.ask()
    assert time.monotonic() - began < 1
    go_on.set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_after_an_error_the_next_one_who_asks_is_heard_again():
    receiver = Receiver(fails=1)
    hints = Hints(receiver.take, gathered_s=0)

    hints.ask()
    assert receiver.until(1)
    hints._thread.join(LONG_S)
    hints.ask()

    assert receiver.until(2)
