"""The turns that a case may take, in the browser: a supplement, money, an apology, a withdrawal."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from core.working_time import TIME_ZONE, Calendar, official_days
from danang_portal.local.stack import Stack
from tests.journeys.conftest import DESK, PHONE, Comes
from tests.journeys.filing import upload
from tests.journeys.office import Office, rows
from tests.journeys.visitor import Visitor

CITIZEN, PASSCODE = "Trần Thị Hai", "222222"
UNIT = "haichau"


@pytest.fixture(scope="module")
def office(stack: Stack) -> Office:
    return Office(stack)


@pytest.fixture
def officer(comes: Comes, accounts: dict[str, str]):
    """Give ``officer(login, width=…)``: somebody of the ward, signed in at a browser."""

    def signed_in(login: str, *, width: int) -> Visitor:
        visitor = comes(login, width=width)
        visitor.sign_in_as_officer(f"{login}.{UNIT}", accounts[f"{login}.{UNIT}"])
        return visitor

    return signed_in


def sign_in(comes: Comes, *, width: int) -> Visitor:
    citizen = comes("citizen", width=width)
    citizen.sign_in_as_citizen(CITIZEN, PASSCODE)
    return citizen


def in_process(office: Office, key: str) -> str:
    tracking_no = office.file(key)
    office.accept(tracking_no)
    office.take(tracking_no)
    return tracking_no


def step(visitor: Visitor, tracking_no: str, link: str, **values: str) -> None:
    """Open a step from the dossier's page, fill its form in by the names of its fields, and take it."""
    visitor.open(f"/can-bo/ho-so/{tracking_no}/")
    visitor.look()
    visitor.follow(link)
    visitor.page.wait_for_load_state("networkidle")
    fill_in_and_send(visitor, **values)
    visitor.page.wait_for_url(re.compile(f"/can-bo/ho-so/{tracking_no}/(#.*)?$"))
    visitor.look()


def fill_in_and_send(visitor: Visitor, **values: str) -> None:
    visitor.look()
    for name, value in values.items():
        field = visitor.page.locator(f"main [name={name}]")
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    visitor.page.locator("main form .form-actions button").first.click()
    confirm = visitor.page.locator("dialog[open] [data-dialog-confirm]")
    if confirm.count():
        confirm.click()


def a_working_day(*, days_from_now: int) -> str:
    today = datetime.now(TIME_ZONE).date()
    return Calendar(official_days()).next_working_day(today + timedelta(days=days_from_now - 1)).isoformat()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_supplement_is_asked_for_once_answered_and_accepted(
    office: Office, comes: Comes, officer, width: int
):
    tracking_no = office.file(f"bo-sung-{width}")
    one_stop = officer("motcua1", width=width)
    one_stop.open(f"/can-bo/ho-so/{tracking_no}/yeu-cau-bo-sung/")
    [[component]] = rows(
        office.stack,
        "SELECT c.component_id FROM dossiers_dossiercomponent c JOIN dossiers_dossier d ON d.id = c.dossier_id"
        " WHERE d.tracking_no = %s",
        tracking_no,
    )
    fill_in_and_send(
        one_stop,
        item_0_what=f"c{component}",
        item_0_reason="unreadable",
        item_0_guidance="Trang 1 bị mờ nên không đọc được ngày cấp. Hãy chụp lại trang 1 cho rõ rồi gửi lại tại đây.",
    )
    one_stop.page.wait_for_url(re.compile(f"/can-bo/ho-so/{tracking_no}/(#.*)?$"))
    one_stop.look()

    citizen = sign_in(comes, width=width)
    citizen.open(f"/ho-so/{tracking_no}/")
    citizen.sees("Cần bạn bổ sung")
    citizen.look()
    citizen.open(f"/ho-so/{tracking_no}/bo-sung/")
    citizen.sees(re.compile("Trang 1 bị mờ"))
    citizen.look()
    upload(citizen, "chup-lai.pdf")
    citizen.look()
    citizen.press("Gửi bổ sung")
    citizen.page.wait_for_url(re.compile(f"/ho-so/{tracking_no}/(#.*)?$"))
    citizen.sees("Đã nộp, chờ tiếp nhận")
    citizen.look()

    one_stop.open(f"/can-bo/ho-so/{tracking_no}/")
    one_stop.sees("chup-lai.pdf")
    one_stop.look()
    office.accept(tracking_no)
    one_stop.open(f"/can-bo/ho-so/{tracking_no}/yeu-cau-bo-sung/")
    one_stop.look()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_supplement_is_brought_to_the_counter(office: Office, comes: Comes, officer, width: int):
    tracking_no = office.file(f"bo-sung-tai-quay-{width}")
    one_stop = officer("motcua1", width=width)
    one_stop.open(f"/can-bo/ho-so/{tracking_no}/yeu-cau-bo-sung/")
    fill_in_and_send(
        one_stop,
        item_0_what="khac",
        item_0_name="Buổi có mặt ở nhà",
        item_0_reason="other",
        item_0_guidance="Cơ quan cần hẹn bạn để kiểm tra. Hãy ghi buổi bạn có mặt.",
    )
    one_stop.page.wait_for_url(re.compile(f"/can-bo/ho-so/{tracking_no}/(#.*)?$"))

    one_stop.follow("Nhận bổ sung tại quầy")
    one_stop.page.wait_for_load_state("networkidle")
    [[name]] = rows(
        office.stack,
        "SELECT p.full_name FROM citizens_person p JOIN dossiers_dossier d ON d.submitter_id = p.id"
        " WHERE d.tracking_no = %s",
        tracking_no,
    )
    fill_in_and_send(one_stop, name=name, paper="id_card")
    one_stop.sees("0/1")
    one_stop.page.locator("main textarea[name=text]").fill("Buổi sáng thứ Ba")
    one_stop.press("Lưu câu trả lời")
    one_stop.sees("1/1")
    one_stop.look()
    one_stop.press("Gửi bổ sung thay người đến")
    one_stop.sees("Đã nhận bổ sung tại quầy")
    one_stop.sees(re.compile("Thẻ căn cước"))
    one_stop.look()

    citizen = sign_in(comes, width=width)
    citizen.open(f"/ho-so/{tracking_no}/")
    citizen.sees("Đã nộp, chờ tiếp nhận")
    citizen.sees(re.compile("nhập hộ và gửi tại quầy"))
    citizen.look()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_money_is_asked_for_and_confirmed(office: Office, comes: Comes, officer, width: int):
    tracking_no = in_process(office, f"nop-tien-{width}")

    step(
        officer("chuyenvien", width=width),
        tracking_no,
        "Thông báo nghĩa vụ tài chính",
        amount_vnd="150.000",
        basis="Nghị quyết minh họa về mức thu lệ phí hộ tịch",
        due_on=a_working_day(days_from_now=7),
    )
    citizen = sign_in(comes, width=width)
    citizen.open(f"/ho-so/{tracking_no}/")
    citizen.sees("Cần bạn nộp tiền")
    citizen.look()
    citizen.open(f"/ho-so/{tracking_no}/nop-tien/")
    citizen.sees(re.compile("150.000"))
    citizen.look()

    step(officer("thuphi", width=width), tracking_no, "Xác nhận đã nộp tiền", proof=f"BL-MINH-HOA-{width}")

    citizen.open(f"/ho-so/{tracking_no}/")
    citizen.sees("Đang giải quyết")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_apology_sets_a_new_date_once(office: Office, comes: Comes, officer, width: int):
    tracking_no = in_process(office, f"xin-loi-{width}")

    step(
        officer("chuyenvien", width=width),
        tracking_no,
        "Đề nghị xin lỗi và hẹn lại",
        reason="workload",
        explanation="Số hồ sơ hộ tịch trong tuần tăng gấp đôi nên chưa kịp tra cứu sổ gốc.",
        working_days="2",
    )
    head = officer("thutruong", width=width)
    head.open(f"/can-bo/ho-so/{tracking_no}/")
    head.look()
    with head.sends("/hen-lai/duyet/"):
        head.press("Duyệt và gửi lời xin lỗi")
    head.sees("Đã xin lỗi và hẹn lại")
    head.look()

    citizen = sign_in(comes, width=width)
    citizen.open(f"/ho-so/{tracking_no}/")
    citizen.sees(re.compile("xin lỗi", re.IGNORECASE))
    citizen.sees(re.compile("tăng gấp đôi"))
    citizen.look()
    assert head.page.get_by_role("button", name="Duyệt và gửi lời xin lỗi").count() == 0


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_citizen_takes_a_dossier_back(office: Office, comes: Comes, officer, width: int):
    tracking_no = in_process(office, f"rut-{width}")
    citizen = sign_in(comes, width=width)
    citizen.open(f"/ho-so/{tracking_no}/rut-ho-so/")
    fill_in_and_send(citizen, reason="Tôi đã làm thủ tục này ở nơi khác.")
    citizen.page.wait_for_url(re.compile(f"/ho-so/{tracking_no}/(#.*)?$"))
    citizen.sees("Đã xin rút hồ sơ")
    citizen.look()

    step(officer("lanhdao", width=width), tracking_no, "Đồng ý cho rút")

    citizen.open(f"/ho-so/{tracking_no}/")
    citizen.sees("Đã dừng giải quyết")
    citizen.waits_for(re.compile("Thông báo dừng giải quyết"))
    citizen.look()
