"""Handed-in files in Debian's Chromium: shown in the page and in a tab of their own, under a policy that holds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings as portal_settings
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from agencies.models import Officer
from agencies.states import Role
from dossiers.models import Dossier, DossierComponent
from dossiers.states import Status
from tests.design.conftest import unhashed_static  # noqa: F401
from tests.dossiers.desk import hand_in
from tests.factories import DossierFactory, actor_for
from tests.journeys.visitor import Visitor, a_pdf, a_picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("unhashed_static"),
]


@contextmanager
def one_stop_officer(url: str, dossier: Dossier) -> Iterator[Visitor]:
    client = Client()
    actor = actor_for(dossier, Role.ONE_STOP_OFFICER)
    client.force_login(Officer.objects.get(pk=actor.officer_id or 0).user)
    cookie = client.cookies[portal_settings.SESSION_COOKIE_NAME]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        visitor = Visitor(browser, url, width=1280, name="motcua")
        visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])
        yield visitor
        browser.close()


def tab_of(officer: Visitor, one: DossierComponent) -> Page:
    """Open a file in a tab of its own; the visitor hears every tab of the window from its first line."""
    with officer.context.expect_page() as opened:
        officer.page.locator(f"#thanh-phan-{one.pk}").get_by_role("link", name="Mở thẻ mới").click()
    tab = opened.value
    tab.wait_for_url("**/thanh-phan/**")
    tab.wait_for_load_state("networkidle")
    return tab


def test_files_are_shown_without_a_complaint_of_the_browser(live_server):
    dossier = DossierFactory.create(reach=Status.SUBMITTED)
    paper = hand_in(dossier, name="Giấy xác nhận", content=a_pdf(), kind="pdf")
    picture = hand_in(dossier, name="Ảnh chụp", content=a_picture(), kind="jpg")

    with one_stop_officer(live_server.url, dossier) as officer:
        officer.open(f"/can-bo/ho-so/{dossier.tracking_no}/")
        for one in (paper, picture):
            officer.page.locator(f"#thanh-phan-{one.pk} summary").click()
        shown = officer.page.locator(f"#thanh-phan-{picture.pk} img")
        expect(shown).to_have_js_property("naturalWidth", 800)
        frame = officer.page.locator(f"#thanh-phan-{paper.pk} iframe").element_handle().content_frame()
        assert frame is not None
        assert frame.url.endswith(f"/thanh-phan/{paper.pk}/")
        officer.look()
        for one in (paper, picture):
            tab = tab_of(officer, one)
            assert tab.url.endswith(f"/thanh-phan/{one.pk}/")
        assert tab.evaluate("document.images[0].naturalWidth") == 800
        assert tab.evaluate("getComputedStyle(document.body).margin") == "0px", (
            "the viewer's style is not there"
        )
        assert officer.complaints == []
