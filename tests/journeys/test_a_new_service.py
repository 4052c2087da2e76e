"""A service from a blank page to a result in a citizen's hand, in one day and without a programmer."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from danang_portal.local.stack import Stack
from tests.designer.hands import (
    add,
    add_page,
    add_question,
    fill,
    go,
    in_english,
    open_question,
    save,
    unfold,
)
from tests.journeys.conftest import DESK, PHONE, Comes
from tests.journeys.desk import (
    accept,
    address_in_qr,
    draft_and_submit,
    issue,
    officer,
    receive,
    sign,
    text_of,
)
from tests.journeys.filing import submit, upload
from tests.journeys.office import rows
from tests.journeys.visitor import Visitor

KEEPER = "kiemsoat.thanhpho"
CITIZEN, CITIZEN_PASSCODE = "Trần Thị Hai", "222222"
CODE, NAME = "DN.0001", "Xác nhận sử dụng tạm vỉa hè (minh họa)"
RESULT = "Giấy xác nhận sử dụng tạm vỉa hè"
LOOKED_FOR = "xin dung via he lam dam cuoi"


def at_the_top(keeper: Visitor, place: str) -> None:
    """Scroll so that a picture begins where something is to be seen."""
    keeper.page.locator(place).first.evaluate(
        "one => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 16)"
    )


def begin(keeper: Visitor) -> None:
    """Start from nothing, and say what the decision says: the eight legal parts."""
    page = keeper.page
    keeper.open("/can-bo/thiet-ke/")
    at_the_top(keeper, ".breadcrumbs")
    keeper.look("thiet-ke-danh-sach")
    keeper.follow("Tạo mới")
    keeper.look()
    keeper.fill("Mã thủ tục", CODE)
    keeper.fill("Tên thủ tục", NAME)
    keeper.press("Tạo bản thảo")
    keeper.arrives("/sua/chung/")
    fill(
        page,
        {
            "name_en": "Permit to use a pavement for a time (demonstration)",
            "short_name": "Sử dụng tạm vỉa hè",
            "decision-number": "12/QĐ-UBND",
            "decision-signed_on": "2026-01-10",
            "effective_from": "2026-02-01",
        },
    )
    keeper.choose("Cấp xã")
    keeper.choose("Công dân Việt Nam")
    save(page)
    keeper.look()

    go(page, "Nội dung công bố")
    fill(
        page,
        {
            "published-execution_sequence": "Bước 1: nộp hồ sơ. Bước 2: nhận kết quả.",
            "published-authority": "Ủy ban nhân dân phường, xã",
        },
    )
    save(page)
    keeper.look()

    go(page, "Cách thức, thời hạn, phí")
    for at, (channel, days) in enumerate((("Trực tuyến", "3"), ("Trực tiếp", "4"))):
        add(page, "Thêm hình thức nộp", channel, list_id="channels")
        fill(page, {f"channels-{at}-time-value": days})
        page.locator(f"button[value='add:channels-{at}-fees']").click()
        page.locator(f"[id='id_channels-{at}-fees-0-amount_vnd']").fill("20000")
    save(page)
    keeper.look()

    go(page, "Giấy tờ đã công bố")
    add(page, "Thêm giấy tờ")
    fill(page, {"papers-0-name": "Sơ đồ vị trí xin sử dụng"})
    save(page)
    keeper.look()

    go(page, "Căn cứ pháp lý")
    add(page, "Thêm văn bản")
    fill(
        page,
        {"legal_bases-0-code": "165/2024/NĐ-CP", "legal_bases-0-title": "Về hạ tầng giao thông đường bộ"},
    )
    save(page)
    keeper.look()


def offer_online(keeper: Visitor) -> None:
    """Say that it is done online to the end, what is uploaded, and who decides."""
    page = keeper.page
    go(page, "Dịch vụ trực tuyến")
    page.locator("#id_online-level").select_option("full_online")
    fill(
        page,
        {
            "guidance": "Nộp trước ngày cần dùng ít nhất năm ngày làm việc.",
            "guidance_en": "File at least five working days before you need it.",
        },
    )
    save(page)
    keeper.look()

    go(page, "Thành phần nộp trực tuyến")
    add(page, "Thêm thành phần")
    fill(page, {"uploads-0-name": "Sơ đồ vị trí xin sử dụng", "uploads-0-name_en": "Sketch of the place"})
    save(page)
    keeper.look()

    go(page, "Cơ quan giải quyết")
    page.locator("#id_deciding-rule").select_option("commune_of_choice")
    save(page)
    keeper.look()


def build_the_form(keeper: Visitor) -> None:
    """Make two pages of questions of several kinds, one of which is only asked after a certain answer."""
    page = keeper.page
    go(page, "Biểu mẫu điện tử")
    keeper.look()
    add_page(page, "Người nộp", number=1)
    add_question(page, "0", "Họ và tên", "Một dòng chữ")
    add_question(page, "0", "Điện thoại", "Điện thoại")
    add_page(page, "Việc sử dụng", number=2)
    add_question(page, "1", "Dùng để làm gì", "Chọn một")
    add_question(page, "1", "Số giấy phép xây dựng", "Một dòng chữ")
    page.get_by_role("button", name="Bỏ Số giấy phép xây dựng").click()
    keeper.sees("Đã bỏ “Số giấy phép xây dựng”")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#outline").get_by_role("link", name="Số giấy phép xây dựng")).to_be_visible()
    page.wait_for_load_state("networkidle")
    add_question(page, "1", "Diện tích (m²)", "Số thập phân")
    add_question(page, "1", "Ngày bắt đầu dùng", "Ngày")
    add_question(page, "1", "Có che lối đi không", "Có hoặc không")
    keeper.look()

    for title, english in (("Người nộp", "Applicant"), ("Việc sử dụng", "The use")):
        page.get_by_role("link", name=f"Sửa trang {title}").click()
        page.wait_for_load_state("networkidle")
        page.locator("#id_title_en").fill(english)
        save(page)
        keeper.look()
        page.locator(".breadcrumbs").get_by_role("link", name="Biểu mẫu điện tử").click()
        page.wait_for_load_state("networkidle")

    for label, source, english in (
        ("Họ và tên", "Họ và tên người nộp", "Full name"),
        ("Điện thoại", "Điện thoại", "Telephone"),
    ):
        open_question(page, label)
        unfold(page, "Điền sẵn từ dữ liệu đã có")
        page.locator("#id_prefill").select_option(label=source)
        in_english(page, english)
        keeper.look()

    open_question(page, "Dùng để làm gì")
    fill(
        page,
        {
            "choices-0-label": "Tổ chức đám cưới",
            "choices-0-label_en": "Wedding",
            "choices-1-label": "Xây dựng nhà",
            "choices-1-label_en": "Building a house",
        },
    )
    in_english(page, "What for")
    expect(page.locator("#preview").get_by_text("Tổ chức đám cưới")).to_be_visible()
    keeper.look()

    open_question(page, "Số giấy phép xây dựng")
    unfold(page, "Khi nào hỏi")
    add(page, "Thêm dòng điều kiện")
    page.locator("#id_show_when-rows-0-field").select_option(label="Dùng để làm gì")
    page.locator("#editor").get_by_label("Xây dựng nhà").check()
    in_english(page, "Number of the building permit")
    at_the_top(keeper, "h1")
    keeper.look("thiet-ke-dieu-kien")

    for label, english in (
        ("Diện tích (m²)", "Area (m²)"),
        ("Ngày bắt đầu dùng", "First day"),
        ("Có che lối đi không", "Will it block the way"),
    ):
        open_question(page, label)
        in_english(page, english)
    page.locator(".breadcrumbs").get_by_role("link", name="Biểu mẫu điện tử").click()
    keeper.sees("chỉ hỏi khi “Dùng để làm gì”")
    at_the_top(keeper, ".designer-page:nth-of-type(2)")
    keeper.look("thiet-ke-bieu-mau")


def say_who_does_what(keeper: Visitor) -> None:
    """Lay down the internal steps, put in order by keyboard, and the result with its template."""
    page = keeper.page
    go(page, "Quy trình nội bộ")
    for kind in ("Tiếp nhận", "Ký", "Thẩm định", "Cấp số, phát hành"):
        add(page, "Thêm bước", kind, list_id="steps")
    page.locator("#steps-2 [data-sortable-handle]").focus()
    page.keyboard.press("ArrowUp")
    for row in (2, 1):
        page.locator(f"#steps-{row} summary").first.click()
        page.locator(f"#id_steps-{row}-time-value").fill("0,5")
    keeper.sees("Các bước cộng lại là 3 ngày làm việc, đúng bằng thời hạn.")
    at_the_top(keeper, ".designer-editor")
    keeper.look("thiet-ke-quy-trinh")

    go(page, "Kết quả và mẫu kết quả")
    add(page, "Thêm kết quả")
    fill(page, {"results-0-name": RESULT, "results-0-symbol": "GXN"})
    unfold(page, "Mẫu soạn thảo")
    fill(page, {"results-0-template-title": "GIẤY XÁC NHẬN"})
    add(page, "Thêm chỗ trống", "Họ và tên", list_id="results-0-template-fields")
    add(page, "Thêm chỗ trống", "Ngày bắt đầu dùng", list_id="results-0-template-fields")
    add(page, "Thêm đoạn văn")
    paragraph = page.locator("#id_results-0-template-paragraphs-0-value")
    paragraph.fill("Xác nhận ông/bà ")
    page.locator("#results-0-template-paragraphs-0 [data-insert]").nth(0).click()
    paragraph.press_sequentially(" được dùng vỉa hè từ ngày ")
    page.locator("#results-0-template-paragraphs-0 [data-insert]").nth(1).click()
    expect(paragraph).to_have_value(
        "Xác nhận ông/bà {ho_va_ten} được dùng vỉa hè từ ngày {ngay_bat_dau_dung}"
    )
    save(page)
    keeper.look()


def try_it(keeper: Visitor) -> None:
    """See that the lint finds nothing red, and let the worker play the dry run."""
    page = keeper.page
    go(page, "Tổng quan, kiểm tra")
    expect(page.get_by_text("đỏ: phải sửa")).to_have_count(0)
    keeper.sees("Đồng hồ dừng khi mở nhận hồ sơ.")
    keeper.sees("Chạy thử chưa làm với bản đang có.")
    at_the_top(keeper, ".breadcrumbs")
    keeper.look("thiet-ke-tong-quan")
    keeper.press(re.compile("^Chạy.*Chạy thử"))
    keeper.arrives("/thu/")
    keeper.waits_for("Không có mục đỏ", seconds=240)
    keeper.look()


def launch(stack: Stack, keeper: Visitor) -> None:
    """Approve without a reason, publish, open; the clock says how long it took."""
    keeper.follow(CODE)
    keeper.sees("Đã qua mọi bước thử.")
    keeper.look()
    assert not keeper.page.get_by_text("Vẫn duyệt, có ghi lý do").count(), "the gate asks for a reason"
    for button, done in (
        ("Duyệt", "Đã duyệt phiên bản này."),
        ("Công bố", "Đã công bố phiên bản này."),
        ("Mở nhận hồ sơ", "Đã mở nhận hồ sơ trực tuyến."),
    ):
        keeper.press(button, exact=True)
        keeper.sees(done)
        keeper.look()
    took = keeper.page.locator("#clock .designer-clock").inner_text().strip()
    print(f"From blank to live: {took}")
    assert re.fullmatch(r"(\d+ phút|chưa đến 1 phút)", took), took
    keeper.sees("Mở nhận hồ sơ lúc")
    at_the_top(keeper, ".breadcrumbs")
    keeper.look("thiet-ke-dong-ho")
    [[reason, despite]] = rows(
        stack,
        "SELECT e.reason, e.data->'despite' FROM procedures_versionevent e"
        " JOIN procedures_procedureversion v ON v.id = e.version_id"
        " JOIN procedures_procedure p ON p.id = v.procedure_id WHERE p.code = %s AND e.kind = 'approved'",
        CODE,
    )
    assert (reason, despite or []) == ("", [])


def find_and_file(citizen: Visitor) -> str:
    """Look for it in everyday words, and file; give the tracking number."""
    citizen.open("/")
    citizen.page.locator("main input[type=search]").first.fill(LOOKED_FOR)
    citizen.page.keyboard.press("Enter")
    citizen.arrives("q=")
    citizen.waits_for(re.compile("vỉa hè"), seconds=20)
    citizen.look()
    citizen.follow(re.compile("vỉa hè"))
    citizen.look()
    citizen.follow(re.compile("Nộp hồ sơ trực tuyến"))
    citizen.look()
    citizen.press(re.compile("Bắt đầu|Soạn hồ sơ mới"))
    citizen.arrives("/nhap/")
    citizen.follow("Người nộp")
    citizen.arrives("/to-khai/nguoi-nop/")
    citizen.look()
    citizen.press("Lưu và tiếp tục")
    citizen.arrives("/to-khai/viec-su-dung/")
    assert not citizen.page.get_by_label("Số giấy phép xây dựng").is_visible()
    citizen.choose("Xây dựng nhà")
    citizen.fill("Số giấy phép xây dựng", "15/GPXD (minh họa)")
    citizen.fill("Diện tích (m²)", "12,5")
    for part, digits in (("Ngày", "1"), ("Tháng", "12"), ("Năm", "2030")):
        citizen.page.get_by_label(part, exact=True).fill(digits)
    citizen.choose("Không")
    citizen.look()
    citizen.press("Lưu và tiếp tục")
    citizen.arrives("/noi-tiep-nhan/")
    citizen.choose(re.compile("^Phường Hải Châu$"))
    citizen.look()
    citizen.press("Lưu và tiếp tục")
    citizen.arrives("/giay-to/")
    citizen.look()
    upload(citizen, "so-do.pdf")
    citizen.follow("Tiếp tục", exact=True)
    citizen.arrives("/kiem-tra/")
    citizen.look()
    tracking_no = submit(citizen)
    citizen.look()
    return tracking_no


def test_a_service_goes_from_a_blank_page_to_a_result(stack: Stack, comes: Comes, accounts: dict[str, str]):
    keeper = comes("keeper", width=DESK)
    # What is not complete yet is not saved by itself: the browser logs that answer.
    keeper.bears.append("422")
    keeper.sign_in_as_officer(KEEPER, accounts[KEEPER])
    begin(keeper)
    offer_online(keeper)
    build_the_form(keeper)
    say_who_does_what(keeper)
    try_it(keeper)
    launch(stack, keeper)

    citizen = comes("citizen", width=PHONE)
    citizen.sign_in_as_citizen(CITIZEN, CITIZEN_PASSCODE)
    tracking_no = find_and_file(citizen)
    code = accept(officer(comes, accounts, "motcua1", width=DESK), tracking_no)
    draft_and_submit(officer(comes, accounts, "chuyenvien", width=DESK), tracking_no)
    sign(officer(comes, accounts, "lanhdao", width=DESK), tracking_no)
    issue(officer(comes, accounts, "vanthu", width=DESK), tracking_no)

    proof = receive(citizen, tracking_no, code)
    said = " ".join(text_of(proof).split())
    assert "GIẤY XÁC NHẬN" in said
    assert CITIZEN.casefold() in said.casefold()
    assert "01/12/2030" in said
    passer_by = comes("anyone", width=PHONE)
    passer_by.open(address_in_qr(proof))
    passer_by.sees("Còn hiệu lực")
    passer_by.sees(RESULT)
    passer_by.look()
