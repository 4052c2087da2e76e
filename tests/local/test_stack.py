from __future__ import annotations

import time
from pathlib import Path

import pytest

from danang_portal.local.parts import Part, commands
from danang_portal.local.stack import Stack

NUMBERS = {"web": 1, "vneid": 2, "smtp": 3, "mailbox": 4, "scanner": 5}


class OnPaper(Stack):
    """A portal whose processes exist on paper only; what it would restart is noted."""

    def __init__(self, state: Path) -> None:
        super().__init__(state)
        self.parts = {part.name: part for part in commands(NUMBERS, state)}
        self.restarted: list[str] = []

    def restart(self, name: str) -> None:
        self.restarted.append(name)


@pytest.fixture
def stack(tmp_path, monkeypatch) -> OnPaper:
    monkeypatch.setattr(Part, "is_running", True)
    return OnPaper(tmp_path)


def age(stack, seconds):
    for part in stack.parts.values():
        part.started_at = time.monotonic() - seconds


@pytest.mark.parametrize(
    ("seconds", "parts", "restarted"),
    [
        (600, {"database": True, "broker": True, "worker": False}, ["worker", "beat"]),
        (600, {"database": True, "broker": True, "worker": True}, []),
        (20, {"database": True, "broker": True, "worker": False}, []),  # it may still be starting
        (600, {"database": False, "broker": True, "worker": False}, []),  # not the worker's fault
        (600, {}, []),  # the web site does not answer, so nothing is known
    ],
)
def test_a_worker_without_a_sign_of_life_is_started_again(stack, monkeypatch, seconds, parts, restarted):
    age(stack, seconds)
    monkeypatch.setattr(stack, "readiness", lambda: {"parts": parts})

    stack.watch()

    assert stack.restarted == restarted


def test_a_part_that_ends_at_once_every_time_is_not_started_without_pause(stack, monkeypatch):
    monkeypatch.setattr(stack, "readiness", dict)
    monkeypatch.setattr(Part, "is_running", False)
    now = time.monotonic()
    for part in stack.parts.values():
        part.restarts = [now - 3, now - 2, now - 1]
    stack.parts["mail"].restarts = [now - 40, now - 30, now - 11]

    stack.watch()

    assert stack.restarted == ["mail"]
