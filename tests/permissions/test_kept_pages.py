"""Parts of pages are drawn once and kept: nobody finds in them what was drawn for somebody else."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Officer
from agencies.states import Role
from core.actor import Actor
from dossiers.models import Dossier
from dossiers.states import Status
from tests.factories import AgencyFactory, DossierFactory, PersonFactory, officer_actor

pytestmark = pytest.mark.django_db


def officer_page(actor: Actor, queue: str) -> str:
    client = Client()
    client.force_login(Officer.objects.get(pk=actor.officer_id or 0).user)
    return client.get(reverse("desk:queue_named", args=[queue])).content.decode()


def tokens(html: str) -> set[str]:
    return set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', html))


def filed_at(actor: Actor) -> Dossier:
    [grant] = actor.grants
    return DossierFactory.create(reach=Status.SUBMITTED, received_at_unit_id=grant.agency_id)


def test_officers_of_one_role_see_each_their_own_desk():
    officers = [officer_actor(AgencyFactory.create(), Role.ONE_STOP_OFFICER) for _ in range(2)]
    dossiers = [filed_at(officer) for officer in officers]

    pages = [officer_page(officer, "cho-tiep-nhan") for officer in [*officers, *officers]]

    for at, page in enumerate(pages):
        own, other = at % 2, 1 - at % 2
        assert officers[own].display_name in page
        assert officers[other].display_name not in page
        assert dossiers[own].tracking_no in page
        assert dossiers[other].tracking_no not in page
        assert len(tokens(page)) == 1
        assert tokens(page).isdisjoint(tokens(pages[other]))


def test_people_see_each_their_own_name_and_account():
    people = [PersonFactory.create(full_name=name) for name in ("Nguyễn Thị Mẫu Một", "Trần Văn Mẫu Hai")]
    pages = []
    for person in people:
        client = Client()
        assert person.user
        client.force_login(person.user)
        pages.append(client.get(reverse("dossiers:mine")).content.decode())
    stranger = Client().get(reverse("dossiers:track")).content.decode()

    for own, other in ((0, 1), (1, 0)):
        assert people[own].full_name in pages[own]
        assert people[other].full_name not in pages[own]
        assert people[own].full_name not in stranger
    assert tokens(pages[0]).isdisjoint(tokens(pages[1]))
    assert tokens(stranger).isdisjoint(tokens(pages[0]) | tokens(pages[1]))


def test_an_address_is_led_back_to_the_visitor_who_asked_for_it_only():
    first = Client().get(reverse("dossiers:track"), {"ma": "TN-260302-FIRST9"}).content.decode()
    second = Client().get(reverse("dossiers:track")).content.decode()

    assert "TN-260302-FIRST9" in first
    assert "TN-260302-FIRST9" not in second
