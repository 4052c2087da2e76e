"""Finding in Debian's Chromium, on a phone and on a desk: suggestions, a question and what surrounds it, its desk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from procedures.models import CareEvent, LifeEvent, SearchSynonym
from procedures.search import failures, memory, titles
from procedures.services import synonyms as services
from tests.dossiers.test_desk_in_a_browser import WIDTHS, require_good, unhashed_static  # noqa: F401
from tests.procedures.finding import BIRTH, KEEPER, WEDDING, enter_catalogue, enter_life_events, officer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("unhashed_static", "catalogue"),
]
DESK = "/can-bo/tim-kiem/"


@pytest.fixture
def catalogue(transactional_db: None, tmp_path: Path) -> None:
    enter_catalogue(tmp_path)
    enter_life_events()
    memory.forget()
    titles.current.forget()
    if not SearchSynonym.objects.filter(key="so do").exists():
        rows = (("sổ đỏ", "giấy chứng nhận quyền sử dụng đất"), ("cccd", "căn cước công dân | căn cước"))
        for said, official in rows:
            services.add(said=said, official=official, both_ways=False, actor=KEEPER, at=timezone.now())


@contextmanager
def browsing(
    url: str, path: str, *, width: int, who: Client | None = None
) -> Iterator[tuple[Page, list[str]]]:
    """Open a page, on a screen that is touched where it is narrow; what the browser complains about is collected."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        narrow = width < 600
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            has_touch=narrow,
            is_mobile=narrow,
        )
        if who is not None:
            cookie = who.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.goto(url + path)
        page.wait_for_load_state("networkidle")
        yield page, complaints
        browser.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("path", "field"), [("/", "#home-search"), ("/thu-tuc/", "#procedure-q")])
def test_suggestions_are_a_combobox(live_server, path: str, field: str, width: int):
    with browsing(live_server.url, path, width=width) as (page, complaints):
        box = page.locator(field)
        box.press_sequentially("dang ky k")
        options = page.get_by_role("option")
        expect(options.first).to_be_visible()
        expect(box).to_have_attribute("aria-expanded", "true")
        require_good(page, complaints, f"suggest-{field[1:]}", width)

        box.press("ArrowDown")
        expect(options.first).to_have_attribute("aria-selected", "true")
        expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
        require_good(page, complaints, f"suggest-chosen-{field[1:]}", width)
        box.press("ArrowUp")
        expect(page.locator("[role=option][aria-selected=true]")).to_have_count(0)
        box.press("Escape")
        expect(options.first).to_be_hidden()
        expect(box).to_have_value("dang ky k")

        box.fill("")
        box.press_sequentially("mới sinh")
        expect(options.first).to_contain_text("Sự kiện")
        if width < 600:
            options.first.tap()
        else:
            box.press("ArrowDown")
            box.press("Enter")
        page.wait_for_url("**/su-kien/sinh-con/")


def test_the_search_of_every_page_suggests_too(live_server):
    with browsing(live_server.url, "/kha-nang-tiep-can/", width=1280) as (page, complaints):
        page.locator("#site-search").press_sequentially("kết h")
        expect(page.get_by_role("option").first).to_have_text(WEDDING)
        require_good(page, complaints, "suggest-header", 1280)
        page.get_by_role("option").first.click()
        page.wait_for_url("**/thu-tuc/1.000894/")


@pytest.mark.parametrize("width", WIDTHS)
def test_what_the_public_finds_is_good_on_every_screen(live_server, width: int):
    pages = {
        "home": "/",
        "events": "/su-kien/",
        "event": "/su-kien/sinh-con/",
        "event-empty": "/su-kien/van-tai/",
        "found": "/thu-tuc/?q=em+bé+mới+sinh+khai+sinh",
        "synonym": "/thu-tuc/?q=làm+sổ+đỏ",
        "narrowed": "/thu-tuc/?q=dang+ky&cap=commune&truc-tuyen=1",
        "narrowed-to-nothing": "/thu-tuc/?q=dang+ky&cap=province&truc-tuyen=1",
        "meant": "/thu-tuc/?q=ket+hpn&nguyen-van=1",
        "weak": "/thu-tuc/?q=xyzzy+qwrtp+khai+nuôi+hổ",
        "nothing": "/thu-tuc/?q=xyzzy+qwrtp",
        "by-text": "/thu-tuc/?q=ruộng+bậc+thang",
    }
    with browsing(live_server.url, "/", width=width) as (page, complaints):
        for name, path in pages.items():
            page.goto(live_server.url + path)
            page.wait_for_load_state("networkidle")
            require_good(page, complaints, f"find-{name}", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_search_desk_teaches_a_word_that_people_asked_for(live_server, width: int):
    for _time in range(3):
        failures.note("nên duyên vợ chồng", found=0, at=timezone.now())
    failures.note("thuế nhập khẩu máy bay tư nhân của 048090000123", found=2, at=timezone.now())
    with browsing(live_server.url, f"{DESK}cau-hoi/", width=width, who=officer()) as (page, complaints):
        require_good(page, complaints, "desk-questions", width)
        page.get_by_role("link", name="Thêm từ đồng nghĩa nên duyên vợ chồng").click()
        page.get_by_label("Danh mục gọi là").fill("kết hôn")
        page.get_by_role("button", name="Thử").click()
        expect(page.locator("#trial").get_by_text("kết quả sẽ đổi.")).to_be_visible()
        expect(page.locator("#trial").get_by_text(WEDDING).first).to_be_visible()
        require_good(page, complaints, "desk-synonym", width)
        page.get_by_role("button", name="Lưu").click()
        expect(page.get_by_text("Việc tìm kiếm dùng ngay dòng này.")).to_be_visible()
        require_good(page, complaints, "desk-synonyms", width)

        page.goto(f"{live_server.url}/thu-tuc/?q=nen+duyen+vo+chong")
        expect(page.get_by_role("link", name=WEDDING).first).to_be_visible()

        page.goto(f"{live_server.url}{DESK}tu-dong-nghia/?q=nen+duyen")
        page.get_by_role("button", name="Xóa nên duyên vợ chồng").click()
        expect(page.get_by_text("Đã xóa “nên duyên vợ chồng”.")).to_be_visible()
        require_good(page, complaints, "desk-removed", width)
        page.get_by_role("button", name="Hoàn tác").click()
        expect(page.get_by_text("Đã hoàn tác.")).to_be_visible()

        page.goto(f"{live_server.url}{DESK}cau-hoi/")
        page.get_by_role("button", name="Đã có lời đáp nên duyên vợ chồng").click()
        expect(page.get_by_role("link", name="nên duyên vợ chồng", exact=True)).to_have_count(0)
        page.goto(f"{live_server.url}{DESK}nhat-ky/")
        require_good(page, complaints, "desk-log", width)
    assert SearchSynonym.objects.filter(key="nen duyen vo chong").exists()
    assert CareEvent.objects.filter(title="nên duyên vợ chồng").count() == 4


@pytest.mark.parametrize("width", WIDTHS)
def test_the_search_desk_brings_in_a_file_and_writes_events(live_server, width: int):
    event = LifeEvent.objects.get(slug="sinh-con")
    with browsing(live_server.url, f"{DESK}tu-dong-nghia/tu-tep/", width=width, who=officer()) as (
        page,
        complaints,
    ):
        require_good(page, complaints, "desk-file", width)
        text = "nên duyên = kết hôn\nsổ đỏ <=> giấy chứng nhận quyền sử dụng đất\n"
        page.get_by_label("Tệp văn bản").set_input_files(
            {"name": "tu.txt", "mimeType": "text/plain", "buffer": text.encode()}
        )
        page.get_by_role("button", name="Xem trước").click()
        expect(page.get_by_text("Thêm 1 dòng")).to_be_visible()
        require_good(page, complaints, "desk-file-read", width)
        page.get_by_role("button", name="Nhập").click()
        expect(page.get_by_text("Đã nhập tệp: thêm 1 dòng, sửa 1 dòng.")).to_be_visible()

        page.goto(f"{live_server.url}{DESK}su-kien/")
        require_good(page, complaints, "desk-events", width)
        page.get_by_role("link", name="Sinh con").click()
        require_good(page, complaints, "desk-event", width)
        page.get_by_label("Vì sao cần").first.fill("Một lần cho ba việc.")
        page.locator("[name='thu-tuc-1-order']").fill("1")
        page.get_by_role("button", name="Lưu").click()
        expect(page.get_by_text("Đã lưu sự kiện “Sinh con”.")).to_be_visible()
        page.goto(f"{live_server.url}/su-kien/sinh-con/")
        expect(page.get_by_role("link", name=BIRTH)).to_be_visible()
        page.goto(f"{live_server.url}/can-bo/thiet-ke/")
        require_good(page, complaints, "desk-designer-list", width)
    assert event.steps.order_by("position").values_list("code", flat=True)[0] == "1.001193"
