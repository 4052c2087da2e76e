"""Filling in on a bad line, with a session that ends, in two windows, with a nervous finger: nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from danang_portal.local.stack import Stack
from tests.journeys.conftest import DESK, PHONE, Comes
from tests.journeys.filing import declare, fill_in, start_a_draft, submit, tracking_no_in, upload
from tests.journeys.office import rows
from tests.journeys.visitor import Visitor

PERSONA, PASSCODE = "Lê Văn Ba", "333333"
RESIDENCE = "Nơi cư trú hiện nay"
NO_LINE = "net::ERR_INTERNET_DISCONNECTED"


@pytest.fixture(params=[PHONE, DESK])
def citizen(request: pytest.FixtureRequest, comes: Comes) -> Visitor:
    visitor = comes("citizen", width=request.param)
    visitor.sign_in_as_citizen(PERSONA, PASSCODE)
    return visitor


def is_saved(citizen: Visitor) -> None:
    expect(citizen.page.locator("[data-save-state]")).to_have_attribute("data-state", "saved", timeout=30_000)


def holds(citizen: Visitor, text: str) -> None:
    expect(citizen.page.get_by_label(RESIDENCE)).to_have_value(text)


def test_what_is_typed_without_a_line_is_delivered_when_there_is_one(citizen: Visitor):
    start_a_draft(citizen)
    citizen.look()
    citizen.bears += [NO_LINE]
    citizen.context.set_offline(True)

    citizen.fill(RESIDENCE, "Thôn 1, xã Hòa Vang")
    citizen.sees(re.compile("Mất kết nối"))
    assert citizen.page.get_by_role("main").is_visible()
    citizen.context.set_offline(False)

    is_saved(citizen)
    citizen.look("da-luu-lai")
    citizen.page.reload()
    holds(citizen, "Thôn 1, xã Hòa Vang")


def test_pressing_save_without_a_line_loses_nothing(citizen: Visitor):
    start_a_draft(citizen)
    citizen.look()
    citizen.bears += [NO_LINE]
    citizen.context.set_offline(True)

    citizen.fill(RESIDENCE, "Thôn 2, xã Hòa Vang")
    citizen.press("Lưu và tiếp tục")
    citizen.sees(re.compile("Mất kết nối"))
    holds(citizen, "Thôn 2, xã Hòa Vang")
    citizen.context.set_offline(False)
    is_saved(citizen)
    citizen.press("Lưu và tiếp tục")

    citizen.sees("Tình trạng hôn nhân hiện tại")
    citizen.page.go_back()
    holds(citizen, "Thôn 2, xã Hòa Vang")


def test_after_a_lost_session_the_person_is_back_with_what_was_typed(citizen: Visitor):
    start_a_draft(citizen)
    address = citizen.page.url
    citizen.context.clear_cookies(name="portal_session")

    citizen.fill(RESIDENCE, "Thôn 3, xã Hòa Vang")
    citizen.press("Lưu và tiếp tục")
    citizen.sees("Dùng tài khoản định danh điện tử VNeID")
    citizen.look("het-phien")
    sign_in_again(citizen)

    assert citizen.page.url == address
    holds(citizen, "Thôn 3, xã Hòa Vang")
    is_saved(citizen)
    citizen.look()


def test_a_window_left_open_works_after_signing_in_in_another_one(citizen: Visitor):
    start_a_draft(citizen)
    citizen.context.clear_cookies(name="portal_session")
    first, second = citizen.page, citizen.context.new_page()

    citizen.page = second
    citizen.open("/dang-nhap/?next=/ho-so/")
    sign_in_again(citizen)
    citizen.page = first
    citizen.fill(RESIDENCE, "Thôn 4, xã Hòa Vang")
    is_saved(citizen)
    citizen.press("Lưu và tiếp tục")

    citizen.sees("Tình trạng hôn nhân hiện tại")
    citizen.page.go_back()
    holds(citizen, "Thôn 4, xã Hòa Vang")


def sign_in_again(citizen: Visitor) -> None:
    """VNeID still knows the person: it asks for consent, or for nothing."""
    citizen.press(re.compile("Đăng nhập bằng VNeID"))
    citizen.page.wait_for_load_state()
    if not citizen.page.url.startswith(citizen.url):
        citizen.press("Đồng ý")
    citizen.page.wait_for_url(f"{citizen.url}/ho-so/**")


def test_two_windows_do_not_overwrite_each_other_in_silence(citizen: Visitor):
    start_a_draft(citizen)
    citizen.bears += ["409 (Conflict)"]
    first, second = citizen.page, citizen.context.new_page()
    second.goto(first.url)

    citizen.fill(RESIDENCE, "Từ cửa sổ một")
    is_saved(citizen)
    citizen.page = second
    citizen.fill(RESIDENCE, "Từ cửa sổ hai")
    expect(second.locator("[data-save-state]")).to_have_attribute("data-state", "conflict")
    citizen.press("Lưu và tiếp tục")
    citizen.sees("Nội dung đã được lưu ở nơi khác")
    citizen.sees("Từ cửa sổ một")
    holds(citizen, "Từ cửa sổ hai")
    citizen.look("hai-cua-so")
    citizen.press("Lưu và tiếp tục")

    citizen.sees("Tình trạng hôn nhân hiện tại")
    first.reload()
    citizen.page = first
    holds(citizen, "Từ cửa sổ hai")


def test_one_dossier_is_filed_however_often_the_button_is_pressed(stack: Stack, citizen: Visitor):
    tracking_no = start_a_draft(citizen)
    fill_in(citizen)
    upload(citizen)
    citizen.follow("Tiếp tục", exact=True)
    declare(citizen)
    first, second = citizen.page, citizen.context.new_page()
    second.goto(first.url)
    second.get_by_label(re.compile("Tôi cam đoan những nội dung")).check()

    citizen.page.get_by_role("button", name="Nộp hồ sơ").dblclick()
    citizen.page.wait_for_url(re.compile("/da-nop/"))
    citizen.look()
    second.get_by_role("button", name="Nộp hồ sơ").click()
    second.wait_for_url(re.compile("/da-nop/"))
    citizen.page.go_back()
    citizen.page.wait_for_url(re.compile("/da-nop/"))
    citizen.sees(tracking_no)
    citizen.page.reload()
    citizen.look()

    assert tracking_no_in(citizen) == tracking_no
    filed = rows(
        stack,
        "SELECT count(*) FROM dossiers_dossierevent e JOIN dossiers_dossier d ON d.id = e.dossier_id"
        " WHERE d.tracking_no = %s AND e.action = 'submit'",
        tracking_no,
    )
    assert filed == [(1,)]


def test_what_was_filed_cannot_be_changed_from_an_old_window(stack: Stack, citizen: Visitor):
    start_a_draft(citizen)
    old = citizen.page.url
    fill_in(citizen)
    citizen.follow("Tiếp tục", exact=True)
    tracking_no = submit(citizen)

    citizen.open(old)

    assert citizen.page.url == f"{citizen.url}/ho-so/{tracking_no}/"
    citizen.sees("Chờ tiếp nhận")
    citizen.look()
