"""A form with every kind of field is filled in, in a real browser on a phone's screen, with and without JavaScript."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect, sync_playwright

from citizens.models import Person
from dossiers.models import Dossier
from tests.design.conftest import unhashed_static  # noqa: F401
from tests.dossiers.filing_kit import draft, fileable
from tests.factories import PersonFactory
from tests.procedures.every_kind import EVERY_KIND, GOOD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PICTURES = os.environ.get("SCREENSHOTS", "")


@pytest.fixture
def person() -> Person:
    person: Person = PersonFactory.create(full_name="Trần Thị Thử (minh họa)")
    return person


@pytest.fixture
def begun(person: Person) -> Dossier:
    return draft(person=person, version=fileable(eform=EVERY_KIND))


@contextmanager
def phone(url: str, person: Person, *, scripts: bool) -> Iterator[tuple[Page, list[str]]]:
    client = Client()
    assert person.user is not None
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    name = portal_settings.SESSION_COOKIE_NAME
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, locale="vi-VN", java_script_enabled=scripts
        )
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page, complaints
        browser.close()


def address(dossier: Dossier, page_id: str) -> str:
    return reverse("dossiers:draft_page", args=[dossier.tracking_no, page_id])


def look(page: Page, name: str) -> None:
    """The page fits a phone and axe finds nothing."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"eform-{name}.png", full_page=True)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360, f"{name} is {width} px wide"
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def forward(page: Page) -> None:
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    page.wait_for_load_state("networkidle")


def type_date(page: Page, name: str, day: str, month: str, year: str) -> None:
    for part, value in (("day", day), ("month", month), ("year", year)):
        page.locator(f"[name={name}_{part}]").fill(value)


def fill_applicant(page: Page) -> None:
    page.get_by_label("Số định danh cá nhân").fill("048 190 000 011")
    type_date(page, "ngay_sinh", "31", "12", "1990")
    page.get_by_label("Số nhà, đường").fill("12 Trần Phú")


def test_every_kind_is_filled_in_on_a_phone(unhashed_static, live_server, person, begun):  # noqa: F811
    with phone(live_server.url, person, scripts=True) as (page, complaints):
        page.goto(live_server.url + address(begun, "nguoi-nop"))
        page.wait_for_load_state("networkidle")
        look(page, "nguoi-nop")
        fill_applicant(page)
        ward = page.get_by_role("combobox", name="Phường, xã")
        ward.press_sequentially("hai ch")
        expect(page.get_by_role("option", name="Phường Hải Châu")).to_be_visible()
        look(page, "phuong-xa")
        ward.press("ArrowDown")
        ward.press("Enter")
        expect(ward).to_have_value("Phường Hải Châu")
        expect(page.locator("[data-worked-out=tuoi]")).to_have_text("35")
        forward(page)

        expect(page.get_by_label("Mã số doanh nghiệp")).to_be_hidden()
        page.get_by_label("Công ty").check()
        page.get_by_label("Mã số doanh nghiệp").fill("0100109107")
        page.get_by_label("Đồ ăn").check()
        expect(page.get_by_label("Hàng khác là gì")).to_be_hidden()
        page.get_by_label("Khác", exact=True).check()
        page.get_by_label("Hàng khác là gì").fill("Cây cảnh")
        page.get_by_role("combobox", name="Địa bàn").fill("hai van")
        page.get_by_label("Giờ mở cửa").fill("07:30")
        page.get_by_label("Bắt đầu từ tháng").fill("7/2025")
        page.get_by_label("Diện tích").fill("42,5")
        page.get_by_label("Có", exact=True).check()
        forward(page)
        expect(page.get_by_role("alert").first).to_contain_text("Chữ số kiểm tra không khớp")
        look(page, "co-so-sai")
        page.get_by_label("Mã số doanh nghiệp").fill("0100109106")
        forward(page)

        page.locator("#id_nguoi_lam-0-ten").fill("Lê Văn Mẫu")
        page.locator("#id_nguoi_lam-0-hop_dong_0").check()
        expect(page.locator("#id_nguoi_lam-0-ly_do")).to_be_hidden()
        page.locator("#id_nguoi_lam-0-luong").fill("7500000")
        page.get_by_role("button", name="Thêm người").click()
        expect(page.locator("#id_nguoi_lam-1-ten")).to_be_focused()
        page.keyboard.type("Phạm Thị Mẫu")
        page.locator("#id_nguoi_lam-1-hop_dong_1").check()
        page.locator("#id_nguoi_lam-1-ly_do").fill("Thử việc")
        page.locator("#id_nguoi_lam-1-luong").fill("4000000")
        page.get_by_role("button", name="Thêm người").click()
        page.get_by_role("button", name="Bỏ Người 3").click()
        expect(page.locator("#id_nguoi_lam-0-luong")).to_have_value("7.500.000")
        expect(page.locator("[data-worked-out=tong_luong]")).to_contain_text(
            "11.500.000 đồng (mười một triệu"
        )
        page.locator("#id_thiet_bi-0-so_luong").fill("2")
        page.get_by_label("Số bản").fill("2")
        look(page, "nguoi-lam")
        forward(page)

        type_date(page, "thue_tu", "1", "1", "2026")
        type_date(page, "thue_den", "1", "1", "2025")
        forward(page)
        expect(page.get_by_role("alert").first).to_contain_text("Ngày kết thúc phải sau ngày bắt đầu")
        look(page, "thue-nha")
        page.locator("[name=thue_den_year]").fill("2027")
        page.get_by_role("button", name="Lưu và tải tệp lên").click()
        page.wait_for_url("**/giay-to/#component-2")

        page.goto(live_server.url + reverse("dossiers:check", args=[begun.tracking_no]))
        expect(page.get_by_role("cell", name="Phạm Thị Mẫu")).to_be_visible()
        expect(page.get_by_text("12 Trần Phú, Phường Hải Châu, Thành phố Đà Nẵng")).to_be_visible()
        expect(page.get_by_text("Hãy tải lên “Giấy tờ khác”.")).to_be_visible()
        look(page, "kiem-tra")

        assert [text for text in complaints if "422" not in text] == []
    begun.refresh_from_db()
    assert begun.form_data["nguoi_lam"] == [
        {"ten": "Lê Văn Mẫu", "hop_dong": "co", "luong": 7_500_000},
        {"ten": "Phạm Thị Mẫu", "hop_dong": "khong", "ly_do": "Thử việc", "luong": 4_000_000},
    ]
    assert begun.form_data["noi_o"] == GOOD["noi_o"]
    assert begun.form_data["dia_ban"] == "20195"
    assert "tong_luong" not in begun.form_data


def test_the_same_form_is_filled_in_without_scripts(unhashed_static, live_server, person, begun):  # noqa: F811
    with phone(live_server.url, person, scripts=False) as (page, _complaints):
        page.goto(live_server.url + address(begun, "nguoi-nop"))
        fill_applicant(page)
        page.get_by_label("Phường, xã").fill("hai chau")
        forward(page)

        page.get_by_label("Hộ kinh doanh").check()
        page.get_by_label("Đồ ăn").check()
        page.get_by_label("Không", exact=True).check()
        forward(page)

        page.locator("#id_nguoi_lam-0-ten").fill("Lê Văn Mẫu")
        page.get_by_role("button", name="Thêm người").click()
        page.wait_for_url("**#id_nguoi_lam")
        page.locator("#id_nguoi_lam-1-ten").fill("Phạm Thị Mẫu")
        page.get_by_role("button", name="Bỏ Người 1").click()
        expect(page.locator("#id_nguoi_lam-0-ten")).to_have_value("Phạm Thị Mẫu")
        page.get_by_label("Số bản").fill("2")
        page.get_by_label("Số bản").press("Enter")  # not the button of a row
        expect(page.get_by_role("alert").first).to_contain_text("Người 1, Hợp đồng: Hãy chọn một mục.")
        expect(page.locator("[id^=id_nguoi_lam-][id$=-ten]")).to_have_count(1)
        page.locator("#id_nguoi_lam-0-hop_dong_0").check()
        forward(page)

        assert "/thue-nha/" not in page.url  # nothing of it is asked
    begun.refresh_from_db()
    assert begun.form_data["nguoi_lam"] == [{"ten": "Phạm Thị Mẫu", "hop_dong": "co"}]
    assert begun.form_data["loai"] == "ho"


def test_rows_typed_without_a_line_come_back(unhashed_static, live_server, person, begun: Any):  # noqa: F811
    with phone(live_server.url, person, scripts=True) as (page, _complaints):
        page.goto(live_server.url + address(begun, "nguoi-lam"))
        page.wait_for_load_state("networkidle")
        lost = reverse("dossiers:draft_autosave", args=[begun.tracking_no, "nguoi-lam"])
        page.route(f"**{lost}", lambda route: route.abort())
        page.get_by_role("button", name="Thêm người").click()
        page.locator("#id_nguoi_lam-1-ten").fill("Phạm Thị Mẫu")
        expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "offline")
        page.unroute(f"**{lost}")
        page.goto(live_server.url + address(begun, "nguoi-lam"))
        expect(page.locator("#id_nguoi_lam-1-ten")).to_have_value("Phạm Thị Mẫu")
