"""What a run stands on: one database server, the portal at two sizes, the reference, all served alike.

Everything is made when it is first asked for, so that a run pays only for what it measures, and everything is gone
with the run.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import redis

from bench import measuring
from bench.database import SAFE, Database, make_database
from bench.measuring import Target
from bench.seeds import procedure
from bench.webserver import WebServer
from danang_portal.local import assets
from danang_portal.local.environment import SETTINGS
from danang_portal.local.folders import REPO, make_private
from danang_portal.local.progress import step
from danang_portal.local.stack import Stack, state_folder_of_the_clone
from danang_portal.local.throwaway import throwaway_folder

SEEDS = Path(__file__).parent / "seeds"
NOT_MEASURED = ("beat", "worker", "web", "mail", "vneid")
"""Parts of the portal that stop once it is prepared: a load measures the web tier and its database alone."""

DRAWN_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: dossiers in the small and the large database, seconds of one loop, rounds."""

    small: int
    large: int
    seconds: float
    rounds: int


FULL = Scale(small=10_000, large=200_000, seconds=6.0, rounds=3)
QUICK = Scale(small=10_000, large=40_000, seconds=1.2, rounds=3)


@dataclass(frozen=True, slots=True)
class People:
    """Who is signed in: the cookies' values, and the codes of the units that receive dossiers."""

    filers: list[str]
    one_stop_officer: str
    leader: str
    units: list[str]
    session_cookie: str
    csrf_cookie: str

    def cookies(self, session: str, *, csrf: str = "") -> str:
        both = [f"{self.session_cookie}={session}", *([f"{self.csrf_cookie}={csrf}"] if csrf else [])]
        return "; ".join(both)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The portal with a catalogue of some size, served twice: searching by words alone, and by meanings as well.

    ``file`` holds the ``questions``: each its kind and its text.
    """

    words: Target
    meanings: Target
    environment: dict[str, str]
    file: Path
    questions: list[tuple[str, str]]


class Ground:
    """Enter it, and ask for targets.

    :param scale: how many rows and how long.
    """

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self._stack: Stack
        self._bare = ""
        self._caches: list[str] = []
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Ground:
        for name in SETTINGS:
            # Whatever portal this shell belongs to: a measurement has servers of its own.
            os.environ.pop(name, None)
        try:
            assets.build(state_folder_of_the_clone())
            state = self._open.enter_context(throwaway_folder())
            static = {"STATIC_DIR": str(state_folder_of_the_clone() / "static")}
            # Not as tests run it: this server keeps what it confirms.
            self._stack = self._open.enter_context(Stack(state, overrides=static))
            for name in NOT_MEASURED:
                self._stack.kill(name, signal.SIGKILL)
            database = Database(self.environment["DATABASE_URL"])
            database.require_safety()
            database.close()
            # While nobody uses it: a catalogue is filled in a copy of its own.
            self._bare = make_database(self.environment["DATABASE_URL"], "portal_bare", copy=True)
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the portal's processes."""
        return self._stack.env

    @cached_property
    def people(self) -> People:
        """Everybody who is signed in; the portal's databases have no dossiers yet when this is first asked for."""
        file = self._stack.state / "people.json"
        with step("People, officers and procedures"):
            subprocess.run(
                [sys.executable, "-m", "bench.seeds.portal", str(file)],
                cwd=REPO,
                env=self.environment,
                check=True,
            )
        return People(**json.loads(file.read_text()))

    @cached_property
    def _portal_databases(self) -> tuple[str, str]:
        """The addresses of the small and the large database, the small one being an early copy of the large one."""
        assert self.people
        large = self.environment["DATABASE_URL"]
        with step(f"{self.scale.small:,} dossiers"):
            self._draw("portal_rows.sql", large, table="dossiers_dossier", upto=self.scale.small)
            small = make_database(large, "portal_small", copy=True)
        with step(f"{self.scale.large:,} dossiers"):
            self._draw("portal_rows.sql", large, table="dossiers_dossier", upto=self.scale.large)
        return small, large

    @cached_property
    def portal(self) -> Target:
        """The portal with the large database."""
        return self._portal("portal", self._portal_databases[1])

    @cached_property
    def small_portal(self) -> Target:
        """The portal with the small database."""
        return self._portal("portal-small", self._portal_databases[0])

    def _portal(self, name: str, address: str) -> Target:
        return self._target(name, self.portal_server(name, address), address)

    def portal_server(self, name: str, address: str = "") -> WebServer:
        """The portal as a server that is not started yet, with the database at ``address`` or the large one."""
        return self._web(name, self.environment | ({"DATABASE_URL": address} if address else {}))

    def _web(self, name: str, environment: dict[str, str]) -> WebServer:
        return WebServer(
            name, "danang_portal.wsgi", environment=environment, probe="/healthz", logs=self._stack.log_folder
        )

    def catalogue(self, procedures: int) -> Catalogue:
        """The portal with so many invented procedures in a database of its own, and no dossiers."""
        name = f"catalogue_{procedures}"
        file = self._stack.state / f"{name}.json"
        given = self.environment | {
            "DATABASE_URL": make_database(self._bare, name, copy=True),
            "REDIS_URL": urlsplit(self.environment["REDIS_URL"])
            ._replace(path=f"/{len(self._caches) + 1}")
            .geturl(),
            "STATE_DIR": str(make_private(self._stack.state / name)),
            "SEARCH_BY_MEANING": "1",
        }
        self._caches.append(name)
        with step(f"{procedures:,} procedures"):
            seed = [sys.executable, "-m", "bench.seeds.catalogue", str(procedures), str(file)]
            subprocess.run(seed, cwd=REPO, env=given, check=True)
        questions = [(kind, text) for kind, text in json.loads(file.read_text())]
        words, meanings = (
            self._target(f"{name}-{how}", self._web(f"{name}-{how}", given | own), given["DATABASE_URL"])
            for how, own in (("words", {"SEARCH_BY_MEANING": "0"}), ("meanings", {}))
        )
        return Catalogue(words, meanings, given, file, questions)

    @cached_property
    def mini_environment(self) -> dict[str, str]:
        """The environment of the reference, with a database of its own that has tables and no rows."""
        files = make_private(self._stack.state / "mini-files")
        address = make_database(self.environment["DATABASE_URL"], "mini")
        given = self.environment | {"MINI_DATABASE_URL": address, "MINI_FILES": str(files)}
        subprocess.run(
            [sys.executable, "-m", "bench.mini", "migrate", "--run-syncdb", "--verbosity", "0"],
            cwd=REPO,
            env=given,
            check=True,
        )
        return given

    @cached_property
    def mini(self) -> Target:
        """The reference with as many dossiers as the large portal."""
        address = self.mini_environment["MINI_DATABASE_URL"]
        with step(f"{self.scale.large:,} dossiers of the reference"):
            self._draw("mini_rows.sql", address, table="mini_dossier", upto=self.scale.large)
        return self._target("mini", self.mini_server("mini"), address)

    def mini_server(self, name: str) -> WebServer:
        """The reference as a server that is not started yet."""
        return WebServer(
            name,
            "bench.mini.wsgi",
            environment=self.mini_environment,
            probe="/plain",
            logs=self._stack.log_folder,
        )

    def _target(self, name: str, web: WebServer, address: str) -> Target:
        web.start()
        self._open.callback(web.stop)
        database = Database(address)
        self._open.callback(database.close)
        database.count_statements_from_here()
        scanner = self._stack.parts["scanner"].process
        beside = {"scanner": scanner.pid if scanner else 0, "valkey": self._valkey_pid}
        return Target(name, web, database, database.server_pid(), beside)

    @cached_property
    def _valkey_pid(self) -> int:
        broker = redis.Redis.from_url(self.environment["REDIS_URL"])
        with contextlib.closing(broker):
            return int(broker.info("server")["process_id"])

    def _draw(self, script: str, address: str, *, table: str, upto: int) -> None:
        """Fill a table up to so many rows, in portions, and tell the planner."""
        text = (SEEDS / script).read_text()
        database = Database(address)
        values = {"answers": json.dumps(procedure.ANSWERS), "address": procedure.ANSWERS["noi_o"]}
        try:
            ((there, after),) = database.ask(f"SELECT count(*), coalesce(max(id), 0) FROM {table}")
            while there < upto:
                last = min(upto, there + DRAWN_AT_ONCE)
                database.run(text, {**values, "first": there + 1, "last": last, "after": after})
                ((there, after),) = database.ask(f"SELECT count(*), max(id) FROM {table}")
            database.ask("VACUUM ANALYZE")
        finally:
            database.close()

    def conditions(self) -> dict[str, Any]:
        """Say under which conditions the figures stand."""
        database = Database(self.environment["DATABASE_URL"])
        ((version,),) = database.ask("SHOW server_version")
        settings = {name: database.ask(f"SHOW {name}")[0][0] for name in SAFE}
        database.close()
        return {
            "processors": measuring.cores(),
            "python": platform.python_version(),
            "postgresql": version,
            **settings,
            "dossiers": [self.scale.small, self.scale.large],
            "seconds": self.scale.seconds,
            "rounds": self.scale.rounds,
        }
