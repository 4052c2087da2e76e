"""Goal 4: anybody's look-up of a dossier costs little, and no more when the city has filed for years."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.findings import Bar, Findings
from bench.goals import Options
from bench.ground import Ground, People
from bench.load import REQUESTS_A_CONNECTION, Client, Flow, WrongAnswer
from bench.measuring import Cell, Reading, Target, in_turns
from bench.seeds import procedure
from bench.seeds.applicants import personal_number

TITLE = "the public look-up of a dossier by its code, in a small and a large database (goal 4)"

CLIENTS = 8
CODES = 1000
PATH = "/ho-so/tra-cuu/"
CSRF = "b" * 32
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One look-up: the number on the paper and the owner's personal number."""

    reference: str
    number: str


def measure(ground: Ground, options: Options) -> Findings:
    small, large, mini = (
        f"portal, {ground.scale.small:,} dossiers",
        f"portal, {ground.scale.large:,} dossiers",
        f"mini, {ground.scale.large:,} dossiers",
    )
    networks = _networks()
    targets = {small: ground.small_portal, large: ground.portal}
    cells = [
        Cell(label, target, portal_look_up(ground.people, _drawn(target), networks), CLIENTS)
        for label, target in targets.items()
    ]
    cells.append(Cell(mini, ground.mini, mini_look_up(ground.scale.large), CLIENTS))
    rounds = in_turns(cells, rounds=ground.scale.rounds, seconds=ground.scale.seconds, say=print)

    growth = math.log(ground.scale.large / ground.scale.small)

    def slopes(figure: Callable[[Reading], float]) -> list[float]:
        return [math.log(ratio) / growth for ratio in rounds.ratio(large, small, figure)]

    bars = [
        Bar(
            4, "CPU of a look-up ÷ reference, large database", rounds.ratio(large, mini, lambda r: r.cpu), 6.0
        ),
        Bar(4, "SQL statements of a look-up", rounds.of(large, lambda r: r.statements), 6, unit="", digits=1),
        Bar(4, "p95 of a look-up", rounds.of(large, lambda r: r.p95), 60.0, unit="ms", digits=1),
        Bar(
            4,
            "growth of p50 with the dossiers (log-log slope)",
            slopes(lambda r: r.p50),
            0.05,
            unit="",
            digits=3,
        ),
    ]
    return Findings(TITLE, bars, rounds, portal=[small, large])


def portal_look_up(people: People, asked: Sequence[Asked], networks: Iterator[str]) -> Flow:
    """Look dossiers up as their owners do; an answer that does not name the dossier's number is an error.

    Each connection comes from another network: from one, the portal answers ten look-ups a minute.
    """

    async def flow(client: Client, number: int) -> None:
        one = asked[number % len(asked)]
        if len(client.seconds) % REQUESTS_A_CONNECTION == 0:
            client.source = next(networks)
        body = urlencode({"ma": one.reference, "so": one.number, "csrfmiddlewaretoken": CSRF}).encode()
        headers = FORM | {"Cookie": f"{people.csrf_cookie}={CSRF}"}
        answer = await client.send("POST", PATH, name="look-up", headers=headers, body=body)
        if one.reference.encode() not in answer.body:
            raise WrongAnswer(f"{one.reference}: not on its page")

    return flow


def mini_look_up(dossiers: int) -> Flow:
    """Read one dossier of the reference after the other, far apart."""

    async def flow(client: Client, number: int) -> None:
        code = f"M-{1 + number * 7919 % dossiers}"
        answer = await client.get(f"/dossiers/{code}", name="one")
        if code.encode() not in answer.body:
            raise WrongAnswer(f"reference: {code} is not in its answer")

    return flow


def _drawn(target: Target) -> list[Asked]:
    """Draw dossiers from all over the database, each with its owner's number."""
    rows = target.database.ask(
        "SELECT tracking_no, owner_person_id - (SELECT min(id) FROM citizens_person WHERE address = %(address)s)"
        " FROM dossiers_dossier WHERE id %% greatest((SELECT max(id) FROM dossiers_dossier) / %(codes)s, 1) = 0"
        " ORDER BY md5(tracking_no) LIMIT %(codes)s",
        {"address": procedure.ANSWERS["noi_o"], "codes": CODES},
    )
    return [Asked(tracking_no, personal_number(at)) for tracking_no, at in rows]


def _networks() -> Iterator[str]:
    """Give loopback addresses, none twice within a run."""
    return (f"127.{high}.{middle}.{low}" for high, middle, low in itertools.product(range(1, 255), repeat=3))
