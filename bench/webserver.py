"""A web application under gunicorn, with the very settings the portal is served with."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from danang_portal.local.folders import REPO
from danang_portal.local.ports import free_port

SETTINGS = "python:danang_portal.gunicorn_conf"
LONGEST_START_S = 90.0


class DidNotStart(Exception):
    """The server ended or stayed silent; the message names its log."""


class WebServer:
    """One gunicorn with its workers, from `start` to `stop`.

    :param application: the WSGI module.
    :param probe: a path that answers 200 when the application works.
    """

    def __init__(
        self, name: str, application: str, *, environment: Mapping[str, str], probe: str, logs: Path
    ) -> None:
        self.name, self.application, self.probe = name, application, probe
        self.environment, self.log = dict(environment), logs / f"bench-{name}.log"
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError(f"{self.name} does not run")
        return self._process.pid

    def start(self) -> float:
        """Start it and return the seconds from exec to the first 200.

        :raises DidNotStart: it ended, or a minute and a half went by.
        """
        self.port = free_port()
        own = {"BIND": f"127.0.0.1:{self.port}", "PORTAL_URL": f"http://127.0.0.1:{self.port}"}
        with self.log.open("ab") as log:
            began = time.perf_counter()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", SETTINGS, self.application],
                cwd=REPO,
                env={**self.environment, **own},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while self._status() != 200:
            if self._process.poll() is not None or time.perf_counter() - began > LONGEST_START_S:
                self.stop()
                raise DidNotStart(f"{self.name} did not start; {self.log} says why.")
            time.sleep(0.01)
        return time.perf_counter() - began

    def stop(self) -> None:
        """Let it finish what it has in hand, then end it with all its workers. Asking twice is harmless."""
        if self._process is None:
            return
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=10)
        self._process = None

    def _status(self) -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", self.probe)
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()
