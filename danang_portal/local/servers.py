"""PostgreSQL and Valkey together, for as long as somebody needs them.

Every process that uses them holds a shared lock; the last one to leave stops them. A process that is killed
leaves them running, and the next one adopts them: a kill loses nothing and needs no cleaning.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from . import keys
from .folders import make_private
from .locks import Lock, exclusive
from .postgres import Postgres
from .valkey import Valkey


class Servers:
    """The servers under one state folder that the environment does not name already.

    :param state: state folder; made if it is not there.
    :param throwaway: a cluster for tests: fast, and not safe against a power cut.
    :param environment: what is set already; `DATABASE_URL` or `REDIS_URL` there means that server is somebody
        else's, and is neither started nor stopped.
    """

    def __init__(
        self, state: Path, *, throwaway: bool = False, environment: dict[str, str] | None = None
    ) -> None:
        self.state = make_private(state)
        given = dict(os.environ) if environment is None else environment
        secrets = keys.load_or_make(state)
        log = state / "log"
        self.postgres = (
            None
            if given.get("DATABASE_URL")
            else Postgres(
                state / "postgres",
                password=secrets["DATABASE_PASSWORD"],
                log=log / "postgres.log",
                throwaway=throwaway,
            )
        )
        self.valkey = (
            None
            if given.get("REDIS_URL")
            else Valkey(
                state / "valkey",
                password=secrets["BROKER_PASSWORD"],
                log=log / "valkey.log",
                throwaway=throwaway,
            )
        )
        self._use: Lock | None = None
        self._ports: dict[str, int | None] = {}

    def start(self) -> None:
        """Start or adopt them and keep them for this process. Asking twice is harmless."""
        if self._use is None:
            self._use = Lock(self.state / "run" / "servers-in-use.lock")
            self._use.share()
        with self._alone():
            for server in (self.postgres, self.valkey):
                if server:
                    server.start()
                    self._ports[type(server).__name__] = server.port()

    def revive(self) -> list[str]:
        """Start what died meanwhile, on its old port; return the names of what had to be started."""
        revived = []
        with self._alone():
            for server in (self.postgres, self.valkey):
                if server and not server.pid():
                    name = type(server).__name__
                    server.start(port=self._ports.get(name))
                    revived.append(name)
        return revived

    def stop(self) -> None:
        """Leave them; stop them if nobody else uses them."""
        if self._use is None:
            return
        with self._alone():
            if self._use.take_alone():
                for server in (self.valkey, self.postgres):
                    if server:
                        server.stop()
            self._use.close()
            self._use = None

    def environment(self) -> dict[str, str]:
        """Return the addresses of the servers this object is in charge of, as settings read them."""
        addresses = {}
        if self.postgres:
            addresses["DATABASE_URL"] = self.postgres.url
        if self.valkey:
            addresses["REDIS_URL"] = self.valkey.url
        return addresses

    def _alone(self) -> AbstractContextManager[None]:
        return exclusive(self.state / "run" / "servers-start.lock")

    def __enter__(self) -> Servers:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()
