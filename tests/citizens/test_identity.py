"""Claims are read strictly; people are found by their number."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connections

from citizens import identity, services
from citizens.models import Person, Representation
from citizens.states import ActorCategory, EidLevel
from tests.factories import NINE
from tests.threads import in_two_threads

ISSUER = "https://vneid.example"
CLAIMS = {
    "sub": "abc",
    "name": "Trần Thị Hai (minh họa)",
    "personal_id_number": "048192000022",
    "eid_level": 2,
    "category": "citizen",
    "birthdate": "1992-02-22",
    "gender": "female",
    "nationality": "VN",
    "email": "hai@example.vn",
    "organisations": [
        {"code": "0400000055", "name": "Công ty", "title": "Giám đốc", "scopes": ["file", "rule_the_world"]}
    ],
}


def read(**changes: object) -> identity.Identity:
    return identity.read(
        userinfo=CLAIMS | changes, id_token={"iss": ISSUER, "sub": CLAIMS["sub"]}, issuer=ISSUER
    )


def test_good_claims_become_an_identity():
    found = read()

    assert (found.level, found.category) == (EidLevel.LEVEL_2, ActorCategory.CITIZEN)
    assert (found.birth_on and found.birth_on.year, found.sex) == (1992, "female")


def test_scopes_that_the_portal_does_not_know_are_not_granted():
    assert read().organisations[0].scopes == ("file",)


@pytest.mark.parametrize(
    ("claim", "value"), [("email", "not an address"), ("gender", "other"), ("birthdate", "")]
)
def test_what_the_portal_can_do_without_is_left_out(claim, value):
    assert read(**{claim: value})


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("personal_id_number", "０４８１９２００００２２"),
        ("personal_id_number", 48192000022),
        ("personal_id_number", "048192000022\n"),
        ("name", "x" * 201),
        ("name", ["a"]),
        ("nationality", "Việt Nam"),
        ("eid_level", 3),
        ("organisations", [7]),
        ("organisations", [{"code": "0400000055", "name": ""}]),
        ("organisations", [{"code": "0400000055", "name": "a", "scopes": "file"}]),
        ("address", "a\0b"),
    ],
)
def test_what_the_portal_must_rely_on_is_refused_by_name(claim, value):
    with pytest.raises(identity.InvalidIdentity) as refusal:
        read(**{claim: value})

    assert refusal.value.claim.startswith(claim)
    assert "048192000022" not in str(refusal.value)


@pytest.mark.django_db
def test_an_organisation_changes_its_name_and_title_in_place():
    services.sign_in(identity=read(), at=NINE)
    changed = read(organisations=[{"code": "0400000055", "name": "Công ty mới", "title": "Tổng giám đốc"}])
    services.sign_in(identity=changed, at=NINE)

    row = Representation.objects.select_related("organisation").get()
    assert (row.organisation.name, row.title, row.scopes) == ("Công ty mới", "Tổng giám đốc", [])


@pytest.mark.django_db
def test_a_representation_that_comes_back_is_a_new_one():
    services.sign_in(identity=read(), at=NINE)
    services.sign_in(identity=replace(read(), organisations=()), at=NINE)
    services.sign_in(identity=read(), at=NINE)

    assert Representation.objects.count() == 2
    assert Representation.objects.filter(revoked_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_sign_ins_at_once_make_one_person():
    users = in_two_threads(lambda: services.sign_in(identity=read(), at=NINE).pk, after=connections.close_all)

    assert len(set(users)) == 1
    assert Person.objects.count() == 1
