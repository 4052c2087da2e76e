"""The pages of working calendars in Debian's Chromium: accessible, fitting a telephone, without complaints."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse

from agencies import services
from agencies.models import Calendar
from agencies.states import AgencyKind, Role
from core.working_time import official_days
from tests.design.conftest import open_page, unhashed_static  # noqa: F401  (fixtures)
from tests.factories import AgencyFactory, OfficerFactory, officer_actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_every_calendar_page_is_accessible_and_fits(open_page, live_server, width: int):  # noqa: F811
    calendar = Calendar.objects.create(code="city", name="Thành phố (minh họa)")
    services.enter_days(calendar_id=calendar.pk, days=official_days())
    agency = AgencyFactory.create(kind=AgencyKind.CITY, calendar=calendar)
    officer = OfficerFactory.create()
    officer_actor(agency, Role.SYSTEM_ADMIN, officer=officer)
    client, found = Client(), {}
    client.force_login(officer.user)
    session = client.cookies[portal_settings.SESSION_COOKIE_NAME].value
    addresses = {
        "year": reverse("agencies:calendar_year", args=[agency.code, 2026]),
        "add": reverse("agencies:add_day", args=[agency.code]),
        "day": reverse("agencies:day", args=[agency.code, "2026-02-17"]),
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

    assert found == {name: {"axe": [], "overflow": False, "unrendered": False} for name in addresses}
    assert complaints == []
