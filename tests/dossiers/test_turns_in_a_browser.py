"""Pages about withdrawals, apologies, stops and corrections in Debian's Chromium: accessible, fitting, by keyboard."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.states import Role
from dossiers.models import Dossier, ResultDraft
from dossiers.services import extensions, stopping, withdrawals
from dossiers.states import DraftState, Status
from dossiers.transitions import APPLICANT
from procedures.models import ResultType
from results_vault import codes
from results_vault.models import Result
from tests.dossiers.test_turn_pages import desk, owner, running
from tests.dossiers.turns import WHY_LATE, WHY_STOPPED, paid_dossier
from tests.factories import DossierFactory, actor_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PICTURES = os.environ.get("SCREENSHOTS", "")
WHY_BACK = "Gia đình tôi đã thỏa thuận xong nên không cần giấy xác nhận nữa."


def sign_in(page: Page, client: Any, url: str) -> None:
    name = portal_settings.SESSION_COOKIE_NAME
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def withdrawn() -> Dossier:
    dossier = paid_dossier(1_260_000)
    return withdrawals.request(
        dossier_id=dossier.pk, reason=WHY_BACK, actor=actor_for(dossier, APPLICANT), at=timezone.now()
    )


def proposed() -> Dossier:
    dossier = running()
    extensions.propose(
        dossier_id=dossier.pk,
        reason="waiting_other_agency",
        explanation=WHY_LATE,
        working_days=5,
        actor=actor_for(dossier, Role.SPECIALIST),
        at=timezone.now(),
    )
    return dossier


def put_off() -> Dossier:
    dossier = proposed()
    head = actor_for(dossier, Role.AGENCY_HEAD)
    return extensions.approve(dossier_id=dossier.pk, actor=head, at=timezone.now())


def stopped() -> Dossier:
    dossier = paid_dossier(1_260_000)
    return stopping.stop(
        dossier_id=dossier.pk,
        reason=WHY_STOPPED,
        returns_originals=True,
        refund_vnd=1_260_000,
        actor=actor_for(dossier, Role.AGENCY_HEAD),
        at=timezone.now(),
    )


def with_result() -> Dossier:
    dossier: Dossier = DossierFactory.create(reach=Status.COMPLETED)
    type_ = ResultType.objects.create(
        version=dossier.procedure_version, position=1, name="Giấy xác nhận tình trạng hôn nhân", symbol="XN"
    )
    assert dossier.competent_agency is not None
    token = codes.new_token()
    ResultDraft.objects.create(dossier=dossier, result_type=type_, token=token, state=DraftState.ISSUED)
    Result.objects.create(
        token=token,
        dossier_code=dossier.reference,
        procedure_code=dossier.procedure_version.procedure.code,
        title="Giấy xác nhận tình trạng hôn nhân",
        number="12/XN-UBND",
        issuer=dossier.competent_agency,
        signer_name="Lãnh đạo ký (minh họa)",
        owner_person=dossier.owner_person,
        issued_on=timezone.localdate() - timedelta(days=1),
        sha256="0" * 64,
    )
    return dossier


def at(name: str, dossier: Dossier) -> str:
    return reverse(name, args=[dossier.tracking_no])


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_fit_the_screen_and_obey_the_content_policy(open_page, live_server, width):
    back, late, waiting, end, issued = withdrawn(), put_off(), proposed(), stopped(), with_result()
    fresh = running()
    visits = [
        (owner(back), at("dossiers:detail", back)),
        (desk(back, Role.UNIT_LEADER), at("desk:dossier", back)),
        (desk(back, Role.UNIT_LEADER), at("desk:approve_withdrawal", back)),
        (desk(back, Role.UNIT_LEADER), at("desk:deny_withdrawal", back)),
        (owner(fresh), at("dossiers:withdraw", fresh)),
        (desk(fresh, Role.SPECIALIST), at("desk:propose_extension", fresh)),
        (desk(waiting, Role.AGENCY_HEAD), at("desk:dossier", waiting)),
        (desk(waiting, Role.AGENCY_HEAD), at("desk:decline_extension", waiting)),
        (owner(late), at("dossiers:detail", late)),
        (desk(late, Role.AGENCY_HEAD), at("desk:dossier", late)),
        (desk(late, Role.AGENCY_HEAD), at("desk:stop", late)),
        (owner(end), at("dossiers:detail", end)),
        (desk(end, Role.CLERK), at("desk:dossier", end)),
        (desk(end, Role.SIGNER), at("desk:dossier", end)),
        (desk(issued, Role.SIGNER), at("desk:correct_result", issued)),
    ]
    found = {}
    with open_page("/", width=width) as (page, complaints):
        for number, (client, path) in enumerate(visits):
            sign_in(page, client, live_server.url)
            page.goto(live_server.url + path)
            page.wait_for_load_state("networkidle")
            if PICTURES:
                page.screenshot(path=f"{PICTURES}/turn-{number:02d}-{width}.png", full_page=True)
            found[path] = {
                "axe": [one["id"] for one in Axe().run(page).response["violations"]],
                "overflow": page.evaluate("document.documentElement.scrollWidth > window.innerWidth"),
            }

    assert found == {path: {"axe": [], "overflow": False} for path in found}
    assert complaints == []


def test_a_withdrawal_goes_by_keyboard_from_the_request_to_the_decision(open_page, live_server):
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    applicant, leader = owner(dossier), desk(dossier, Role.UNIT_LEADER)
    with open_page("/", width=360) as (page, complaints):
        sign_in(page, applicant, live_server.url)
        page.goto(live_server.url + at("dossiers:detail", dossier))
        page.get_by_role("link", name="Rút hồ sơ này").press("Enter")
        page.wait_for_url("**/rut-ho-so/", wait_until="networkidle")
        page.get_by_label("Vì sao bạn muốn rút hồ sơ?").fill(WHY_BACK)
        page.get_by_role("button", name="Gửi yêu cầu rút hồ sơ").press("Enter")
        page.get_by_role("dialog").get_by_role("button", name="Gửi yêu cầu").press("Enter")
        expect(page.get_by_text("Đang chờ cơ quan quyết định")).to_be_visible()

        sign_in(page, leader, live_server.url)
        page.goto(live_server.url + at("desk:dossier", dossier))
        page.get_by_role("link", name="Đồng ý cho rút").press("Enter")
        page.wait_for_url("**/cho-rut/", wait_until="networkidle")
        page.get_by_label("Trả lại bản chính đã nhận").press("Space")
        page.get_by_role("button", name="Đồng ý cho rút").press("Enter")
        page.get_by_role("dialog").get_by_role("button", name="Đồng ý cho rút").press("Enter")
        expect(page.get_by_text("Đã cho rút hồ sơ.")).to_be_visible()
        assert complaints == []

    dossier.refresh_from_db()
    assert dossier.status == Status.STOPPED
    assert dossier.withdrawals.get().returns_originals
