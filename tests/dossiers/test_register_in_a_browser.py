"""The register in Debian's Chromium: accessible, fitting a telephone, and one sheet wide on paper."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse

from agencies.states import Role
from core.working_time import TIME_ZONE
from dossiers.services import register
from dossiers.states import Status
from tests.design.conftest import open_page, unhashed_static  # noqa: F401  (fixtures)
from tests.factories import AgencyFactory, DossierFactory, OfficerFactory, officer_actor, walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LAST_YEAR = datetime(2025, 9, 22, 9, 0, tzinfo=TIME_ZONE)


@pytest.fixture
def session() -> str:
    """Sign the head of a unit in who also receives, and fill the unit's book of a year that is over."""
    unit, officer = AgencyFactory.create(), OfficerFactory.create()
    officer_actor(unit, Role.AGENCY_HEAD, Role.ONE_STOP_OFFICER, officer=officer)
    for hours in range(3):
        dossier = DossierFactory.create(received_at_unit=unit, contact_phone="0905 123 456")
        walk(dossier, Status.COMPLETED, at=LAST_YEAR + timedelta(hours=hours))
        register.enter(dossier_id=dossier.pk)
    client = Client()
    client.force_login(officer.user)
    return client.cookies[portal_settings.SESSION_COOKIE_NAME].value


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_of_the_register_is_accessible_and_fits(open_page, live_server, session, width):  # noqa: F811
    found = {}
    addresses = {
        "register": reverse("desk:register") + "?nam=2025",
        "nothing found": reverse("desk:register") + "?nam=2025&q=khong+co",
        "print": reverse("desk:register_print") + "?nam=2025",
        "close": reverse("desk:register_close") + "?nam=2025",
    }

    with open_page("/", width=width) as (page, complaints):
        page.context.add_cookies(
            [{"name": portal_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        for name, address in addresses.items():
            page.goto(live_server.url + address)
            page.wait_for_load_state("load")
            found[name] = {
                "axe": [
                    (one["id"], one["nodes"][0]["html"][:200])
                    for one in Axe().run(page).response["violations"]
                ],
                "overflow": page.evaluate("document.documentElement.scrollWidth > window.innerWidth"),
                "unrendered": "<c-" in page.content() or "{%" in page.content(),
            }
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=Path(folder) / f"register-{name}-{width}.png", full_page=True)

    assert found == {name: {"axe": [], "overflow": False, "unrendered": False} for name in addresses}
    assert complaints == []


def test_the_print_is_lying_a4_with_every_column_on_the_sheet(open_page, live_server, session, tmp_path):  # noqa: F811
    with open_page("/", width=1280) as (page, _complaints):
        page.context.add_cookies(
            [{"name": portal_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page.goto(live_server.url + reverse("desk:register_print") + "?nam=2025")
        page.pdf(path=tmp_path / "register.pdf", prefer_css_page_size=True)

    document = pypdfium2.PdfDocument(tmp_path / "register.pdf")
    sheets = [[round(side) for side in sheet.get_size()] for sheet in document]
    text = " ".join(sheet.get_textpage().get_text_range() for sheet in document)
    if folder := os.environ.get("SCREENSHOTS"):
        document[len(document) - 1].render(scale=2).to_pil().save(Path(folder) / "register-sheet.png")
    assert sheets == [[842, 595]]
    assert all(column in " ".join(text.split()) for column in ("Mã hồ sơ", "Người nhận", "Ghi chú"))
