"""Who stands in for somebody who is away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from agencies import delegations
from agencies.models import Agency, Delegation, Officer, OfficerRole
from agencies.selectors import officer_of
from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from dossiers.services import processing
from dossiers.states import Status
from tests.factories import LONG_AGO, NINE, AgencyFactory, DossierFactory, OfficerFactory, officer_actor

pytestmark = pytest.mark.django_db

TOMORROW = NINE + timedelta(days=1)


def at_an_agency() -> tuple[Agency, Actor, Actor]:
    agency = AgencyFactory.create()
    leader = officer_actor(agency, Role.UNIT_LEADER)
    deputy = officer_actor(agency, Role.SPECIALIST)
    return agency, leader, deputy


def delegate(agency: Agency, leader: Actor, deputy: Actor, **changes: Any) -> Delegation:
    given: dict[str, Any] = {
        "agency_id": agency.pk,
        "officer_id": leader.officer_id,
        "role": Role.UNIT_LEADER,
        "deputy_id": deputy.officer_id,
        "decision": "12/QĐ-UBND ngày 2/3/2026",
        "valid_from": NINE,
        "valid_to": TOMORROW,
        "actor": leader,
        "at": NINE,
    }
    return delegations.delegate(**given | changes)


def actor_of(deputy: Actor, *, at: Any) -> Actor:
    assert deputy.user_id
    identity = officer_of(user_id=deputy.user_id, at=at)
    assert identity
    return identity.actor(user_id=deputy.user_id)


def test_a_deputy_holds_the_role_for_the_time_of_the_delegation_and_one_query_tells(
    django_assert_num_queries,
):
    agency, leader, deputy = at_an_agency()
    delegate(agency, leader, deputy)

    with django_assert_num_queries(1):
        during = actor_of(deputy, at=NINE)

    assert during.roles == {Role.SPECIALIST, Role.UNIT_LEADER}
    assert {grant.stands_in_for for grant in during.grants} == {"", leader.display_name}
    assert actor_of(deputy, at=TOMORROW).roles == {Role.SPECIALIST}
    assert actor_of(deputy, at=NINE - timedelta(seconds=1)).roles == {Role.SPECIALIST}


def test_it_ends_when_it_is_revoked_and_when_the_officer_loses_the_role():
    agency, leader, deputy = at_an_agency()
    made = delegate(agency, leader, deputy)
    OfficerRole.objects.filter(officer_id=leader.officer_id or 0).update(valid_to=NINE + timedelta(hours=2))
    assert actor_of(deputy, at=NINE + timedelta(hours=3)).roles == {Role.SPECIALIST}

    delegations.revoke(delegation_id=made.pk, actor=leader, at=NINE + timedelta(hours=1))

    assert actor_of(deputy, at=NINE + timedelta(hours=1)).roles == {Role.SPECIALIST}
    with pytest.raises(delegations.AlreadyRevoked):
        delegations.revoke(delegation_id=made.pk, actor=leader, at=NINE + timedelta(hours=2))


def test_the_history_names_the_deputy_and_for_whom():
    dossier = DossierFactory.create(reach=Status.FORWARDED)
    assert dossier.competent_agency
    leader = officer_actor(dossier.competent_agency, Role.UNIT_LEADER)
    deputy = officer_actor(dossier.competent_agency, Role.CLERK)
    specialist = officer_actor(dossier.competent_agency, Role.SPECIALIST)
    delegate(dossier.competent_agency, leader, deputy)
    assert specialist.officer_id

    processing.assign(
        dossier_id=dossier.pk,
        officer_id=specialist.officer_id,
        actor=actor_of(deputy, at=NINE),
        at=NINE,
    )

    event = dossier.events.get(action="assign")
    assert (event.actor_name, event.actor_role) == (deputy.display_name, Role.UNIT_LEADER)
    assert event.data["stands_in_for"] == leader.display_name


def test_what_is_wrong_is_told_by_field():
    agency, leader, deputy = at_an_agency()
    stranger = officer_actor(AgencyFactory.create(), Role.SPECIALIST)

    with pytest.raises(InvalidInput) as refusal:
        delegate(agency, leader, stranger, decision=" ", valid_to=NINE, role=Role.CLERK)
    assert set(refusal.value.errors) == {"officer", "deputy", "decision", "valid_to"}

    delegate(agency, leader, deputy)
    with pytest.raises(InvalidInput) as refusal:
        delegate(agency, leader, deputy)
    assert set(refusal.value.errors) == {"valid_from"}


def test_a_signer_is_stood_in_for_only_by_who_has_a_key_and_only_the_head_or_the_signer_says_so():
    agency, leader, deputy = at_an_agency()
    signer = officer_actor(agency, Role.SIGNER)
    head = officer_actor(agency, Role.AGENCY_HEAD)
    wanted = {"officer_id": signer.officer_id, "role": Role.SIGNER}

    with pytest.raises(NotAllowed):
        delegate(agency, leader, deputy, **wanted)
    with pytest.raises(InvalidInput) as refusal:
        delegate(agency, head, deputy, **wanted)
    assert set(refusal.value.errors) == {"deputy"}

    Officer.objects.filter(pk=deputy.officer_id or 0).update(signing_key_id="own")
    assert delegate(agency, head, deputy, **wanted).pk


def test_a_leader_of_another_agency_gives_and_revokes_nothing(client: Client):
    agency, leader, deputy = at_an_agency()
    made = delegate(agency, leader, deputy)
    elsewhere = officer_actor(AgencyFactory.create(), Role.UNIT_LEADER)

    with pytest.raises(NotAllowed):
        delegate(agency, elsewhere, deputy)
    with pytest.raises(Delegation.DoesNotExist):
        delegations.revoke(delegation_id=made.pk, actor=elsewhere, at=NINE)


def test_the_page_makes_and_revokes_a_delegation(client: Client):
    _agency, leader, deputy = at_an_agency()
    client.force_login(Officer.objects.get(pk=leader.officer_id or 0).user)

    answer = client.post(
        "/can-bo/uy-quyen/",
        {
            "officer": f"{leader.officer_id}:{Role.UNIT_LEADER}",
            "deputy": str(deputy.officer_id),
            "valid_from": "2026-01-01T07:30",
            "valid_to": "2099-01-01T17:00",
            "decision": "1/QĐ",
        },
    )
    assert answer.status_code == 302
    made = Delegation.objects.get()
    shown = client.get("/can-bo/uy-quyen/").content.decode()
    assert deputy.display_name in shown

    client.post(f"/can-bo/uy-quyen/{made.pk}/thu-hoi/")
    made.refresh_from_db()
    assert made.revoked_at is not None

    wrong = client.post("/can-bo/uy-quyen/", {"officer": "", "deputy": ""})
    assert wrong.status_code == 422


def test_the_page_is_for_leaders_and_heads(client: Client):
    _agency, _leader, deputy = at_an_agency()
    client.force_login(Officer.objects.get(pk=deputy.officer_id or 0).user)

    assert client.get("/can-bo/uy-quyen/").status_code == 403


def test_only_an_officer_who_works_here_can_be_named():
    agency, leader, _deputy = at_an_agency()
    former = OfficerFactory.create()
    OfficerRole.objects.create(
        officer=former, agency=agency, role=Role.CLERK, valid_from=LONG_AGO, valid_to=NINE
    )

    with pytest.raises(InvalidInput) as refusal:
        delegate(agency, leader, leader, deputy_id=former.pk)

    assert set(refusal.value.errors) == {"deputy"}
