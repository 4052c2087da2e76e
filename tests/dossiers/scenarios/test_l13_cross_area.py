"""L13: filed in Tam Kỳ for a unit in Hải Châu: three agencies, and the clock of the one that decides (T32)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from agencies.states import Role
from core.errors import InvalidInput
from core.working_time import TIME_ZONE
from dossiers import clock
from dossiers.models import ClockInterval
from dossiers.services import drafting, filing, intake, processing
from dossiers.states import Status
from tests.dossiers import filing_kit
from tests.factories import AgencyFactory, actor_of_person, officer_actor

pytestmark = pytest.mark.django_db

MONDAY_TEN = datetime(2026, 3, 2, 10, 0, tzinfo=TIME_ZONE)
TUESDAY_NINE = datetime(2026, 3, 3, 9, 0, tzinfo=TIME_ZONE)
FRIDAY_NINE = datetime(2026, 3, 6, 9, 0, tzinfo=TIME_ZONE)


def test_l13_filed_in_tam_ky_for_hai_chau(clean_scanner):
    tam_ky = AgencyFactory.create(name="Ủy ban nhân dân phường Tam Kỳ (minh họa)")
    hai_chau = AgencyFactory.create(name="Ủy ban nhân dân phường Hải Châu (minh họa)")
    dossier = filing_kit.ready(unit=hai_chau)
    applicant = actor_of_person(dossier.submitter)
    drafting.choose_unit(
        dossier_id=dossier.pk, unit_id=hai_chau.pk, centre_id=tam_ky.pk, actor=applicant, at=MONDAY_TEN
    )
    filing.submit(dossier_id=dossier.pk, idempotency_key="l13", actor=applicant, at=MONDAY_TEN)
    dossier.components.update(check_state="correct")
    at_tam_ky = officer_actor(tam_ky, Role.ONE_STOP_OFFICER)

    accepted = intake.accept(dossier_id=dossier.pk, actor=at_tam_ky, at=MONDAY_TEN)

    # Three agencies, one code: it names where the dossier was received, and stays.
    assert (accepted.received_at_unit, accepted.competent_agency) == (tam_ky, hai_chau)
    assert accepted.is_cross_area
    assert accepted.code == f"{tam_ky.code}-260302-0001"
    # Sent on at once, and the clock of Hải Châu waits for its reception.
    assert accepted.status == Status.FORWARDED
    assert not ClockInterval.objects.filter(dossier=accepted).exists()

    leader = officer_actor(hai_chau, Role.UNIT_LEADER)
    received = processing.receive(dossier_id=dossier.pk, actor=leader, at=TUESDAY_NINE)

    assert (received.competent_received_at, received.due_at) == (TUESDAY_NINE, FRIDAY_NINE)
    assert received.original_due_at == FRIDAY_NINE
    assert received.code == accepted.code
    assert "khi cơ quan có thẩm quyền nhận được" in str(clock.explanation(received)[0].text)
    change = received.events.get(action="receive").data["due_at"]
    assert change["to"] == FRIDAY_NINE.isoformat()


def test_assigning_a_dossier_confirms_its_reception(clean_scanner):
    tam_ky, hai_chau = AgencyFactory.create(), AgencyFactory.create()
    dossier = filing_kit.ready(unit=hai_chau)
    applicant = actor_of_person(dossier.submitter)
    drafting.choose_unit(
        dossier_id=dossier.pk, unit_id=hai_chau.pk, centre_id=tam_ky.pk, actor=applicant, at=MONDAY_TEN
    )
    filing.submit(dossier_id=dossier.pk, idempotency_key="l13", actor=applicant, at=MONDAY_TEN)
    dossier.components.update(check_state="correct")
    intake.accept(dossier_id=dossier.pk, actor=officer_actor(tam_ky, Role.ONE_STOP_OFFICER), at=MONDAY_TEN)

    taken = processing.take(
        dossier_id=dossier.pk, actor=officer_actor(hai_chau, Role.SPECIALIST), at=TUESDAY_NINE
    )

    assert (taken.competent_received_at, taken.due_at) == (TUESDAY_NINE, FRIDAY_NINE)


def test_before_2025_only_the_own_unit_received(clean_scanner):
    own, other = AgencyFactory.create_batch(2, valid_from=date(2020, 1, 1))
    dossier = filing_kit.ready(unit=own)

    with pytest.raises(InvalidInput) as refusal:
        drafting.choose_unit(
            dossier_id=dossier.pk,
            unit_id=own.pk,
            centre_id=other.pk,
            actor=actor_of_person(dossier.submitter),
            at=datetime(2025, 6, 30, 9, 0, tzinfo=TIME_ZONE),
        )

    assert set(refusal.value.errors) == {"centre"}


def test_the_applicant_chooses_the_centre_on_the_page(client: Client):
    own, other = AgencyFactory.create(), AgencyFactory.create()
    dossier = filing_kit.draft()
    assert dossier.submitter.user is not None
    client.force_login(dossier.submitter.user)
    page = reverse("dossiers:draft_unit", args=[dossier.tracking_no])
    assert other.place_name in client.get(page).content.decode()

    assert client.post(page, {"unit": str(own.pk), "centre": str(other.pk)}).status_code == 302

    dossier.refresh_from_db()
    assert (dossier.competent_agency, dossier.received_at_unit) == (own, other)
    assert dossier.is_cross_area
    assert client.post(page, {"unit": str(own.pk), "centre": "999999"}).status_code == 422
