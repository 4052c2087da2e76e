"""Readings of targets in turns: A B A B …, so that a drift of the machine falls on all of them alike."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bench import processes
from bench.database import Database
from bench.load import Flow, Loop, drive, percentile
from bench.webserver import WebServer


@dataclass(frozen=True, slots=True)
class Target:
    """What a load is sent to, and the processes that work for it.

    ``beside`` are partners whose CPU time is shown but is not the target's own, such as the virus scanner.
    """

    name: str
    web: WebServer
    database: Database
    database_pid: int
    beside: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """One loop against one target. Times in milliseconds; CPU, statements and their time are per flow."""

    clients: int
    flows: int
    failed: int
    errors: tuple[str, ...]
    seconds: float
    per_second: float
    mean: float
    p50: float
    p95: float
    p99: float
    slowest: float
    app_cpu: float
    db_cpu: float
    app_cores: float
    db_cores: float
    statements: float
    statement_time: float
    beside: Mapping[str, float]
    p50_by_request: Mapping[str, float]

    @property
    def cpu(self) -> float:
        """Milliseconds of CPU per flow in the server and database processes."""
        return self.app_cpu + self.db_cpu


@dataclass(frozen=True, slots=True)
class Cell:
    """One place in a round: this flow against this target with so many clients."""

    label: str
    target: Target
    flow: Flow
    clients: int


def read(cell: Cell, *, seconds: float) -> Reading:
    """Run one loop and say what it cost."""
    target = cell.target
    watched = {"app": target.web.pid, "db": target.database_pid, **target.beside}
    target.database.count_statements_from_here()
    before = {name: processes.cpu_seconds(pid) for name, pid in watched.items()}
    loop = drive(cell.flow, port=target.web.port, clients=cell.clients, seconds=seconds)
    spent = {name: processes.cpu_seconds(pid) - before[name] for name, pid in watched.items()}
    return reading(loop, spent=spent, statements=target.database.statements())


def reading(loop: Loop, *, spent: Mapping[str, float], statements: tuple[int, float]) -> Reading:
    """Put a loop, the CPU seconds spent meanwhile (``app``, ``db``, others) and the statements together."""
    flows = max(len(loop.flows), 1)
    calls, statement_time = statements
    return Reading(
        clients=loop.clients,
        flows=len(loop.flows),
        failed=loop.failed,
        errors=tuple(loop.errors),
        seconds=loop.wall,
        per_second=loop.per_second,
        mean=1e3 * sum(loop.flows) / flows,
        p50=1e3 * percentile(loop.flows, 0.50),
        p95=1e3 * percentile(loop.flows, 0.95),
        p99=1e3 * percentile(loop.flows, 0.99),
        slowest=1e3 * max(loop.flows, default=0.0),
        app_cpu=1e3 * spent["app"] / flows,
        db_cpu=1e3 * spent["db"] / flows,
        app_cores=spent["app"] / loop.wall,
        db_cores=spent["db"] / loop.wall,
        statements=calls / flows,
        statement_time=statement_time / flows,
        beside={name: 1e3 * value / flows for name, value in spent.items() if name not in ("app", "db")},
        p50_by_request={name: 1e3 * percentile(times, 0.5) for name, times in loop.requests.items()},
    )


class Rounds:
    """The readings of several rounds, by the cells' labels; every figure of one label is a list over the rounds."""

    def __init__(self, readings: Mapping[str, Sequence[Reading]]) -> None:
        self.readings = {label: list(rows) for label, rows in readings.items()}

    def of(self, label: str, figure: Callable[[Reading], float]) -> list[float]:
        return [figure(row) for row in self.readings[label]]

    def median(self, label: str, figure: Callable[[Reading], float]) -> float:
        return statistics.median(self.of(label, figure))

    def ratio(self, above: str, below: str, figure: Callable[[Reading], float]) -> list[float]:
        """Divide one label's figure by another's within each round: the median of these is what a goal judges."""
        return [
            top / bottom for top, bottom in zip(self.of(above, figure), self.of(below, figure), strict=True)
        ]


def in_turns(
    cells: Sequence[Cell], *, rounds: int, seconds: float, say: Callable[[str], None] = lambda _text: None
) -> Rounds:
    """Warm every target up, uncounted, then read all cells in turn, ``rounds`` times.

    Each round begins with another cell, so that none always follows the same other one.
    """
    for target, flow in {
        (id(cell.target), id(cell.flow)): (cell.target, cell.flow) for cell in cells
    }.values():
        # All workers with all threads: each opens a connection and reads its templates once.
        drive(flow, port=target.web.port, clients=8, seconds=min(seconds, 3.0), flows=200)
    readings: dict[str, list[Reading]] = {cell.label: [] for cell in cells}
    for number in range(1, rounds + 1):
        first = (number - 1) % len(cells)
        for cell in [*cells[first:], *cells[:first]]:
            readings[cell.label].append(read(cell, seconds=seconds))
            last = readings[cell.label][-1]
            say(
                f"round {number}/{rounds}  {cell.label:<34} {last.per_second:8.1f}/s"
                f"  p95 {last.p95:7.1f} ms  CPU {last.cpu:6.1f} ms  errors {last.failed}"
            )
    return Rounds(readings)


def cores() -> int:
    """Return the processors that this process may use."""
    return len(os.sched_getaffinity(0))
