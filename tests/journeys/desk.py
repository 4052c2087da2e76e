"""What officers and the applicant do in the browser from a filed dossier to its result in hand."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdfium2
import zxingcpp

from tests.journeys.conftest import Comes
from tests.journeys.visitor import Visitor

UNIT = "haichau"


def officer(comes: Comes, accounts: dict[str, str], login: str, *, width: int) -> Visitor:
    visitor = comes(login, width=width)
    visitor.sign_in_as_officer(f"{login}.{UNIT}", accounts[f"{login}.{UNIT}"])
    return visitor


def accept(one_stop: Visitor, tracking_no: str) -> str:
    """Check every component, accept, and give the dossier code."""
    one_stop.open("/can-bo/")
    one_stop.sees("Chờ tiếp nhận")
    one_stop.look("can-bo-cho-tiep-nhan")
    one_stop.follow(re.compile(tracking_no))
    one_stop.look()
    while one_stop.page.locator("section.desk-component", has_text="Chưa kiểm tra").count():
        waiting = one_stop.page.locator("section.desk-component", has_text="Chưa kiểm tra")
        left = waiting.count()
        waiting.first.get_by_role("button", name=re.compile("^Đạt")).click()
        for _ in range(100):
            if waiting.count() < left:
                break
            one_stop.page.wait_for_timeout(50)
        assert waiting.count() < left, "the check was not kept"
    with one_stop.sends("/tiep-nhan/"):
        one_stop.press("Tiếp nhận hồ sơ")
    one_stop.sees(re.compile(r"^H17[.\d]*-\d{6}-\d{4}$"))
    match = re.search(r"H17[.\d]*-\d{6}-\d{4}", one_stop.page.locator("main").inner_text())
    assert match, one_stop.page.locator("main").inner_text()[:800]
    one_stop.look()
    return match.group()


def draft_and_submit(specialist: Visitor, tracking_no: str) -> None:
    specialist.open("/can-bo/")
    specialist.look()
    specialist.open(f"/can-bo/ho-so/{tracking_no}/")
    with specialist.sends("/nhan-xu-ly/"):
        specialist.press("Nhận xử lý")
    specialist.follow(re.compile("Soạn kết quả"))
    specialist.arrives("/ket-qua/")
    specialist.look("can-bo-soan-ket-qua")
    specialist.page.locator("button[value=submit]").click()
    with specialist.sends("/ket-qua/"):
        specialist.page.locator("#confirm-submit [data-dialog-confirm]").click()
    specialist.page.wait_for_url(re.compile(f"/can-bo/ho-so/{tracking_no}/$"))
    specialist.waits_for("Trình ký", exact=True)


def sign(signer: Visitor, tracking_no: str) -> None:
    signer.open(f"/can-bo/ho-so/{tracking_no}/")
    signer.waits_for("Trả lại dự thảo", exact=True)
    signer.look()
    signer.page.get_by_role("button", name="Ký số").first.click()
    with signer.sends("/ket-qua/ky/"):
        signer.page.locator("#confirm-sign [data-dialog-confirm]").click()
    signer.waits_for("Đã ký, chờ phát hành")


def issue(clerk: Visitor, tracking_no: str) -> None:
    clerk.open(f"/can-bo/ho-so/{tracking_no}/")
    clerk.look()
    clerk.press("Cấp số và phát hành")
    with clerk.sends("/ket-qua/phat-hanh/"):
        clerk.page.locator("#confirm-issue [data-dialog-confirm]").click()
    clerk.waits_for(re.compile("Đã phát hành"))
    clerk.look()


def receive(citizen: Visitor, tracking_no: str, code: str) -> bytes:
    """Read the notice, receive the result and give its file."""
    citizen.open("/thong-bao/")
    citizen.waits_for(re.compile(f"{code} đã có kết quả"))
    citizen.look()
    citizen.open(f"/ho-so/{tracking_no}/")
    citizen.look("ho-so-co-ket-qua")
    with citizen.page.expect_download() as waiting:
        citizen.press("Nhận kết quả điện tử")
        if "nhan-ket-qua" not in citizen.page.url:
            citizen.page.wait_for_load_state()
            link = citizen.page.get_by_role("link", name=re.compile("Tải kết quả"))
            if link.count():
                link.first.click()
    return Path(waiting.value.path()).read_bytes()


def address_in_qr(pdf: bytes) -> str:
    """Photograph the pages and give the address in the QR code."""
    for page in pypdfium2.PdfDocument(pdf):
        for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil()):
            return code.text
    raise AssertionError("no QR code is readable")


def text_of(pdf: bytes) -> str:
    return "\n".join(
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(io.BytesIO(pdf))
    )
