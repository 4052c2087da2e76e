"""One dossier, end to end: filed, accepted, processed, signed, issued, told, proved, handed over."""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request

import pytest

from danang_portal.local.stack import Stack
from tests.journeys.conftest import DESK, PHONE, Comes
from tests.journeys.desk import accept, address_in_qr, draft_and_submit, issue, officer, receive, sign
from tests.journeys.visitor import Visitor, a_pdf, a_picture

CITIZEN, CITIZEN_PASSCODE, CITIZEN_EMAIL = "Trần Thị Hai", "222222", "congdan2@example.vn"


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
