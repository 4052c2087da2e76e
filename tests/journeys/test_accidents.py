"""Processes die for real, at every moment of the work: nothing that was acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from danang_portal.local.folders import REPO
from danang_portal.local.stack import Stack, throwaway_stack
from tests.journeys.office import Office, rows, wait_for
from tests.simulators.mail import MailServer


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A portal that looks for lost work every few seconds, not every half minute."""
    quick = {"MAIL_CLAIM_S": "4", "SWEEP_EVERY_S": "2", "FORGOTTEN_AFTER_S": "4"}
    with throwaway_stack(overrides=quick) as running:
        yield running


@pytest.fixture(scope="module")
def office(stack: Stack) -> Office:
    return Office(stack)


@pytest.fixture(scope="module")
def mail(stack: Stack) -> MailServer:
    return MailServer(0, stack.mailbox_url)


# The worker is stopped at an exact place: a trigger of the database waits for a lock that the test holds.

LOCK = 48_002_023


@dataclass(frozen=True)
class Moment:
    """A place in the worker's work: before this row is written or deleted, everything before it is done."""

    name: str
    table: str
    event: str
    when: str = "true"


HANDED_ON = Moment("a message is handed on", "outbox_delivery", "INSERT")
TOLD = Moment("a notice is written", "notifications_notice", "INSERT")
SETTLED = Moment("a message is settled", "outbox_message", "DELETE")
PAPER = Moment("a paper is on the disk, not in its row", "dossiers_paper", "UPDATE", "NEW.state = 'ready'")
CLAIMED = Moment("a letter is claimed", "notifications_emaildelivery", "UPDATE", "NEW.state = 'sending'")
SENT = Moment(
    "a letter is out, its row says sending", "notifications_emaildelivery", "UPDATE", "NEW.state = 'sent'"
)
RENDERED = Moment(
    "a result is rendered, not passed on", "dossiers_resultdraft", "UPDATE", "NEW.state = 'ready'"
)
SIGNED = Moment("a result is signed, not passed on", "dossiers_resultdraft", "UPDATE", "NEW.state = 'signed'")
SIGNED_LAST = Moment(
    "a signature is about to be committed", "outbox_message", "INSERT", "NEW.topic = 'dossier.sign'"
)
STORED = Moment("a result is sealed, not in the vault", "results_vault_result", "INSERT")
ISSUED_LAST = Moment(
    "an issue is about to be committed", "outbox_message", "INSERT", "NEW.topic = 'dossier.issue'"
)


@contextlib.contextmanager
def stopped_at(stack: Stack, moment: Moment) -> Iterator[Callable[[], None]]:
    """Stop whoever comes to a moment; give a function that waits until somebody has."""
    connection = psycopg2.connect(stack.env["DATABASE_URL"])
    connection.autocommit = True
    cursor = connection.cursor()

    def waiting() -> list[int]:
        cursor.execute("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return [row[0] for row in cursor.fetchall()]

    def is_reached() -> None:
        wait_for(moment.name, waiting)

    cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    cursor.execute(
        "CREATE OR REPLACE FUNCTION hold_still() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$BEGIN PERFORM pg_advisory_xact_lock({LOCK}); RETURN COALESCE(NEW, OLD); END$$"
    )
    cursor.execute(
        f"CREATE TRIGGER hold_still BEFORE {moment.event} ON {moment.table}"
        f" FOR EACH ROW WHEN ({moment.when}) EXECUTE FUNCTION hold_still()"
    )
    try:
        yield is_reached
    finally:
        # The server has not noticed yet that those who wait are dead.
        for pid in waiting():
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        cursor.execute(f"DROP TRIGGER hold_still ON {moment.table}")
        connection.close()


def kill_the_worker_when(stack: Stack, moment: Moment, act: Callable[[], None] = lambda: None) -> None:
    """Let something happen, kill -9 the worker at that moment, and start a new one."""
    with stopped_at(stack, moment) as is_reached:
        act()
        is_reached()
        stack.kill("worker", signal.SIGKILL)
    stack.restart("worker")


def test_a_worker_killed_at_every_moment_loses_nothing_and_does_nothing_twice(
    stack: Stack, office: Office, mail: MailServer
):
    filed: list[str] = []

    def each(step: Callable[[str], None]) -> Callable[[], None]:
        return lambda: [step(one) for one in filed] and None

    kill_the_worker_when(stack, HANDED_ON, lambda: filed.extend(office.file(f"giet-{n}") for n in range(3)))
    kill_the_worker_when(stack, TOLD)
    kill_the_worker_when(stack, SETTLED)
    kill_the_worker_when(stack, CLAIMED)
    kill_the_worker_when(stack, SENT)
    kill_the_worker_when(stack, PAPER, each(office.accept))
    each(office.take)()
    kill_the_worker_when(stack, RENDERED, each(office.draft))
    office.wait_until(filed, "awaiting_sign_off")
    kill_the_worker_when(stack, SIGNED, each(office.sign))
    kill_the_worker_when(stack, SIGNED_LAST)
    office.wait_until(filed, "signed")
    kill_the_worker_when(stack, STORED, each(office.issue))
    kill_the_worker_when(stack, ISSUED_LAST)
    office.wait_until(filed, "completed")
    mail.control(stage="data", delay_s=6, times=1)
    each(office.receive)()
    wait_for("a letter between DATA and its answer", lambda: not mail.faults())
    stack.kill("worker", signal.SIGKILL)
    stack.restart("worker")

    all_is_well(stack, mail, filed)


# What must hold at the end, whatever happened

WAY = ["submit", "accept", "forward", "assign", "submit_for_signature", "sign", "issue", "hand_over"]
TOLD_OF = ["submit", "accept", "issue", "hand_over"]


def all_is_well(stack: Stack, mail: MailServer, tracking_nos: list[str]) -> None:
    """Wait until the work is done, then look at everything that was promised for these dossiers."""
    wait_for("the outbox is empty", lambda: not rows(stack, "SELECT 1 FROM outbox_message"))
    wait_for(
        "papers are made", lambda: not rows(stack, "SELECT 1 FROM dossiers_paper WHERE state <> 'ready'")
    )
    wait_for(
        "letters are out",
        lambda: not rows(stack, "SELECT 1 FROM notifications_emaildelivery WHERE state <> 'sent'"),
    )
    for tracking_no in tracking_nos:
        [(dossier_id, code, status, address)] = rows(
            stack,
            "SELECT id, code, status, contact_email FROM dossiers_dossier WHERE tracking_no = %s",
            tracking_no,
        )
        assert status == "returned"
        events = rows(
            stack, "SELECT action FROM dossiers_dossierevent WHERE dossier_id = %s ORDER BY seq", dossier_id
        )
        assert [action for [action] in events] == WAY
        papers = rows(
            stack, "SELECT form, file, sha256 FROM dossiers_paper WHERE dossier_id = %s", dossier_id
        )
        assert sorted(form for form, _file, _sha256 in papers) == [
            "acknowledgement",
            "control_sheet",
            "receipt",
        ]
        results = rows(stack, "SELECT file, sha256 FROM results_vault_result WHERE dossier_code = %s", code)
        assert len(results) == 1
        for file, sha256 in [*results, *(paper[1:] for paper in papers)]:
            assert hashlib.sha256(stored(stack, file)).hexdigest() == sha256
        notices = rows(
            stack, "SELECT topic FROM notifications_notice WHERE dossier_id = %s ORDER BY id", dossier_id
        )
        assert sorted(topic for [topic] in notices) == sorted(f"dossier.{action}" for action in TOLD_OF)
        letters = Counter(letter["subject"] for letter in mail.messages(to=address))
        assert sorted(letters.values()) == [1] * len(TOLD_OF), letters
    numbers_have_neither_gap_nor_double(stack)
    history_holds(stack)


def stored(stack: Stack, file: str) -> bytes:
    return (Path(stack.env.get("MEDIA_DIR") or stack.state / "files") / file).read_bytes()


def numbers_have_neither_gap_nor_double(stack: Stack) -> None:
    taken = [
        int(re.match(r"\d+", number)[0])
        for [number] in rows(stack, "SELECT number FROM results_vault_result")
    ]  # type: ignore[index]
    assert sorted(taken) == list(range(1, len(taken) + 1))
    codes = rows(stack, "SELECT code FROM dossiers_dossier WHERE code IS NOT NULL")
    assert sorted(int(code.rpartition("-")[2]) for [code] in codes) == list(range(1, len(codes) + 1))


def history_holds(stack: Stack) -> None:
    command = [sys.executable, "manage.py", "verify_history"]
    done = subprocess.run(command, cwd=REPO, env=stack.env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["breaches"] == 0
