"""Letters to officers that were given up: their administrators see why, and send them again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, Officer
from agencies.states import AgencyKind, Role
from notifications.models import OfficerLetter
from notifications.states import DeliveryState
from tests.factories import NINE, AgencyFactory, OfficerFactory, PersonFactory, officer_actor

pytestmark = pytest.mark.django_db

WHY = "550 5.1.1 Không có hộp thư này"


def given_up(agency: Agency, *, state: str = DeliveryState.FAILED) -> OfficerLetter:
    officer = OfficerFactory.create()
    officer_actor(agency, Role.SPECIALIST, officer=officer)
    return OfficerLetter.objects.create(
        key=f"test {officer.pk}",
        officer=officer,
        subject="2 cảnh báo cần xem",
        body="Nội dung thư riêng",
        path="/can-bo/canh-bao/",
        state=state,
        attempts=9,
        queued_at=NINE,
        next_try_at=NINE,
        last_error=WHY,
    )


def somebody(agency: Agency, role: Role) -> Client:
    officer: Officer = OfficerFactory.create()
    officer_actor(agency, role, officer=officer)
    client = Client()
    client.force_login(officer.user)
    return client


def listed(client: Client) -> str:
    return client.get(reverse("notifications:failed_officers")).content.decode()


def again(letter: OfficerLetter) -> str:
    return reverse("notifications:send_letter_again", args=[letter.pk])


def test_the_administrator_sees_who_did_not_get_what_and_why_but_not_what_it_says():
    agency = AgencyFactory.create()
    letter = given_up(agency)

    page = listed(somebody(agency, Role.SYSTEM_ADMIN))

    for shown in (letter.officer.full_name, letter.subject, WHY, again(letter)):
        assert shown in page
    assert "Nội dung thư riêng" not in page


def test_letters_on_their_way_are_not_listed():
    agency = AgencyFactory.create()
    given_up(agency, state=DeliveryState.QUEUED)

    assert "Mọi thư đều đã gửi được" in listed(somebody(agency, Role.SYSTEM_ADMIN))


def test_sent_again_it_waits_with_its_tries_counted_anew():
    agency = AgencyFactory.create()
    letter = given_up(agency)

    answer = somebody(agency, Role.SYSTEM_ADMIN).post(again(letter))

    letter.refresh_from_db()
    assert answer.status_code == 302
    assert (letter.state, letter.attempts, letter.last_error) == (DeliveryState.QUEUED, 0, "")
    assert letter.queued_at > NINE


def test_another_agencys_administrator_does_not_see_it_and_the_citys_does():
    letter = given_up(AgencyFactory.create())
    elsewhere = somebody(AgencyFactory.create(), Role.SYSTEM_ADMIN)
    city = somebody(AgencyFactory.create(kind=AgencyKind.CITY), Role.SYSTEM_ADMIN)

    assert letter.officer.full_name not in listed(elsewhere)
    assert elsewhere.post(again(letter)).status_code == 404
    assert letter.officer.full_name in listed(city)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_no_other_role_sees_the_page_or_sends_again(role):
    agency = AgencyFactory.create()
    letter, client = given_up(agency), somebody(agency, role)

    assert client.get(reverse("notifications:failed_officers")).status_code == 403
    assert client.post(again(letter)).status_code == 404


def test_people_and_strangers_do_not_see_it():
    user = PersonFactory.create().user
    assert user is not None
    person = Client()
    person.force_login(user)

    assert person.get(reverse("notifications:failed_officers")).status_code == 403
    assert Client().get(reverse("notifications:failed_officers")).status_code == 302


def test_the_page_of_applicants_letters_leads_an_administrator_there():
    agency = AgencyFactory.create()
    address = reverse("notifications:failed_officers")

    assert (
        address in somebody(agency, Role.SYSTEM_ADMIN).get(reverse("notifications:failed")).content.decode()
    )
    assert (
        address not in somebody(agency, Role.SPECIALIST).get(reverse("notifications:failed")).content.decode()
    )
