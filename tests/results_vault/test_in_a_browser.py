"""The public check and the repository as a browser and a screen reader meet them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.states import Role
from core.actor import Actor
from procedures.models import ResultType
from results_vault import codes, services
from results_vault.models import InspectorPost
from results_vault.states import Change
from tests.factories import OfficerFactory, VersionFactory, officer_actor

INSPECTED = "the view of an inspector"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_fit_the_screen_and_obey_the_content_policy(
    keep,
    open_page,
    live_server,
    width,
):
    version = VersionFactory.create()
    kind = ResultType.objects.create(
        version=version,
        position=7,
        name="Phù hiệu xe",
        inspector_classes=["traffic", "border_guard"],
        template={
            "title": "PHÙ HIỆU",
            "paragraphs": ["{bien_so} {dieu_kien}"],
            "fields": [
                {"name": "bien_so", "label": "Biển số xe"},
                {"name": "dieu_kien", "label": "Điều kiện kèm theo"},
            ],
        },
    )
    valid = keep(
        valid_to=timezone.localdate() + timedelta(days=9),
        until_event=("xe được chuyển cho chủ khác", "the vehicle changes hands"),
        result_type_id=kind.pk,
        data={"bien_so": "43B-123.45", "dieu_kien": "Chạy tuyến cố định Đà Nẵng – Tam Kỳ, ban ngày."},
    )
    revoked = keep(
        issuer=valid.issuer, title="Phù hiệu xe hợp đồng cho phương tiện kinh doanh vận tải hành khách"
    )
    services.change_force(
        result_id=revoked.pk,
        change=Change.REVOKE,
        decision="Quyết định 15/QĐ-UBND",
        actor=Actor.system(),
        at=timezone.now(),
    )
    officer = OfficerFactory.create()
    officer_actor(valid.issuer, Role.SIGNER, Role.AGENCY_HEAD, officer=officer)
    for one in ("traffic", "order"):
        InspectorPost.objects.create(
            officer=officer,
            agency=valid.issuer,
            inspector_class=one,
            decision="Quyết định 15/QĐ-SXD ngày 02/03/2026 (minh họa)",
            valid_from=timezone.now(),
        )
    session = Client()
    session.force_login(officer.user)
    links = [f"/v/{result.token}/?c={codes.checksum(result.token)}" for result in (valid, revoked)]
    paths = [
        *links,
        f"/v/{codes.new_token()}/",
        reverse("results_vault:verify"),
        reverse("results_vault:mine"),
        reverse("inspectors:list"),
        INSPECTED,
        reverse("results_vault:detail", args=[valid.token]),
    ]

    found = {}
    with open_page("/xac-minh/?ma=123", width=width) as (page, complaints):
        page.context.add_cookies(
            [
                {
                    "name": portal_settings.SESSION_COOKIE_NAME,
                    "value": session.cookies[portal_settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                }
            ]
        )
        for path in paths:
            if path == INSPECTED:
                page.goto(live_server.url + links[0])
                page.get_by_label("Mục đích").select_option("inspect_result")
                page.get_by_role("button", name="Xem để kiểm tra").click()
                page.get_by_role("heading", name="Dành cho người kiểm tra").wait_for()
            else:
                page.goto(live_server.url + path)
            page.wait_for_load_state("networkidle")
            found[path] = {
                "axe": [one["id"] for one in Axe().run(page).response["violations"]],
                "overflow": page.evaluate("document.documentElement.scrollWidth > window.innerWidth"),
            }

    assert found == {path: {"axe": [], "overflow": False} for path in paths}
    assert [text for text in complaints if "404" not in text and "422" not in text] == []
