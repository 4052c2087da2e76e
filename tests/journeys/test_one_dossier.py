"""One dossier, end to end: filed, accepted, processed, signed, issued, told, proved, handed over."""

from __future__ import annotations

import io
import json
import re
import urllib.parse
import urllib.request
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from danang_portal.local.stack import Stack
from tests.journeys.conftest import DESK, PHONE, Comes
from tests.journeys.visitor import Visitor, a_pdf, a_picture

CITIZEN, CITIZEN_PASSCODE, CITIZEN_EMAIL = "Trần Thị Hai", "222222", "congdan2@example.vn"
UNIT = "haichau"


def fill_in_and_file(citizen: Visitor) -> str:
    """File a confirmation of marital status from the catalogue on; give the tracking number."""
    citizen.open("/thu-tuc/?q=xac+nhan+tinh+trang+hon+nhan")
    citizen.look()
    citizen.follow(re.compile("tình trạng hôn nhân", re.IGNORECASE))
    citizen.look("thu-tuc")
    citizen.follow(re.compile("Nộp hồ sơ trực tuyến|Nộp trực tuyến"))
    citizen.look()
    citizen.press(re.compile("Bắt đầu|Soạn hồ sơ mới"))
    citizen.arrives("/nhap/")
    citizen.look()
    citizen.follow("Người yêu cầu")
    citizen.arrives("/to-khai/nguoi-yeu-cau/")
    citizen.look()
    citizen.press("Lưu và tiếp tục")
    citizen.arrives("/to-khai/tinh-trang/")
    citizen.choose("Chưa đăng ký kết hôn với ai")
    citizen.look()
    citizen.press("Lưu và tiếp tục")
    citizen.arrives("/to-khai/muc-dich/")
    citizen.choose("Vay vốn")
    citizen.look()
    citizen.press("Lưu và tiếp tục")
    citizen.arrives("/noi-tiep-nhan/")
    citizen.look()
    citizen.choose(re.compile("^Phường Hải Châu$"))
    citizen.press("Lưu và tiếp tục")
    citizen.arrives("/giay-to/")
    upload_everything(citizen)
    citizen.follow("Tiếp tục", exact=True)
    citizen.arrives("/kiem-tra/")
    citizen.look("kiem-tra")
    citizen.page.get_by_label(re.compile("Tôi cam đoan những nội dung")).check()
    citizen.page.get_by_role("button", name="Nộp hồ sơ").dblclick()
    citizen.page.wait_for_url(re.compile("/da-nop/"))
    citizen.look("da-nop")
    match = re.search(r"TN-\d{6}-\w{6}", citizen.page.url)
    assert match
    return match.group()


def upload_everything(citizen: Visitor) -> None:
    """Send a PDF file to the first place for papers and a picture to the others."""
    citizen.look()
    inputs = citizen.page.locator("input[type=file]")
    for place in range(inputs.count()):
        name, kind, content = (
            ("giay-to.pdf", "application/pdf", a_pdf())
            if place == 0
            else ("anh.jpg", "image/jpeg", a_picture())
        )
        inputs.nth(place).set_input_files({"name": name, "mimeType": kind, "buffer": content})
        citizen.page.wait_for_timeout(300)
        button = citizen.page.get_by_role("button", name=re.compile("Tải lên")).nth(place)
        if button.is_visible():
            button.click()
        citizen.sees(name)
    citizen.look()


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


def letters_to(stack: Stack, address: str) -> list[dict[str, str]]:
    with urllib.request.urlopen(
        f"{stack.mailbox_url}/api/messages?to={urllib.parse.quote(address)}"
    ) as answer:
        body = json.load(answer)
    return body["messages"] if isinstance(body, dict) else body


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_dossier_goes_its_whole_way(stack: Stack, comes: Comes, accounts: dict[str, str], width: int):
    citizen = comes("citizen", width=width)
    citizen.open("/")
    citizen.look("trang-chu")
    citizen.sign_in_as_citizen(CITIZEN, CITIZEN_PASSCODE)
    citizen.look()
    tracking_no = fill_in_and_file(citizen)
    citizen.waits_for(re.compile("Tải giấy xác nhận|Tải xác nhận|PDF"))

    one_stop = officer(comes, accounts, "motcua1", width=width)
    code = accept(one_stop, tracking_no)
    citizen.open(f"/ho-so/{tracking_no}/")
    citizen.sees(code)
    citizen.look()

    specialist = officer(comes, accounts, "chuyenvien", width=width)
    draft_and_submit(specialist, tracking_no)
    sign(officer(comes, accounts, "lanhdao", width=width), tracking_no)
    issue(officer(comes, accounts, "vanthu", width=width), tracking_no)

    result = receive(citizen, tracking_no, code)
    citizen.open(f"/ho-so/{tracking_no}/")
    citizen.sees("Đã trả kết quả")
    citizen.look()

    passer_by = comes("anyone", width=width)
    passer_by.open(address_in_qr(result))
    passer_by.sees("Còn hiệu lực")
    passer_by.look("xac-minh")
    assert CITIZEN not in passer_by.page.locator("main").inner_text()
    for file, answer in (
        (result, "Tệp đúng nguyên bản đã cấp"),
        (changed(result), re.compile("thay đổi|không khớp", re.IGNORECASE)),
    ):
        passer_by.open("/xac-minh/")
        passer_by.page.locator("input[type=file]").first.set_input_files(
            {"name": "ket-qua.pdf", "mimeType": "application/pdf", "buffer": file}
        )
        passer_by.page.locator("form:has(input[type=file]) button").first.click()
        passer_by.sees(answer)
        passer_by.look()

    subjects = [
        letter["subject"]
        for letter in letters_to(stack, CITIZEN_EMAIL)
        if code in json.dumps(letter) or tracking_no in json.dumps(letter)
    ]
    assert len(subjects) == len(set(subjects)) >= 4, subjects


def changed(pdf: bytes) -> bytes:
    """Change one byte in the middle of a page's content."""
    place = pdf.index(b"stream") + 60
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
