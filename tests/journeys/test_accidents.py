"""Processes die for real, at every moment of the work: nothing that was acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
import pytest
import requests
from playwright.sync_api import expect

from danang_portal.local.folders import REPO
from danang_portal.local.processes import send, wait_until
from danang_portal.local.servers import Servers
from danang_portal.local.stack import Stack, throwaway_stack
from tests.journeys.by_wire import Hand
from tests.journeys.conftest import DESK, PHONE, Comes
from tests.journeys.office import Office, rows, wait_for
from tests.journeys.visitor import Visitor
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
    work_is_done(stack)
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


def work_is_done(stack: Stack) -> None:
    """Wait until nothing is left to relay, to make and to send."""
    for what, left in {
        "the outbox is empty": "SELECT 1 FROM outbox_message",
        "papers are made": "SELECT 1 FROM dossiers_paper WHERE state <> 'ready'",
        "letters are out": "SELECT 1 FROM notifications_emaildelivery WHERE state <> 'sent'",
    }.items():
        wait_for(what, lambda left=left: not rows(stack, left), seconds=120)


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


# The servers die


def servers_of(stack: Stack) -> Servers:
    return Servers(stack.state, throwaway=True, environment={})


def kill_server(stack: Stack, name: str) -> None:
    server = getattr(servers_of(stack), name)
    pid = server.pid()
    assert pid, f"{name} does not run"
    send(pid, signal.SIGKILL)
    assert wait_until(lambda: not server.pid(), seconds=10)


@dataclass
class Filer:
    """Files one dossier after the other; sends each again under its key until it is acknowledged."""

    hand: Hand
    name: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)
    repeats: int = 0

    def run(self, enough: threading.Event) -> None:
        while not enough.is_set() and not self.surprises:
            key = f"{self.name}-{len(self.acknowledged)}"
            while not self.is_acknowledged(key) and not self.surprises:
                self.repeats += 1
                time.sleep(0.2)
            time.sleep(0.5)

    def is_acknowledged(self, key: str) -> bool:
        try:
            answer = self.hand.file(key=key, timeout=30)
        except requests.RequestException:
            return False
        if answer.status_code in (200, 201):
            self.acknowledged[key] = answer.json()["tracking_no"]
            return True
        if answer.status_code != 503 or not answer.json()["message"]:
            self.surprises.append(f"{key}: {answer.status_code} {answer.text[:500]}")
        return False


def test_what_was_acknowledged_is_there_when_broker_database_and_web_die_meanwhile(stack: Stack):
    people = [("cong-dan-2", "222222"), ("cong-dan-3", "333333")]
    filers = [
        Filer(Hand(stack).sign_in_as_citizen(*who), f"nop-{who[0]}-{n}") for who in people for n in range(2)
    ]
    enough = threading.Event()
    threads = [threading.Thread(target=filer.run, args=[enough]) for filer in filers]
    for thread in threads:
        thread.start()

    for victim in ("valkey", "postgres", "web", "postgres", "valkey"):
        before = sum(len(filer.acknowledged) for filer in filers)
        if victim == "web":
            stack.kill("web", signal.SIGKILL)
        else:
            kill_server(stack, victim)
        time.sleep(1)
        assert stack.watch()
        wait_for(
            f"filings after the death of {victim}",
            lambda before=before: sum(len(filer.acknowledged) for filer in filers) >= before + 4,
        )
    enough.set()
    for thread in threads:
        thread.join(60)

    assert [filer.surprises for filer in filers] == [[]] * 4
    assert sum(filer.repeats for filer in filers) > 0
    for filer in filers:
        for key, tracking_no in filer.acknowledged.items():
            again = filer.hand.file(key=key)
            assert (again.status_code, again.json()["tracking_no"]) == (200, tracking_no)
    acknowledged = [number for filer in filers for number in filer.acknowledged.values()]
    assert len(set(acknowledged)) == len(acknowledged)
    kept = rows(
        stack,
        "SELECT d.tracking_no, c.file, c.sha256 FROM dossiers_dossier d"
        " JOIN dossiers_dossiercomponent c ON c.dossier_id = d.id WHERE d.status = 'submitted'"
        " AND d.tracking_no = ANY(%s)",
        acknowledged,
    )
    assert sorted(row[0] for row in kept) == sorted(acknowledged)
    assert all(hashlib.sha256(stored(stack, file)).hexdigest() == sha256 for _number, file, sha256 in kept)
    work_is_done(stack)
    doubles = rows(stack, "SELECT event_id FROM dossiers_paper GROUP BY event_id, form HAVING count(*) > 1")
    assert doubles == []
    history_holds(stack)


def start_a_draft(citizen: Visitor) -> None:
    """Begin a confirmation of marital status, up to its first page."""
    citizen.open("/ho-so/nop/1.004873/")
    citizen.press(re.compile("Bắt đầu|Soạn hồ sơ mới"))
    citizen.follow("Người yêu cầu")


AWAY = "Cổng tạm thời chưa phục vụ được"


def test_while_the_database_is_away_people_are_told_and_what_they_type_is_kept(stack: Stack, comes: Comes):
    citizen = comes("citizen", width=PHONE)
    citizen.sign_in_as_citizen("Lê Văn Ba", "333333")
    start_a_draft(citizen)
    citizen.bears += ["503 (Service Unavailable)"]
    state = citizen.page.locator("[data-save-state]")

    kill_server(stack, "postgres")
    citizen.fill("Nơi cư trú hiện nay", "Số 33 đường Minh Họa, xã Hòa Vang")
    expect(state).to_have_attribute("data-state", "offline")
    onlooker = comes("onlooker", width=DESK)
    onlooker.bears += ["503 (Service Unavailable)"]
    onlooker.open("/thu-tuc/")
    onlooker.sees(AWAY)
    onlooker.look("tam-ngung")
    answer = citizen.context.request.get(f"{stack.url}/api/v1/dossiers/")
    assert (answer.status, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert stack.watch()

    onlooker.follow("Thử lại")
    onlooker.sees("Thủ tục")
    onlooker.look()
    expect(state).to_have_attribute("data-state", "saved", timeout=30_000)
    citizen.page.reload()
    expect(citizen.page.get_by_label("Nơi cư trú hiện nay")).to_have_value(
        "Số 33 đường Minh Họa, xã Hòa Vang"
    )


def test_without_a_broker_pages_open_and_dossiers_are_filed(stack: Stack, office: Office, comes: Comes):
    kill_server(stack, "valkey")

    visitor = comes("anyone", width=DESK)
    visitor.open("/thu-tuc/?q=hon+nhan")
    visitor.sees("Xác nhận tình trạng hôn nhân")
    visitor.look()
    filed = office.file("khong-co-hang-doi")
    visitor.open("/dang-nhap/can-bo/")
    visitor.bears += ["503 (Service Unavailable)"]
    visitor.page.locator("input[name=login]").fill("motcua1.haichau")
    visitor.page.locator("input[name=password]").fill("khong-phai-mat-khau")
    visitor.press("Đăng nhập")
    visitor.sees(AWAY)  # guesses cannot be counted now
    visitor.look()

    assert stack.watch()
    office.accept(filed)
    work_is_done(stack)


def test_a_filing_whose_commit_was_not_heard_of_keeps_its_files(stack: Stack, office: Office):
    """The database commits, then waits for a standby that never answers, and its process is ended."""
    answers: list[requests.Response] = []
    filing = threading.Thread(target=lambda: answers.append(office.citizen.file(key="khong-ro-da-ghi")))
    with contextlib.closing(psycopg2.connect(stack.env["DATABASE_URL"])) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        cursor.execute("SELECT pg_reload_conf()")
        filing.start()
        waiting = (
            "SELECT pid FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE wait_event = 'SyncRep'"
            " AND relation = 'dossiers_dossiercomponent'::regclass"
        )
        pid = wait_for("a commit that waits", lambda: rows(stack, waiting))[0][0]
        rows(stack, "SELECT pg_terminate_backend(%s, 5000)", pid)
        cursor.execute("ALTER SYSTEM RESET synchronous_standby_names")
        cursor.execute("SELECT pg_reload_conf()")
    filing.join(30)

    assert [answer.status_code for answer in answers] == [503]
    again = office.citizen.file(key="khong-ro-da-ghi")
    assert again.status_code == 200
    [(file, sha256)] = rows(
        stack,
        "SELECT c.file, c.sha256 FROM dossiers_dossiercomponent c JOIN dossiers_dossier d ON d.id = c.dossier_id"
        " WHERE d.tracking_no = %s",
        again.json()["tracking_no"],
    )
    assert hashlib.sha256(stored(stack, file)).hexdigest() == sha256
