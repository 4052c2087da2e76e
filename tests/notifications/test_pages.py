from datetime import timedelta

import pytest
from django.urls import reverse

from agencies.states import Role
from dossiers.states import Status
from notifications.models import EmailDelivery, Notice
from notifications.states import DeliveryState
from tests.factories import (
    NINE,
    AgencyFactory,
    DossierFactory,
    OfficerFactory,
    PersonFactory,
    officer_actor,
)

pytestmark = pytest.mark.django_db


def give_notices(person, count=1, **facts):
    return [
        Notice.objects.create(
            message_id=1000 + number,
            person=person,
            topic="dossier.submit",
            subject=f"Thông báo số {number}",
            body="Đoạn một\n\nĐoạn hai",
            created_at=NINE + timedelta(minutes=number),
            **facts,
        )
        for number in range(count)
    ]


@pytest.fixture
def person(client):
    person = PersonFactory.create()
    client.force_login(person.user)
    return person


def test_the_newest_notices_come_first_and_the_rest_on_further_pages(client, person):
    give_notices(person, 45)

    first = client.get(reverse("notifications:list"))
    second = client.get(reverse("notifications:list"), {"sau": first.context["page"].later})

    assert [notice.subject for notice in first.context["page"].rows][:2] == [
        "Thông báo số 44",
        "Thông báo số 43",
    ]
    assert second.context["page"].rows[0].subject == "Thông báo số 24"
    assert "Trang sau" in first.content.decode()


def test_unread_notices_are_marked_in_words_and_counted_at_the_bell(client, person):
    give_notices(person, 2)

    page = client.get(reverse("notifications:list")).content.decode()

    assert page.count("Chưa đọc") == 2
    assert '<span class="count">2' in page.replace("\n", "").replace("  ", "")


def test_opening_a_notice_reads_it(client, person):
    (notice,) = give_notices(person)

    page = client.get(reverse("notifications:detail", args=[notice.pk]))

    notice.refresh_from_db()
    assert notice.read_at is not None
    assert "<p>Đoạn hai</p>" in page.content.decode()


def test_one_or_all_can_be_marked_as_read(client, person):
    notices = give_notices(person, 3)

    client.post(reverse("notifications:mark_read", args=[notices[0].pk]))
    assert Notice.objects.filter(read_at=None).count() == 2
    client.post(reverse("notifications:mark_all_read"))
    assert not Notice.objects.filter(read_at=None).exists()


@pytest.mark.parametrize(("name", "method"), [("detail", "get"), ("mark_read", "post")])
def test_another_persons_notice_does_not_exist(client, person, name, method):
    (notice,) = give_notices(PersonFactory.create())

    assert getattr(client, method)(reverse(f"notifications:{name}", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_letter_that_failed_is_told_to_its_owner(client, person):
    (notice,) = give_notices(person)
    EmailDelivery.objects.create(
        notice=notice, address="x@example.vn", state=DeliveryState.FAILED, queued_at=NINE, next_try_at=NINE
    )

    page = client.get(reverse("notifications:detail", args=[notice.pk])).content.decode()

    assert "chưa đến được bạn" in page


@pytest.fixture
def failed(client):
    """A failed letter about a dossier at an agency, and an officer of that agency at the browser."""
    agency = AgencyFactory.create()
    dossier = DossierFactory.create(status=Status.SUBMITTED, submitted_at=NINE, received_at_unit=agency)
    (notice,) = give_notices(dossier.submitter, dossier=dossier)
    letter = EmailDelivery.objects.create(
        notice=notice,
        address="nguoidan@example.vn",
        state=DeliveryState.FAILED,
        attempts=1,
        queued_at=NINE,
        next_try_at=NINE,
        last_error="550 5.1.1 No such mailbox",
    )
    officer = OfficerFactory.create()
    officer_actor(agency, Role.ONE_STOP_OFFICER, officer=officer)
    client.force_login(officer.user)
    return letter


def test_officers_see_what_could_not_be_delivered_and_why_without_the_whole_address(client, failed):
    page = client.get(reverse("notifications:failed")).content.decode()

    assert "550 5.1.1 No such mailbox" in page
    assert "ng***@example.vn" in page
    assert "nguoidan@example.vn" not in page


def test_an_officer_may_have_it_sent_again(client, failed):
    client.post(reverse("notifications:send_again", args=[failed.pk]))

    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.last_error) == (DeliveryState.QUEUED, 0, "")


def test_officers_of_other_agencies_do_not_see_it(client, failed):
    stranger = OfficerFactory.create()
    officer_actor(AgencyFactory.create(), Role.ONE_STOP_OFFICER, officer=stranger)
    client.force_login(stranger.user)

    assert "550" not in client.get(reverse("notifications:failed")).content.decode()
    assert client.post(reverse("notifications:send_again", args=[failed.pk])).status_code == 404


def test_people_may_not_see_it(client, person):
    assert client.get(reverse("notifications:failed")).status_code == 403
