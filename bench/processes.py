"""CPU time and memory of a process with all its descendants, from /proc."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PARENT, CPU = 1, slice(11, 15)
"""Fields of /proc/<pid>/stat behind the name: the parent, and user and system time, own and of reaped children."""


def _stat(pid: str | int) -> list[str] | None:
    try:
        # The name may contain blanks and brackets.
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def parent(pid: int) -> int:
    """Return the parent of a living process.

    :raises ProcessLookupError: there is no such process.
    """
    fields = _stat(pid)
    if fields is None:
        raise ProcessLookupError(pid)
    return int(fields[PARENT])


def family(root: int) -> list[int]:
    """Return a process and all its living descendants."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (fields := _stat(entry)):
            children[int(fields[PARENT])].append(int(entry))
    found = [root]
    for pid in found:
        found += children[pid]
    return found


def cpu_seconds(root: int) -> float:
    """Return the CPU time that a process and its descendants, dead ones included, have used so far."""
    fields = [_stat(pid) for pid in family(root)]
    return sum(int(ticks) for each in fields if each for ticks in each[CPU]) / TICKS


@dataclass(frozen=True, slots=True)
class Memory:
    """MiB. ``shared_out`` divides what processes share among them and so is what the machine really spends."""

    processes: int
    largest: float
    shared_out: float


def memory(root: int) -> Memory:
    """Return the memory of a process and its descendants."""
    resident, proportional = [], []
    for pid in family(root):
        with contextlib.suppress(OSError, KeyError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
            values = {
                name: int(rest.split()[0]) / 1024 for name, _, rest in (line.partition(":") for line in lines)
            }
            resident.append(values["Rss"])
            proportional.append(values["Pss"])
    return Memory(len(resident), max(resident, default=0.0), sum(proportional))
