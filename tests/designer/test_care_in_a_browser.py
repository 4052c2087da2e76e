"""The care of the catalogue in Debian's Chromium: a queue worked off by keyboard, differences taken one by one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.models import Agency
from core import pdf
from procedures.models import ProcedureVersion, ReviewFlag, SourceChange
from tests.designer.test_changes import CODE, catalogue, imported, imported_as, much
from tests.dossiers.test_desk_in_a_browser import (
    WIDTHS,
    at_the_desk,
    require_good,
    unhashed_static,  # noqa: F401
    ward,  # noqa: F401
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
    pytest.mark.usefixtures("unhashed_static"),
]
KEEPER = "kiemsoat.thanhpho"
ROOM = "/can-bo/thiet-ke/"


def look(page: Page, complaints: list[str], picture: str) -> None:
    """Look at a page on a phone and on a desk."""
    complaints[:] = [one for one in complaints if "422" not in one]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        require_good(page, complaints, picture, width)


def test_a_queue_is_worked_off_by_keyboard(live_server, ward: Agency, tmp_path: Path):  # noqa: F811
    def doubtful(record: dict) -> None:
        for method in record["methods"]:
            method |= {"duration_text": "1"}
        record["methods_text"] = record["methods_text"].replace("1 Ngày làm việc", "1")
        record["steps"] += " Thời hạn giải quyết là 01 ngày làm việc, nộp tại Ủy ban nhân dân huyện."

    imported(tmp_path, doubtful)
    with at_the_desk(live_server.url, KEEPER, f"{ROOM}ra-soat/", width=1280) as (page, complaints):
        look(page, complaints, "review-list")
        page.get_by_label("Lý do").select_option("unit_assumed")
        page.get_by_role("button", name="Lọc").last.click()
        page.locator("#flags tbody a").first.click()
        page.wait_for_load_state("networkidle")
        expect(page.locator("#source mark").first).to_have_text("1")
        look(page, complaints, "review-flag")

        page.keyboard.press("?")
        expect(page.locator("#keyboard-help")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("b")
        expect(page.get_by_text("Để sau.")).to_be_visible()
        look(page, complaints, "review-just")
        page.keyboard.press("z")
        expect(page.get_by_text("Đã hoàn tác")).to_be_visible()

        page.get_by_label("Con số").fill("0")
        page.get_by_role("button", name="Ghi giá trị đã sửa").click()
        expect(page.locator("[data-error-summary]")).to_be_visible()
        look(page, complaints, "review-wrong")
        page.get_by_label("Con số").fill("8")
        page.get_by_label("Đơn vị").select_option("working_hour")
        page.get_by_role("button", name="Ghi giá trị đã sửa").click()
        expect(page.get_by_text("Đã sửa.")).to_be_visible()

        page.keyboard.press("g")
        page.get_by_label("Sửa thành giá trị dưới đây").check()
        page.get_by_label("Con số").fill("8")
        page.get_by_label("Đơn vị").select_option("working_hour")
        page.get_by_role("button", name="Đếm trước").click()
        expect(page.get_by_text("Nếu làm thì")).to_be_visible()
        look(page, complaints, "review-alike")
        page.get_by_role("button", name="Làm cho tất cả").click()
        expect(page.get_by_text("Đã xử lý 1 điểm giống nhau.")).to_be_visible()
    version = ProcedureVersion.objects.get(current_of__code=CODE)
    units = list(version.channels.order_by("position").values_list("duration_unit", flat=True))
    assert units.count("working_hour") == 2


def test_differences_are_taken_one_by_one(live_server, ward: Agency, tmp_path: Path):  # noqa: F811
    imported(tmp_path)
    ProcedureVersion.objects.filter(current_of__code=CODE).update(is_sealed=True)
    records = catalogue()
    much(records[CODE])
    records[CODE]["components"].append({"group": None, "name": "Ghi chú thêm", "originals": 0, "copies": 0})
    del records["1.000593"]
    imported_as(tmp_path, records, whole=True)
    with at_the_desk(live_server.url, KEEPER, ROOM, width=1280) as (page, complaints):
        page.get_by_role("link", name="Khác biệt với danh mục quốc gia").first.click()
        page.wait_for_load_state("networkidle")
        look(page, complaints, "changes-list")
        page.locator("#changes").get_by_role("link", name="sổ gốc").click()
        page.wait_for_load_state("networkidle")
        look(page, complaints, "change")
        page.get_by_role("button", name=re.compile("Nhận mục này.*số quyết định")).click()
        expect(page.get_by_text("Đã nhận 1 mục vào phiên bản 2.")).to_be_visible()
        page.get_by_label("thành phần hồ sơ đã công bố › Ảnh chân dung").check()
        page.get_by_role("button", name="Không nhận các mục đã chọn").click()
        expect(page.locator("[data-error-summary]")).to_be_visible()
        page.get_by_label("Lý do không nhận").fill("Quyết định chưa nêu giấy tờ này.")
        page.get_by_role("button", name="Không nhận các mục đã chọn").click()
        expect(page.get_by_text("Đã ghi 1 mục không nhận.")).to_be_visible()
        look(page, complaints, "change-answered")

        page.goto(f"{live_server.url}{ROOM}khac-biet/1.000593/")
        look(page, complaints, "change-abolished")
        page.locator("#abolish").get_by_label("Số quyết định bãi bỏ").fill("12/QĐ-BTP")
        page.locator("#abolish").get_by_label("Ngày cuối còn hiệu lực").fill(
            f"{timezone.localdate():%Y-%m-%d}"
        )
        page.locator("#abolish").get_by_label("Lý do").fill("Gộp vào thủ tục khác.")
        page.get_by_role("button", name="Bãi bỏ thủ tục").click()
        expect(page.get_by_role("dialog")).to_contain_text("vẫn được làm đến cùng")
        page.get_by_role("dialog").get_by_role("button", name="Bãi bỏ", exact=True).click()
        expect(page.get_by_role("heading", name="Thủ tục đã bãi bỏ")).to_be_visible()
        look(page, complaints, "change-taken-back")
        page.get_by_text("Bỏ việc bãi bỏ").first.click()
        page.get_by_label("Lý do").fill("Ghi nhầm thủ tục.")
        page.get_by_role("button", name="Bỏ việc bãi bỏ").click()
        expect(page.get_by_text("Đã bỏ việc bãi bỏ.")).to_be_visible()
    assert SourceChange.objects.get(procedure__code=CODE).answers.count() == 2
    assert ReviewFlag.objects.exists()


def test_a_table_is_mended_in_its_rows_and_a_letter_gets_own_words(
    live_server,
    ward: Agency,  # noqa: F811
    tmp_path: Path,
):
    imported(tmp_path, lambda record: record.update(methods=[], methods_text=""))
    flag = ReviewFlag.objects.get(version__current_of__code=CODE, reason="no_methods")
    with at_the_desk(live_server.url, KEEPER, f"{ROOM}ra-soat/{flag.pk}/", width=1280) as (page, complaints):
        look(page, complaints, "review-table")
        page.get_by_role("button", name="Sửa các dòng trong bản thảo").click()
        page.wait_for_url("**/cach-thuc/**")
        page.get_by_role("button", name="Thêm hình thức nộp").click()
        page.wait_for_load_state("networkidle")
        page.get_by_label("Con số").first.fill("3")
        page.get_by_role("button", name="Lưu", exact=True).first.click()
        expect(page.get_by_text("Đã lưu.")).to_be_visible()

        page.goto(page.url.partition("#")[0].replace("/cach-thuc/", "/loi-nhan/"))
        page.locator("select").first.select_option("paper.refusal_notice.instruction")
        page.get_by_role("button", name="Thêm lời nhắn").click()
        page.wait_for_load_state("networkidle")
        page.get_by_label("Tiếng Việt").fill(
            "Đăng kiểm xe rồi nộp lại tại {noi_tiep_nhan}, ghi mã {ma_ho_so}."
        )
        page.get_by_role("button", name="Lưu", exact=True).first.click()
        expect(page.get_by_text("ghi mã MAU-0000-0000.")).to_be_visible()
        look(page, complaints, "letter-words")
    flag.refresh_from_db()
    assert (flag.state, flag.draft is not None) == ("corrected", True)
