"""Goal 3: an officer's list of fifty costs a few times the bare list, and no more when the city has filed for years."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from statistics import median
from urllib.parse import quote

from bench.findings import Bar, Findings
from bench.goals import Options
from bench.ground import Ground, People
from bench.load import Client, Flow, WrongAnswer, drive
from bench.measuring import Cell, Reading, Rounds, Target, in_turns
from bench.seeds import procedure
from danang_portal.local.folders import REPO

TITLE = "an officer's list of fifty, filtered and not, in a small and a large database (goal 3)"

CLIENTS = 8
ROWS = 50
MINI_STATUSES = 6
AGENCY = "/can-bo/danh-sach/cua-co-quan/"
INTAKE = "/can-bo/danh-sach/cho-tiep-nhan/"
WAITING = "/can-bo/danh-sach/cho-tra-ket-qua/"


@dataclass(frozen=True, slots=True)
class Page:
    """One kind of list: its name in the figures, its address, and whose desk it is."""

    name: str
    path: str
    session: str


def pages(people: People) -> list[Page]:
    """Give the kinds of lists, each of which has fifty rows in the small database as well."""
    leader = people.leader
    return [
        Page("agency", AGENCY, leader),
        Page("procedure", f"{AGENCY}?thu_tuc={procedure.CODE}", leader),
        Page("status", f"{AGENCY}?trang_thai=in_process", leader),
        Page("late", f"{AGENCY}?tre=on", leader),
        Page("name", f"{AGENCY}?q={quote('Nguyễn')}", leader),
        Page("intake", INTAKE, people.one_stop_officer),
        Page("to hand over", WAITING, people.one_stop_officer),
    ]


def measure(ground: Ground, options: Options) -> Findings:
    people = ground.people
    targets = {"small": ground.small_portal, "large": ground.portal}
    flows = {size: portal_list(people, _with_second_page(people, target)) for size, target in targets.items()}
    small, large, mini = (
        f"portal, {ground.scale.small:,} dossiers",
        f"portal, {ground.scale.large:,} dossiers",
        f"mini, {ground.scale.large:,} dossiers",
    )
    cells = [
        Cell(small, targets["small"], flows["small"], CLIENTS),
        Cell(large, targets["large"], flows["large"], CLIENTS),
        Cell(mini, ground.mini, mini_list(), CLIENTS),
    ]
    rounds = in_turns(cells, rounds=ground.scale.rounds, seconds=ground.scale.seconds, say=print)

    growth = math.log(ground.scale.large / ground.scale.small)

    def slopes(figure: Callable[[Reading], float]) -> list[float]:
        """Give the log-log slope of each round: 0 when the figure does not grow, 1 when it grows as the dossiers."""
        return [math.log(ratio) / growth for ratio in rounds.ratio(large, small, figure)]

    unindexed = _queries_without_index(ground, people)
    bars = [
        Bar(
            3,
            "CPU of a list ÷ reference, large database",
            rounds.ratio(large, mini, lambda row: row.cpu),
            4.0,
        ),
        Bar(
            3, "SQL statements of a list", rounds.of(large, lambda row: row.statements), 8, unit="", digits=1
        ),
        Bar(
            3,
            "growth of p50 with the dossiers (log-log slope)",
            slopes(lambda row: row.p50),
            0.10,
            unit="",
            digits=3,
        ),
        Bar(3, "queries of lists without a partial index", [len(unindexed)], 0, unit="", digits=0),
    ]
    growths = ", ".join(
        f"{what} {median(slopes(figure)):.3f}"
        for what, figure in {
            "CPU of a list": lambda row: row.cpu,
            "CPU of it in the database": lambda row: row.db_cpu,
            "time in SQL": lambda row: row.statement_time,
        }.items()
    )
    notes = [
        _by_kind(rounds, small, large),
        f"Log-log slopes of other figures with the dossiers: {growths}",
        *unindexed,
    ]
    return Findings(TITLE, bars, rounds, portal=[small, large], notes=notes)


def portal_list(people: People, kinds: Sequence[Page]) -> Flow:
    """Read one list after the other; a page that does not show fifty dossiers is an error."""

    async def flow(client: Client, number: int) -> None:
        page = kinds[number % len(kinds)]
        answer = await client.get(page.path, name=page.name, cookies=people.cookies(page.session))
        rows = answer.body.count(b'<th scope="row"')
        if rows != ROWS:
            raise WrongAnswer(f"{page.path}: {rows} rows instead of {ROWS}")

    return flow


def mini_list() -> Flow:
    """Read the reference's list of the largest agency, one status after the other."""

    async def flow(client: Client, number: int) -> None:
        answer = await client.get(f"/dossiers?agency=1&status={number % MINI_STATUSES}", name="list")
        rows = len(json.loads(answer.body)["results"])
        if rows != ROWS:
            raise WrongAnswer(f"reference: {rows} rows instead of {ROWS}")

    return flow


def _with_second_page(people: People, target: Target) -> list[Page]:
    """Add the second page of the agency's list, whose address only the first page of this database knows."""
    kinds, found = pages(people), []

    async def look(client: Client, _number: int) -> None:
        answer = await client.get(AGENCY, name="look", cookies=people.cookies(people.leader))
        found.extend(re.findall(r'href="(\?[^"]*sau=[^"]+)"', answer.body.decode()))

    seen = drive(look, port=target.web.port, clients=1, seconds=60, flows=1)
    if not found:
        raise WrongAnswer(f"The first page of {AGENCY} leads to no second one. {seen.errors}")
    return [*kinds, Page("second page", AGENCY + unescape(found[0]), people.leader)]


def _by_kind(rounds: Rounds, small: str, large: str) -> str:
    def middle(label: str, kind: str) -> float:
        return rounds.median(label, lambda row: row.p50_by_request.get(kind, math.nan))

    kinds = rounds.readings[large][0].p50_by_request
    parts = [f"{kind} {middle(small, kind):.0f} → {middle(large, kind):.0f}" for kind in kinds]
    return f"p50 in ms by kind of list, small → large: {' · '.join(parts)}"


def _queries_without_index(ground: Ground, people: People) -> list[str]:
    """Explain the queries of all lists in the large database; give those that walk over no partial index."""
    indexes = ground.portal.database.ask(
        "SELECT indexrelid::regclass::text FROM pg_index"
        " WHERE indrelid = 'dossiers_dossier'::regclass AND indpred IS NOT NULL"
    )
    missing: dict[str, None] = {}
    kinds = pages(people)
    for session in dict.fromkeys(kind.session for kind in kinds):
        paths = [kind.path for kind in kinds if kind.session == session]
        done = subprocess.run(
            [sys.executable, "-m", "bench.plans", f"{people.session_cookie}={session}", *paths],
            cwd=REPO,
            env=ground.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        for path, queries in json.loads(done.stdout.splitlines()[-1]).items():
            for query in queries:
                if not any(index in query["plan"] for (index,) in indexes):
                    missing[f"{path} uses no partial index:\n{query['query']}\n{query['plan']}"] = None
    return list(missing)
