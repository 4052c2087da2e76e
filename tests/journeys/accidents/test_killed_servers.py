"""Database, broker and web server are killed -9 under people's hands: what was acknowledged stays, people are told."""

from __future__ import annotations

import contextlib
import hashlib
import signal
import threading
import time
from dataclasses import dataclass, field
from functools import partial

import psycopg2
import requests
from playwright.sync_api import expect

from danang_portal.local.processes import send, wait_until
from danang_portal.local.servers import Servers
from danang_portal.local.stack import Stack
from tests.journeys.accidents.promises import history_holds, stored, work_is_done
from tests.journeys.by_wire import Hand
from tests.journeys.conftest import DESK, PHONE, Comes
from tests.journeys.filing import start_a_draft
from tests.journeys.office import Office, rows, wait_for


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
            time.sleep(1)  # each filing is a paper and a letter to wait for at the end

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


def count(filers: list[Filer]) -> int:
    return sum(len(filer.acknowledged) for filer in filers)


def more_are_acknowledged(filers: list[Filer], wanted: int) -> bool:
    return count(filers) >= wanted


def test_what_was_acknowledged_is_there_when_broker_database_and_web_die_meanwhile(stack: Stack):
    people = [("cong-dan-2", "222222"), ("cong-dan-3", "333333")]
    filers = [
        Filer(Hand(stack).sign_in_as_citizen(*who), f"nop-{who[0]}-{n}") for who in people for n in range(2)
    ]
    enough = threading.Event()
    threads = [threading.Thread(target=filer.run, args=[enough]) for filer in filers]
    for thread in threads:
        thread.start()

    try:
        for victim in ("valkey", "postgres", "web", "postgres"):
            before = count(filers)
            if victim == "web":
                stack.kill("web", signal.SIGKILL)
            else:
                kill_server(stack, victim)
            time.sleep(1)
            assert stack.watch()
            wait_for(
                f"filings after the death of {victim}",
                partial(more_are_acknowledged, filers, before + 4),
            )
    finally:
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
