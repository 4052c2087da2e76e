"""What is held, what would be, and what is too old, as it is told on a phone and on a desk."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Officer
from agencies.states import Role
from dossiers.services import counter, drafting
from dossiers.services.counter import WalkIn
from procedures.states import ApplicantCategory, ComponentSource
from tests.dossiers.test_holdings import a_service, a_slot
from tests.factories import AgencyFactory, PersonFactory, actor_of_person, officer_actor
from tests.results_vault.conftest import KeepResult, _own_files, keep, key_store, signed_file  # noqa: F401

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clean_scanner"),
]

PICTURES = os.environ.get("SCREENSHOTS", "")
FORM = {
    "pages": [
        {
            "id": "viec",
            "title": "Việc cần làm",
            "fields": [
                {
                    "name": "muc_dich",
                    "label": "Mục đích sử dụng",
                    "type": "choice",
                    "choices": [["ket_hon", "Đăng ký kết hôn"], ["khac", "Việc khác"]],
                }
            ],
        }
    ]
}


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_that_tells_of_sources_is_accessible_and_fits(
    keep: KeepResult,  # noqa: F811
    open_page: Any,
    live_server: Any,
    settings: Any,
    width: int,
):
    settings.VNEID_ISSUER = "http://127.0.0.1:1"
    person, unit = PersonFactory.create(full_name="Lê Thị Ba (minh họa)"), AgencyFactory.create()
    version = a_service(eform=FORM, applicant_categories=[ApplicantCategory.CITIZEN], name="Dịch vụ thử")
    type(version.procedure).objects.filter(pk=version.procedure_id).update(current_version=version)
    source = ComponentSource.RESULT_REPOSITORY
    a_slot(version, source, result_of=["1.1"], name="Giấy xác nhận tình trạng hôn nhân", position=1)
    a_slot(version, source, result_of=["1.2"], name="Trích lục khai sinh", position=2, validity_months=6)
    when = {"field": "muc_dich", "equals": "ket_hon"}
    a_slot(version, source, result_of=["1.3"], name="Giấy phép cũ", position=3, condition=when)
    a_slot(version, ComponentSource.VNEID_DOCUMENT, name="Giấy phép lái xe", position=4, is_digitised=False)
    for number, (code, title, issued) in enumerate(
        [
            ("1.1", "Giấy xác nhận tình trạng hôn nhân", timezone.localdate()),
            ("1.1", "Giấy xác nhận tình trạng hôn nhân", date(2026, 1, 5)),
            ("1.2", "Trích lục khai sinh", date(2020, 1, 31)),
            ("1.3", "Giấy phép cũ", timezone.localdate()),
        ]
    ):
        keep(owner_person=person, procedure_code=code, title=title, issued_on=issued, number=f"{number}/UBND")
    officer = officer_actor(unit, Role.ONE_STOP_OFFICER)
    draft = drafting.start(version_id=version.pk, actor=actor_of_person(person), at=timezone.now())
    draft.form_data = {"muc_dich": "ket_hon"}
    draft.save()
    walk_in = WalkIn(number=str(person.personal_id_number), full_name=person.full_name, paper="id_card")
    brought = counter.start(
        version_id=version.pk, walk_in=walk_in, unit_id=unit.pk, actor=officer, at=timezone.now()
    )
    citizens = {
        "sources-procedure": reverse("procedures:detail", args=[version.procedure.code]),
        "sources-start": reverse("dossiers:start", args=[version.procedure.code]),
        "sources-files": reverse("dossiers:draft_files", args=[draft.tracking_no]),
    }
    desk = {"sources-counter": reverse("desk:counter_draft", args=[brought.tracking_no])}
    for user, pages in (
        (person.user, citizens),
        (Officer.objects.get(pk=officer.officer_id or 0).user, desk),
    ):
        client = Client()
        assert user is not None
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[portal_settings.SESSION_COOKIE_NAME]
        with open_page("/", width=width) as (page, complaints):
            page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
            for name, address in pages.items():
                page.goto(live_server.url + address)
                page.wait_for_load_state("networkidle")
                if PICTURES:
                    page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
                found = [one["id"] for one in Axe().run(page).response["violations"]]
                wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                assert (found, wide, complaints) == ([], 0, []), name
