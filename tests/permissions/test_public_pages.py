"""Who has not signed in reaches what is listed here, and nothing else.

A new address is in no list: it must ask people to sign in, or somebody decides to make it public and writes it here.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.urls import reverse

from dossiers.states import Status
from results_vault import codes
from tests.permissions.addresses import Address, addresses
from tests.permissions.world import ANYBODY, OWNER, World

pytestmark = pytest.mark.django_db

PUBLIC = {
    "home": "the front page",
    "style_guide": "shows the design system, with made-up data",
    "accessibility": "a statement that the law asks for",
    "set_language": "the choice of language, kept in a cookie",
    "healthz": "for the supervisor: the process answers",
    "readyz": "for the supervisor: which part is unwell, without details",
    "login_choice": "the way in",
    "account_login": "the way in for officers",
    "account_inactive": "tells an officer that the account is locked",
    "account_logout": "who is signed out already is led to the front page",
    "vneid_login": "the way to VNeID",
    "vneid_callback": "the way back from VNeID",
    "procedures:list": "the catalogue is public (NĐ 61/2018)",
    "procedures:detail": "the catalogue is public",
    "procedures:eligibility": "who may file is public; it keeps no answers",
    "procedures:screener": "so is what can be filed; it keeps no answers",
    "procedures:suggest": "what the catalogue may answer, while people type",
    "procedures:catalogue": "so are the catalogues beside it",
    "procedures:guide": "samples and videos show anybody how to file (TT 01/2018, art. 5)",
    "procedures:guide_poster": "so does the picture that stands for a video",
    "procedures:guide_captions": "and its captions",
    "procedures:communal_units": "names of wards are no secret",
    "life_events:list": "ways into the catalogue",
    "life_events:detail": "ways into the catalogue",
    "procedures:version": "so are its earlier versions",
    "dossiers:track": "code and owner's number together tell how far a dossier is (TT 01/2018, art. 16)",
    "results_vault:verify": "anybody checks a code or compares a file",
    "results_vault:check": "what the QR code on a result leads to",
    "api_procedures:list": "the catalogue for programs",
    "api_procedures:detail": "the catalogue for programs",
}
"""Names of the public addresses, and why they are public."""


def address_of(world: World, address: Address) -> str:
    """Fill an address with what really exists, so that a page is refused for the right reason."""
    dossier = world.dossiers[OWNER, Status.COMPLETED]
    known: dict[str, Any] = {
        "tracking_no": dossier.tracking_no,
        "file_id": dossier.components.get().pk,
        "component_id": dossier.components.get().pk,
        "paper_id": dossier.papers.get().pk,
        "page_id": "noi-dung",
        "position": 1,
        "code": world.version.procedure.code,
        "version_no": world.version.version_no,
        "within": "48",
        "token": world.results[OWNER].token,
        "notice_id": world.notices[OWNER].pk,
        "letter_id": world.notices[OWNER].email.pk,
        "name": "cho-tiep-nhan",
        "year": 2026,
        "day": "2026-03-03",
        "item_id": 1,
        "step_id": 1,
        "which": "da-nop",
        "opinion_id": 1,
        "filter_id": 1,
        "slug": "chung",
        "number": 0,
        "delegation_id": 1,
        "officer_letter_id": 1,
        "obligation_id": 1,
        "refund_id": 1,
        "trial_id": 1,
        "synonym_id": 1,
        "care_event_id": 1,
        "question_id": 1,
        "event_id": 1,
        "catalogue": "dich-vu-su-nghiep-cong",
        "guide_id": 1,
        "kind": "sample",
        "post_id": 1,
        "blocker_id": 1,
    }
    return reverse(address.name, kwargs={part: known[part] for part in address.parts})


def is_open(answer: Any, path: str) -> bool:
    """Say whether an answer is more than a request to sign in: the API says 401 or 403, pages lead to the way in."""
    if answer.status_code in (401, 403) and path.startswith("/api/"):
        return False
    return not (answer.status_code == 302 and answer["Location"] == f"/dang-nhap/?next={quote(path)}")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_exactly_the_listed_addresses_answer_without_signing_in(world: World, method: str):
    answering = set()
    for address in addresses():
        path = address_of(world, address)
        if is_open(world.visit(ANYBODY, path, method), path):
            answering.add(address.name)

    assert answering == set(PUBLIC)


def test_a_public_page_about_a_result_tells_no_more_than_its_code_is_for(world: World):
    result = world.results[OWNER]
    address = f"{reverse('results_vault:check', args=[result.token])}?c={codes.checksum(result.token)}"

    page = world.visit(ANYBODY, address).content.decode()

    assert result.number in page
    owner = world.people[OWNER]
    for secret in (owner.full_name, str(owner.personal_id_number), result.dossier_code):
        assert secret not in page


def test_a_look_up_tells_how_far_a_dossier_is_and_nothing_else(world: World):
    dossier, owner = world.dossiers[OWNER, Status.IN_PROCESS], world.people[OWNER]

    found = world.visit(
        ANYBODY, reverse("dossiers:track"), "POST", {"ma": dossier.code, "so": owner.personal_id_number}
    )

    assert found.status_code == 200
    page = found.content.decode()
    assert "Đang giải quyết" in page
    told = [one for one in world.secrets_of(OWNER, Status.IN_PROCESS) if one in page]
    assert set(told) == {dossier.code, str(owner.personal_id_number)}, "what was typed and nothing else"


def test_a_wrong_number_and_a_wrong_code_cannot_be_told_apart(world: World):
    dossier, owner = world.dossiers[OWNER, Status.IN_PROCESS], world.people[OWNER]
    unfiled = world.dossiers[OWNER, Status.DRAFT]
    tries: list[dict[str, str]] = [
        {"ma": dossier.reference, "so": "048090999999"},
        {"ma": "H17.34.999-260302-0001", "so": str(owner.personal_id_number)},
        {"ma": unfiled.tracking_no, "so": str(owner.personal_id_number)},
    ]

    answers = [world.visit(ANYBODY, reverse("dossiers:track"), "POST", one) for one in tries]

    assert {answer.status_code for answer in answers} == {404}
    pages = {without(answer.content.decode(), one) for answer, one in zip(answers, tries, strict=True)}
    assert len(pages) == 1


def without(page: str, typed: dict[str, str]) -> str:
    """Take out of a page what was typed, and what is new in each answer."""
    for text in typed.values():
        page = page.replace(text, "…")
    return "\n".join(line for line in page.splitlines() if "csrf" not in line.lower())
