"""The designer's pages in Debian's Chromium: accessible, and fitting a telephone.

A service is built from blank to live in tests/journeys/test_a_new_service.py.
"""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.models import Agency
from core import pdf
from core.actor import Actor
from procedures import document, services
from procedures.models import Procedure, ProcedureVersion
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


def good(page: Page, complaints: list[str], picture: str, width: int) -> None:
    """Ask for a good page. What is not complete yet is not saved by itself: the browser logs that answer."""
    complaints[:] = [one for one in complaints if "422" not in one]
    require_good(page, complaints, picture, width)


@pytest.fixture
def draft(ward: Agency) -> ProcedureVersion:  # noqa: F811
    """A draft of a demonstration service with some changes of its own."""
    current = Procedure.objects.get(code="1.004873").current_version
    made = services.clone(version_id=current.pk, actor=Actor.system(), at=timezone.now())
    said = document.of_version(made)
    said["eform"]["pages"].append({"id": "moi-kind", "title": "Mọi loại câu hỏi", "fields": QUESTIONS})
    said["channels"][0]["fees"].append({"kind": "charge", "amount_vnd": 15_000})
    said["messages"] = {
        "dossier.accept": {
            "vi": "{co_quan} đã nhận hồ sơ {ma_ho_so}. Hẹn trả: {hen_tra}.",
            "en": "{co_quan} has received dossier {ma_ho_so}. Return: {hen_tra}.",
        }
    }
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
        "messages": f"{here}sua/loi-nhan/",
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


def test_questions_are_put_in_order_by_keyboard_and_by_dragging(live_server, draft: ProcedureVersion):
    here = f"/can-bo/thiet-ke/1.004873/{draft.version_no}/bieu-mau/"
    with at_the_desk(live_server.url, KEEPER, here, width=1280) as (page, complaints):
        handles = page.locator("#outline ol").first.locator("[data-sortable-handle]")

        def stored() -> list[str]:
            """Read the first three anew: what only looks moved is where it was."""
            page.reload()
            page.wait_for_load_state("networkidle")
            return page.locator("#outline ol").first.locator("li a").all_inner_texts()[:3]

        first, second, third = stored()
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            handles.nth(1).focus()
            page.keyboard.press("ArrowUp")
        assert stored() == [second, first, third]

        with page.expect_response(lambda answer: answer.request.method == "POST"):
            handles.nth(2).drag_to(handles.nth(0), target_position={"x": 5, "y": 2})
        assert stored() == [third, second, first]

        with page.expect_navigation():
            page.locator("h1").click()
            page.keyboard.press("Control+z")
        assert stored() == [second, first, third]
        assert complaints == []

        page.context.set_offline(True)
        page.locator("#id_page_title").fill("Trang không đến nơi")
        page.get_by_role("button", name="Thêm trang", exact=True).click()
        expect(page.get_by_text("việc vừa làm chưa được lưu")).to_be_visible()
