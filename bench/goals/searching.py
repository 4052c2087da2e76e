"""Goal 5: a search costs the database little more than its limit, and stays quick when the catalogue grows."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Sequence
from statistics import median
from typing import Any
from urllib.parse import quote

from bench import processes
from bench.findings import Bar, Findings
from bench.goals import Options
from bench.ground import Catalogue, Ground
from bench.load import Client, Flow, WrongAnswer, percentile
from bench.measuring import Cell, Reading, in_turns
from danang_portal.local.folders import REPO

TITLE = "the catalogue's search among 7,000 and 100,000 procedures (goal 5)"

CLIENTS = 8
LIST, PAGE = "/thu-tuc/", "/thu-tuc/8.{number:06d}/"
SLOWEST_MS = {7_000: 100.0, 100_000: 150.0}
OPEN_ZAAK_DETAIL_MS = 51.0
"""CPU of the peer's page of a case type, as measured beside the reference; the peer is not here."""


def measure(ground: Ground, options: Options) -> Findings:
    catalogues = {size: ground.catalogue(size) for size in SLOWEST_MS}
    small, large = catalogues
    cells = []
    for size, catalogue in catalogues.items():
        cells += [
            Cell(_label(size, "words"), catalogue.words, search(catalogue.questions), CLIENTS),
            Cell(_label(size, "meanings"), catalogue.meanings, search(catalogue.questions), CLIENTS),
        ]
    cells.append(Cell(DETAIL, catalogues[large].words, detail(large), CLIENTS))
    rounds = in_turns(cells, rounds=ground.scale.rounds, seconds=ground.scale.seconds, say=print)
    memory = [_memory(size, catalogue) for size, catalogue in catalogues.items()]

    bars: list[Bar] = []
    notes: list[str] = []
    for size, catalogue in catalogues.items():
        asked = _in_the_database(catalogue, rounds=ground.scale.rounds)
        pairs = list(zip(asked["searches"], asked["references"], strict=True))
        bars.append(
            Bar(
                5,
                f"SQL p95 of a search ÷ own-title-vector query, {size:,}",
                [percentile(search, 0.95) / percentile(limit, 0.95) for search, limit in pairs],
                3.0,
            )
        )
        middles = [
            f"{name} p50 {median(percentile(one, 0.5) for one in asked[name]):.1f},"
            f" p95 {median(percentile(one, 0.95) for one in asked[name]):.1f}"
            for name in ("searches", "references")
        ]
        notes.append(f"ms in the database, {size:,} procedures, one client: {'; '.join(middles)}")
        slowest = max(asked["plans"].values(), key=len, default="")
        notes.append(f"Slowest statement of a search, {size:,} procedures:\n{slowest}")
    for size, bar in SLOWEST_MS.items():
        for how in ("words", "meanings"):
            p95 = rounds.of(_label(size, how), lambda row: row.p95)
            bars.append(Bar(5, f"p95 of a page, {_label(size, how)}", p95, bar, unit="ms", digits=0))
    growth = math.log(large / small)
    for how in ("words", "meanings"):
        slopes = [
            math.log(ratio) / growth
            for ratio in rounds.ratio(_label(large, how), _label(small, how), lambda row: row.p50)
        ]
        bars.append(Bar(5, f"growth of p50 with the procedures, {how}", slopes, 0.3, unit="", digits=3))
    cpu = rounds.of(DETAIL, lambda row: row.cpu)
    bars.append(Bar(5, "CPU of a procedure's page", cpu, 0.4 * OPEN_ZAAK_DETAIL_MS, unit="ms", digits=1))
    notes += memory
    notes.append(_by_kind([_label(size, "words") for size in catalogues], rounds.readings))
    return Findings(TITLE, bars, rounds, portal=[cell.label for cell in cells], notes=notes)


DETAIL = "a procedure's page, 100,000"


def _label(size: int, how: str) -> str:
    return f"{size:,}, {how}"


def search(questions: Sequence[tuple[str, str]]) -> Flow:
    """Ask one question after the other; a page that shows nothing is an error, as each asks for a title."""

    async def flow(client: Client, number: int) -> None:
        kind, text = questions[number % len(questions)]
        answer = await client.get(f"{LIST}?q={quote(text)}", name=kind)
        if b'href="/thu-tuc/8.' not in answer.body:
            raise WrongAnswer(f"{text}: nothing found")

    return flow


def detail(procedures: int) -> Flow:
    """Read one procedure after the other, far apart."""

    async def flow(client: Client, number: int) -> None:
        path = PAGE.format(number=number * 7919 % procedures)
        await client.get(path, name="detail")

    return flow


def _in_the_database(catalogue: Catalogue, *, rounds: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.asking", str(catalogue.file), str(rounds)],
        cwd=REPO,
        env=catalogue.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _memory(size: int, catalogue: Catalogue) -> str:
    words, meanings = (processes.memory(one.web.pid) for one in (catalogue.words, catalogue.meanings))
    more = meanings.shared_out - words.shared_out
    return (
        f"Memory with {size:,} procedures, MiB of all {meanings.processes} web processes, what they share counted once:"
        f" {words.shared_out:.0f} by words, {meanings.shared_out:.0f} with meanings ({more:+.0f});"
        f" the largest process holds {words.largest:.0f} and {meanings.largest:.0f}, shared files included."
    )


def _by_kind(labels: Sequence[str], readings: dict[str, list[Reading]]) -> str:
    def middle(label: str, kind: str) -> float:
        return median(row.p50_by_request.get(kind, math.nan) for row in readings[label])

    kinds = readings[labels[0]][0].p50_by_request
    return "p50 in ms by kind of question, small → large: " + " · ".join(
        f"{kind} {' → '.join(f'{middle(label, kind):.0f}' for label in labels)}" for kind in kinds
    )
