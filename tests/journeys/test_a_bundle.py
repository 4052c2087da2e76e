"""Liên thông in the browser: one filing after a birth, three dossiers side by side, one end."""

from __future__ import annotations

import re

import pytest

from danang_portal.local.stack import Stack
from tests.journeys.conftest import DESK, PHONE, Comes
from tests.journeys.filing import submit, upload
from tests.journeys.office import Office, rows
from tests.journeys.visitor import Visitor

BUNDLE = "9.100001"
CHILD = "Trần Bé Mẫu (minh họa)"
RESULTS = {
    "9.100002": {
        "ten_tre": CHILD,
        "ngay_sinh_tre": "05/10/2026",
        "noi_sinh": "Bệnh viện Minh Họa",
        "ten_me": "Trần Thị Hai (minh họa)",
    },
    "9.100003": {
        "ten_tre": CHILD,
        "noi_thuong_tru": "Số 2 đường Minh Họa",
        "chu_ho": "Trần Thị Hai (minh họa)",
    },
    "9.100004": {
        "ten_tre": CHILD,
        "ngay_sinh_tre": "05/10/2026",
        "noi_kham_benh": "Trạm y tế Minh Họa",
    },
}
"""What the officers write into the result of each part, by the part's procedure."""


@pytest.fixture(scope="module")
def office(stack: Stack) -> Office:
    return Office(stack)


def sign_in(comes: Comes, *, width: int) -> Visitor:
    citizen = comes("citizen", width=width)
    citizen.sign_in_as_citizen("Trần Thị Hai", "222222")
    return citizen


def next_page(citizen: Visitor, path: str) -> None:
    citizen.look()
    citizen.press("Lưu và tiếp tục")
    citizen.arrives(path)


def file_in_the_browser(citizen: Visitor) -> str:
    """File the bundle from its first page on; give the tracking number."""
    citizen.open(f"/ho-so/nop/{BUNDLE}/")
    citizen.look()
    citizen.press(re.compile("Bắt đầu|Soạn hồ sơ mới"))
    citizen.arrives("/nhap/")
    citizen.follow("Người yêu cầu")
    citizen.arrives("/to-khai/nguoi-yeu-cau/")
    next_page(citizen, "/to-khai/tre-em/")
    citizen.fill("Họ, chữ đệm, tên của trẻ", CHILD)
    for part, digits in (("Ngày", "5"), ("Tháng", "10"), ("Năm", "2026")):
        citizen.page.get_by_label(part, exact=True).fill(digits)
    citizen.choose("Nữ")
    citizen.fill("Nơi sinh", "Bệnh viện Minh Họa")
    next_page(citizen, "/to-khai/cha-me/")
    citizen.fill("Họ và tên mẹ", "Trần Thị Hai (minh họa)")
    citizen.fill("Số định danh cá nhân của mẹ", "048192000022")
    next_page(citizen, "/to-khai/cu-tru/")
    citizen.fill("Nơi đăng ký thường trú cho trẻ", "Số 2 đường Minh Họa")
    citizen.fill("Họ và tên chủ hộ", "Trần Thị Hai (minh họa)")
    citizen.fill("Nơi đăng ký khám, chữa bệnh ban đầu", "Trạm y tế Minh Họa")
    next_page(citizen, "/noi-tiep-nhan/")
    citizen.choose(re.compile("^Phường Hải Châu$"))
    citizen.press("Lưu và tiếp tục")
    citizen.arrives("/giay-to/")
    upload(citizen, "giay-chung-sinh.pdf")
    citizen.look()
    citizen.follow("Tiếp tục", exact=True)
    citizen.arrives("/kiem-tra/")
    citizen.look()
    number = submit(citizen)
    citizen.look()
    return number


def parts_of(stack: Stack, tracking_no: str) -> dict[str, str]:
    """Give the tracking numbers of a bundle's dossiers by their procedure."""
    found = rows(
        stack,
        "SELECT p.code, d.tracking_no FROM dossiers_dossier d"
        " JOIN procedures_procedureversion v ON v.id = d.procedure_version_id"
        " JOIN procedures_procedure p ON p.id = v.procedure_id"
        " JOIN dossiers_dossier bundle ON bundle.id = d.parent_id WHERE bundle.tracking_no = %s",
        tracking_no,
    )
    return dict(found)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_birth_is_filed_once_and_done_when_its_three_dossiers_are(
    office: Office, comes: Comes, accounts: dict[str, str], width: int
):
    citizen = sign_in(comes, width=width)
    bundle = file_in_the_browser(citizen)
    parts = parts_of(office.stack, bundle)
    assert set(parts) == set(RESULTS)

    for part in parts.values():
        office.accept(part)
    office.wait_until([bundle], "forwarded")
    citizen.open(f"/ho-so/{bundle}/")
    citizen.sees("Các hồ sơ thành phần")
    citizen.sees("Đăng ký thường trú (minh họa)")
    citizen.look()

    officer = comes("officer", width=width)
    officer.sign_in_as_officer("motcua1.haichau", accounts["motcua1.haichau"])
    officer.open(f"/can-bo/ho-so/{parts['9.100003']}/")
    officer.sees("Thuộc hồ sơ liên thông")
    officer.look()
    officer.page.locator(f'main a[href="/can-bo/ho-so/{bundle}/"]').first.click()
    officer.arrives(f"/can-bo/ho-so/{bundle}/")
    officer.sees("Các hồ sơ thành phần")
    officer.look()

    for at, (procedure, part) in enumerate(sorted(parts.items()), start=1):
        office.result = RESULTS[procedure]
        office.take(part)
        office.draft(part)
        office.wait_until([part], "awaiting_sign_off")
        office.sign(part)
        office.wait_until([part], "signed")
        office.issue(part)
        office.wait_until([part], "completed")
        if at == 1:
            citizen.page.reload()
            citizen.sees("Đã có kết quả")
            citizen.sees("Đã chuyển đến cơ quan giải quyết")
            citizen.look()

    office.wait_until([bundle], "completed")
    citizen.page.reload()
    citizen.sees("Đã có kết quả")
    citizen.look()
    for part in parts.values():
        office.receive(part)
    office.wait_until([bundle], "returned")
    citizen.page.reload()
    citizen.look()
