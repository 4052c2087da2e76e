"""A supplement in Debian's Chromium, from the list to the comparison, on a phone and on a desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from agencies.states import Role
from core import pdf as pdf_files
from dossiers.models import Dossier
from dossiers.services import intake, supplement_checks
from dossiers.states import CheckState, Status
from tests.dossiers.filing_kit import pdf
from tests.dossiers.lists import (
    BASIS,
    BLURRED,
    WHY,
    answer_all,
    asked,
    hand_in,
    in_process,
    one_stop,
    submitted,
)
from tests.dossiers.test_desk_in_a_browser import WIDTHS, at_the_desk, require_good
from tests.dossiers.test_desk_in_a_browser import unhashed_static as unhashed_static
from tests.dossiers.test_desk_pages import to
from tests.factories import AgencyFactory, actor_for

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clean_scanner"),
    pytest.mark.skipif(not pdf_files.is_available(), reason="pango is not installed"),
]


def login(user_id: int | None) -> str:
    return User.objects.get(pk=user_id or 0).username


@pytest.mark.parametrize("width", WIDTHS)
def test_a_list_is_typed_answered_and_sent(unhashed_static, live_server, tmp_path, width: int):
    now = timezone.now()
    dossier = submitted(at=now - timedelta(minutes=20))
    officer = one_stop(dossier)
    intake.check_component(
        component_id=dossier.components.get().pk,
        state=CheckState.WRONG,
        note="Bản chụp bị mờ ở góc trái. Hãy chụp lại đủ bốn góc rồi tải lên.",
        actor=officer,
    )
    applicant = login(dossier.submitter.user_id)
    file = tmp_path / "chup-lai.pdf"
    file.write_bytes(pdf())

    with at_the_desk(live_server.url, login(officer.user_id), to("dossier", dossier), width=width) as (
        page,
        complaints,
    ):
        page.get_by_role("link", name="Yêu cầu bổ sung…").click()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_label("Tên mục khác")).to_be_hidden()
        page.get_by_role("button", name="Thêm mục").click()
        page.wait_for_load_state("networkidle")
        page.locator("#id_item_0_reason").select_option("unreadable")
        page.locator("#id_item_1_what").select_option("khac")
        page.locator("#id_item_1_name").fill("Buổi bạn có mặt ở nhà")
        require_good(page, complaints, "supplement-request", width)
        page.get_by_role("button", name="Gửi yêu cầu bổ sung").click()
        page.get_by_role("button", name="Gửi yêu cầu", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Hãy chọn lý do")
        complaints.clear()  # the browser's own word on an answer 422
        require_good(page, complaints, "supplement-request-wrong", width)
        page.locator("#id_item_1_reason").select_option("other")
        page.locator("#id_item_1_guidance").fill("Cơ quan cần hẹn bạn để kiểm tra. Hãy ghi buổi bạn có mặt.")
        page.get_by_role("button", name="Gửi yêu cầu bổ sung").click()
        page.get_by_role("button", name="Gửi yêu cầu", exact=True).click()
        expect(page.get_by_text("Đã gửi yêu cầu bổ sung, chờ người nộp")).to_be_visible()
        require_good(page, complaints, "supplement-asked", width)

    detail = reverse("dossiers:detail", args=[dossier.tracking_no])
    with at_the_desk(live_server.url, applicant, detail, width=width) as (page, complaints):
        require_good(page, complaints, "supplement-citizen-detail", width)
        page.get_by_role("link", name="Bổ sung ngay").click()
        page.wait_for_load_state("networkidle")
        require_good(page, complaints, "supplement-citizen", width)
        expect(page.get_by_role("button", name="Gửi bổ sung")).to_be_disabled()
        page.locator("input[type=file]").set_input_files(str(file))
        expect(page.get_by_text("1/2", exact=True)).to_be_visible()
        page.locator("textarea").fill("Buổi sáng thứ năm")
        page.get_by_role("button", name="Lưu câu trả lời").click()
        expect(page.get_by_text("2/2", exact=True)).to_be_visible()
        require_good(page, complaints, "supplement-citizen-complete", width)
        page.get_by_role("button", name="Gửi bổ sung").click()
        expect(page.get_by_text("Đã gửi bổ sung")).to_be_visible()
        require_good(page, complaints, "supplement-citizen-sent", width)
    assert Dossier.objects.get(pk=dossier.pk).status == Status.SUBMITTED


@pytest.mark.parametrize("width", WIDTHS)
def test_the_comparison_the_refusal_and_the_right_unit(unhashed_static, live_server, width: int):
    now = timezone.now()
    dossier, specialist = in_process(at=now - timedelta(minutes=20))
    request = asked(dossier, by=specialist, at=now)
    answer_all(request, at=now)
    hand_in(request, at=now)
    officer, signer = one_stop(dossier), actor_for(dossier, Role.SIGNER)
    wrong_place = submitted(at=now)
    elsewhere, right = one_stop(wrong_place), AgencyFactory.create()
    url = live_server.url

    with at_the_desk(url, login(officer.user_id), to("dossier", dossier), width=width) as (page, complaints):
        require_good(page, complaints, "supplement-answered", width)
        page.get_by_role("link", name="Đối chiếu và xác nhận nhận đủ").click()
        page.wait_for_load_state("networkidle")
        require_good(page, complaints, "supplement-compared", width)
        page.get_by_role("button", name="Xác nhận đã nhận đủ").click()
        expect(page.get_by_text("Đã xác nhận nhận đủ bổ sung")).to_be_visible()

    with at_the_desk(url, login(specialist.user_id), to("dossier", dossier), width=width) as (
        page,
        complaints,
    ):
        page.get_by_role("link", name="Đề nghị từ chối giải quyết…").click()
        page.wait_for_load_state("networkidle")
        page.get_by_label("Lý do").select_option("not_eligible")
        page.get_by_label("Căn cứ pháp luật").fill(BASIS)
        page.get_by_label("Giải thích cho người nộp").fill(WHY)
        require_good(page, complaints, "refusal-propose", width)
        page.get_by_role("button", name="Gửi đề nghị").click()
        expect(page.get_by_text("Đã gửi đề nghị từ chối")).to_be_visible()
        require_good(page, complaints, "refusal-proposed", width)

    with at_the_desk(url, login(signer.user_id), to("decide_refusal", dossier), width=width) as (
        page,
        complaints,
    ):
        require_good(page, complaints, "refusal-decide", width)
        page.get_by_role("button", name="Từ chối giải quyết").click()
        page.get_by_role("button", name="Từ chối", exact=True).click()
        expect(page.get_by_text("Đã từ chối giải quyết.")).to_be_visible()

    applicant = login(dossier.submitter.user_id)
    detail = reverse("dossiers:detail", args=[dossier.tracking_no])
    with at_the_desk(url, applicant, detail, width=width) as (page, complaints):
        require_good(page, complaints, "refusal-citizen", width)

    with at_the_desk(url, login(elsewhere.user_id), to("reroute", wrong_place), width=width) as (
        page,
        complaints,
    ):
        page.get_by_label("Nơi tiếp nhận đúng").select_option(str(right.pk))
        page.get_by_label("Lý do").fill("Nơi cư trú ghi trong tờ khai thuộc phường khác.")
        require_good(page, complaints, "reroute", width)
        page.get_by_role("button", name="Chuyển hồ sơ").click()
        page.locator("dialog").get_by_role("button", name="Chuyển hồ sơ").click()
        expect(page.get_by_text("Đã chuyển hồ sơ")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_counter_types_the_answers_and_what_lacks_goes_back(
    unhashed_static, live_server, tmp_path, width: int
):
    now = timezone.now()
    dossier, specialist = in_process(at=now - timedelta(minutes=20))
    asked(dossier, by=specialist, at=now - timedelta(minutes=10))
    officer, applicant, url = one_stop(dossier), dossier.submitter, live_server.url
    file = tmp_path / "ban-quet.pdf"
    file.write_bytes(pdf(2))

    with at_the_desk(url, login(officer.user_id), to("dossier", dossier), width=width) as (page, complaints):
        page.get_by_role("link", name="Nhận bổ sung tại quầy").click()
        page.wait_for_load_state("networkidle")
        require_good(page, complaints, "counter-bearer", width)
        page.get_by_role("button", name="Đã đối chiếu, nhập bổ sung").click()
        expect(page.get_by_role("alert")).to_contain_text("Hãy ghi họ tên người đến")
        complaints.clear()  # the browser's own word on an answer 422
        require_good(page, complaints, "counter-bearer-wrong", width)
        page.get_by_label("Họ và tên người đến").fill(applicant.full_name)
        page.get_by_label("Giấy tờ tùy thân đã đối chiếu").select_option("id_card")
        page.get_by_role("button", name="Đã đối chiếu, nhập bổ sung").click()
        expect(page.get_by_text("0/3")).to_be_visible()
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_label("Nộp dưới dạng").select_option("original")
        page.get_by_role("button", name="Nhận giấy tờ").click()
        expect(page.get_by_text("1/3")).to_be_visible()
        page.locator("[name=noi_o]").fill("15 Bạch Đằng")
        page.get_by_role("button", name="Lưu câu trả lời").first.click()
        expect(page.get_by_text("2/3")).to_be_visible()
        require_good(page, complaints, "counter-supplement", width)
        page.locator("textarea[name=text]").fill("Buổi sáng")
        page.get_by_role("button", name="Lưu câu trả lời").last.click()
        expect(page.get_by_text("3/3")).to_be_visible()
        page.get_by_role("button", name="Gửi bổ sung thay người đến").click()
        expect(page.get_by_text("Đã nhận bổ sung tại quầy")).to_be_visible()
        require_good(page, complaints, "counter-supplement-done", width)
        page.get_by_role("link", name="Trả lại mục chưa đạt").click()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_label("Sai hoặc thiếu gì").first).to_be_hidden()
        page.get_by_label("Chưa đạt, trả lại").first.check()
        page.get_by_label("Sai hoặc thiếu gì").first.fill(BLURRED)
        require_good(page, complaints, "supplement-send-back", width)
        page.get_by_role("button", name="Trả lại mục chưa đạt").click()
        page.locator("dialog").get_by_role("button", name="Trả lại", exact=True).click()
        expect(page.get_by_text("Đã trả lại các mục chưa đạt")).to_be_visible()
        require_good(page, complaints, "supplement-sent-back", width)

    supplement = reverse("dossiers:supplement", args=[dossier.tracking_no])
    with at_the_desk(url, login(applicant.user_id), supplement, width=width) as (page, complaints):
        expect(page.get_by_text("Câu trả lời trước chưa đạt")).to_be_visible()
        require_good(page, complaints, "supplement-citizen-sent-back", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_further_request_waits_for_the_leaders_click(unhashed_static, live_server, width: int):
    now = timezone.now()
    dossier, specialist = in_process(at=now - timedelta(minutes=40))
    request = asked(dossier, by=specialist, at=now - timedelta(minutes=30))
    answer_all(request, at=now - timedelta(minutes=20))
    hand_in(request, at=now - timedelta(minutes=20))
    confirmer = one_stop(dossier)
    supplement_checks.confirm(dossier_id=dossier.pk, actor=confirmer, at=now - timedelta(minutes=10))
    dossier.refresh_from_db()
    leader, url = actor_for(dossier, Role.UNIT_LEADER), live_server.url

    with at_the_desk(url, login(specialist.user_id), to("request_supplement", dossier), width=width) as (
        page,
        complaints,
    ):
        page.locator("#id_item_0_what").select_option("fnoi_o")
        page.locator("#id_item_0_reason").select_option("inconsistent_data")
        page.locator("#id_item_0_guidance").fill(BLURRED)
        page.get_by_label("Căn cứ cho yêu cầu thêm").fill(BASIS)
        require_good(page, complaints, "further-propose", width)
        page.get_by_role("button", name="Trình lãnh đạo duyệt").click()
        expect(page.get_by_text("Đã trình lãnh đạo đơn vị")).to_be_visible()
        require_good(page, complaints, "further-proposed", width)

    queue = reverse("desk:queue_named", args=["bo-sung-them"])
    with at_the_desk(url, login(leader.user_id), queue, width=width) as (page, complaints):
        require_good(page, complaints, "further-queue", width)
        page.goto(url + to("decide_supplement", dossier))
        page.wait_for_load_state("networkidle")
        require_good(page, complaints, "further-decide", width)
        page.get_by_role("button", name="Duyệt và gửi yêu cầu").click()
        page.locator("dialog").get_by_role("button", name="Duyệt và gửi", exact=True).click()
        expect(page.get_by_text("Đã duyệt và gửi yêu cầu bổ sung")).to_be_visible()
