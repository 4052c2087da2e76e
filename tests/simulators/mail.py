"""The mail simulator for tests."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from danang_portal.local import ports
from tests.simulators.processes import running


@dataclass
class MailServer:
    """A running simulator."""

    smtp_port: int
    url: str

    def control(self, **wish: Any) -> None:
        answer = requests.post(f"{self.url}/_control", json=wish, timeout=5)
        assert answer.status_code == 204, answer.text

    def faults(self) -> list[dict[str, Any]]:
        """List the faults that are set and have not been met yet."""
        return list(requests.get(f"{self.url}/_control", timeout=5).json()["faults"])

    def messages(self, *, to: str = "", search: str = "") -> list[dict[str, Any]]:
        answer = requests.get(f"{self.url}/api/messages", params={"to": to, "q": search}, timeout=5)
        return list(answer.json())

    def wait_for(self, *, to: str, count: int = 1, seconds: float = 10) -> list[dict[str, Any]]:
        """Wait until a mailbox holds so many messages."""
        end = time.monotonic() + seconds
        while len(found := self.messages(to=to)) < count:
            assert time.monotonic() < end, f"{len(found)} of {count} messages for {to}"
            time.sleep(0.1)
        return found


@contextlib.contextmanager
def started(state: Path) -> Iterator[MailServer]:
    smtp, http = ports.free_port(), ports.free_port()
    arguments = ["--smtp-port", str(smtp), "--http-port", str(http)]
    with running("mail", arguments, state=state, port=http):
        yield MailServer(smtp, f"http://127.0.0.1:{http}")
