"""Filing in a real browser: every page fits, is accessible and obeys the content policy; nothing typed is lost."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from agencies import demo as agencies_demo
from agencies.models import Agency
from citizens.models import Person
from dossiers import services
from dossiers.models import Dossier, IntakeRefusal
from dossiers.services import drafting
from dossiers.states import Action, RefusalReason
from dossiers.transitions import MOVES
from procedures import demo as procedures_demo
from procedures.models import Procedure
from tests.dossiers.filing_kit import attach, draft, fileable, pdf
from tests.factories import NINE, PersonFactory, actor_for, actor_of_person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clean_scanner"),
]

PICTURES = os.environ.get("SCREENSHOTS", "")


def session_of(person: Any) -> str:
    client = Client()
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[portal_settings.SESSION_COOKIE_NAME].value


def sign_in(page: Page, url: str, value: str) -> None:
    page.context.add_cookies([{"name": portal_settings.SESSION_COOKIE_NAME, "value": value, "url": url}])


@pytest.fixture
def person() -> Person:
    person: Person = PersonFactory.create(
        full_name="Trần Thị Thử (minh họa)", address="12 Trần Phú, phường Hải Châu, thành phố Đà Nẵng"
    )
    return person


@pytest.fixture
def marital_status(person: Person) -> Dossier:
    """A draft of the demonstration procedure, begun by the person."""
    agencies_demo.load(at=NINE, password="khong-phai-mat-khau-that")
    procedures_demo.load()
    version = Procedure.objects.get(code="1.004873").current_version
    assert version is not None
    return drafting.start(version_id=version.pk, actor=actor_of_person(person), at=NINE)


@pytest.fixture
def addresses(marital_status: Dossier, person: Person) -> dict[str, str]:
    """Every page of an applicant, by name."""
    number = marital_status.tracking_no
    filled = draft(person=person, version=fileable(applicant_categories=[]))
    filled.received_at_unit = filled.competent_agency = Agency.objects.get(code="H17.34.01")
    filled.form_data = {"noi_o": "12 Trần Phú", "muc_dich": "ket_hon", "so_ban": 2}
    filled.save()
    attach(filled)
    seen = {name: filed(person) for name in ("submitted", "in-process", "refused", "completed")}
    walk_to(seen["in-process"], Action.ACCEPT, Action.FORWARD, Action.ASSIGN)
    walk_to(seen["refused"], Action.REFUSE_INTAKE)
    IntakeRefusal.objects.create(
        dossier=seen["refused"],
        reason=RefusalReason.MISSING_UNREPAIRED,
        explanation="Thiếu giấy tờ chứng minh nơi cư trú.\nBạn có thể nộp lại khi có đủ giấy tờ.",
    )
    walk_to(
        seen["completed"],
        Action.ACCEPT,
        Action.FORWARD,
        Action.ASSIGN,
        Action.SUBMIT_FOR_SIGNATURE,
        Action.SIGN,
        Action.ISSUE,
    )
    return {
        "start": reverse("dossiers:start", args=["1.004873"]),
        "draft": reverse("dossiers:draft", args=[number]),
        "page": reverse("dossiers:draft_page", args=[number, "nguoi-yeu-cau"]),
        "page-choice": reverse("dossiers:draft_page", args=[number, "tinh-trang"]),
        "unit": reverse("dossiers:draft_unit", args=[number]),
        "contact": reverse("dossiers:draft_contact", args=[filled.tracking_no]),
        "files": reverse("dossiers:draft_files", args=[number]),
        "files-full": reverse("dossiers:draft_files", args=[filled.tracking_no]),
        "check-gaps": reverse("dossiers:check", args=[number]),
        "check": reverse("dossiers:check", args=[filled.tracking_no]),
        "delete": reverse("dossiers:draft_delete", args=[number]),
        "submitted": reverse("dossiers:submitted", args=[seen["submitted"].tracking_no]),
        "mine": reverse("dossiers:mine"),
        "mine-empty": reverse("dossiers:mine") + "?ma=TN-1",
        "detail": reverse("dossiers:detail", args=[seen["in-process"].tracking_no]),
        "detail-refused": reverse("dossiers:detail", args=[seen["refused"].tracking_no]),
        "detail-completed": reverse("dossiers:detail", args=[seen["completed"].tracking_no]),
        "track": reverse("dossiers:track"),
    }


def filed(person: Person) -> Dossier:
    dossier = draft(person=person, version=fileable(applicant_categories=[]))
    dossier.received_at_unit = dossier.competent_agency = Agency.objects.get(code="H17.34.01")
    dossier.save()
    attach(dossier)
    walk_to(dossier, Action.SUBMIT)
    return dossier


def walk_to(dossier: Dossier, *actions: Action) -> None:
    for action in actions:
        dossier.refresh_from_db()
        role = sorted(MOVES.find(status=dossier.status, action=action).by)[0]
        services.advance(
            dossier_id=dossier.pk, action=action, actor=actor_for(dossier, role), at=NINE, note="Lý do"
        )


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_is_accessible_fits_and_obeys_the_content_policy(
    addresses: dict[str, str], person: Person, open_page, live_server, width: int
):
    session, found = session_of(person), {}

    with open_page(addresses["track"], width=width) as (page, complaints):
        sign_in(page, live_server.url, session)
        for name, path in addresses.items():
            page.goto(live_server.url + path)
            page.wait_for_load_state("load")
            found[name] = {
                "axe": [
                    (one["id"], one["nodes"][0]["html"][:200])
                    for one in Axe().run(page).response["violations"]
                ],
                "overflow": page.evaluate("document.documentElement.scrollWidth > window.innerWidth"),
                "unrendered": "<c-" in page.content() or "{%" in page.content(),
            }
            if PICTURES:
                page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)

    assert found == {name: {"axe": [], "overflow": False, "unrendered": False} for name in addresses}
    assert complaints == []


def test_what_is_typed_saves_itself_and_survives_a_lost_session(person: Person, open_page, live_server):
    dossier, first, second = draft(person=person), session_of(person), session_of(person)
    path = reverse("dossiers:draft_page", args=[dossier.tracking_no, "nguoi-yeu-cau"])

    with open_page(reverse("dossiers:track")) as (page, _complaints):
        sign_in(page, live_server.url, first)
        page.goto(live_server.url + path)
        page.get_by_label("Nơi cư trú").fill("12 Trần")
        state = page.locator("[data-save-state]")
        expect(state).to_contain_text("Đã lưu lúc", timeout=10_000)

        page.context.clear_cookies(name=portal_settings.SESSION_COOKIE_NAME)
        page.get_by_label("Nơi cư trú").fill("12 Trần Phú")
        expect(state).to_have_attribute("data-state", "signedOut", timeout=10_000)

        sign_in(page, live_server.url, second)
        page.goto(live_server.url + path)
        expect(page.get_by_label("Nơi cư trú")).to_have_value("12 Trần Phú")
        expect(page.locator("[data-save-state]")).to_contain_text("Đã lưu lúc", timeout=10_000)
        page.get_by_role("button", name="Lưu và tiếp tục").click()
        page.wait_for_url("**/to-khai/noi-dung/")

    dossier.refresh_from_db()
    assert dossier.form_data["noi_o"] == "12 Trần Phú"


def test_typing_and_pressing_save_at_once_is_no_conflict_with_oneself(person: Person, open_page, live_server):
    dossier, session = draft(person=person), session_of(person)
    path = reverse("dossiers:draft_page", args=[dossier.tracking_no, "nguoi-yeu-cau"])

    with open_page(reverse("dossiers:track")) as (page, _complaints):
        sign_in(page, live_server.url, session)
        page.goto(live_server.url + path)
        field = page.get_by_label("Nơi cư trú")
        field.fill("a")
        with page.expect_request("**/tu-luu/"):
            pass
        field.fill("ab")
        page.get_by_role("button", name="Lưu và tiếp tục").click()
        page.wait_for_url("**/to-khai/noi-dung/")

    dossier.refresh_from_db()
    assert dossier.form_data["noi_o"] == "ab"


def test_a_file_chosen_in_the_browser_arrives_and_a_bad_one_is_explained_beside_it(
    person: Person, open_page, live_server
):
    dossier, session = draft(person=person), session_of(person)

    with open_page(reverse("dossiers:track"), width=360) as (page, _complaints):
        sign_in(page, live_server.url, session)
        page.goto(live_server.url + reverse("dossiers:draft_files", args=[dossier.tracking_no]))
        chooser = page.locator("#upload-1")
        chooser.set_input_files({"name": "la.pdf", "mimeType": "application/pdf", "buffer": b"MZ" * 60})
        expect(page.locator("#upload-1_status")).to_contain_text("không thuộc loại được nhận")
        chooser.set_input_files({"name": "tot.pdf", "mimeType": "application/pdf", "buffer": pdf()})
        expect(page.get_by_role("link", name="tot.pdf")).to_be_visible()

    assert dossier.components.get().original_name == "tot.pdf"


def test_questions_appear_with_the_answer_they_depend_on(
    marital_status: Dossier, person: Person, open_page, live_server
):
    session = session_of(person)

    with open_page(reverse("dossiers:track")) as (page, _complaints):
        sign_in(page, live_server.url, session)
        path = reverse("dossiers:draft_page", args=[marital_status.tracking_no, "tinh-trang"])
        page.goto(live_server.url + path)
        spouse = page.get_by_label("Họ và tên vợ hoặc chồng")
        expect(spouse).to_be_hidden()
        page.get_by_label("Đang có vợ hoặc chồng").check()
        expect(spouse).to_be_visible()
        page.get_by_label("Chưa đăng ký kết hôn với ai").check()
        expect(spouse).to_be_hidden()


def test_wards_are_found_while_typing_without_marks(
    marital_status: Dossier, person: Person, open_page, live_server
):
    session = session_of(person)

    with open_page(reverse("dossiers:track"), width=360) as (page, _complaints):
        sign_in(page, live_server.url, session)
        page.goto(live_server.url + reverse("dossiers:draft_unit", args=[marital_status.tracking_no]))
        expect(page.get_by_label("Phường Hải Châu")).to_be_checked()
        page.get_by_label("Tìm phường, xã").fill("hoi an dong")
        expect(page.get_by_label("Phường Hội An Đông")).to_be_visible()
        page.get_by_label("Phường Hội An Đông").check()
        page.get_by_role("button", name="Lưu và tiếp tục").click()
        page.wait_for_url("**/nhap/giay-to/")

    marital_status.refresh_from_db()
    assert marital_status.received_at_unit is not None
    assert "Hội An Đông" in marital_status.received_at_unit.name
