"""Steps of filing in the browser that several journeys share."""

from __future__ import annotations

import re

from playwright.sync_api import APIResponse

from danang_portal.local.stack import Stack
from tests.journeys.office import rows
from tests.journeys.visitor import Visitor, a_pdf

MARITAL_STATUS = "1.004873"


def start_a_draft(citizen: Visitor) -> str:
    """Begin a confirmation of marital status, up to its first page; give the tracking number."""
    citizen.open(f"/ho-so/nop/{MARITAL_STATUS}/")
    citizen.press(re.compile("Bắt đầu|Soạn hồ sơ mới"))
    citizen.follow("Người yêu cầu")
    return tracking_no_in(citizen)


def tracking_no_in(citizen: Visitor) -> str:
    found = re.search(r"TN-\d{6}-\w{6}", citizen.page.url)
    assert found, citizen.page.url
    return found.group()


def fill_in(citizen: Visitor) -> None:
    """Answer every question of the draft from its first page on, up to the page of papers."""
    citizen.press("Lưu và tiếp tục")
    citizen.choose("Chưa đăng ký kết hôn với ai")
    citizen.press("Lưu và tiếp tục")
    citizen.choose("Vay vốn")
    citizen.press("Lưu và tiếp tục")
    citizen.choose(re.compile("^Phường Hải Châu$"))
    citizen.press("Lưu và tiếp tục")
    citizen.page.wait_for_url("**/nhap/giay-to/")


def upload(citizen: Visitor, name: str = "giay-to.pdf", *, place: int = 0) -> None:
    """Send a file to one of the places for papers and wait until the page shows it."""
    citizen.page.wait_for_load_state("networkidle")  # the script that sends it has to be there
    file = {"name": name, "mimeType": "application/pdf", "buffer": a_pdf(name)}
    citizen.page.locator("input[type=file]").nth(place).set_input_files(file)  # type: ignore[arg-type]
    citizen.sees(name)


def declare(citizen: Visitor) -> None:
    """Tick what is declared on the check page."""
    citizen.page.wait_for_url(re.compile("/kiem-tra/"))
    citizen.page.get_by_label(re.compile("^Tôi cam đoan")).check()


def submit(citizen: Visitor) -> str:
    """File from the check page; give the tracking number."""
    declare(citizen)
    citizen.press("Nộp hồ sơ")
    citizen.page.wait_for_url(re.compile("/da-nop/"))
    return tracking_no_in(citizen)


def submit_by_force(stack: Stack, citizen: Visitor, tracking_no: str) -> APIResponse:
    """Send what the button of the check page would send, where the page shows no button."""
    query = "SELECT form_revision FROM dossiers_dossier WHERE tracking_no = %s"
    [[revision]] = rows(stack, query, tracking_no)
    cookies = {cookie["name"]: cookie["value"] for cookie in citizen.context.cookies()}
    return citizen.context.request.post(
        f"{citizen.url}/ho-so/{tracking_no}/kiem-tra/",
        form={
            "csrfmiddlewaretoken": cookies["portal_csrf"],
            "key": f"gia-mao-{tracking_no}",
            "revision": str(revision),
            "cam_doan": "on",
        },
        headers={"Referer": f"{citizen.url}/"},
    )
