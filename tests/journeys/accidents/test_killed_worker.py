"""The worker is killed -9 at every moment of its work: nothing is lost, nothing happens twice."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg2

from danang_portal.local.stack import Stack
from tests.journeys.accidents.promises import all_is_well
from tests.journeys.office import Office, wait_for
from tests.simulators.mail import MailServer

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
        def take() -> None:
            for one in filed:
                step(one)

        return take

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
