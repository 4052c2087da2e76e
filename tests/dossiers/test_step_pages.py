"""Internal steps, reassignment, bundles and mirrors on the pages."""

from __future__ import annotations

import pytest
from django.test import Client

from agencies.models import Officer
from agencies.states import Role
from core.actor import Actor
from dossiers.models import Dossier
from dossiers.services import mirrors, steps
from dossiers.states import Status
from tests.dossiers.scenarios.test_l14_birth_bundle import a_birth_is_filed
from tests.dossiers.scenarios.test_l20_old_system import told
from tests.dossiers.test_steps import in_process
from tests.factories import NINE, officer_actor

pytestmark = pytest.mark.django_db


def signed_in(client: Client, actor: Actor) -> Client:
    client.force_login(Officer.objects.get(pk=actor.officer_id or 0).user)
    return client


def address(dossier: Dossier, rest: str = "") -> str:
    return f"/can-bo/ho-so/{dossier.tracking_no}/{rest}"


def test_a_step_is_passed_on_from_the_dossiers_page(client: Client):
    dossier, specialist, _leader = in_process()
    mine, theirs = steps.at_work(dossier)
    signed_in(client, specialist)

    page = client.get(address(dossier)).content.decode()
    assert address(dossier, f"buoc/{mine.pk}/") in page
    assert address(dossier, f"buoc/{theirs.pk}/") not in page
    assert client.get(address(dossier, f"buoc/{mine.pk}/")).status_code == 200

    answer = client.post(address(dossier, f"buoc/{mine.pk}/"), {"note": "Đủ điều kiện"})

    assert answer.status_code == 302
    mine.refresh_from_db()
    assert mine.note == "Đủ điều kiện"
    assert mine.finished_at is not None
    assert client.get(address(dossier, f"buoc/{theirs.pk}/")).status_code == 403
    assert client.get(address(dossier, "buoc/0/")).status_code == 404


def test_a_return_is_refused_at_its_fields_and_then_taken(client: Client):
    dossier, specialist, leader = in_process()
    for one, actor in zip(steps.at_work(dossier), (specialist, leader), strict=True):
        steps.pass_step(dossier_id=dossier.pk, step_id=one.pk, actor=actor, at=NINE)
    signed_in(client, specialist)
    assert "Thẩm định hồ sơ" in client.get(address(dossier, "tra-lai-buoc/")).content.decode()

    wrong = client.post(address(dossier, "tra-lai-buoc/"), {"to_position": "7", "reason": ""})
    right = client.post(address(dossier, "tra-lai-buoc/"), {"to_position": "2", "reason": "Đối chiếu lại"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert steps.at_work(dossier)[0].name == "Thẩm định hồ sơ"


def test_a_leader_sees_everybodys_load_and_gives_the_dossier_to_another(client: Client):
    dossier, _specialist, leader = in_process()
    assert dossier.competent_agency
    other = officer_actor(dossier.competent_agency, Role.SPECIALIST)
    signed_in(client, leader)
    assert "0 hồ sơ đang giữ" in client.get(address(dossier, "phan-cong-lai/")).content.decode()

    wrong = client.post(address(dossier, "phan-cong-lai/"), {"officer": "x"})
    right = client.post(
        address(dossier, "phan-cong-lai/"), {"officer": str(other.officer_id), "reason": "Nghỉ phép"}
    )

    assert (wrong.status_code, right.status_code) == (422, 302)
    dossier.refresh_from_db()
    assert dossier.current_handler_id == other.officer_id


def test_a_bundle_shows_how_far_its_dossiers_have_come(client: Client, clean_scanner):
    parent = a_birth_is_filed()
    assert parent.submitter.user is not None
    client.force_login(parent.submitter.user)

    page = client.get(f"/ho-so/{parent.tracking_no}/").content.decode()

    for child in parent.children.all():
        assert child.tracking_no in page
        assert str(child.procedure_version) in page


def test_a_dossier_of_the_old_system_says_who_leads_it_and_who_has_its_tasks(client: Client):
    dossier, _made = mirrors.upsert(told=told(), at=NINE)
    assert dossier.competent_agency
    signed_in(client, officer_actor(dossier.competent_agency, Role.UNIT_LEADER))

    page = client.get(address(dossier)).content.decode()

    assert dossier.status == Status.RETURNED
    assert "Hệ thống một cửa tỉnh Quảng Nam" in page
    assert dossier.competent_agency.name in page
