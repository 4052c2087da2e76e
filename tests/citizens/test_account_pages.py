from datetime import timedelta

import pytest
from django.urls import reverse

from citizens import services
from citizens.models import AccessLog
from citizens.states import AccessPurpose, EidLevel
from tests.factories import (
    NINE,
    AgencyFactory,
    OfficerFactory,
    OrganisationFactory,
    PersonFactory,
    actor_of_person,
    officer_actor,
    represent,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    person = PersonFactory.create()
    client.force_login(person.user)
    return person


def read_by_an_officer(**whose):
    services.log_access(
        actor=officer_actor(AgencyFactory.create(), "specialist"),
        purpose=AccessPurpose.PROCESS_DOSSIER,
        reference="H17.34.01-260302-0001",
        role="Chuyên viên",
        unit="Ủy ban nhân dân phường Hải Châu",
        at=NINE,
        **whose,
    )


def test_level_one_is_told_what_it_may_do_and_how_to_get_further(client, person):
    person.eid_level = EidLevel.LEVEL_1
    person.save()

    page = client.get(reverse("citizens:account")).content.decode()

    assert "chưa nộp được hồ sơ" in page
    assert "công an phường, xã" in page


def test_the_owner_sees_who_looked_by_unit_and_role_and_not_by_name(client, person):
    read_by_an_officer(person_id=person.pk)

    page = client.get(reverse("citizens:account")).content.decode()

    for words in ("Chuyên viên", "phường Hải Châu", "Giải quyết hồ sơ của bạn", "H17.34.01-260302-0001"):
        assert words in page
    assert AccessLog.objects.get().reader not in page


def test_a_representative_sees_who_looked_at_the_organisation(client, person):
    organisation = OrganisationFactory.create()
    represent(person, organisation)
    read_by_an_officer(organisation_id=organisation.pk)
    read_by_an_officer(organisation_id=OrganisationFactory.create().pk)

    page = client.get(reverse("citizens:account")).content.decode()

    assert page.count("H17.34.01-260302-0001") == 1


def test_a_long_log_goes_on_over_pages(client, person):
    for minutes in range(45):
        AccessLog.objects.create(
            person=person, at=NINE + timedelta(minutes=minutes), reader="x", purpose="supervise"
        )

    first = client.get(reverse("citizens:account")).context["accesses"]
    second = client.get(reverse("citizens:account"), {"sau": first.later}).context["accesses"]

    assert (len(first.rows), len(second.rows)) == (20, 20)
    assert first.rows[-1].at > second.rows[0].at


def test_only_officers_leave_a_trace(person):
    services.log_access(
        actor=actor_of_person(person),
        purpose=AccessPurpose.PROCESS_DOSSIER,
        reference="x",
        at=NINE,
        person_id=person.pk,
    )

    assert not AccessLog.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0912 345 678", "0912345678"),
        ("+84 912-345-678", "+84912345678"),
        ("02363 888 888", "02363888888"),
        ("", ""),
    ],
)
def test_a_phone_number_is_kept_without_its_spaces(client, person, given, kept):
    client.post(reverse("citizens:contact"), {"phone": given, "email": "a@example.vn", "language": "vi"})

    person.refresh_from_db()
    assert person.phone == kept


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("phone", "12345", "0912345678"),
        ("phone", "không có", "0912345678"),
        ("email", "khong-phai-thu", "id_email"),
        ("language", "fr", "id_language"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_mend_and_nothing_changes(client, person, field, value, mend):
    data = {"phone": "", "email": "", "language": "vi"} | {field: value}

    answer = client.post(reverse("citizens:contact"), data)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "error-summary" in page
    assert mend in page
    before = person.phone
    person.refresh_from_db()
    assert person.phone == before


@pytest.mark.parametrize("name", ["citizens:account", "citizens:contact"])
def test_officers_have_no_such_page(client, name):
    officer = OfficerFactory.create()
    officer_actor(AgencyFactory.create(), "specialist", officer=officer)
    client.force_login(officer.user)

    assert client.get(reverse(name)).status_code == 403
