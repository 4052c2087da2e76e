"""A closed loop of HTTP clients on this machine: each sends its next request when the last one is answered.

Standard library only. A *flow* is one unit of work, `await flow(client, number)`: a filing, a page. A loop is always
bounded in time, and in the number of flows where that is asked; a flow that fails is counted, never hidden.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"
PATIENCE_S = 60.0
REQUESTS_A_CONNECTION = 10
"""A kept connection belongs to one worker process for its life; now and then a new one lets the idle worker take it."""

ERRORS_KEPT = 5
ERRORS_BORNE = 50
"""A loop gives up after so many failed flows: what it would measure then is not the work."""


class WrongAnswer(Exception):
    """The server answered, but not with what the flow expects."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """One person's browser: a connection that is kept for a while, and no more than one request in the air.

    Every request is noted under its ``name`` in `seconds`, so that the kinds of pages of one flow can be told apart.
    ``source`` is the loopback address that the next connection comes from: the portal slows down who asks too often.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.source = LOOPBACK
        self.seconds: list[tuple[str, float]] = []
        self._sent = 0
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, *, name: str, cookies: str = "") -> Answer:
        return await self.send("GET", path, name=name, headers={"Cookie": cookies} if cookies else {})

    async def send(
        self,
        method: str,
        path: str,
        *,
        name: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        expected: int = 200,
    ) -> Answer:
        """Send a request and wait for the whole answer.

        :raises WrongAnswer: its status is not ``expected``.
        :raises OSError, EOFError: the server does not answer, or breaks off.
        """
        lines = [f"{method} {path} HTTP/1.1", f"Host: {LOOPBACK}:{self.port}", f"Content-Length: {len(body)}"]
        lines += [f"{key}: {value}" for key, value in (headers or {}).items()]
        message = "\r\n".join([*lines, "", ""]).encode() + body
        began = time.perf_counter()
        answer = await asyncio.wait_for(self._exchange(method, message), PATIENCE_S)
        self.seconds.append((name, time.perf_counter() - began))
        if answer.status != expected:
            start = answer.body[:300].decode(errors="replace")
            raise WrongAnswer(f"{method} {path}: {answer.status} instead of {expected}: {start}")
        return answer

    async def _exchange(self, method: str, message: bytes) -> Answer:
        if self._sent % REQUESTS_A_CONNECTION == 0:
            self.close()
        self._sent += 1
        kept = self._line is not None
        try:
            return await self._once(method, message)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            if not kept:
                raise
        # The server may close a kept connection at any time; the request then never reached it.
        return await self._once(method, message)

    async def _once(self, method: str, message: bytes) -> Answer:
        if self._line is None:
            self._line = await asyncio.open_connection(
                LOOPBACK, self.port, limit=2**20, local_addr=(self.source, 0)
            )
        reader, writer = self._line
        writer.write(message)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ", 2)[1])
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:])
        }
        body = b"" if method == "HEAD" or status in (204, 304) else await _body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, body)

    def close(self) -> None:
        if self._line is not None:
            self._line[1].close()
            self._line = None


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        parts = []
        while size := int((await reader.readline()).split(b";")[0], 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readline()
        return b"".join(parts)
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    return await reader.read()


Flow = Callable[[Client, int], Awaitable[None]]


@dataclass(slots=True)
class Loop:
    """What one closed loop saw. Times are in seconds, one entry for each flow that succeeded."""

    clients: int
    wall: float = 0.0
    flows: list[float] = field(default_factory=list)
    requests: dict[str, list[float]] = field(default_factory=dict)
    failed: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.flows) / self.wall if self.wall else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """Give the smallest value that at least ``share`` of all values do not exceed; NaN when there are none."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def drive(flow: Flow, *, port: int, clients: int, seconds: float, flows: int | None = None) -> Loop:
    """Keep ``clients`` flows in the air until the time is up, or until ``flows`` have been begun."""
    return asyncio.run(_drive(flow, port=port, clients=clients, seconds=seconds, flows=flows))


async def _drive(flow: Flow, *, port: int, clients: int, seconds: float, flows: int | None) -> Loop:
    seen, begun = Loop(clients=clients), 0
    connections = [Client(port) for _ in range(clients)]
    start = time.perf_counter()

    async def work(client: Client) -> None:
        nonlocal begun
        while time.perf_counter() - start < seconds and (flows is None or begun < flows):
            number, begun = begun, begun + 1
            began = time.perf_counter()
            try:
                await flow(client, number)
            except (OSError, EOFError, ValueError, LookupError, TimeoutError, WrongAnswer) as problem:
                client.close()
                seen.failed += 1
                if len(seen.errors) < ERRORS_KEPT:
                    seen.errors.append(f"{type(problem).__name__}: {problem}"[:500])
                if seen.failed > ERRORS_BORNE:
                    return
            else:
                seen.flows.append(time.perf_counter() - began)

    await asyncio.gather(*(work(client) for client in connections))
    seen.wall = time.perf_counter() - start
    by_name: dict[str, list[float]] = defaultdict(list)
    for client in connections:
        for name, spent in client.seconds:
            by_name[name].append(spent)
        client.close()
    seen.requests = dict(by_name)
    return seen
