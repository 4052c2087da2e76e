"""Internal steps in Chromium: the list of what waits, a step taken and passed on, and a deputy's list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from agencies.models import Delegation, Officer
from agencies.states import Role
from core import pdf
from core.actor import Actor
from dossiers.services import steps
from tests.dossiers.outside import at_the_land_office
from tests.dossiers.test_desk_in_a_browser import WIDTHS, at_the_desk, require_good, unhashed_static
from tests.factories import LONG_AGO, NINE

__all__ = ["unhashed_static"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]


def login(actor: Actor) -> str:
    return Officer.objects.get(pk=actor.officer_id or 0).user.username


@pytest.mark.parametrize("width", WIDTHS)
def test_an_officer_of_another_agency_takes_a_step_and_passes_it_on(unhashed_static, live_server, width: int):
    outside = at_the_land_office()
    waiting = reverse("desk:queue_named", args=["buoc-cho-toi"])

    with at_the_desk(live_server.url, login(outside.surveyor), waiting, width=width) as (page, complaints):
        expect(page.get_by_text("Trích lục").first).to_be_visible()
        require_good(page, complaints, "desk-steps", width)
        page.get_by_role("link", name=outside.dossier.reference).click()
        page.wait_for_load_state("networkidle")
        require_good(page, complaints, "desk-step-to-take", width)
        page.get_by_role("button", name="Nhận bước").click()
        expect(page.get_by_text("Bạn đã nhận bước này")).to_be_visible()
        expect(page.get_by_role("button", name="Nhận bước")).to_have_count(0)
        page.get_by_role("link", name="Chuyển bước").click()
        page.wait_for_load_state("networkidle")
        require_good(page, complaints, "desk-step-pass", width)
        page.get_by_role("button", name="Chuyển bước").click()
        expect(page.get_by_text("Đã chuyển bước")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_deputy_reads_for_whom_and_whose_each_line_is(unhashed_static, live_server, width: int):
    outside = at_the_land_office()
    steps.take_step(dossier_id=outside.dossier.pk, step_id=outside.step.pk, actor=outside.surveyor, at=NINE)
    Delegation.objects.create(
        officer_id=outside.surveyor.officer_id or 0,
        deputy_id=outside.colleague.officer_id or 0,
        agency=outside.land_office,
        role=Role.SPECIALIST,
        decision="12/QĐ-VPĐĐ",
        valid_from=LONG_AGO,
        valid_to=timezone.now() + timedelta(days=3),
    )
    waiting = reverse("desk:queue_named", args=["buoc-cho-toi"])

    with at_the_desk(live_server.url, login(outside.colleague), waiting, width=width) as (page, complaints):
        expect(page.get_by_text("Bạn đang làm thay người vắng mặt")).to_be_visible()
        expect(page.get_by_role("cell", name=outside.surveyor.display_name)).to_be_visible()
        require_good(page, complaints, "desk-deputy", width)
