"""Recognise, find and stop processes, also those whose parent was killed.

A process number alone is no identity: numbers are used again. So a process is known by its number and the
moment it started, and everything that a state folder's supervisor starts carries the folder's name in its
environment (`PORTAL_STATE`), which children inherit.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

MARK = "PORTAL_STATE"


def start_moment(pid: int) -> str | None:
    """Return an opaque text that tells one life of a process number from the next, or None if it is dead."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in {"Z", "X"} else fields[19]
    answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return answer.stdout.strip() or None


def command_line(pid: int) -> str:
    """Return the command line of a process, or an empty text when it is dead or another user's."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout


def is_alive(pid: int) -> bool:
    return start_moment(pid) is not None


def belonging_to(state: Path) -> list[int]:
    """Return the living processes that were started for a state folder, in no order, this one left out."""
    mark = f"{MARK}={state}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        pid = int(entry.name)
        if mark in environment and pid != os.getpid() and is_alive(pid):
            found.append(pid)
    return found


def send(pid: int, number: int) -> None:
    """Send a signal to one process; one that is gone already is fine."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def send_to_group(pid: int, number: int) -> None:
    """Send a signal to the process group that a process leads, its grandchildren included."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return


def group_of(pid: int) -> int | None:
    """Return the number of a process's group, or None if the process is gone."""
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """Ask again and again until it is true; False when the time is up."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def end_all(pids: Iterable[int], *, patience: float = 5) -> None:
    """Ask processes to end, wait `patience` seconds, and kill those that are left."""
    lives = {pid: start_moment(pid) for pid in pids}

    def left() -> list[int]:
        return [pid for pid, life in lives.items() if life and start_moment(pid) == life]

    for pid in left():
        send(pid, signal.SIGTERM)
    if not wait_until(lambda: not left(), seconds=patience):
        for pid in left():
            send(pid, signal.SIGKILL)
        wait_until(lambda: not left(), seconds=5)
