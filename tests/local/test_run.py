"""`make run` as a person uses it, and as bad luck treats it."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from danang_portal.local import assets
from danang_portal.local.environment import SETTINGS
from danang_portal.local.folders import REPO
from danang_portal.local.ports import free_port
from danang_portal.local.processes import MARK, belonging_to, send, wait_until
from danang_portal.local.servers import Servers
from danang_portal.local.throwaway import throwaway_folder

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("run")]


class Run:
    """One `make run`, after the set-up: its process and what it has printed."""

    def __init__(self, state: Path, **environment: str) -> None:
        clean = {name: value for name, value in os.environ.items() if name not in {*SETTINGS, MARK}}
        own = {"STATE_DIR": str(state), "STATIC_DIR": str(REPO / "var" / "static")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "danang_portal.local.run"],
            cwd=REPO,
            env=clean | own | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.printed = b""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed += line

    @property
    def text(self) -> str:
        return self.printed.decode()

    def wait_until_ready(self) -> None:
        wait_until(lambda: "Ctrl-C stops it." in self.text or self.process.poll() is not None, seconds=180)
        assert "Ctrl-C stops it." in self.text, self.text

    @property
    def url(self) -> str:
        found = re.search(r"The portal: +(\S+)", self.text)
        assert found, self.text
        return found[1]

    def status(self, path: str) -> int:
        line = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=10)
        line.request("GET", path)
        return line.getresponse().status

    def interrupt(self) -> int:
        send(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    assets.build(REPO / "var")
    with throwaway_folder() as folder:
        yield folder


@pytest.fixture
def start(state: Path) -> Iterator[type[Run]]:
    """Start runs in the module's state folder, and end those that a failed test leaves."""
    runs: list[Run] = []

    def started(**environment: str) -> Run:
        runs.append(Run(state, **environment))
        return runs[-1]

    yield started  # type: ignore[misc]
    for run in runs:
        if run.process.poll() is None:
            run.interrupt()


def servers_running(state: Path) -> list[int]:
    servers = Servers(state, environment={})
    assert servers.postgres is not None
    assert servers.valkey is not None
    return [pid for pid in (servers.postgres.pid(), servers.valkey.pid()) if pid]


def database(state: Path, statement: str) -> list[tuple[object, ...]]:
    postgres = Servers(state, environment={}).postgres
    assert postgres is not None
    connection = psycopg2.connect(postgres.url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def test_it_prints_address_and_accounts_on_the_wanted_port_and_ctrl_c_leaves_no_process(state, start):
    port = free_port()
    run = start(PORT=str(port))
    run.wait_until_ready()

    assert run.url == f"http://127.0.0.1:{port}"
    assert run.status("/") == 200
    assert "VNeID" in run.text
    assert len(belonging_to(state)) > 6  # six parts, and the children of the web server
    assert len(servers_running(state)) == 2

    assert run.interrupt() == 0
    assert belonging_to(state) == []
    assert servers_running(state) == []


def test_a_second_run_says_where_the_first_one_is(start):
    first = start()
    first.wait_until_ready()

    second = start()

    assert second.process.wait(timeout=30) == 0
    assert wait_until(lambda: f"runs already: {first.url}" in second.text, seconds=5), second.text
    assert first.status("/healthz") == 200


def test_a_part_that_is_killed_comes_back(state, start):
    run = start()
    run.wait_until_ready()
    web = [pid for pid in belonging_to(state) if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    for pid in web:
        send(pid, signal.SIGKILL)

    assert wait_until(lambda: "web had ended" in run.text, seconds=20), run.text
    assert run.status("/healthz") == 200


@pytest.mark.parametrize("victims", ["the supervisor alone", "every process", "the servers alone"])
def test_after_a_kill_the_next_run_works_and_nothing_acknowledged_is_missing(state, start, victims):
    run = start()
    run.wait_until_ready()
    database(state, "CREATE TABLE IF NOT EXISTS receipt (victims text)")
    database(state, f"INSERT INTO receipt VALUES ('{victims}')")
    parts = belonging_to(state)

    supervisor, servers = [run.process.pid], servers_running(state)
    for pid in {
        "the supervisor alone": supervisor,
        "every process": [*supervisor, *parts, *servers],
        "the servers alone": servers,
    }[victims]:
        send(pid, signal.SIGKILL)
    if victims == "the servers alone":
        assert wait_until(
            lambda: "Valkey had ended" in run.text and "Postgres had" in run.text, seconds=30
        ), run.text
        again = run
    else:
        run.process.wait(timeout=10)
        again = start()
        again.wait_until_ready()
        assert not set(parts) & set(belonging_to(state)), "what was left of the old run does the work twice"

    assert again.url == run.url
    assert again.status("/") == 200
    assert (victims,) in database(state, "SELECT victims FROM receipt")
    assert again.interrupt() == 0
    assert belonging_to(state) == []
    assert servers_running(state) == []


def test_with_servers_named_in_the_environment_it_uses_those_and_leaves_them_running(state, start):
    with throwaway_folder() as elsewhere, Servers(elsewhere, throwaway=True, environment={}) as others:
        run = start(**others.environment())
        run.wait_until_ready()

        assert run.status("/") == 200
        assert servers_running(state) == []
        assert run.interrupt() == 0
        assert len(servers_running(elsewhere)) == 2
        assert database(elsewhere, "SELECT count(*) > 10 FROM accounts_user") == [(True,)]


def test_a_port_that_is_no_port_is_refused_in_plain_words(start):
    run = start(PORT="tám nghìn")

    assert run.process.wait(timeout=30) == 1
    assert wait_until(lambda: "PORT=tám nghìn is not a port" in run.text, seconds=5), run.text
    assert "Traceback" not in run.text
