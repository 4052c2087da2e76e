"""A small service from blank to live in Debian's Chromium, by somebody who cannot program."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.models import Agency
from core import pdf
from core.actor import Actor
from procedures import document, services
from procedures.models import Procedure, ProcedureVersion, VersionEvent
from procedures.states import VersionEventKind
from tests.designer.test_editing import CHECK
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
CODE = "DN.0001"


def good(page: Page, complaints: list[str], picture: str, width: int) -> None:
    """Ask for a good page. What is not complete yet is not saved by itself: the browser logs that answer."""
    complaints[:] = [one for one in complaints if "422" not in one]
    require_good(page, complaints, picture, width)


def go(page: Page, section: str) -> None:
    page.get_by_role("navigation", name="Các phần của thủ tục").get_by_role(
        "link", name=section, exact=True
    ).click()
    page.wait_for_load_state("networkidle")


def save(page: Page) -> None:
    page.get_by_role("button", name="Lưu", exact=True).last.click()
    expect(page.get_by_text("Đã lưu.").first).to_be_visible()
    page.wait_for_load_state("networkidle")


def unfold(page: Page, group: str) -> None:
    """Open a group of controls, if it is not open already."""
    details = page.locator(".designer-group", has=page.locator("summary", has_text=group)).first
    if details.get_attribute("open") is None:
        details.locator("summary").first.click()


def add(page: Page, button: str, pick: str = "", *, list_id: str = "") -> None:
    if pick:
        page.locator(f"#id_{list_id}-pick").select_option(label=pick)
    rows = page.locator("#editor-body .designer-row")
    count = rows.count()
    page.get_by_role("button", name=button, exact=True).click()
    expect(rows).not_to_have_count(count)
    page.wait_for_load_state("networkidle")


def add_question(page: Page, place: str, label: str, kind: str) -> None:
    page.locator(f"[id='id_label_{place}']").fill(label)
    page.locator(f"[id='id_kind_{place}']").select_option(label=kind)
    page.locator(f"button[value='add-question:{place}']").click()
    expect(page.locator("#outline").get_by_role("link", name=label, exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_a_service_is_built_from_blank_and_opened(live_server, ward: Agency):  # noqa: F811
    with at_the_desk(live_server.url, KEEPER, "/can-bo/thiet-ke/", width=1280) as (page, complaints):
        page.get_by_role("link", name="Tạo mới").first.click()
        page.get_by_label("Mã thủ tục").fill(CODE)
        page.get_by_label("Tên thủ tục").fill("Xác nhận sử dụng tạm vỉa hè (minh họa)")
        page.get_by_role("button", name="Tạo bản thảo").click()
        page.wait_for_load_state("networkidle")

        page.locator("#id_name_en").fill("Permit to use a pavement (demonstration)")
        page.locator("#id_short_name").fill("Sử dụng tạm vỉa hè")
        page.get_by_label("Cấp xã").check()
        page.get_by_label("Công dân Việt Nam").check()
        page.locator("#id_decision-number").fill("12/QĐ-UBND")
        page.locator("#id_decision-signed_on").fill("2026-01-10")
        page.locator("#id_effective_from").fill("2026-02-01")
        save(page)
        good(page, complaints, "designer-general", 1280)

        go(page, "Nội dung công bố")
        page.locator("#id_published-execution_sequence").fill("Bước 1: nộp hồ sơ. Bước 2: nhận kết quả.")
        page.locator("#id_published-authority").fill("Ủy ban nhân dân phường, xã")
        save(page)

        go(page, "Cách thức, thời hạn, phí")
        add(page, "Thêm hình thức nộp", "Trực tuyến", list_id="channels")
        page.locator("#id_channels-0-time-value").fill("3")
        save(page)

        go(page, "Giấy tờ đã công bố")
        add(page, "Thêm giấy tờ")
        page.locator("#id_papers-0-name").fill("Sơ đồ vị trí xin sử dụng")
        save(page)

        go(page, "Căn cứ pháp lý")
        add(page, "Thêm văn bản")
        page.locator("#id_legal_bases-0-code").fill("165/2024/NĐ-CP")
        save(page)

        go(page, "Dịch vụ trực tuyến")
        page.locator("#id_online-level").select_option("full_online")
        page.locator("#id_guidance").fill("Nộp trước ngày cần dùng ít nhất năm ngày làm việc.")
        page.locator("#id_guidance_en").fill("File at least five working days before you need it.")
        save(page)

        go(page, "Thành phần nộp trực tuyến")
        add(page, "Thêm thành phần")
        page.locator("#id_uploads-0-name").fill("Sơ đồ vị trí xin sử dụng")
        page.locator("#id_uploads-0-name_en").fill("Sketch of the place")
        save(page)
        good(page, complaints, "designer-uploads", 1280)

        go(page, "Biểu mẫu điện tử")
        page.locator("#id_page_title").fill("Việc sử dụng")
        page.get_by_role("button", name="Thêm trang", exact=True).click()
        expect(page.get_by_role("heading", name="1. Việc sử dụng")).to_be_visible()
        page.wait_for_load_state("networkidle")
        add_question(page, "0", "Dùng để làm gì", "Chọn một")
        add_question(page, "0", "Số giấy phép xây dựng", "Một dòng chữ")
        page.get_by_role("button", name="Bỏ Câu hỏi mới").click()
        expect(page.get_by_text("Đã bỏ “Câu hỏi mới”")).to_be_visible()
        page.wait_for_load_state("networkidle")
        add_question(page, "0", "Ngày bắt đầu dùng", "Ngày")
        good(page, complaints, "designer-outline", 1280)

        page.get_by_role("link", name="Sửa trang Việc sử dụng").click()
        page.wait_for_load_state("networkidle")
        page.locator("#id_title_en").fill("The use")
        save(page)
        page.locator(".breadcrumbs").get_by_role("link", name="Biểu mẫu điện tử").click()
        page.get_by_role("link", name="Dùng để làm gì").click()
        page.wait_for_load_state("networkidle")
        page.locator("#id_choices-0-label").fill("Tổ chức đám cưới")
        page.locator("#id_choices-0-label_en").fill("Wedding")
        page.locator("#id_choices-1-label").fill("Xây dựng nhà")
        page.locator("#id_choices-1-label_en").fill("Building a house")
        unfold(page, "Tiếng Anh")
        page.locator("#id_label_en").fill("What for")
        expect(page.locator("#preview").get_by_text("Tổ chức đám cưới")).to_be_visible()
        good(page, complaints, "designer-question", 1280)

        page.locator(".breadcrumbs").get_by_role("link", name="Biểu mẫu điện tử").click()
        page.get_by_role("link", name="Số giấy phép xây dựng").click()
        page.wait_for_load_state("networkidle")
        unfold(page, "Tiếng Anh")
        page.locator("#id_label_en").fill("Number of the building permit")
        unfold(page, "Khi nào hỏi")
        add(page, "Thêm dòng điều kiện")
        page.locator("#id_show_when-rows-0-field").select_option(label="Dùng để làm gì")
        page.locator("#editor").get_by_label("Xây dựng nhà").check()
        save(page)
        good(page, complaints, "designer-condition", 1280)

        page.locator(".breadcrumbs").get_by_role("link", name="Biểu mẫu điện tử").click()
        expect(page.get_by_text("chỉ hỏi khi “Dùng để làm gì”")).to_be_visible()
        page.get_by_role("link", name="Ngày bắt đầu dùng").click()
        unfold(page, "Tiếng Anh")
        page.locator("#id_label_en").fill("First day")
        save(page)

        go(page, "Quy trình nội bộ")
        for kind in ("Tiếp nhận", "Ký", "Thẩm định", "Cấp số, phát hành"):
            add(page, "Thêm bước", kind, list_id="steps")
        page.locator("#steps-2 [data-sortable-handle]").focus()
        page.keyboard.press("ArrowUp")
        page.locator("#steps-2 summary").first.click()
        page.locator("#id_steps-2-time-value").fill("0,5")
        page.locator("#steps-1 summary").first.click()
        page.locator("#id_steps-1-time-value").fill("0,5")
        expect(page.get_by_text("Các bước cộng lại là 3 ngày làm việc, đúng bằng thời hạn.")).to_be_visible()
        good(page, complaints, "designer-steps", 1280)

        go(page, "Kết quả và mẫu kết quả")
        add(page, "Thêm kết quả")
        page.locator("#id_results-0-name").fill("Giấy xác nhận sử dụng tạm vỉa hè")
        page.locator("#id_results-0-symbol").fill("GXN")
        unfold(page, "Mẫu soạn thảo")
        page.locator("#id_results-0-template-title").fill("GIẤY XÁC NHẬN")
        add(page, "Thêm chỗ trống", "Ngày bắt đầu dùng", list_id="results-0-template-fields")
        add(page, "Thêm đoạn văn")
        page.locator("#id_results-0-template-paragraphs-0-value").fill("Được dùng vỉa hè từ ngày ")
        page.locator("#results-0-template-paragraphs-0 [data-insert]").click()
        expect(page.locator("#id_results-0-template-paragraphs-0-value")).to_have_value(
            "Được dùng vỉa hè từ ngày {ngay_bat_dau_dung}"
        )
        save(page)
        good(page, complaints, "designer-results", 1280)

        go(page, "Cơ quan giải quyết")
        page.locator("#id_deciding-rule").select_option("commune_of_choice")
        save(page)

        go(page, "Tổng quan, kiểm tra")
        good(page, complaints, "designer-overview", 1280)
        expect(page.get_by_text("đỏ: phải sửa")).to_have_count(0)
        expect(page.get_by_text("Đồng hồ dừng khi mở nhận hồ sơ.")).to_be_visible()
        page.get_by_role("button", name="Duyệt", exact=True).click()
        page.get_by_role("button", name="Công bố", exact=True).click()
        page.get_by_role("button", name="Mở nhận hồ sơ", exact=True).click()
        expect(page.get_by_text("Đã mở nhận hồ sơ trực tuyến.")).to_be_visible()
        good(page, complaints, "designer-live", 1280)

        page.goto(f"{live_server.url}/thu-tuc/{CODE}/")
        expect(page.get_by_role("link", name="Nộp hồ sơ").first).to_be_visible()

    version = Procedure.objects.get(code=CODE).current_version
    assert version.is_fileable
    kinds = list(VersionEvent.objects.filter(version=version).order_by("id").values_list("kind", flat=True))
    assert kinds == [
        VersionEventKind.CREATED,
        VersionEventKind.APPROVED,
        VersionEventKind.PUBLISHED,
        VersionEventKind.OPENED,
    ]


@pytest.fixture
def draft(ward: Agency) -> ProcedureVersion:  # noqa: F811
    """A draft of a demonstration service with some changes of its own."""
    current = Procedure.objects.get(code="1.004873").current_version
    made = services.clone(version_id=current.pk, actor=Actor.system(), at=timezone.now())
    said = document.of_version(made)
    said["eform"]["pages"].append({"id": "moi-kind", "title": "Mọi loại câu hỏi", "fields": QUESTIONS})
    said["channels"][0]["fees"].append({"kind": "charge", "amount_vnd": 15_000})
    said["eligibility"] = CHECK
    return services.save(
        version_id=made.pk, document=said, revision=0, actor=Actor.system(), at=timezone.now()
    )


QUESTIONS = [
    {"name": "so_ban", "label": "Số bản", "type": "integer", "min": 1, "max": 10},
    {
        "name": "con",
        "label": "Các con",
        "type": "table",
        "fields": [{"name": "ten", "label": "Tên", "type": "text"}],
    },
    {
        "name": "tong",
        "label": "Tổng",
        "type": "computed",
        "shown_as": "integer",
        "value": {"sum": [{"field": "so_ban"}, 1]},
    },
]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_and_fits(live_server, draft: ProcedureVersion, width: int):
    here = f"/can-bo/thiet-ke/1.004873/{draft.version_no}/"
    pages = {
        "list": "/can-bo/thiet-ke/",
        "begin": "/can-bo/thiet-ke/moi/",
        "clone": "/can-bo/thiet-ke/nhan-ban/?q=giay%20khai%20sinh",
        "file": "/can-bo/thiet-ke/tu-tep/",
        "version": here,
        "compare": f"{here}so-sanh/",
        "channels": f"{here}sua/cach-thuc/",
        "check": f"{here}sua/dieu-kien/",
        "papers": f"{here}sua/tep-nop/",
        "flow": f"{here}sua/quy-trinh/",
        "drafting": f"{here}sua/ket-qua/",
        "form": f"{here}bieu-mau/",
        "table": f"{here}bieu-mau/cau-hoi/con/",
        "computed": f"{here}bieu-mau/cau-hoi/tong/",
        "rules": f"{here}bieu-mau/quy-tac/",
        "preview": f"{here}xem-truoc/?trang=moi-kind",
    }
    with at_the_desk(live_server.url, KEEPER, pages["list"], width=width) as (page, complaints):
        for name, path in pages.items():
            page.goto(live_server.url + path)
            page.wait_for_load_state("networkidle")
            good(page, complaints, f"designer-page-{name}", width)
