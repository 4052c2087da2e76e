"""The officers' pages in Debian's Chromium, on a phone and on a desk: accessible, fitting, without complaints."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from accounts.models import User
from agencies import demo as demo_agencies
from agencies.models import Agency
from core import pdf
from core.actor import Actor
from danang_portal.local import fonts
from dossiers.models import Dossier, Paper, ResultDraft
from dossiers.services import intake, issued_papers, issuing, officers, processing, result_drafts
from dossiers.services import signing as result_signing
from dossiers.states import CheckState, Status
from outbox import services as outbox
from procedures import demo as demo_procedures
from procedures.models import Procedure
from tests.dossiers.desk import PNG, hand_in
from tests.factories import DossierFactory, PersonFactory, walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]

PICTURES = os.environ.get("SCREENSHOTS", "")
WIDTHS = (360, 1280)
ANSWERS = {
    "ho_ten": "Nguyễn Thị Mẫu",
    "ngay_sinh": "1990-01-31",
    "so_dinh_danh": "048190000001",
    "noi_cu_tru": "12 Trần Phú, phường Hải Châu",
    "dien_thoai": "0905123456",
    "tinh_trang": "chua_ket_hon",
    "muc_dich": "vay_von",
    "cam_doan": True,
}


@pytest.fixture
def unhashed_static(settings) -> None:
    """Serve static files from their sources, so that no collectstatic is needed."""
    fonts.build(Path(portal_settings.STATE_DIR) / "fonts")
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def ward(settings, tmp_path) -> Agency:
    settings.SIGNING_DIR = tmp_path
    at = timezone.now() - timedelta(days=30)
    demo_agencies.load(at=at, password="mat-khau-thu-nghiem")
    demo_procedures.load()
    return Agency.objects.get(code="H17.34.01")


def acting(login: str) -> Actor:
    user = User.objects.get(username=login)
    return officers.acting(officer_id=user.officer.pk, at=timezone.now())


ONE_STOP, SPECIALIST, LEADER, CLERK = (
    "motcua1.haichau",
    "chuyenvien.haichau",
    "lanhdao.haichau",
    "vanthu.haichau",
)


def filed(ward: Agency, *, hours_ago: float = 1.0) -> Dossier:
    version = Procedure.objects.get(code="1.004873").current_version
    owner = PersonFactory.create(full_name="Nguyễn Thị Mẫu (minh họa)")
    dossier = DossierFactory.create(
        procedure_version=version,
        received_at_unit=ward,
        owner_person=owner,
        form_data={**ANSWERS, "so_dinh_danh": owner.personal_id_number},
        contact_phone="0905123456",
        contact_email="mau@example.vn",
    )
    walk(dossier, Status.SUBMITTED, at=timezone.now() - timedelta(hours=hours_ago))
    return dossier


def in_process(ward: Agency) -> Dossier:
    dossier = filed(ward)
    intake.accept(dossier_id=dossier.pk, actor=acting(ONE_STOP), at=timezone.now())
    processing.take(dossier_id=dossier.pk, actor=acting(SPECIALIST), at=timezone.now())
    dossier.refresh_from_db()
    return dossier


def submitted_for_signature(ward: Agency) -> Dossier:
    dossier, actor, at = in_process(ward), acting(SPECIALIST), timezone.now()
    values = result_drafts.values_of(dossier, result_drafts.result_type_of(dossier))
    draft = result_drafts.save(dossier_id=dossier.pk, values=values, revision=0, actor=actor)
    result_drafts.request_signature(dossier_id=dossier.pk, actor=actor, at=at)
    result_drafts.render(draft_id=draft.pk, at=at)
    return dossier


def completed(ward: Agency) -> Dossier:
    dossier, at = submitted_for_signature(ward), timezone.now()
    draft = result_signing.request(dossier_id=dossier.pk, actor=acting(LEADER), at=at)
    result_signing.sign(draft_id=draft.pk, at=at)
    issuing.request(dossier_id=dossier.pk, actor=acting(CLERK), at=at)
    issuing.issue(draft_id=draft.pk, at=at)
    outbox.relay(at=timezone.now())
    for paper in Paper.objects.filter(dossier=dossier).exclude(form="control_sheet"):
        issued_papers.make(paper_id=paper.pk, at=at)
    dossier.refresh_from_db()
    assert dossier.status == Status.COMPLETED
    return dossier


def work(step: Callable[..., None], dossier: Dossier) -> None:
    """Play the worker in a thread of its own: Playwright's event loop runs in this one."""

    def run() -> None:
        try:
            step(draft_id=ResultDraft.objects.get(dossier=dossier).pk, at=timezone.now())
        finally:
            connection.close()

    worker = threading.Thread(target=run)
    worker.start()
    worker.join()


@contextmanager
def at_the_desk(url: str, login: str, path: str, *, width: int) -> Iterator[tuple[Page, list[str]]]:
    """Open a page as an officer; what the browser complains about is collected."""
    client = Client()
    client.force_login(User.objects.get(username=login))
    cookie = client.cookies[portal_settings.SESSION_COOKIE_NAME]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": width, "height": 800}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
        )
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.goto(url + path)
        page.wait_for_load_state("networkidle")
        yield page, complaints
        browser.close()


def require_good(page: Page, complaints: list[str], picture: str, width: int) -> None:
    # Frames show PDF files in the browser's own viewer, which is not ours to judge.
    violations = Axe().run(page, options={"iframes": False}).response["violations"]
    found = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in violations]
    assert found == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
    assert complaints == [], page.url
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{picture}-{width}.png", full_page=True, caret="initial")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_queue_and_the_check_of_components(unhashed_static, live_server, ward, width: int):
    for hours in (0.2, 3, 90):
        dossier = filed(ward, hours_ago=hours)
    one = hand_in(dossier, name="Giấy xác nhận tình trạng hôn nhân đã cấp trước đây")
    other = hand_in(dossier, name="Văn bản ủy quyền", content=PNG)

    number = str(dossier.owner_person.personal_id_number)

    with at_the_desk(live_server.url, ONE_STOP, "/can-bo/", width=width) as (page, complaints):
        expect(page.get_by_text("Quá hạn").first).to_be_visible()
        require_good(page, complaints, "desk-queue", width)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/ho-so/**")
        page.wait_for_load_state("networkidle")
        require_good(page, complaints, "desk-submitted", width)
        page.locator(f"#thanh-phan-{one.pk} summary").click()
        expect(page.locator(f"#thanh-phan-{one.pk} img")).to_have_js_property("naturalWidth", 1)

        accept = page.get_by_role("button", name="Tiếp nhận hồ sơ")
        expect(accept).to_be_disabled()
        page.locator(f"#chua-dat-{other.pk}").click()
        expect(page.get_by_text("Hãy ghi thành phần này sai")).to_be_visible()
        page.locator(f"#note-{other.pk}").fill("Thiếu chữ ký của người ủy quyền")
        page.locator(f"#chua-dat-{other.pk}").click()
        expect(page.get_by_text("Có thành phần chưa đạt")).to_be_visible()
        require_good(page, complaints, "desk-wrong", width)
        page.locator(f"#dat-{other.pk}").click()
        page.locator(f"#dat-{one.pk}").click()  # at once: the two checks queue up behind one another
        expect(page.get_by_text("Đã kiểm tra 2/2")).to_be_visible()
        expect(page.get_by_text("Hồ sơ đủ và đúng")).to_be_visible()
        if width < 1024:  # one part at a time
            page.get_by_role("link", name="Tờ khai", exact=True).click()
        page.get_by_role("button", name="Hiện").click()
        expect(page.get_by_text(number).first).to_be_visible()
        if width < 1024:
            page.get_by_role("link", name="Giấy tờ", exact=True).click()
        page.get_by_role("link", name="Từ chối tiếp nhận").click()
        require_good(page, complaints, "desk-refuse", width)
        page.go_back()
        page.wait_for_load_state("networkidle")
        page.get_by_role("button", name="Tiếp nhận hồ sơ").click()
        expect(page.get_by_text("Đã tiếp nhận hồ sơ")).to_be_visible()
        require_good(page, complaints, "desk-accepted", width)
    dossier.refresh_from_db()
    assert dossier.status == Status.FORWARDED
    assert {one.check_state for one in dossier.components.all()} == {CheckState.CORRECT}


@pytest.mark.parametrize("width", WIDTHS)
def test_many_dossiers_are_ticked_tried_and_accepted_without_the_mouse(
    unhashed_static, live_server, ward, width: int
):
    dossiers = [filed(ward, hours_ago=hours) for hours in (1, 2, 3)]
    hand_in(dossiers[0], name="Văn bản ủy quyền")  # not checked: stays behind

    with at_the_desk(live_server.url, ONE_STOP, "/can-bo/", width=width) as (page, complaints):
        for _ in dossiers:
            page.keyboard.press("j")
            page.keyboard.press("x")
        expect(page.get_by_text("3 đã chọn")).to_be_visible()
        require_good(page, complaints, "desk-ticked", width)
        page.keyboard.press("?")
        expect(page.get_by_text("Chọn hoặc bỏ chọn dòng")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("e")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Sẽ làm với 2 hồ sơ; 1 hồ sơ không làm được")).to_be_visible()
        require_good(page, complaints, "desk-tried", width)
        page.get_by_role("button", name="Tiếp nhận 2 hồ sơ").press("Enter")
        expect(page.get_by_text("Đã làm xong 2 hồ sơ")).to_be_visible()
        require_good(page, complaints, "desk-taken", width)
    assert Dossier.objects.filter(status=Status.FORWARDED).count() == 2


@pytest.mark.parametrize("width", WIDTHS)
def test_a_dossier_is_found_and_worked_on_by_keys(unhashed_static, live_server, ward, width: int):
    dossier = filed(ward)
    one = hand_in(dossier, name="Văn bản ủy quyền", content=PNG)

    with at_the_desk(live_server.url, ONE_STOP, "/can-bo/?q=", width=width) as (page, complaints):
        page.keyboard.press("/")
        page.keyboard.type("0905123456")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Hồ sơ tìm thấy")).to_be_visible()
        assert "0905123456" not in page.url
        require_good(page, complaints, "desk-found", width)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/ho-so/**")
        page.wait_for_load_state("networkidle")
        page.keyboard.press("?")
        expect(page.locator("#keyboard-help").get_by_text("Từ chối tiếp nhận")).to_be_visible()
        require_good(page, complaints, "desk-keys", width)
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        page.keyboard.press("v")
        expect(page.locator(f"#thanh-phan-{one.pk} img")).to_be_visible()
        require_good(page, complaints, "desk-panes", width)
        page.keyboard.press("c")
        expect(page.get_by_text("Hồ sơ đủ và đúng")).to_be_visible()
        page.keyboard.press("i")
        page.keyboard.type("Đã gọi điện cho người nộp")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Đã lưu ghi chú nội bộ")).to_be_visible()
        page.get_by_role("heading", name="Ghi chú nội bộ").click()
        page.keyboard.press("a")
        expect(page.get_by_text("Đã tiếp nhận hồ sơ")).to_be_visible()
    dossier.refresh_from_db()
    assert dossier.status == Status.FORWARDED


@pytest.mark.parametrize("width", WIDTHS)
def test_somebody_is_received_at_the_counter(unhashed_static, live_server, ward, width: int):
    with at_the_desk(live_server.url, ONE_STOP, "/can-bo/quay/", width=width) as (page, complaints):
        require_good(page, complaints, "desk-counter", width)
        page.locator("#id_procedure").select_option("1.004873")
        page.get_by_label("Số định danh cá nhân").fill("048190000777")
        page.get_by_role("button", name="Tiếp tục").click()
        expect(page.get_by_text("mới đến lần đầu")).to_be_visible()
        page.get_by_label("Họ và tên").fill("Lê Văn Mẫu (minh họa)")
        page.get_by_label("Số điện thoại").fill("0905000111")
        page.get_by_label("Đã đối chiếu").check()
        require_good(page, complaints, "desk-counter-person", width)
        page.get_by_role("button", name="Bắt đầu nhập hồ sơ").click()
        page.wait_for_url("**/quay/TN-**")
        require_good(page, complaints, "desk-counter-draft", width)
        page.get_by_role("button", name="Tiếp nhận và cấp mã").click()
        expect(page.locator("#to-khai .field--invalid").first).to_be_visible()
        assert [line for line in complaints if "422" not in line] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_draft_beside_its_preview(unhashed_static, live_server, ward, width: int):
    dossier = in_process(ward)

    path = f"/can-bo/ho-so/{dossier.tracking_no}/ket-qua/"
    with at_the_desk(live_server.url, SPECIALIST, path, width=width) as (page, complaints):
        require_good(page, complaints, "desk-draft", width)
        page.get_by_label("Ghi chú").fill("Đã thẩm tra tại nơi cư trú.")
        expect(page.locator("#preview").get_by_text("Đã thẩm tra tại nơi cư trú.")).to_be_visible()
        expect(page.get_by_text("Đã lưu lúc")).to_be_visible()
        page.get_by_role("button", name="Trình ký").click()
        page.locator("dialog[open]").get_by_role("button", name="Trình ký").click()
        expect(page.get_by_text("Đang tạo tệp dự thảo").first).to_be_visible()
        require_good(page, complaints, "desk-rendering", width)
        work(result_drafts.render, dossier)
        expect(page.get_by_text("Trình ký").first).to_be_visible()
        expect(page.locator("#draft-progress")).to_have_count(0)
    dossier.refresh_from_db()
    assert dossier.status == Status.AWAITING_SIGN_OFF


@pytest.mark.parametrize("width", WIDTHS)
def test_signing_and_handing_over(unhashed_static, live_server, ward, width: int):
    waiting, done = submitted_for_signature(ward), completed(ward)
    hand_in(done, name="Giấy chứng sinh (minh họa)", original_kept=True)

    path = f"/can-bo/ho-so/{waiting.tracking_no}/"
    with at_the_desk(live_server.url, LEADER, path, width=width) as (page, complaints):
        require_good(page, complaints, "desk-sign", width)
        page.get_by_role("button", name="Ký số").click()
        page.locator("dialog[open]").get_by_role("button", name="Ký số").click()
        expect(page.get_by_text("Đang ký số")).to_be_visible()
        work(result_signing.sign, waiting)
        expect(page.locator("#draft-progress")).to_have_count(0)
    waiting.refresh_from_db()
    assert waiting.status == Status.SIGNED

    path = f"/can-bo/ho-so/{done.tracking_no}/"
    with at_the_desk(live_server.url, ONE_STOP, path, width=width) as (page, complaints):
        require_good(page, complaints, "desk-completed", width)
        page.get_by_role("link", name="Trả kết quả tại quầy").click()
        require_good(page, complaints, "desk-hand-over", width)
        page.get_by_role("button", name="Ghi nhận đã trả").click()
        expect(page.get_by_text("Hãy đối chiếu giấy tờ tùy thân").first).to_be_visible()
        page.get_by_label("Đã đối chiếu").check()
        page.get_by_role("button", name="Ghi nhận đã trả").click()
        expect(page.get_by_text("Hồ sơ đã đóng")).to_be_visible()
        assert [line for line in complaints if "422" not in line] == []
