"""Originals that were kept for comparison are given back with the result (NĐ 61/2018, art. 20.2)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Officer
from agencies.states import Role
from core.actor import Actor
from dossiers.models import Dossier
from dossiers.services import returning
from dossiers.states import HandOverMethod, Status
from dossiers.transitions import APPLICANT
from tests.dossiers.desk import hand_in
from tests.factories import NINE, DossierFactory, actor_for

pytestmark = pytest.mark.django_db

BIRTH, HOUSE = "Giấy chứng sinh (minh họa)", "Giấy tờ nhà (minh họa)"


def client_of(actor: Actor) -> Client:
    client = Client()
    officer = Officer.objects.select_related("user").get(user=actor.user_id or 0)
    client.force_login(officer.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def dossier() -> Dossier:
    found: Dossier = DossierFactory.create(reach=Status.COMPLETED)
    hand_in(found, name=BIRTH, original_kept=True)
    hand_in(found, name=HOUSE)
    return found


def test_the_officer_reads_which_and_the_history_keeps_it(dossier):
    client = client_of(actor_for(dossier, Role.ONE_STOP_OFFICER))
    address = reverse("desk:hand_over", args=[dossier.tracking_no])

    page = client.get(address).content.decode()
    assert "Trả lại bản chính" in page
    assert BIRTH in page
    assert HOUSE not in page

    receiver = {"receiver_name": dossier.owner_person.full_name, "receiver_id_checked": "on"}
    client.post(address, receiver)
    event = dossier.events.get(action="hand_over")
    assert event.data["originals"] == [BIRTH]
    assert BIRTH in event.note


def test_where_none_was_kept_nothing_is_said():
    dossier = DossierFactory.create(reach=Status.COMPLETED)
    client = client_of(actor_for(dossier, Role.ONE_STOP_OFFICER))

    page = client.get(reverse("desk:hand_over", args=[dossier.tracking_no])).content.decode()

    assert "Trả lại bản chính" not in page


def test_from_the_vault_no_original_goes_along(dossier):
    returning.hand_over(
        dossier_id=dossier.pk, method=HandOverMethod.VAULT, actor=actor_for(dossier, APPLICANT), at=NINE
    )

    event = dossier.events.get(action="hand_over")
    assert (event.note, "originals" in event.data) == ("", False)
