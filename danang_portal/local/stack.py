"""The whole portal as processes of this machine: servers, web, worker, beat, simulators.

For a test: `with throwaway_stack() as stack:`, then `stack.url`, `stack.kill("worker")`, `stack.restart("worker")`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from danang_portal.probe import ask

from . import assets, ports
from .environment import PORTS, SETTINGS, fill_in, local_environment, ports_file
from .folders import REPO, make_private
from .locks import Lock
from .parts import Part, commands
from .processes import MARK, belonging_to, end_all, group_of, send, send_to_group, wait_until
from .progress import step
from .servers import Servers
from .throwaway import throwaway_folder

LOG_LIMIT = 10 * 2**20


class AlreadyRunning(Exception):
    """Another supervisor has this state folder."""


class DidNotStart(Exception):
    """A part ended or stayed silent; the message names it and its log."""


class Stack:
    """Start it, watch it, stop it.

    :param state: state folder.
    :param throwaway: for tests: own servers whatever the environment names, fast, and not safe against a power cut.
    :param port: port of the web site; a free one if it is None.
    :param demo: load the demo data.
    :param overrides: settings that win over everything else.
    """

    def __init__(
        self,
        state: Path,
        *,
        throwaway: bool = False,
        port: int | None = None,
        demo: bool = True,
        overrides: Mapping[str, str] | None = None,
    ) -> None:
        self.state = make_private(state).resolve()
        self.throwaway, self.demo = throwaway, demo
        self._wanted_port, self._overrides = port, dict(overrides or {})
        self.env: dict[str, str] = {}
        self.parts: dict[str, Part] = {}
        self._servers: Servers | None = None
        self._lock: Lock | None = None
        self._looked_at = 0.0

    # What callers read

    @property
    def url(self) -> str:
        return self.env["PORTAL_URL"]

    @property
    def mailbox_url(self) -> str:
        return self.env["MAILBOX_URL"]

    @property
    def log_folder(self) -> Path:
        return self.state / "log"

    @property
    def accounts_file(self) -> Path:
        """JSON list of the demo accounts: person, role, login, password, where."""
        return self.state / "run" / "accounts.json"

    def readiness(self) -> dict[str, Any]:
        """Return what /readyz says, or nothing when the site does not answer."""
        status, body = self._ask("/readyz")
        if status in {200, 503}:
            with contextlib.suppress(ValueError):
                return dict(json.loads(body))
        return {}

    def _ask(self, path: str) -> tuple[int, bytes]:
        return ask(path, port=self.parts["web"].port or 0, environment=self.env)

    # Start

    def start(self) -> None:
        """Start everything and wait until the site answers.

        :raises AlreadyRunning: another process supervises this state folder.
        :raises DidNotStart: a part did not come up.
        """
        self._lock = Lock(self.state / "run" / "supervisor.lock")
        if not self._lock.take_alone():
            self._lock.close()
            self._lock = None
            raise AlreadyRunning(str(self.state))
        # What a killed supervisor left behind would hold the ports and do the work twice.
        end_all(belonging_to(self.state))
        with step("Database and broker"):
            base = self._base_environment()
            self._servers = Servers(self.state, throwaway=self.throwaway, environment=base)
            self._servers.start()
        wanted = {"web": self._wanted_port} if self._wanted_port else {}
        port = ports.assign(ports_file(self.state), PORTS, wanted=wanted)
        fill_in(base, self._servers.environment() | local_environment(self.state, given=port))
        self.env = base | {MARK: str(self.state), "STATE_DIR": str(self.state), "PYTHONUNBUFFERED": "1"}
        self.env["BIND"] = f"{ports.HOST}:{port['web']}"
        self.env |= {"DEMO": "1" if self.demo else "0"} | self._overrides
        self.parts = {part.name: part for part in commands(port, self.state / "simulators")}
        for name in ("scanner", "mail", "vneid"):
            self._launch(self.parts[name])
        with step("Tables and demo data" if self.demo else "Tables"):
            self._prepare()
        for name in ("web", "worker", "beat"):
            self._launch(self.parts[name])
        with step("Web site and simulators"):
            for part in self.parts.values():
                self._wait_for(part)

    def _base_environment(self) -> dict[str, str]:
        if not self.throwaway:
            return dict(os.environ)
        base = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        # The web files are the same for every state; making them again would take longer than the start.
        return base | {"STATIC_DIR": str(state_folder_of_the_clone() / "static")}

    def _prepare(self) -> None:
        command = [sys.executable, "-m", "danang_portal.local.prepare", str(self.accounts_file)]
        log = self._open_log("prepare")
        with log:
            done = subprocess.run(
                command,
                cwd=REPO,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if done.returncode:
            raise DidNotStart(self._blame("The database could not be prepared", "prepare"))

    def _launch(self, part: Part) -> None:
        make_private(self.state / "simulators" / part.name)
        with self._open_log(part.name) as log:
            part.process = subprocess.Popen(
                part.command,
                cwd=REPO,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        part.started_at = time.monotonic()

    def _wait_for(self, part: Part) -> None:
        """Wait until a part answers, or for one without a port, until it runs.

        :raises DidNotStart: it ended, or a minute and a half went by.
        """
        wait_until(lambda: not part.is_running or self._answers(part), seconds=90)
        if not part.is_running or not self._answers(part):
            raise DidNotStart(self._blame(f"{part.name} did not start", part.name))

    def _answers(self, part: Part) -> bool:
        if part.name == "web":
            return self._ask("/healthz")[0] == 200
        return part.port is None or ports.answers(part.port)

    # Watch

    def watch(self) -> list[str]:
        """Look once at every part and mend what is broken; return what was done, in words.

        To be called about once a second.
        """
        done = []
        if self._servers:
            for name in self._servers.revive():
                done.append(f"{name} had ended and was started again")
                if name == "Valkey":
                    # A worker that loses its broker may stay connected to nothing.
                    self.restart("worker")
        for part in self.parts.values():
            if not part.is_running and self._may_restart(part):
                code = part.process.returncode if part.process else None
                self.restart(part.name)
                done.append(
                    f"{part.name} had ended ({code}) and was started again; see {self.log_folder}/{part.name}.log"
                )
        if time.monotonic() - self._looked_at > 10:
            self._looked_at = time.monotonic()
            if self._worker_is_stuck():
                for name in ("worker", "beat"):
                    self.restart(name)
                done.append("worker gave no sign of life and was started again, with beat")
        return done

    def _may_restart(self, part: Part) -> bool:
        """Let a part that ends at once again and again rest for ten seconds between attempts."""
        now = time.monotonic()
        part.restarts = [at for at in part.restarts if now - at < 60]
        return len(part.restarts) < 3 or now - part.restarts[-1] > 10

    def _worker_is_stuck(self) -> bool:
        """True when worker and beat have had time enough to give a sign of life and have not."""
        youngest = max(self.parts[name].started_at for name in ("worker", "beat"))
        if time.monotonic() - youngest < 90:
            return False
        parts = self.readiness().get("parts", {})
        return bool(parts.get("database") and parts.get("broker") and not parts.get("worker"))

    def restart(self, name: str) -> None:
        """Stop a part, if it runs, and start it again; wait until it answers if it has a port."""
        part = self.parts[name]
        self._end([part])
        part.restarts.append(time.monotonic())
        self._launch(part)
        if part.port:
            with contextlib.suppress(DidNotStart):
                self._wait_for(part)

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to a part and all its children, and wait until it has ended if it was SIGKILL."""
        part = self.parts[name]
        if part.process and part.is_running:
            send_to_group(part.process.pid, number)
            if number == signal.SIGKILL:
                part.process.wait(timeout=10)

    # Stop

    def stop(self) -> None:
        """Stop every process that was started, grandchildren included. Asking twice is harmless."""
        working = [self.parts[name] for name in ("beat", "worker", "web") if name in self.parts]
        self._end(working)
        self._end([part for part in self.parts.values() if part not in working])
        if self._lock:
            end_all(belonging_to(self.state), patience=2)
        if self._servers:
            self._servers.stop()
            self._servers = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def _end(self, parts: list[Part], *, patience: float = 15) -> None:
        """Let parts finish what they have in hand, then kill what is left of them and of their children."""
        processes = [part.process for part in parts if part.process]
        for process in processes:
            if process.poll() is None:
                send(process.pid, signal.SIGTERM)
        wait_until(lambda: all(process.poll() is not None for process in processes), seconds=patience)
        for process in processes:
            if process.poll() is None:
                send_to_group(process.pid, signal.SIGKILL)
                process.wait(timeout=10)
        # A part that was killed could not take its children along.
        groups = {process.pid for process in processes}
        for pid in belonging_to(self.state) if groups else []:
            if group_of(pid) in groups:
                send(pid, signal.SIGKILL)
        for part in parts:
            part.process = None

    # Logs

    def _open_log(self, name: str) -> Any:
        file = make_private(self.log_folder) / f"{name}.log"
        if file.exists() and file.stat().st_size > LOG_LIMIT:
            file.replace(file.with_suffix(".log.1"))
        return file.open("ab")

    def _blame(self, what: str, name: str) -> str:
        file = self.log_folder / f"{name}.log"
        tail = "\n".join(f"    {line}" for line in file.read_text(errors="replace").splitlines()[-15:])
        return f"{what}. The end of {file}:\n{tail}"

    def __enter__(self) -> Stack:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()


def state_folder_of_the_clone() -> Path:
    """Where `make setup` put the web files: never the throw-away folder that `STATE_DIR` names in tests."""
    return REPO / "var"


@contextlib.contextmanager
def throwaway_stack(*, demo: bool = True, overrides: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """Run the portal for a test or a measurement in a folder of its own, and leave nothing behind."""
    assets.build(state_folder_of_the_clone())
    with throwaway_folder() as state, Stack(state, throwaway=True, demo=demo, overrides=overrides) as stack:
        yield stack
