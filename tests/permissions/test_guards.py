"""What stands around every page: forged requests, borrowed ids, roles that end, answers that tell nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.models import OfficerRole
from citizens.models import AccessLog, Representation
from citizens.states import EidLevel
from dossiers.states import Status
from tests.permissions import test_matrix
from tests.permissions.addresses import addresses
from tests.permissions.test_matrix import PAGES, Page
from tests.permissions.world import (
    ANOTHER,
    ANYBODY,
    LAPSED,
    LEADER,
    LEVEL_ONE,
    MOMENTS,
    ONE_STOP,
    ORGANISATION,
    OWNER,
    REPRESENTATIVE,
    SIGNER,
    World,
    again,
    footprints,
)

pytestmark = pytest.mark.django_db

OWN = {"tracking_no", "token", "notice_id", "letter_id", "opinion_id", "refund_id"}
"""Parts of an address that name something of somebody's."""
ASKED_ELSEWHERE = {
    "results_vault:check",  # public by its code: test_public_pages
    "results_vault:detail",
    "results_vault:download",
    "results_vault:change_force",
    "notifications:detail",
    "notifications:mark_read",
    "notifications:send_again",
}
"""Addresses that `test_results_and_notices` asks as every kind of person."""


ASKED_ABOUT_MONEY_BACK = {"desk:remind_opinion", "desk:record_payment", "desk:refund", "desk:follow_post"}
"""Addresses that `test_money_back` and `test_inquiries` ask as every kind of person."""


ASKED_OF_ANOTHER_AGENCY = {"desk:opinion", "desk:opinion_document", "desk:return", "desk:return_document"}
"""Addresses that `test_inquiries` and `desk_lists` ask: another agency has them, and sees no dossier."""


def test_every_address_that_names_something_of_somebodys_is_in_a_table():
    naming = {address.name for address in addresses() if OWN & set(address.parts)}

    assert (
        naming
        == {page.name for page in PAGES} | ASKED_ELSEWHERE | ASKED_OF_ANOTHER_AGENCY | ASKED_ABOUT_MONEY_BACK
    )


# Ids of another dossier under one's own number


BY_ID = [
    page
    for page in PAGES
    if re.search(r":(file|paper|paper_again|component|check|draft_remove_file)$", page.name)
]
BORROWED = {"file_id": "components", "component_id": "components", "paper_id": "papers"}


@pytest.mark.parametrize("page", [page for page in BY_ID if page.name != "dossiers:check"], ids=str)
@pytest.mark.parametrize("of", [ANOTHER, ORGANISATION])
def test_an_id_of_another_dossier_is_not_found_under_ones_own_number(world: World, page: Page, of: str):
    """Also where the officer sees both dossiers: an address that lies is not found."""
    states = sorted(page.when, key=MOMENTS.index)
    state = Status.SUBMITTED if Status.SUBMITTED in states else states[0]
    foreign = world.dossiers[of, state]
    parts = {
        name: getattr(foreign, rows).values_list("pk", flat=True).first() for name, rows in BORROWED.items()
    }
    who = ONE_STOP if page.side == "desk" else OWNER
    address = world.address(page.name, world.dossiers[OWNER, state], **parts)

    answer = world.visit(who, address, page.method, page.data(world, foreign))

    # Taking out a file that is not there is done already: the page shows that there is nothing to do.
    assert answer.status_code == (302 if page.name == "dossiers:draft_remove_file" else 404)
    assert footprints() == world.untouched


# Nothing told


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_what_is_not_ones_own_and_what_is_not_there_get_the_same_answer(world: World, page: Page):
    state = max(page.when, key=MOMENTS.index)
    dossier = world.dossiers[OWNER, state]
    address = world.address(page.name, dossier)
    nowhere = address.replace(dossier.tracking_no, "TN-260302-ZZZZZZ")

    data = page.data(world, dossier)

    answers = [world.visit(ANOTHER, one, page.method, data) for one in (address, nowhere)]

    assert [answer.status_code for answer in answers] == [404, 404]
    first, second = (
        without_what_differs(answer, one) for answer, one in zip(answers, (address, nowhere), strict=True)
    )
    assert first == second


def without_what_differs(answer: Any, address: str) -> str:
    """Take the address, the request's id and the form tokens out of a page."""
    page = answer.content.decode().replace(address, "")
    return re.sub(r"csrfmiddlewaretoken\" value=\"\w+|X-CSRFToken\": \"\w+|<code>\w{16}</code>", "", page)


def test_a_look_up_asks_the_database_the_same_whatever_is_wrong(world: World):
    """So that the time it takes tells nothing either."""
    dossier, number = world.dossiers[OWNER, Status.IN_PROCESS], str(world.people[OWNER].personal_id_number)
    asked = []
    for typed in (
        {"ma": dossier.reference, "so": "048090999999"},
        {"ma": "H17.34.999-260302-0001", "so": number},
        {"ma": "H17.34.999-260302-0001", "so": "048090999999"},
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            world.visit(ANYBODY, reverse("dossiers:track"), "POST", typed)
        asked.append([re.sub(r"'[^']*'", "'…'", query["sql"]) for query in queries])

    assert asked[0] == asked[1] == asked[2]


# Roles that end while somebody is signed in


def test_a_role_that_is_taken_away_ends_at_once(world: World):
    dossier = world.dossiers[OWNER, Status.SUBMITTED]
    page = world.address("desk:dossier", dossier)
    assert world.visit(ONE_STOP, page).status_code == 200

    OfficerRole.objects.filter(officer=world.officers[ONE_STOP]).update(valid_to=timezone.now())

    assert world.visit(ONE_STOP, page).status_code == 404
    assert world.visit(ONE_STOP, world.address("desk:accept", dossier), "POST").status_code == 404


def test_a_representation_that_is_revoked_ends_at_once(world: World):
    page = world.address("dossiers:detail", world.dossiers[ORGANISATION, Status.COMPLETED])
    result = reverse("results_vault:download", args=[world.results[ORGANISATION].token])
    assert [world.visit(REPRESENTATIVE, one).status_code for one in (page, result)] == [200, 200]

    Representation.objects.filter(person=world.people[REPRESENTATIVE]).update(revoked_at=timezone.now())

    assert [world.visit(REPRESENTATIVE, one).status_code for one in (page, result)] == [404, 404]


def test_an_account_that_is_locked_ends_at_once(world: World):
    user = again(world.officers[SIGNER].user)
    user.is_active = False
    user.save()

    dossier = world.dossiers[OWNER, Status.AWAITING_SIGN_OFF]
    answer = world.visit(SIGNER, world.address("desk:sign", dossier), "POST")

    assert answer["Location"].startswith("/dang-nhap/?next=")
    assert footprints() == world.untouched


def test_a_citizen_who_loses_level_2_files_no_more(world: World):
    person = again(world.people[OWNER])
    person.eid_level = EidLevel.LEVEL_1
    person.save()
    dossier = world.dossiers[OWNER, Status.DRAFT]

    answer = world.visit(
        OWNER, world.address("dossiers:check", dossier), "POST", test_matrix.declared(world, dossier)
    )

    assert answer.status_code == 403


def test_a_lapsed_representation_does_not_open_the_organisations_access_log(world: World):
    AccessLog.objects.create(
        organisation=world.organisation,
        at=timezone.now() - timedelta(hours=1),
        reader="Cán bộ",
        reader_unit="Đơn vị đã xem",
    )

    def shown(who: str) -> bool:
        return "Đơn vị đã xem" in world.visit(who, reverse("citizens:account")).content.decode()

    assert shown(REPRESENTATIVE)
    assert not shown(LAPSED)
    assert not shown(LEVEL_ONE)


# Forged requests


@pytest.mark.parametrize("page", [page for page in PAGES if page.method == "POST"], ids=str)
def test_a_request_from_another_site_does_nothing(world: World, page: Page):
    """It comes with the person's cookie, and without the token of our form."""
    state = max(page.when, key=MOMENTS.index)
    dossier = world.dossiers[OWNER, state]
    able = sorted(page.may or ({ONE_STOP} if page.side == "desk" else {OWNER}))
    data = page.data(world, dossier)
    for who in able:
        if who in (LEVEL_ONE, ANOTHER, REPRESENTATIVE):
            continue
        client = Client(enforce_csrf_checks=True)
        client.cookies = world.clients[who].cookies
        answer = client.post(world.address(page.name, dossier), data)
        assert (who, answer.status_code) == (who, 403)
    assert footprints() == world.untouched


@pytest.mark.parametrize(
    "name",
    [
        "set_language",
        "account_login",
        "account_logout",
        "vneid_login",
        "dossiers:track",
        "results_vault:verify",
        "notifications:mark_all_read",
        "citizens:contact",
        "api_dossiers:list",
    ],
)
def test_other_forms_want_their_token_too(world: World, name: str):
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.clients[OWNER].cookies

    assert client.post(reverse(name), {}).status_code == 403


# Guessing


def test_guessing_a_password_is_stopped(world: World, settings):
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {**settings.CACHES, "default": memory}
    cache.clear()
    officer = again(world.officers[LEADER].user)
    officer.set_password("mot-mat-khau-dai")
    officer.save()
    client, address = Client(), reverse("account_login")

    for _ in range(6):
        client.post(address, {"login": officer.username, "password": "doan-mo"})
    answer = client.post(address, {"login": officer.username, "password": "mot-mat-khau-dai"})

    assert answer.status_code != 302
    assert "Bạn đã nhập sai quá nhiều lần" in answer.content.decode()


# Every answer, whatever happened


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/khong-co/", 404),
        ("GET", "/", 200),
        ("POST", "/healthz", 405),
        ("GET", "/api/v1/dossiers/", 403),
        ("GET", "/ho-so/", 302),
        ("GET", "/ho-so/tra-cuu/?ma=x", 200),
    ],
)
def test_every_answer_carries_the_policies(world: World, method: str, address: str, status: int):
    answer = world.visit(ANYBODY, address, method)

    assert answer.status_code == status
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_there_is_no_back_door_for_administrators(world: World):
    names = " ".join(address.name for address in addresses())

    assert "admin" not in names
    assert world.visit(ANYBODY, "/admin/").status_code == 404
