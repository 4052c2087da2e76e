"""The check, the screener and what is held, as people meet them on a phone and on a desk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dossiers.models import Dossier
from procedures.management.commands.load_procedures import load
from procedures.models import ProcedureVersion
from procedures.starters import FOLDER
from tests.factories import AgencyFactory, PersonFactory
from tests.results_vault.conftest import KeepResult, _own_files, keep, key_store, signed_file  # noqa: F401

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clean_scanner"),
]

PICTURES = os.environ.get("SCREENSHOTS", "")
MARRIAGE, CONFIRMATION = "1.000894", "1.004873"
LOADED = (MARRIAGE, CONFIRMATION, "1.004194", "2.001159", "1.014064", "1.004222", "1.014632")
ANSWERS = "?tuoi=17"


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_is_accessible_and_fits(
    keep: KeepResult,  # noqa: F811
    open_page: Any,
    live_server: Any,
    width: int,
):
    for code in LOADED:
        load(FOLDER / f"{code}.yaml", is_opened=True)
    person, issuer = PersonFactory.create(full_name="Lê Thị Ba (minh họa)"), AgencyFactory.create()
    keep(
        owner_person=person,
        procedure_code=CONFIRMATION,
        issued_on=timezone.localdate(),
        number="12/XN-UBND",
        issuer=issuer,
    )
    client = Client()
    assert person.user is not None
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    start = reverse("dossiers:start", args=[MARRIAGE])
    position = ProcedureVersion.objects.get(current_of__code=MARRIAGE).components.get(is_upload=True).position
    client.post(start, {"on_behalf": "self", "held": [f"self:{position}"]})
    client.post(start, {"on_behalf": "self"})
    used, declined = Dossier.objects.order_by("pk")
    check, screener = reverse("procedures:eligibility", args=[MARRIAGE]), reverse("procedures:screener")
    pages = {
        "screener": screener,
        "screener-topic": f"{screener}?linh-vuc=ho-tich",
        "screener-answered": f"{screener}?nguoi-nop=citizen&tuoi=17&cu_tru_da_nang=yes&vi_sao_can_the=mat",
        "check-question": check,
        "check-more": f"{check}?co_nguoi_nuoc_ngoai=no&gioi_tinh=nu",
        "check-wrong": f"{check}?co_nguoi_nuoc_ngoai=no&gioi_tinh=nu&tuoi=abc&hoi=tuoi",
        "check-cannot": check + ANSWERS,
        "check-other": f"{check}?co_nguoi_nuoc_ngoai=yes",
        "check-can": f"{check}?co_nguoi_nuoc_ngoai=no&gioi_tinh=nu&tuoi=30&tinh_trang_hon_nhan=doc_than"
        "&ho_hang_gan=no&ca_hai_tu_nguyen=yes",
        "check-unsure": f"{check}?co_nguoi_nuoc_ngoai=no&gioi_tinh=nu&tuoi=30&tinh_trang_hon_nhan=doc_than"
        "&chua-ro=ho_hang_gan&ca_hai_tu_nguyen=yes",
        "held-detail": reverse("procedures:detail", args=[MARRIAGE]),
        "held-start": start,
        "held-used": reverse("dossiers:draft_files", args=[used.tracking_no]),
        "held-offered": reverse("dossiers:draft_files", args=[declined.tracking_no]),
    }

    found: dict[str, Any] = {}
    with open_page(screener, width=width) as (page, complaints):
        session = client.cookies[portal_settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": portal_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        for name, path in pages.items():
            page.goto(live_server.url + path)
            page.wait_for_load_state("networkidle")
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            violations = [
                (one["id"], one["nodes"][0]["html"][:160]) for one in Axe().run(page).response["violations"]
            ]
            found[name] = (violations, max(wide, 0), "<c-" in page.content())
        assert {name: one for name, one in found.items() if one != ([], 0, False)} == {}
        assert complaints == []
