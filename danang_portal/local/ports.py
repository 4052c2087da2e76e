"""Free ports on the loopback interface, kept from run to run so that an open browser tab stays valid."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from pathlib import Path

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port nobody listens on now. Another program may take it: whoever uses it must try again."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Tell whether something accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def remembered(file: Path) -> dict[str, int]:
    """Return the ports of the last run by name, or nothing."""
    with contextlib.suppress(OSError, ValueError):
        return {str(name): int(port) for name, port in json.loads(file.read_text()).items()}
    return {}


def assign(file: Path, names: list[str], *, wanted: dict[str, int] | None = None) -> dict[str, int]:
    """Give each name a free port: the wanted one, else the one of the last run, else a new one.

    :param file: JSON file that remembers the ports.
    :raises PortTaken: a wanted port is in use.
    """
    last, given = remembered(file), dict(wanted or {})
    for name, port in given.items():
        if not _free_soon(port):
            raise PortTaken(name, port)
    for name in names:
        if name in given:
            continue
        port = last.get(name, 0)
        while not port or port in given.values() or not is_free(port):
            port = free_port()
        given[name] = port
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(given))
    return given


def _free_soon(port: int) -> bool:
    """Wait a moment for the port: the portal that was just stopped may still be closing it."""
    for _ in range(20):
        if is_free(port):
            return True
        time.sleep(0.1)
    return False


class PortTaken(Exception):
    def __init__(self, name: str, port: int) -> None:
        super().__init__(
            f"Port {port} for {name} is in use by another program. Choose another one: make run PORT=…"
        )
