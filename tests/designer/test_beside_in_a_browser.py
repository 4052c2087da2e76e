"""Samples, videos, levels and other catalogues in Debian's Chromium, on a phone and on a desk."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.models import Agency
from core import pdf, ranges, scanner
from core.scanner import Outcome, Verdict
from procedures import starters
from procedures.beside import ProcedureFigures
from procedures.demo import beside
from procedures.models import Procedure
from procedures.services import guides
from tests.dossiers.test_desk_in_a_browser import (
    WIDTHS,
    at_the_desk,
    require_good,
    unhashed_static,  # noqa: F401
    ward,  # noqa: F401
)
from tests.procedures.test_guides import pdf as a_pdf

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
    pytest.mark.usefixtures("unhashed_static"),
]
KEEPER = "kiemsoat.thanhpho"
CODE = "1.004873"
PLAYED = """async video => {
    const heard = name => new Promise(resolve => video.addEventListener(name, resolve, {once: true}));
    video.muted = true;
    const moves = heard("timeupdate");
    await video.play();
    await moves;
    const ended = heard("ended");
    video.currentTime = 14;
    await ended;
    return video.duration;
}"""


@pytest.fixture
def shown(ward: Agency, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """The demonstration services with all that stands beside them, and figures of one."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(scanner, "scan", lambda content, **options: Verdict(Outcome.CLEAN))
    monkeypatch.setattr(ranges, "MOST_AT_ONCE", 4_096)  # a small video comes in several parts too
    call_command("load_procedures", starters.FOLDER / "1.000894.yaml", open=True, stdout=StringIO())
    at = timezone.now()
    beside.load(at=at)
    for guide_id in guides.waiting():
        guides.prepare(guide_id=guide_id, at=at)
    ProcedureFigures.objects.create(
        procedure=Procedure.objects.get(code=CODE),
        computed_at=at - timedelta(hours=6),
        filed=1_240,
        processed=1_180,
        on_time=1_175,
        times=[
            {"channel": "online", "dossiers": 1_100, "half": 6.5, "most": 11.0, "nearly_all": 19.0},
            {"channel": "counter", "dossiers": 80, "half": 9.0, "most": 15.0, "nearly_all": 23.5},
        ],
        supplemented=96,
        begun=400,
        dropped=60,
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_people_see_a_sample_and_play_a_video_that_comes_in_parts(
    live_server: Any, shown: None, width: int
) -> None:
    with at_the_desk(live_server.url, KEEPER, f"/thu-tuc/{CODE}/", width=width) as (page, complaints):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        expect(page.get_by_role("heading", name="Thực tế giải quyết tại Đà Nẵng")).to_be_visible()
        expect(page.get_by_role("link", name="Tờ khai đã điền (minh họa)")).to_be_visible()
        require_good(page, complaints, "guides-public", width)
        assert not [one for one in asked if one.endswith("/tep/")]

        # Playing and waiting is one script: the page's policy lets nothing be evaluated from text.
        length = page.locator("video").evaluate(PLAYED)
        assert round(length) == 15
        assert complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_partial_service_says_why_and_what_is_planned(live_server: Any, shown: None, width: int) -> None:
    with at_the_desk(live_server.url, KEEPER, "/thu-tuc/1.000894/", width=width) as (page, complaints):
        expect(page.get_by_text("Luật Hộ tịch, điều 18: hai bên cùng có mặt")).to_be_visible()
        page.get_by_text("Thành phố đang làm gì").click()
        expect(page.get_by_text("So khuôn mặt với ảnh")).to_be_visible()
        require_good(page, complaints, "level-public", width)


def good(page: Page, complaints: list[str], picture: str, width: int) -> None:
    """Ask for a good page; the browser logs that an answer was a refusal."""
    complaints[:] = [one for one in complaints if "422" not in one]
    require_good(page, complaints, picture, width)


@pytest.mark.parametrize("width", WIDTHS)
def test_an_administrator_looks_after_what_stands_beside_a_procedure(
    live_server: Any,
    shown: None,
    width: int,
    tmp_path: Path,
) -> None:
    sample = tmp_path / "giay-uy-quyen.pdf"
    sample.write_bytes(a_pdf(2).getvalue())
    start = f"/can-bo/thiet-ke/ben-canh/{CODE}/"
    with at_the_desk(live_server.url, KEEPER, start, width=width) as (page, complaints):
        good(page, complaints, "beside", width)
        page.get_by_role("link", name="Hồ sơ mẫu", exact=True).click()
        page.get_by_role("button", name="Tải lên").click()
        expect(page.get_by_text("Hãy chọn tệp.").first).to_be_visible()
        good(page, complaints, "guide-refused", width)
        page.locator("#id_title").fill("Giấy ủy quyền đã điền")
        page.locator("#id_file").set_input_files(sample)
        page.get_by_role("button", name="Tải lên").click()
        page.wait_for_url(f"**{start}")
        expect(page.get_by_text("Đang kiểm tra")).to_be_visible()
        page.get_by_role("button", name="Lên Giấy ủy quyền đã điền").click()
        page.wait_for_load_state("networkidle")
        good(page, complaints, "beside-more", width)
        page.get_by_role("link", name="Video hướng dẫn", exact=True).click()
        good(page, complaints, "guide-video", width)
        page.goto(live_server.url + start + "vuong-mac/")
        page.locator("#id_legal_text").fill("Luật Hộ tịch, điều 5")
        good(page, complaints, "blocker", width)
        page.get_by_role("button", name="Lưu").click()
        page.wait_for_url(f"**{start}")
        expect(page.get_by_text("Luật Hộ tịch, điều 5")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_leaders_and_administrators_look_over_the_catalogues(
    live_server: Any, shown: None, width: int, tmp_path: Path
) -> None:
    table = tmp_path / "a.csv"
    table.write_text(
        "Mã,Tên,Danh mục,Đơn vị cung cấp,Phí (đồng)\nDN.9,Thuê sân,Dịch vụ sự nghiệp công,Trung tâm,50\n"
    )
    with at_the_desk(live_server.url, KEEPER, "/can-bo/thiet-ke/", width=width) as (page, complaints):
        good(page, complaints, "designer-list", width)
        page.get_by_role("link", name="Mức độ dịch vụ trực tuyến").click()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_role("heading", name="Vướng mắc và kế hoạch")).to_be_visible()
        good(page, complaints, "levels", width)
        page.goto(live_server.url + "/can-bo/thiet-ke/danh-muc/nhap/")
        page.get_by_label("Tệp CSV hoặc YAML").set_input_files(table)
        page.get_by_role("button", name="Chỉ kiểm tra").click()
        expect(page.get_by_text("thiếu hàng nghìn")).to_be_visible()
        good(page, complaints, "other-services", width)
        page.goto(live_server.url + "/thu-tuc/danh-muc/dich-vu-su-nghiep-cong/")
        good(page, complaints, "catalogue", width)
        page.goto(live_server.url + "/thu-tuc/DN.NB.0001/")
        expect(page.get_by_text("người dân không phải nộp hồ sơ")).to_be_visible()
        good(page, complaints, "internal", width)
        page.goto(live_server.url + "/thu-tuc/")
        good(page, complaints, "list", width)
