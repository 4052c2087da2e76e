"""Papers that VNeID holds: with one's consent into one's own draft, and nothing without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.urls import reverse
from django.utils import timezone

from citizens.models import Person
from core.actor import Actor
from dossiers.models import Dossier, DossierComponent, VneidDocument
from dossiers.services import drafting, vneid_papers
from procedures.models import Component
from procedures.states import ComponentSource
from tests.dossiers.test_holdings import a_service, a_slot
from tests.factories import actor_of_person
from tests.simulators import vneid as stand_in
from tests.simulators.vneid import Browser, Vneid

pytestmark = [pytest.mark.stack, pytest.mark.django_db]


@pytest.fixture(scope="module")
def vneid_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vneid]:
    yield from stand_in.start(tmp_path_factory.mktemp("vneid"))


@pytest.fixture
def vneid(vneid_process: Vneid, settings: Any) -> Vneid:
    vneid_process.control(reset=True)
    settings.VNEID_ISSUER = vneid_process.url
    settings.SOCIALACCOUNT_PROVIDERS = stand_in.provider_settings(vneid_process)
    return vneid_process


@pytest.fixture
def browser(vneid: Vneid) -> Browser:
    browser = Browser(vneid)
    browser.sign_in("cong-dan-2")
    return browser


@pytest.fixture
def slot() -> Component:
    return a_slot(a_service(), ComponentSource.VNEID_DOCUMENT, name="Giấy phép lái xe")


def draft_of(slot: Component) -> Dossier:
    return drafting.start(version_id=slot.version_id, actor=whoever(), at=timezone.now())


def whoever() -> Actor:
    return actor_of_person(Person.objects.get(full_name="Trần Thị Hai (minh họa)"))


def asked(browser: Browser, dossier: Dossier) -> str:
    answer = browser.portal.post(reverse("dossiers:draft_vneid", args=[dossier.tracking_no]))
    browser.web = requests.Session()
    return str(answer["Location"])


def test_a_paper_comes_from_vneid_with_consent(browser: Browser, slot: Component):
    dossier = draft_of(slot)
    files = reverse("dossiers:draft_files", args=[dossier.tracking_no])
    assert "Lấy từ VNeID" in browser.portal.get(files).content.decode()

    there = asked(browser, dossier)
    assert "scope=openid+documents&" in there  # the health record is nobody's business here
    answer = browser.return_to_portal(browser.consent(browser.sign_in_there(there, "cong-dan-2")))

    assert answer["Location"] == files
    row = DossierComponent.objects.get()
    assert (row.source, row.origin.split(" số ")[0]) == ("vneid_document", "Giấy phép lái xe")
    assert "480192000022" in row.file.read().decode()
    page = browser.portal.get(files).content.decode()
    assert "Lấy từ VNeID" not in page
    assert "Không phải nộp" in page


def test_who_refuses_hands_over_nothing(browser: Browser, slot: Component):
    dossier = draft_of(slot)

    back = browser.consent(browser.sign_in_there(asked(browser, dossier), "cong-dan-2"), "cancel")
    answer = browser.return_to_portal(back)

    assert "chưa cho xem giấy tờ nào" in browser.portal.get(answer["Location"]).content.decode()
    assert not VneidDocument.objects.exists()


def test_somebody_else_at_vneid_does_not_lend_their_papers(browser: Browser, slot: Component):
    dossier = draft_of(slot)

    back = browser.consent(browser.sign_in_there(asked(browser, dossier), "cong-dan-3"))
    browser.return_to_portal(back)

    assert not VneidDocument.objects.exists()
    assert not DossierComponent.objects.exists()


def test_an_answer_counts_once_and_for_who_asked(browser: Browser, slot: Component):
    dossier = draft_of(slot)
    back = browser.consent(browser.sign_in_there(asked(browser, dossier), "cong-dan-2"))

    forged = browser.return_to_portal(back.replace("state=", "state=x"))
    again = browser.return_to_portal(back)

    assert forged["Location"] == reverse("dossiers:draft_files", args=[dossier.tracking_no])
    assert again["Location"] == reverse("dossiers:mine")
    assert not VneidDocument.objects.exists()


@pytest.mark.parametrize(
    "fault",
    [
        {"endpoint": "documents", "status": 503},
        {"endpoint": "documents", "body": '{"sub": 1}'},
        {"endpoint": "documents", "body": "not json"},
        {"endpoint": "token", "status": 503},
    ],
)
def test_vneid_in_trouble_leaves_the_draft_as_it_was(
    browser: Browser, slot: Component, vneid: Vneid, fault: dict[str, Any]
):
    dossier = draft_of(slot)
    back = browser.consent(browser.sign_in_there(asked(browser, dossier), "cong-dan-2"))
    vneid.control(**fault)

    answer = browser.return_to_portal(back)

    assert "hoặc tải tệp lên" in browser.portal.get(answer["Location"]).content.decode()
    assert not DossierComponent.objects.exists()


def test_what_was_shown_is_forgotten_after_a_day(browser: Browser, slot: Component):
    back = browser.consent(browser.sign_in_there(asked(browser, draft_of(slot)), "cong-dan-2"))
    browser.return_to_portal(back)
    assert VneidDocument.objects.count() == 2

    assert vneid_papers.forget(at=timezone.now()) == 0
    assert vneid_papers.forget(at=timezone.now() + timedelta(days=2)) == 2
    assert DossierComponent.objects.count() == 1
