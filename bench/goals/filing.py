"""Goals 1 and 2: filing through the real API costs a few times the bare work, and filings do not queue up."""

from __future__ import annotations

import uuid

from bench import papers
from bench.findings import Bar, Findings
from bench.goals import Options
from bench.ground import Ground, People
from bench.load import Client, Flow
from bench.measuring import Cell, Reading, in_turns
from bench.seeds import procedure

TITLE = "filing with ten fields and a 200 KB file, at 1, 8 and 32 clients (goals 1 and 2)"

CLIENTS = (1, 8, 32)
CSRF = "b" * 32


def measure(ground: Ground, options: Options) -> Findings:
    file, people = papers.scanned_page(), ground.people
    spread = portal_filing(people, file=file, units=people.units)
    crowded = portal_filing(people, file=file, units=people.units[:1])
    reference = mini_filing(file=file)
    cells = []
    for clients in CLIENTS:
        cells += [
            Cell(f"portal, {clients}", ground.portal, spread, clients),
            Cell(f"mini, {clients}", ground.mini, reference, clients),
        ]
    cells.append(Cell("portal, 8, one agency", ground.portal, crowded, 8))
    rounds = in_turns(cells, rounds=ground.scale.rounds, seconds=ground.scale.seconds, say=print)

    bars = [
        *(
            Bar(1, f"CPU of a filing ÷ reference, {clients} clients", rounds.ratio(f"portal, {clients}", f"mini, {clients}", _cpu), 5.0)
            for clients in CLIENTS
        ),
        Bar(1, "p95 of a filing ÷ reference, 8 clients", rounds.ratio("portal, 8", "mini, 8", lambda row: row.p95), 4.0),
        Bar(1, "SQL statements of a filing, 8 clients", rounds.of("portal, 8", lambda row: row.statements), 30, unit="", digits=1),
        Bar(2, "filings per second, 32 ÷ 8 clients", rounds.ratio("portal, 32", "portal, 8", _rate), 0.95, at_least=True),
        Bar(2, "filings per second, all to one agency ÷ spread", rounds.ratio("portal, 8, one agency", "portal, 8", _rate), 0.6, at_least=True),
    ]  # fmt: skip
    notes = [
        f"Virus scanner (a simulator), beside the ratio: {rounds.median('portal, 8', lambda row: row.beside['scanner']):.1f} ms of CPU a filing."
    ]
    return Findings(
        TITLE,
        bars,
        rounds,
        portal=[cell.label for cell in cells if cell.target is ground.portal],
        notes=notes,
    )


def portal_filing(people: People, *, file: bytes, units: list[str]) -> Flow:
    """File through the portal's API, each time as the next person and at the next of ``units``."""
    fields = {f"form.{name}": value for name, value in procedure.ANSWERS.items()}
    part = f"component.{procedure.UPLOAD_POSITION}"
    bodies = [
        papers.multipart({"procedure": procedure.CODE, "unit": unit, **fields}, file=file, part=part)
        for unit in units
    ]

    async def flow(client: Client, number: int) -> None:
        session = people.filers[number % len(people.filers)]
        headers = {
            "Content-Type": papers.CONTENT_TYPE,
            "Cookie": people.cookies(session, csrf=CSRF),
            "X-CSRFToken": CSRF,
            "Accept": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        body = bodies[number * 7 % len(bodies)]
        await client.send("POST", "/api/v1/dossiers/", name="file", headers=headers, body=body, expected=201)

    return flow


def mini_filing(*, file: bytes, agencies: int = 94) -> Flow:
    """File with the reference, at each of so many agencies in turn."""
    bodies = [
        papers.multipart({"agency": str(agency), **procedure.ANSWERS}, file=file, part="tep")
        for agency in range(1, agencies + 1)
    ]
    headers = {"Content-Type": papers.CONTENT_TYPE}

    async def flow(client: Client, number: int) -> None:
        body = bodies[number * 7 % len(bodies)]
        await client.send("POST", "/dossiers/new", name="file", headers=headers, body=body, expected=201)

    return flow


def _cpu(row: Reading) -> float:
    return row.cpu


def _rate(row: Reading) -> float:
    return row.per_second
