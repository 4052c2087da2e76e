"""Where the result is wanted, and papers that were lost, in Debian's Chromium, on a phone and on a desk."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from agencies.states import Role
from core import pdf as pdf_files
from dossiers.models import Dossier
from dossiers.services import return_choices
from dossiers.states import Status
from dossiers.transitions import APPLICANT
from tests.dossiers.filing_kit import ready
from tests.dossiers.test_desk_in_a_browser import WIDTHS, at_the_desk, require_good
from tests.dossiers.test_desk_in_a_browser import unhashed_static as unhashed_static
from tests.dossiers.test_desk_pages import to
from tests.factories import NINE, AgencyFactory, DossierFactory, actor_for, officer_actor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clean_scanner"),
    pytest.mark.skipif(not pdf_files.is_available(), reason="pango is not installed"),
]


def login(dossier: Dossier, role: str) -> str:
    return User.objects.get(pk=actor_for(dossier, role).user_id or 0).username


@pytest.mark.parametrize("width", WIDTHS)
def test_the_way_of_the_result_is_changed_on_the_check_page(unhashed_static, live_server, width: int):
    draft = ready()
    check = reverse("dossiers:check", args=[draft.tracking_no])

    with at_the_desk(live_server.url, login(draft, APPLICANT), check, width=width) as (page, complaints):
        page.locator(f'a[href*="{reverse("dossiers:draft_return", args=[draft.tracking_no])}"]').click()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_label("Địa chỉ nhận")).to_be_hidden()
        page.get_by_text("Bản giấy, qua dịch vụ bưu chính").click()
        expect(page.get_by_label("Địa chỉ nhận")).to_be_visible()
        expect(page.get_by_label("Nhận tại quầy của")).to_be_hidden()
        require_good(page, complaints, "return-choice", width)
        page.get_by_role("button", name="Lưu cách nhận kết quả").click()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_text("Qua dịch vụ bưu chính, gửi đến")).to_be_visible()
        require_good(page, complaints, "return-check", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_loss_is_recorded_and_its_applicant_reads_the_apology(unhashed_static, live_server, width: int):
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)

    with at_the_desk(
        live_server.url, login(dossier, Role.UNIT_LEADER), to("record_loss", dossier), width=width
    ) as (page, complaints):
        page.get_by_text("Bị hỏng, rách, ướt").click()
        page.get_by_label("Giấy tờ nào bị mất, hỏng").fill("Bản chính giấy chứng nhận quyền sử dụng đất")
        page.get_by_label("Phát hiện lúc").fill("2026-03-02T09:00")
        page.get_by_label("Việc xảy ra thế nào").fill("Kho lưu trữ bị dột trong cơn mưa đêm 01/03.")
        page.get_by_label("Cơ quan khắc phục thế nào").fill(
            "Cơ quan xin cấp lại giấy chứng nhận và giao tận nhà trước ngày 20/03/2026."
        )
        require_good(page, complaints, "loss-form", width)
        page.get_by_role("button", name="Ghi nhận và gửi thư xin lỗi").click()
        page.get_by_role("dialog").get_by_role("button", name="Ghi nhận và gửi thư xin lỗi").click()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_role("link", name="Ghi nhận đã khắc phục")).to_be_visible()
        require_good(page, complaints, "loss-desk", width)

    own = reverse("dossiers:detail", args=[dossier.tracking_no])
    with at_the_desk(live_server.url, login(dossier, APPLICANT), own, width=width) as (page, complaints):
        expect(page.get_by_text("giao tận nhà trước ngày 20/03/2026")).to_be_visible()
        require_good(page, complaints, "loss-own", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_counter_and_the_hand_over_show_what_was_chosen(unhashed_static, live_server, width: int):
    dossier = DossierFactory.create(reach=Status.COMPLETED)
    officer = login(dossier, Role.ONE_STOP_OFFICER)

    with at_the_desk(live_server.url, officer, to("hand_over", dossier), width=width) as (page, complaints):
        expect(page.get_by_text("Người nộp chọn nhận")).to_be_visible()
        require_good(page, complaints, "return-hand-over", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_result_of_another_unit_is_given_out(unhashed_static, live_server, width: int):
    dossier, centre = DossierFactory.create(reach=Status.COMPLETED), AgencyFactory.create()
    return_choices.change(
        dossier_id=dossier.pk,
        wanted=return_choices.Wanted(method="counter", centre=centre.code),
        actor=actor_for(dossier, APPLICANT),
        at=NINE,
    )
    officer = User.objects.get(pk=officer_actor(centre, Role.ONE_STOP_OFFICER).user_id or 0).username

    with at_the_desk(live_server.url, officer, reverse("desk:returns"), width=width) as (page, complaints):
        require_good(page, complaints, "returns", width)
        page.get_by_role("link", name=dossier.reference).click()
        page.wait_for_load_state("networkidle")
        require_good(page, complaints, "return", width)
        page.locator('[name="receiver_id_checked"]').check()
        page.get_by_role("button", name="Ghi nhận đã trả").click()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_text("Không có kết quả nào chờ người nhận ở đây")).to_be_visible()
        require_good(page, complaints, "returns-empty", width)
