"""Money, a verification and opinions in Debian's Chromium, on a phone and on a desk."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from agencies.calendars import working_calendar
from agencies.states import Role
from core import pdf as pdf_files
from tests.dossiers.desk import hand_in
from tests.dossiers.inquiries import in_process, verifying
from tests.dossiers.test_desk_in_a_browser import WIDTHS, at_the_desk, require_good
from tests.dossiers.test_desk_in_a_browser import unhashed_static as unhashed_static
from tests.factories import AgencyFactory, actor_for, officer_actor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not pdf_files.is_available(), reason="pango is not installed"),
]


def login(user_id: int | None) -> str:
    return User.objects.get(pk=user_id or 0).username


def to(name, dossier):
    return reverse(name, args=[dossier.tracking_no])


def soon(agency_id):
    return working_calendar(agency_id).nth_working_day(timezone.localdate(), 2)


@pytest.mark.parametrize("width", WIDTHS)
def test_money_is_asked_for_seen_and_confirmed(unhashed_static, live_server, width: int):
    dossier, specialist = in_process()
    officer, applicant = login(specialist.user_id), login(dossier.submitter.user_id)
    collector = login(actor_for(dossier, Role.FEE_COLLECTOR).user_id)
    day = soon(dossier.competent_agency_id).isoformat()

    with at_the_desk(live_server.url, officer, to("desk:dossier", dossier), width=width) as (
        page,
        complaints,
    ):
        page.get_by_role("link", name="Thông báo nghĩa vụ tài chính").click()
        page.get_by_label("Số tiền phải nộp").fill("0")
        page.get_by_label("Căn cứ thu").fill("Nghị quyết 12/2026/NQ-HĐND, điều 4 (minh họa)")
        page.get_by_label("Nộp chậm nhất ngày").fill(day)
        require_good(page, complaints, "obligation-notify", width)
        page.get_by_role("button", name="Gửi thông báo").click()
        page.get_by_role("dialog").get_by_role("button", name="Gửi thông báo").click()
        expect(page.get_by_role("alert")).to_contain_text("lớn hơn 0 đồng")
        complaints.clear()  # the browser's own word on an answer 422
        page.get_by_label("Số tiền phải nộp").fill("1.250.000")
        page.get_by_role("button", name="Gửi thông báo").click()
        page.get_by_role("dialog").get_by_role("button", name="Gửi thông báo").click()
        expect(page.get_by_text("Thời hạn giải quyết tạm dừng").first).to_be_visible()
        require_good(page, complaints, "obligation-waiting", width)
    with at_the_desk(live_server.url, applicant, to("dossiers:detail", dossier), width=width) as (
        page,
        complaints,
    ):
        require_good(page, complaints, "obligation-citizen", width)
        page.get_by_role("link", name="Xem số tiền và cách nộp").click()
        expect(page.get_by_text("1.250.000 đồng")).to_be_visible()
        require_good(page, complaints, "obligation-payment", width)
    with at_the_desk(live_server.url, collector, to("desk:confirm_payment", dossier), width=width) as (
        page,
        complaints,
    ):
        page.get_by_label("Số biên lai").fill("BL-0042")
        require_good(page, complaints, "obligation-confirm", width)
        page.get_by_role("button", name="Xác nhận đã nộp").click()
        page.get_by_role("dialog").get_by_role("button", name="Xác nhận đã nộp").click()
        expect(page.get_by_text("Đã xác nhận tiền đã nộp")).to_be_visible()
        require_good(page, complaints, "obligation-paid", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_verification_is_begun_and_finished(unhashed_static, live_server, width: int):
    dossier, specialist = in_process()
    verifying(dossier, specialist, at=timezone.now(), needs_presence=True)
    officer, applicant = login(specialist.user_id), login(dossier.submitter.user_id)

    with at_the_desk(live_server.url, applicant, to("dossiers:detail", dossier), width=width) as (
        page,
        complaints,
    ):
        expect(page.get_by_text("Cần bạn có mặt khi xác minh")).to_be_visible()
        require_good(page, complaints, "verification-citizen", width)
    with at_the_desk(live_server.url, officer, to("desk:dossier", dossier), width=width) as (
        page,
        complaints,
    ):
        page.get_by_role("link", name="Kết thúc xác minh").first.click()
        page.get_by_label("Người tham gia").fill("Ông A (minh họa), cán bộ địa chính")
        page.get_by_label("Kết quả xác minh").fill("Lối đi chung rộng 3 m.")
        require_good(page, complaints, "verification-finish", width)
        page.get_by_role("button", name="Lập biên bản").click()
        page.get_by_role("dialog").get_by_role("button", name="Lập biên bản").click()
        expect(page.get_by_text("Lối đi chung rộng 3 m.")).to_be_visible()
        require_good(page, complaints, "verification-finished", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_another_agency_is_asked_and_answers(unhashed_static, live_server, width: int):
    dossier, specialist = in_process()
    hand_in(dossier, name="Trích lục bản đồ")
    agency = AgencyFactory.create(name="Sở Hỏi Đáp (minh họa)")
    day = soon(agency.pk).isoformat()
    officer, applicant = login(specialist.user_id), login(dossier.submitter.user_id)
    answering = login(officer_actor(agency, Role.SPECIALIST).user_id)

    with at_the_desk(live_server.url, officer, to("desk:ask_opinion", dossier), width=width) as (
        page,
        complaints,
    ):
        page.get_by_role("button", name="Thêm cơ quan").click()
        page.wait_for_load_state("networkidle")
        require_good(page, complaints, "opinion-ask", width)
        page.goto(live_server.url + to("desk:ask_opinion", dossier))
        page.get_by_label("Cơ quan được hỏi").select_option(label=agency.name)
        page.get_by_label("Câu hỏi").fill("Thửa đất có nằm trong quy hoạch đường không?")
        page.get_by_label("Trả lời chậm nhất ngày").fill(day)
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="Gửi phiếu lấy ý kiến").click()
        expect(page.get_by_text("Chờ trả lời")).to_be_visible()
        require_good(page, complaints, "opinion-asked", width)
    with at_the_desk(live_server.url, applicant, to("dossiers:detail", dossier), width=width) as (
        page,
        complaints,
    ):
        require_good(page, complaints, "opinion-citizen", width)
    with at_the_desk(live_server.url, answering, reverse("desk:queue"), width=width) as (page, complaints):
        page.get_by_role("link", name="Ý kiến phối hợp").first.click()
        require_good(page, complaints, "opinion-list", width)
        page.get_by_role("link", name="Thửa đất có nằm").click()
        page.get_by_label("Không đồng ý").check()
        page.get_by_label("Nội dung và căn cứ").fill(
            "Nằm trong quy hoạch mở đường, quyết định 12 (minh họa)."
        )
        require_good(page, complaints, "opinion-answer", width)
        page.get_by_role("button", name="Gửi ý kiến").click()
        page.get_by_role("dialog").get_by_role("button", name="Gửi ý kiến").click()
        expect(page.get_by_text("Đã gửi ý kiến đến cơ quan hỏi")).to_be_visible()
        require_good(page, complaints, "opinion-answered", width)
    with at_the_desk(live_server.url, officer, to("desk:receive_opinion", dossier), width=width) as (
        page,
        complaints,
    ):
        expect(page.get_by_text("Mọi cơ quan được hỏi đã trả lời")).to_be_visible()
        page.get_by_role("button", name="Giải quyết tiếp").click()
        expect(page.get_by_text("Hồ sơ được giải quyết tiếp.")).to_be_visible()
        require_good(page, complaints, "opinion-gone-on", width)
