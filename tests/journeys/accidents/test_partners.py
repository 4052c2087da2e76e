"""Partners in trouble: mail server, virus scanner and VNeID refuse, dawdle or are away. People lose nothing by it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import requests

from danang_portal.local.stack import Stack
from tests.journeys.conftest import DESK, PHONE, Comes
from tests.journeys.filing import fill_in, start_a_draft, submit, submit_by_force, upload
from tests.journeys.office import Office, rows, wait_for
from tests.journeys.visitor import Visitor
from tests.simulators.mail import MailServer

PERSONA, PASSCODE = "Lê Văn Ba", "333333"
BUSY = "Failed to load resource: the server responded with a status of 503"


# Mail


def test_letters_go_out_once_however_the_mail_server_behaves(
    stack: Stack, office: Office, mail: MailServer, comes: Comes, accounts: dict[str, str]
):
    faults: dict[str, dict[str, Any]] = {
        "tu-choi-tam": {"stage": "rcpt", "code": 421, "times": 1},
        "tu-choi-han": {"stage": "data", "code": 550},
        "rat-cham": {"stage": "data", "delay_s": 3, "times": 1},
        "dut-truoc": {"stage": "data", "drop": "before", "times": 1},
        "dut-sau": {"stage": "data", "drop": "after", "times": 1},
    }
    for key, fault in faults.items():
        mail.control(**fault, to=f"{key}@example.vn")
    filed = {key: office.file(key) for key in faults}

    def sent(key: str) -> bool:
        query = "SELECT 1 FROM notifications_emaildelivery WHERE address = %s AND state = 'sent'"
        return bool(rows(stack, query, f"{key}@example.vn"))

    for key in set(faults) - {"tu-choi-han"}:
        wait_for(f"the letter to {key}", partial(sent, key), seconds=120)
        assert len(mail.messages(to=f"{key}@example.vn")) == 1
    assert mail.messages(to="tu-choi-han@example.vn") == []
    citizen = comes("citizen", width=PHONE)
    citizen.sign_in_as_citizen("Trần Thị Hai", "222222")
    citizen.open("/thong-bao/")
    for tracking_no in filed.values():
        citizen.sees(re.compile(tracking_no))
    citizen.look()

    officer = comes("motcua1", width=DESK)
    officer.sign_in_as_officer("motcua1.haichau", accounts["motcua1.haichau"])
    officer.open("/thong-bao/khong-gui-duoc/")
    officer.sees(re.compile("550"))
    officer.look("thu-khong-gui-duoc")
    mail.control(reset=True)
    officer.page.get_by_role("row", name=re.compile(filed["tu-choi-han"])).get_by_role("button").click()
    officer.sees("Thư sẽ được gửi lại")
    wait_for("the letter that was refused", lambda: sent("tu-choi-han"))
    assert len(mail.messages(to="tu-choi-han@example.vn")) == 1


# Virus scanner


def test_a_file_waits_for_the_scanner_and_so_does_the_filing(stack: Stack, comes: Comes):
    citizen = comes("citizen", width=PHONE)
    citizen.sign_in_as_citizen(PERSONA, PASSCODE)
    tracking_no = start_a_draft(citizen)
    fill_in(citizen)
    stack.kill("scanner")
    try:
        upload(citizen)
        citizen.sees("Chờ quét mã độc")
        citizen.sees(re.compile("hồ sơ chỉ nộp được khi quét xong"))
        citizen.look("cho-quet")
        citizen.follow("Tiếp tục", exact=True)
        citizen.sees(re.compile("quét"))
        citizen.look("kiem-tra-cho-quet")
        assert citizen.page.get_by_role("button", name="Nộp hồ sơ", exact=True).count() == 0
        by_force = submit_by_force(stack, citizen, tracking_no)
        assert (by_force.status, "quét" in by_force.text()) == (409, True)
        assert rows(stack, "SELECT status FROM dossiers_dossier WHERE tracking_no = %s", tracking_no) == [
            ("draft",)
        ]
    finally:
        stack.restart("scanner")

    citizen.open(f"/ho-so/{tracking_no}/nhap/giay-to/")
    citizen.waits_for("Đã nhận")
    citizen.follow("Tiếp tục", exact=True)
    assert submit(citizen) == tracking_no


# VNeID


@pytest.fixture
def vneid(stack: Stack) -> Iterator[Any]:
    def control(**wish: Any) -> None:
        answer = requests.post(f"{stack.env['VNEID_ISSUER']}/_control", json=wish, timeout=5)
        assert answer.status_code == 204, answer.text

    yield control
    control(reset=True)


def test_signing_in_leads_back_to_the_draft_after_vneid_was_away(stack: Stack, comes: Comes, vneid: Any):
    citizen = comes("citizen", width=PHONE)
    citizen.sign_in_as_citizen(PERSONA, PASSCODE)
    start_a_draft(citizen)
    citizen.fill("Dân tộc", "Kinh")
    citizen.press("Lưu, làm sau")
    citizen.follow("Người yêu cầu")
    draft_page = citizen.page.url
    citizen.context.clear_cookies()
    citizen.bears += [BUSY]

    stack.kill("vneid")
    citizen.open(draft_page)
    citizen.press(re.compile("Đăng nhập bằng VNeID"))
    citizen.sees("VNeID chưa trả lời")
    citizen.look("vneid-khong-tra-loi")
    stack.restart("vneid")
    vneid(endpoint="token", status=503, times=1)
    citizen.follow("Đăng nhập lại")
    sign_in_there(citizen)
    citizen.sees("VNeID chưa trả lời")
    citizen.look()
    vneid(endpoint="authorize", error="server_error", times=1)
    citizen.follow("Đăng nhập lại")
    citizen.press(re.compile("Đăng nhập bằng VNeID"))
    citizen.sees("VNeID chưa trả lời")
    vneid(endpoint="any", delay_s=1, times=4)
    citizen.follow("Đăng nhập lại")
    sign_in_there(citizen, consent="Hủy")
    citizen.sees("Bạn đã dừng đăng nhập")
    citizen.look("vneid-da-dung")
    citizen.follow("Đăng nhập lại")
    sign_in_there(citizen)

    assert citizen.page.url == draft_page
    assert citizen.page.get_by_label("Dân tộc").input_value() == "Kinh"
    citizen.look()


def sign_in_there(citizen: Visitor, *, consent: str = "Đồng ý") -> None:
    """Go to VNeID and through its pages, as far as it asks."""
    citizen.press(re.compile("Đăng nhập bằng VNeID"))
    citizen.page.wait_for_load_state()
    if citizen.page.locator("#passcode").count():
        citizen.page.get_by_label(re.compile(PERSONA)).check()
        citizen.page.locator("#passcode").fill(PASSCODE)
        citizen.press("Tiếp tục")
        citizen.page.wait_for_load_state()
    if not citizen.page.url.startswith(citizen.url):
        citizen.press(consent, exact=True)
    citizen.page.wait_for_url(f"{citizen.url}/**")


def test_a_filing_by_program_is_refused_whole_while_the_scanner_is_away(stack: Stack, office: Office):
    kept = lambda: sorted((stack.state / "files").rglob("*.pdf"))  # noqa: E731
    control = stack.state / "simulators" / "scanner" / "control.json"
    control.write_text(json.dumps({"mode": "drop"}))
    try:
        before = kept()
        answer = office.citizen.file(key="khi-khong-quet-duoc")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert kept() == before
    finally:
        control.unlink()
    assert office.citizen.file(key="khi-khong-quet-duoc").status_code == 201
