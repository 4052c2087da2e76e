"""Other ways through the same house: refused, returned, handed over at the counter, filed for a company, in English."""

from __future__ import annotations

import contextlib
import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
import pypdfium2
import pytest
from playwright.sync_api import expect

from core import signing
from danang_portal.local.stack import Stack
from tests.journeys.conftest import DESK, PHONE, Comes
from tests.journeys.filing import (
    fill_in,
    start_a_draft,
    submit_by_force,
    tracking_no_in,
    upload,
)
from tests.journeys.office import BADGE, Office, rows, wait_for
from tests.journeys.visitor import Visitor


@pytest.fixture(scope="module")
def office(stack: Stack) -> Office:
    return Office(stack)


def officer(comes: Comes, accounts: dict[str, str], login: str, *, width: int = DESK) -> Visitor:
    visitor = comes(login, width=width)
    visitor.sign_in_as_officer(login, accounts[login])
    return visitor


def text_of(pdf: bytes) -> str:
    return "\n".join(
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(io.BytesIO(pdf))
    )


def is_soundly_signed(stack: Stack, pdf: bytes) -> bool:
    trust = signing.Trust.load(Path(stack.state) / "signing" / "ca")
    with ThreadPoolExecutor() as aside:  # Playwright's event loop runs in this thread
        reports = aside.submit(signing.verify, pdf, at=datetime.now(UTC), trust=trust).result()
    return signing.are_sound(reports)


def test_two_officers_accept_at_once_and_the_later_one_reads_who_was_faster(
    stack: Stack, office: Office, comes: Comes, accounts: dict[str, str]
):
    tracking_no = office.file("hai-nguoi-mot-luc")
    one = officer(comes, accounts, "motcua1.haichau")
    other = officer(comes, accounts, "motcua2.haichau", width=PHONE)
    one.open(f"/can-bo/ho-so/{tracking_no}/")
    one.page.get_by_role("button", name=re.compile("^Đạt")).click()
    one.sees("Hồ sơ đủ và đúng")
    other.open(f"/can-bo/ho-so/{tracking_no}/")
    other.look()

    with contextlib.closing(psycopg2.connect(stack.env["DATABASE_URL"])) as held, held.cursor() as cursor:
        cursor.execute("SELECT 1 FROM dossiers_dossier WHERE tracking_no = %s FOR UPDATE", [tracking_no])
        for visitor in (one, other):
            visitor.page.evaluate(
                "document.querySelector('form[action$=\"/tiep-nhan/\"] button').click()"
            )  # leads nowhere before the row is free
        waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%dossiers_dossier%%'"
        wait_for("both at the door", lambda: len(rows(stack, waiting)) == 2)
        held.rollback()
    for visitor in (one, other):
        visitor.page.wait_for_load_state()
        visitor.sees(re.compile(r"Đã tiếp nhận hồ sơ H17|Hồ sơ này đã được"))
        visitor.look()

    accepted = rows(
        stack,
        "SELECT e.actor_name, d.code FROM dossiers_dossierevent e JOIN dossiers_dossier d ON d.id = e.dossier_id"
        " WHERE d.tracking_no = %s AND e.action = 'accept'",
        tracking_no,
    )
    [(name, code)] = accepted
    told = [visitor.page.locator("main").inner_text() for visitor in (one, other)]
    [late] = [text for text in told if "Hồ sơ này đã được" in text]
    assert re.search(rf"Hồ sơ này đã được {re.escape(name)} tiếp nhận lúc \d\d:\d\d", late)
    assert "Hãy chuyển sang hồ sơ tiếp theo" in late
    assert all(code in text for text in told)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_refused_applicant_reads_why_and_what_to_do_next(
    stack: Stack, office: Office, comes: Comes, accounts: dict[str, str], width: int
):
    tracking_no = office.file(f"tu-choi-{width}")
    one_stop = officer(comes, accounts, "motcua1.haichau", width=width)
    one_stop.open(f"/can-bo/ho-so/{tracking_no}/")
    one_stop.page.get_by_label(re.compile("Sai hoặc thiếu gì")).fill("Giấy đã hết giá trị sử dụng")
    one_stop.press(re.compile("^Chưa đạt"))
    one_stop.sees("Có thành phần chưa đạt")
    one_stop.look()
    one_stop.follow(re.compile("Từ chối tiếp nhận"))
    one_stop.sees("Giấy đã hết giá trị sử dụng")
    one_stop.look("can-bo-tu-choi")
    one_stop.bears += ["422 (Unprocessable"]
    one_stop.press("Từ chối tiếp nhận")
    one_stop.page.locator("#confirm-refuse [data-dialog-confirm]").click()
    one_stop.sees(re.compile("Hãy chọn lý do"))
    one_stop.look()
    one_stop.page.locator("[name=reason]").select_option("missing_unrepaired")
    one_stop.fill(
        "Giải thích cho người nộp", "Giấy nộp kèm đã hết giá trị. Hãy xin cấp lại rồi nộp hồ sơ mới."
    )
    one_stop.press("Từ chối tiếp nhận")
    one_stop.page.locator("#confirm-refuse [data-dialog-confirm]").click()
    one_stop.sees("Đã từ chối tiếp nhận")
    one_stop.look()

    citizen = comes("citizen", width=width)
    citizen.sign_in_as_citizen("Trần Thị Hai", "222222")
    citizen.open("/thong-bao/")
    citizen.waits_for(re.compile(f"{tracking_no} không được tiếp nhận"))
    citizen.open(f"/ho-so/{tracking_no}/")
    citizen.sees("Hồ sơ không đầy đủ, không được bổ sung")
    citizen.sees("Hãy xin cấp lại rồi nộp hồ sơ mới")
    citizen.waits_for(re.compile("^Mẫu số 03"))
    citizen.page.get_by_role("link", name=re.compile("Mẫu số 03")).wait_for()
    citizen.look("ho-so-bi-tu-choi")
    form_03 = citizen.download(re.compile("Mẫu số 03"))
    assert "Hãy xin cấp lại rồi nộp hồ sơ mới" in " ".join(text_of(form_03).split())
    assert is_soundly_signed(stack, form_03)
    citizen.follow("Soạn hồ sơ mới")
    citizen.sees("Bạn cần chuẩn bị")
    citizen.look()


def test_a_returned_draft_is_corrected_and_signed(
    stack: Stack, office: Office, comes: Comes, accounts: dict[str, str]
):
    tracking_no = office.file("tra-lai-du-thao")
    office.accept(tracking_no)
    office.take(tracking_no)
    office.draft(tracking_no)
    office.wait_until([tracking_no], "awaiting_sign_off")
    signer = officer(comes, accounts, "lanhdao.haichau")
    signer.open(f"/can-bo/ho-so/{tracking_no}/")
    signer.page.locator("summary", has_text="Trả lại dự thảo").click()
    signer.look("can-bo-tra-lai")
    signer.fill("Lý do trả lại", "Ghi thêm nơi cư trú trước đây.")
    signer.press("Trả lại chuyên viên")
    signer.sees("Đã trả lại dự thảo cho chuyên viên")
    signer.look()

    specialist = officer(comes, accounts, "chuyenvien.haichau", width=PHONE)
    specialist.open(f"/can-bo/ho-so/{tracking_no}/")
    specialist.follow("Lịch sử", exact=True)  # a phone shows one part of a dossier at a time
    specialist.sees("Ghi thêm nơi cư trú trước đây.")
    specialist.look()
    specialist.follow("Soạn tiếp kết quả")
    specialist.sees("Ghi thêm nơi cư trú trước đây.")
    specialist.fill("Nơi cư trú", "Số 2 đường Minh Họa; trước 2020: xã Hòa Vang")
    specialist.look("can-bo-sua-du-thao")
    specialist.page.locator("button[value=submit]").click()
    specialist.page.locator("#confirm-submit [data-dialog-confirm]").click()
    office.wait_until([tracking_no], "awaiting_sign_off")
    signer.open(f"/can-bo/ho-so/{tracking_no}/")
    signer.page.get_by_role("button", name="Ký số").first.click()
    signer.page.locator("#confirm-sign [data-dialog-confirm]").click()
    signer.waits_for("Đã ký, chờ phát hành")
    signer.look()
    office.issue(tracking_no)
    office.wait_until([tracking_no], "completed")

    [(file,)] = rows(
        stack,
        "SELECT r.file FROM results_vault_result r JOIN dossiers_dossier d ON d.code = r.dossier_code"
        " WHERE d.tracking_no = %s",
        tracking_no,
    )
    result = (Path(stack.state) / "files" / file).read_bytes()
    assert "trước 2020: xã Hòa Vang" in " ".join(text_of(result).split())
    assert is_soundly_signed(stack, result)


def test_a_result_is_handed_over_at_the_counter(
    stack: Stack, office: Office, comes: Comes, accounts: dict[str, str]
):
    tracking_no = office.file("tra-tai-quay")
    office.issue_at_once(tracking_no)
    one_stop = officer(comes, accounts, "motcua2.haichau", width=PHONE)
    one_stop.open(f"/can-bo/ho-so/{tracking_no}/")
    one_stop.look()
    one_stop.follow("Trả kết quả tại quầy")
    one_stop.look("can-bo-tra-ket-qua")
    one_stop.bears += ["422 (Unprocessable"]
    one_stop.press("Ghi nhận đã trả")
    one_stop.page.locator("[aria-invalid=true]").first.wait_for()
    one_stop.look()
    one_stop.choose("Đã đối chiếu giấy tờ tùy thân của người nhận")
    one_stop.press("Ghi nhận đã trả")
    one_stop.sees("Đã ghi nhận trả kết quả")
    one_stop.look()

    citizen = comes("citizen", width=PHONE)
    citizen.sign_in_as_citizen("Trần Thị Hai", "222222")
    citizen.open(f"/ho-so/{tracking_no}/")
    citizen.sees(re.compile("trực tiếp tại quầy"))
    citizen.look("ho-so-tra-tai-quay")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_company_gets_its_vehicle_badge(stack: Stack, comes: Comes, width: int):
    person = comes("to-chuc", width=width)
    person.sign_in_as_citizen("Phạm Thị Năm", "555555")
    person.open("/ho-so/nop/2.002288/")
    person.sees(re.compile("Công ty TNHH Vận tải Ví Dụ"))
    person.look("to-chuc-truoc-khi-nop")
    person.press(re.compile("Bắt đầu|Soạn hồ sơ mới"))
    person.sees(re.compile("Công ty TNHH Vận tải Ví Dụ"))
    person.look()
    person.follow("Đơn vị đề nghị")
    expect(person.page.get_by_label("Tên đơn vị kinh doanh vận tải")).to_have_value(re.compile("Ví Dụ"))
    person.look()
    if not person.page.get_by_label("Số điện thoại liên hệ").input_value():
        person.fill("Số điện thoại liên hệ", "02360000055")
    person.fill("Số Giấy phép kinh doanh vận tải", "55/GP-SXD")
    fill_in_date(person, "ngay_giay_phep", day="1", month="7", year="2025")
    person.press("Lưu và tiếp tục")
    person.sees("Xe đề nghị cấp phù hiệu")
    person.bears += ["422 (Unprocessable"]
    person.fill("Biển số xe", "sai")
    person.press("Lưu và tiếp tục")
    person.sees(re.compile("Hãy viết biển số như"))
    person.look("to-chuc-loi")
    person.fill("Biển số xe", "43C-123.45")
    person.fill("Nhãn hiệu, loại xe", "Xe tải minh họa")
    person.fill("Năm sản xuất", "2024")
    person.fill("Số chỗ", "3")
    person.choose("Đơn vị đề nghị")
    person.press("Lưu và tiếp tục")
    person.page.get_by_label("Loại phù hiệu").select_option(label="Xe tải")
    person.choose("Cấp lần đầu")
    person.look()
    person.page.get_by_label(re.compile("Đơn vị chịu trách nhiệm")).check()
    person.press("Lưu và tiếp tục")
    person.page.wait_for_url("**/nhap/giay-to/")
    upload(person, "dang-ky-xe.pdf")
    person.look()
    person.follow("Tiếp tục", exact=True)
    person.page.wait_for_url(re.compile("/kiem-tra/"))
    person.look("to-chuc-kiem-tra")
    if person.page.get_by_label(re.compile("cam đoan|chịu trách nhiệm")).count():
        person.page.get_by_label(re.compile("cam đoan|chịu trách nhiệm")).check()
    person.press("Nộp hồ sơ")
    person.page.wait_for_url(re.compile("/da-nop/"))
    person.sees("Sở Xây dựng")
    person.look()
    tracking_no = tracking_no_in(person)

    Office(stack, place="soxaydung", result=BADGE).issue_at_once(tracking_no)
    person.open(f"/ho-so/{tracking_no}/")
    person.sees("Công ty TNHH Vận tải Ví Dụ")
    person.look("to-chuc-co-ket-qua")
    person.press("Nhận kết quả điện tử")
    person.sees("Đã trả kết quả")
    result = person.download(re.compile("Tải kết quả"))
    assert "43C-123.45" in text_of(result)
    assert is_soundly_signed(stack, result)
    person.open("/ket-qua/")
    person.sees("Phù hiệu xe kinh doanh vận tải")
    person.look()


def fill_in_date(visitor: Visitor, name: str, *, day: str, month: str, year: str) -> None:
    for part, value in {"day": day, "month": month, "year": year}.items():
        visitor.page.locator(f"[name={name}_{part}]").fill(value)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_level_1_may_draft_and_is_told_how_to_reach_level_2(stack: Stack, comes: Comes, width: int):
    citizen = comes("cong-dan-1", width=width)
    citizen.sign_in_as_citizen("Nguyễn Văn Một", "111111")
    citizen.open("/ho-so/nop/1.004873/")
    citizen.sees(re.compile("nâng lên mức độ 2 tại công an"))
    citizen.look("muc-do-1-truoc-khi-nop")
    tracking_no = start_a_draft(citizen)
    fill_in(citizen)
    citizen.follow("Tiếp tục", exact=True)
    citizen.sees("Cần tài khoản mức độ 2 để nộp")
    citizen.sees(re.compile("bản nháp vẫn được giữ"))
    citizen.look("muc-do-1-kiem-tra")
    assert citizen.page.get_by_role("button", name="Nộp hồ sơ", exact=True).count() == 0

    answer = submit_by_force(stack, citizen, tracking_no)
    assert (answer.status, "mức độ 2" in answer.text()) == (403, True)
    assert rows(stack, "SELECT status FROM dossiers_dossier WHERE tracking_no = %s", tracking_no) == [
        ("draft",)
    ]


VIETNAMESE = re.compile(
    "[ăâđêôơưĂÂĐÊÔƠƯ\u0300\u0301\u0303\u0309\u0323ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]"
)


UNIT = re.compile("(Phường|Xã|Đặc khu) ")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_foreigner_files_in_english(stack: Stack, comes: Comes, width: int):
    person = comes("foreigner", width=width)
    person.sign_in_as_citizen("Jane Example", "444444")
    person.context.add_cookies([{"name": "portal_language", "value": "en", "url": stack.url}])
    seen: dict[str, list[str]] = {}
    names = names_of_things(stack)

    def look(picture: str = "") -> None:
        person.look(picture)
        assert person.page.locator("html").get_attribute("lang") == "en"
        if left := words_in_vietnamese(person, names):
            seen[person.page.url] = left

    person.open("/thu-tuc/1.004873/")
    look()
    person.follow("File a dossier online")
    look("english-start")
    person.page.locator("main form button").first.click()
    look()
    person.follow("Applicant")
    look()
    save = person.page.locator("form[data-autosave-url] button:not([aria-hidden])").first
    save.click()
    person.choose("Never registered a marriage")
    look("english-form")
    person.page.locator("form[data-autosave-url] button:not([aria-hidden])").first.click()
    person.choose("A loan")
    person.page.locator("form[data-autosave-url] button:not([aria-hidden])").first.click()
    person.page.wait_for_url("**/noi-tiep-nhan/")
    look()
    person.choose(re.compile("^Phường Hải Châu$"))
    person.page.locator("main form[method=post] button").first.click()
    person.page.wait_for_url("**/nhap/giay-to/")
    upload(person)
    look()
    person.page.locator(".form-actions a").first.click()
    person.page.wait_for_url(re.compile("/kiem-tra/"))
    look("english-check")
    person.page.get_by_label(re.compile("I declare that what I have stated is true")).check()
    person.page.locator("main form[data-submit-once] button").last.click()
    person.page.wait_for_url(re.compile("/da-nop/"))
    look("english-filed")
    person.open(f"/ho-so/{tracking_no_in(person)}/")
    look()
    person.open("/ho-so/")
    look()
    person.open("/thong-bao/")
    look()

    assert not seen, "\n".join(f"{where}: {texts}" for where, texts in seen.items())


def names_of_things(stack: Stack) -> list[str]:
    """List what the law and the register name in Vietnamese, the longest first."""
    queries = (
        "SELECT name FROM procedures_procedureversion",
        "SELECT short_name FROM procedures_procedureversion WHERE short_name <> ''",
        "SELECT name FROM procedures_component",
        "SELECT name FROM procedures_sector",
        "SELECT name FROM agencies_agency",
        "SELECT one_stop_name FROM agencies_agency WHERE one_stop_name <> ''",
    )
    return sorted({name for query in queries for [name] in rows(stack, query)}, key=len, reverse=True)


def words_in_vietnamese(person: Visitor, names: list[str]) -> list[str]:
    """Give headings, labels, buttons and links of the interface that still speak Vietnamese."""
    texts: list[str] = person.page.evaluate(
        """() => [...document.querySelectorAll('h1, h2, h3, button, label, legend, th, dt, summary, a.btn, nav a')]
          .filter((one) => one.offsetParent && !one.closest('[lang=vi]'))
          .map((one) => one.innerText.trim())"""
    )
    left = set()
    for text in texts:
        rest = " ".join(text.replace("(minh họa)", "").split())
        for name in names:
            rest = rest.replace(" ".join(name.split()), "")
        if VIETNAMESE.search(rest) and not UNIT.match(rest):
            left.add(text)
    return sorted(left)
