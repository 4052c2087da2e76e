"""A dossier from its filing to the signature, by officers who have no mouse."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core import pdf
from dossiers.models import ResultDraft, StepRecord
from dossiers.services import intake
from dossiers.states import DraftState, Status
from tests.dossiers.test_desk_in_a_browser import (
    LEADER,
    ONE_STOP,
    SPECIALIST,
    acting,
    at_the_desk,
    filed,
    submitted_for_signature,
    unhashed_static,
    ward,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]
__all__ = ["unhashed_static", "ward"]

WIDTH = 1280
FAR = 120
"""So many times the key Tab is pressed before somebody gives up."""


def go_to(page: Page, selector: str) -> None:
    """Walk on with Tab until a field or a button has the focus."""
    for _press in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached with the keyboard")


def choose(page: Page, selector: str, letter: str, text: str) -> None:
    """Choose in a list by typing the first letter of what is wanted."""
    go_to(page, selector)
    page.keyboard.press(letter)
    expect(page.locator(f"{selector} option:checked")).to_contain_text(text)


def send(page: Page) -> None:
    go_to(page, "main form button.btn--primary")
    page.keyboard.press("Enter")


def test_a_supplement_is_asked_for(unhashed_static, live_server, ward):
    dossier = filed(ward)

    with at_the_desk(live_server.url, ONE_STOP, "/can-bo/", width=WIDTH) as (page, complaints):
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/ho-so/**")
        page.wait_for_load_state("networkidle")
        page.keyboard.press("1")
        page.wait_for_url("**/yeu-cau-bo-sung/")
        choose(page, "#id_item_0_what", "m", "Mục khác")
        go_to(page, "#id_item_0_name")
        page.keyboard.type("Buổi có mặt ở nhà")
        choose(page, "#id_item_0_reason", "l", "Lý do khác")
        go_to(page, "#id_item_0_guidance")
        page.keyboard.type("Cơ quan cần hẹn bạn để kiểm tra. Hãy ghi buổi bạn có mặt.")
        send(page)
        go_to(page, "dialog[open] .btn--primary")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Đã gửi yêu cầu bổ sung")).to_be_visible()
        assert complaints == []
    dossier.refresh_from_db()
    assert dossier.status == Status.INTAKE_SUPPLEMENT


def test_a_dossier_is_assigned_and_a_step_is_finished(unhashed_static, live_server, ward):
    dossier = filed(ward)
    intake.accept(dossier_id=dossier.pk, actor=acting(ONE_STOP), at=timezone.now())
    path = f"/can-bo/ho-so/{dossier.tracking_no}/"

    with at_the_desk(live_server.url, LEADER, path, width=WIDTH) as (page, _complaints):
        go_to(page, "#id_officer")
        page.keyboard.press("ArrowDown")
        go_to(page, "[data-key=g]")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Đã phân công cho")).to_be_visible()
    with at_the_desk(live_server.url, SPECIALIST, path, width=WIDTH) as (page, _complaints):
        page.keyboard.press("s")
        page.wait_for_url("**/buoc/**")
        send(page)
        expect(page.get_by_text("Đã chuyển bước")).to_be_visible()
    dossier.refresh_from_db()
    assert dossier.status == Status.IN_PROCESS
    assert StepRecord.objects.filter(dossier=dossier, role="specialist", finished_at__isnull=False).exists()


def test_a_result_is_signed(unhashed_static, live_server, ward):
    dossier = submitted_for_signature(ward)
    path = f"/can-bo/ho-so/{dossier.tracking_no}/"

    with at_the_desk(live_server.url, LEADER, path, width=WIDTH) as (page, _complaints):
        page.keyboard.press("?")
        expect(page.locator("#keyboard-help").get_by_text("Ký số")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("k")
        go_to(page, "dialog[open] .btn--primary")
        page.keyboard.press("Enter")
        expect(page.locator("#draft-progress")).to_be_visible()
    assert ResultDraft.objects.get(dossier=dossier).state == DraftState.SIGNING


def test_a_draft_is_returned(unhashed_static, live_server, ward):
    dossier = submitted_for_signature(ward)
    path = f"/can-bo/ho-so/{dossier.tracking_no}/"

    with at_the_desk(live_server.url, LEADER, path, width=WIDTH) as (page, _complaints):
        go_to(page, "#ket-qua details > summary, .details > summary")
        while not page.locator("#id_note").is_visible():
            page.keyboard.press("Enter")
            if not page.locator("#id_note").is_visible():
                go_to(page, "summary")
        go_to(page, "#id_note")
        page.keyboard.type("Sai ngày sinh, hãy đối chiếu giấy khai sinh.")
        go_to(page, ".btn--danger")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Sai ngày sinh").first).to_be_visible()
    dossier.refresh_from_db()
    assert dossier.status == Status.IN_PROCESS
