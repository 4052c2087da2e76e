"""The pages of alerts in Debian's Chromium, on a phone and on a desk: accessible, fitting, without complaints."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agencies.models import Agency, Officer, OfficerRole
from agencies.states import Role
from core import pdf
from dossiers.models import Dossier
from dossiers.states import Status
from supervision.models import Alert
from supervision.states import AlertKind, AlertState
from tests.dossiers.test_desk_in_a_browser import (
    ONE_STOP,
    WIDTHS,
    acting,
    at_the_desk,
    in_process,
    require_good,
    unhashed_static,  # noqa: F401
    ward,  # noqa: F401
)
from tests.factories import DossierFactory
from tests.supervision.conftest import unit_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
    pytest.mark.usefixtures("unhashed_static"),
]

HEAD = "thutruong.haichau"


def raised(dossier: Dossier, kind: AlertKind, *, hours_ago: int, **values: object) -> Alert:
    at = timezone.now() - timedelta(hours=hours_ago)
    return Alert.objects.create(
        dossier=dossier, kind=kind, agency=unit_of(dossier), limit_at=at, raised_at=at, **values
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_a_list_is_taken_on_with_the_keyboard(live_server, ward: Agency, width: int):  # noqa: F811
    waiting = [DossierFactory.create(received_at_unit=ward, reach=Status.SUBMITTED) for _ in range(3)]
    for hours, dossier in enumerate(waiting, start=1):
        raised(dossier, AlertKind.NOT_ACCEPTED, hours_ago=hours)

    with at_the_desk(live_server.url, ONE_STOP, "/can-bo/canh-bao/", width=width) as (page, complaints):
        require_good(page, complaints, "alerts", width)
        expect(page.locator(".site-head .count").first).to_contain_text("3")
        for box in page.get_by_role("checkbox", name="Chọn").all()[:2]:
            box.focus()
            page.keyboard.press("Space")
        page.get_by_role("button", name="Ghi nhận các mục đã chọn").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Đã ghi nhận 2 cảnh báo.")).to_be_visible()
        require_good(page, complaints, "alerts-taken", width)
        page.get_by_role("button", name="Ghi nhận", exact=False).first.click()
        expect(page.get_by_text("Không có cảnh báo nào chờ bạn")).to_be_visible()
        require_good(page, complaints, "alerts-none", width)

    assert set(Alert.objects.values_list("state", flat=True)) == {AlertState.ACKNOWLEDGED}


@pytest.mark.parametrize("width", WIDTHS)
def test_the_summary_leads_to_the_lists(live_server, ward: Agency, width: int):  # noqa: F811
    officer = Officer.objects.get(user=acting(HEAD).user_id)
    OfficerRole.objects.create(
        officer=officer, agency=ward, role=Role.IOC_OPERATOR, valid_from=timezone.now()
    )
    other = Agency.objects.get(code="H17.05")
    for agency in (ward, other):
        dossier = DossierFactory.create(received_at_unit=agency, reach=Status.SUBMITTED)
        for kind in (
            AlertKind.NOT_ACCEPTED,
            AlertKind.NEAR_DUE,
            AlertKind.OVERDUE,
            AlertKind.STEP_OVERDUE,
            AlertKind.OPINION_OVERDUE,
            AlertKind.OVERDUE_ESCALATED,
        ):
            raised(dossier, kind, hours_ago=3)
    taken_at = timezone.now()
    Alert.objects.filter(agency=ward, kind=AlertKind.OVERDUE).update(
        state=AlertState.ACKNOWLEDGED, acknowledged_at=taken_at, acknowledged_by=officer
    )

    path = "/can-bo/canh-bao/tong-hop/"
    with at_the_desk(live_server.url, HEAD, path, width=width) as (page, complaints):
        require_good(page, complaints, "alerts-summary", width)
        page.get_by_role("link", name=ward.name, exact=True).click()
        page.wait_for_load_state("networkidle")
        expect(page.locator("#alerts").get_by_text("Đã ghi nhận").first).to_be_visible()
        require_good(page, complaints, "alerts-of-agency", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_dossiers_page_carries_its_alerts(live_server, ward: Agency, width: int):  # noqa: F811
    dossier = in_process(ward)
    raised(dossier, AlertKind.NEAR_DUE, hours_ago=1, handler=dossier.current_handler)
    raised(dossier, AlertKind.STEP_OVERDUE, hours_ago=2, handler=dossier.current_handler)

    path = f"/can-bo/ho-so/{dossier.tracking_no}/"
    with at_the_desk(live_server.url, "chuyenvien.haichau", path, width=width) as (page, complaints):
        expect(page.get_by_text("Bước xử lý quá hạn").first).to_be_visible()
        require_good(page, complaints, "alerts-of-dossier", width)
