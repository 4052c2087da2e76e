"""Faults on demand."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Any

STAGES = ("ehlo", "mail", "rcpt", "data")
DROPS = ("", "before", "after")


@dataclass
class Fault:
    """What goes wrong at one stage of the conversation, ``times`` times or until it is taken back."""

    stage: str
    code: int = 0
    text: str = "simulated fault"
    delay_s: float = 0
    drop: str = ""
    to: str = ""
    times: int | None = None

    def __post_init__(self) -> None:
        if self.stage not in STAGES:
            raise ValueError(f"stage: one of {', '.join(STAGES)}")
        if self.drop not in DROPS or (self.drop and self.stage != "data"):
            raise ValueError("drop: before or after, at the stage data")
        if self.code and not 400 <= self.code <= 599:
            raise ValueError("code: 400 to 599")


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set: list[Fault] = []

    def order(self, wish: dict[str, Any]) -> None:
        """:raises ValueError, TypeError: the order makes no sense."""
        fault = None if wish.get("reset") else Fault(**wish)
        with self._lock:
            self._set = [] if fault is None else [*self._set, fault]

    def take(self, stage: str, recipients: list[str] | None = None) -> Fault | None:
        """Give the fault that is met at a stage, and count it."""
        with self._lock:
            for fault in self._set:
                if fault.stage != stage or (fault.to and fault.to not in (recipients or [])):
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._set.remove(fault)
                return fault
        return None

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._set]
