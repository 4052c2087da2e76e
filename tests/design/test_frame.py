"""The frame around every page leads to the places of whoever looks at it."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from core.actor import Actor, ActorKind
from danang_portal import navigation


@pytest.fixture(autouse=True)
def plain_static(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def header_for(kind: ActorKind, **context) -> str:
    request = RequestFactory().get("/")
    request.actor = Actor(kind=kind, display_name="Người Mẫu")  # type: ignore[attr-defined]
    shown = {"request": request, "navigation": navigation.links(kind)} | context
    return render_to_string("layout/header.html", shown)


def links(html: str) -> set[str]:
    [navigation] = re.findall(r'<nav class="site-nav".*?</nav>', html, re.DOTALL)
    return set(re.findall(r'href="([^"]+)"', navigation))


PUBLIC = {"/thu-tuc/", "/ho-so/tra-cuu/", "/xac-minh/"}


def test_a_visitor_finds_the_public_services_and_both_ways_in():
    html = header_for(ActorKind.ANONYMOUS)

    assert links(html) == PUBLIC
    assert 'action="/dang-nhap/vneid/"' in html
    assert 'href="/dang-nhap/can-bo/"' in html


def test_a_citizen_finds_their_dossiers_results_and_notices():
    html = header_for(ActorKind.PERSON, unread_notices=3)

    assert links(html) == PUBLIC | {"/ho-so/", "/ket-qua/"}
    assert 'href="/thong-bao/"' in html
    assert re.search(r'<span class="count">\s*3', html)


def test_an_officer_finds_the_desk_and_not_the_pages_of_citizens():
    shown = navigation.links(ActorKind.OFFICER, frozenset({"specialist"}))

    assert links(header_for(ActorKind.OFFICER, navigation=shown)) == PUBLIC | {
        "/can-bo/",
        "/can-bo/canh-bao/",
    }


def test_who_has_no_queue_is_not_led_to_the_desk():
    assert links(header_for(ActorKind.OFFICER)) == PUBLIC | {"/can-bo/canh-bao/"}


def test_more_than_99_notices_are_shown_as_99_plus():
    assert "99+" in header_for(ActorKind.PERSON, unread_notices=100)


def test_the_frame_says_so_when_the_partners_are_simulated():
    assert "mô phỏng" in header_for(ActorKind.ANONYMOUS, demo=True)
    assert "mô phỏng" not in header_for(ActorKind.ANONYMOUS, demo=False)


@pytest.mark.parametrize(
    ("role", "is_led_there"), [("unit_leader", True), ("agency_head", True), ("specialist", False)]
)
def test_leaders_are_led_to_the_delegations_of_their_agency(role: str, is_led_there: bool):
    shown = {link.url for link in navigation.links(ActorKind.OFFICER, frozenset({role}))}

    assert ("/can-bo/uy-quyen/" in shown) is is_led_there
