"""PostgreSQL on this machine: made, started, found again, stopped.

It listens on the loopback address only and asks for a password; it opens no socket file, so the length of the
clone's path does not matter. It runs on when its starter dies, and the next starter adopts it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from . import postgres_account
from .folders import make_private
from .ports import HOST, free_port, is_free
from .processes import command_line, is_alive, send, wait_until

USER = "portal"
DATABASE = "portal"

ALWAYS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "shared_preload_libraries": "pg_stat_statements",
}
# Safe against a kill -9, not against a power cut.
THROWAWAY = {"fsync": "off", "full_page_writes": "off"}


class Postgres:
    """One cluster under one folder.

    :param folder: what belongs to it: the data (or a link to it) and the log of the server.
    :param password: of its only user, who owns everything in it.
    :param throwaway: give up safety against a power cut for speed; for data nobody will miss.
    :param account: one of `postgres_account.KINDS` instead of the best one that works.
    """

    def __init__(
        self, folder: Path, *, password: str, log: Path, throwaway: bool = False, account: str | None = None
    ) -> None:
        self.folder, self.password, self.log, self.throwaway = folder, password, log, throwaway
        self.account = postgres_account.choose(folder, kind=account)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        """The address for `DATABASE_URL`.

        :raises RuntimeError: the server does not run.
        """
        if not (port := self.port()):
            raise RuntimeError(f"PostgreSQL in {self.folder} does not run.")
        return f"postgres://{USER}:{self.password}@{HOST}:{port}/{DATABASE}"

    def pid(self) -> int | None:
        """Return the server's process number if it runs for this very folder, whoever started it."""
        return self._pid_and_port()[0]

    def port(self) -> int | None:
        return self._pid_and_port()[1]

    def _pid_and_port(self) -> tuple[int | None, int | None]:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            pid, port = int(lines[0]), int(lines[3])
        except (OSError, ValueError, IndexError):
            return None, None
        # After a crash the number in the file may be another program's.
        if str(self.data.resolve()) not in command_line(pid) or not is_alive(pid):
            return None, None
        return pid, port

    def is_ready(self) -> bool:
        port = self.port()
        return bool(port) and not self.account.run("pg_isready", "-q", "-h", HOST, "-p", str(port)).returncode

    def start(self, *, port: int | None = None) -> None:
        """Adopt the server that runs, else make the cluster if there is none and start it.

        :param port: the only port that will do if the server does not run yet; a free one if it is None.
        :raises RuntimeError: it does not start; the message names the log.
        """
        if self.pid() and wait_until(self.is_ready, seconds=60):
            return
        if not self.data.exists():
            self._make()
        end = time.monotonic() + 60
        # After a kill -9 the server's children need a moment to go, and so does the port.
        while not self._start_once(port):
            if time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL does not start. Its log says why: {self.log}")
            time.sleep(0.3)
        self._make_database()

    def stop(self) -> None:
        """Stop the server, whoever started it; open transactions are rolled back."""
        if not (pid := self.pid()):
            return
        for number, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            send(pid, number)
            if wait_until(lambda: not is_alive(pid), seconds=patience):
                return

    def destroy(self) -> None:
        """Stop the server and delete its data for good."""
        self.stop()
        if self.data.is_symlink():
            shutil.rmtree(self.data.resolve(), ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_once(self, port: int | None) -> bool:
        if port and not is_free(port):
            return False
        port = port or free_port()
        settings = ALWAYS | (THROWAWAY if self.throwaway else {}) | {"port": str(port)}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        make_private(self.log.parent)
        with self.log.open("ab") as log:
            server = self.account.popen(
                "postgres", "-D", str(self.data.resolve()), *arguments, stdout=log, stderr=subprocess.STDOUT
            )
        wait_until(lambda: server.poll() is not None or self.is_ready(), seconds=60)
        return server.poll() is None and self.is_ready()

    def _make(self) -> None:
        """Run initdb beside the final place, so that a set-up cut short leaves nothing that looks complete."""
        make_private(self.folder)
        if self.account.kind == "system user":
            fresh = postgres_account.HOME / f"data-{secrets.token_hex(6)}"
            handover = postgres_account.HOME
        else:
            fresh = self.folder / "data.new"
            handover = self.folder
        shutil.rmtree(fresh, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=handover, prefix="password.") as file:
            file.write(self.password)
            file.flush()
            if "user" in self.account.identity:
                os.chown(file.name, self.account.identity["user"], self.account.identity["group"])
            answer = self.account.run(
                "initdb",
                *("-D", str(fresh), "-U", USER, "--pwfile", file.name, "--auth=scram-sha-256", "-E", "UTF8"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                *(["--no-sync"] if self.throwaway else []),
            )
        if answer.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise RuntimeError(
                f"PostgreSQL's initdb failed: {(answer.stderr or answer.stdout).strip()[-500:]}"
            )
        if self.account.kind == "system user":
            self.data.symlink_to(fresh)
        else:
            fresh.rename(self.data)

    def _make_database(self) -> None:
        made = self.folder / "database-made"
        if made.exists():
            return
        answer = self.account.run(
            "createdb", "-h", HOST, "-p", str(self.port()), "-U", USER, DATABASE, password=self.password
        )
        if answer.returncode and "already exists" not in answer.stderr:
            raise RuntimeError(f"PostgreSQL refused to make the database: {answer.stderr.strip()}")
        made.touch()
