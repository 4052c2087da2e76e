"""A step of the workflow that another agency than the deciding one does: its own officers take it, and nobody else."""

from __future__ import annotations

import pytest
from django.test import Client

from agencies.models import Officer
from agencies.states import Role
from core.actor import Actor
from core.errors import NotAllowed
from dossiers import policies
from dossiers.models import Dossier
from dossiers.services import steps, stopping
from dossiers.states import Action, Status
from tests.dossiers.outside import LATER, Outside, at_the_land_office
from tests.factories import AgencyFactory, actor_for, officer_actor

pytestmark = pytest.mark.django_db


def sees(actor: Actor, dossier: Dossier) -> bool:
    return policies.visible(actor).filter(pk=dossier.pk).exists()


def signed_in(client: Client, actor: Actor) -> Client:
    client.force_login(Officer.objects.get(pk=actor.officer_id or 0).user)
    return client


def address(dossier: Dossier, rest: str = "") -> str:
    return f"/can-bo/ho-so/{dossier.tracking_no}/{rest}"


def outsiders(outside: Outside) -> list[Actor]:
    """Other roles at the step's agency, the step's role at a third one, and every role there."""
    others = [role for role in Role if role != Role.SPECIALIST]
    third = AgencyFactory.create()
    return [
        officer_actor(outside.land_office, *others),
        officer_actor(third, Role.SPECIALIST),
        officer_actor(third, *Role.values),
    ]


def test_the_dossier_exists_for_the_steps_officers_from_the_first_moment_of_the_step_to_its_last():
    outside = at_the_land_office()
    dossier = outside.dossier
    assert sees(outside.surveyor, dossier)
    assert not any(sees(actor, dossier) for actor in outsiders(outside))

    steps.pass_step(dossier_id=dossier.pk, step_id=outside.step.pk, actor=outside.surveyor, at=LATER)

    assert not sees(outside.surveyor, dossier)
    assert sees(outside.specialist, dossier)


def test_before_its_turn_the_dossier_does_not_exist_for_the_steps_officers():
    outside = at_the_land_office()
    steps.return_step(
        dossier_id=outside.dossier.pk, to_position=2, reason="Đo lại", actor=outside.surveyor, at=LATER
    )

    assert not sees(outside.surveyor, outside.dossier)
    assert [one.name for one in steps.at_work(outside.dossier)] == ["Thẩm định hồ sơ"]
    assert steps.at_work(outside.dossier)[0].officer_id == outside.specialist.officer_id


def test_who_takes_the_step_has_it_alone():
    outside = at_the_land_office()
    dossier = outside.dossier

    steps.take_step(dossier_id=dossier.pk, step_id=outside.step.pk, actor=outside.surveyor, at=LATER)

    assert sees(outside.surveyor, dossier)
    assert not sees(outside.colleague, dossier)
    with pytest.raises(NotAllowed):
        steps.pass_step(dossier_id=dossier.pk, step_id=outside.step.pk, actor=outside.colleague, at=LATER)
    with pytest.raises(steps.StepTaken):
        steps.take_step(dossier_id=dossier.pk, step_id=outside.step.pk, actor=outside.surveyor, at=LATER)


def test_the_history_names_the_officer_with_role_and_agency_of_the_step():
    outside = at_the_land_office()

    steps.pass_step(
        dossier_id=outside.dossier.pk, step_id=outside.step.pk, actor=outside.surveyor, at=LATER, note="Đã đo"
    )

    event = outside.dossier.events.latest("seq")
    assert (event.action, event.actor_role, event.agency) == (
        Action.PASS_STEP,
        Role.SPECIALIST,
        outside.land_office,
    )
    line = outside.dossier.steps.get(name="Trích lục")
    assert (line.officer_id, line.finished_at, line.note) == (outside.surveyor.officer_id, LATER, "Đã đo")


def test_the_deciding_agency_does_not_pass_on_what_another_agency_does():
    outside = at_the_land_office()

    for actor in (outside.specialist, outside.leader):
        with pytest.raises(NotAllowed) as refusal:
            steps.pass_step(dossier_id=outside.dossier.pk, step_id=outside.step.pk, actor=actor, at=LATER)
        assert outside.land_office.name in str(refusal.value)
        with pytest.raises(NotAllowed):
            steps.return_step(
                dossier_id=outside.dossier.pk, to_position=2, reason="Nhầm", actor=actor, at=LATER
            )


def test_the_step_gives_no_other_right_over_the_dossier():
    outside = at_the_land_office()
    dossier = outside.dossier
    steps.take_step(dossier_id=dossier.pk, step_id=outside.step.pk, actor=outside.surveyor, at=LATER)

    held = policies.capacities(outside.surveyor, dossier)
    dossier.refresh_from_db()

    assert held == {"step_holder"}
    assert dossier.current_handler_id == outside.specialist.officer_id
    with pytest.raises(NotAllowed):
        policies.require_ever(outside.surveyor, dossier, Action.ASK_OPINION)


def test_the_deciding_specialist_keeps_the_dossier_when_another_agencys_officer_gets_the_next_step():
    outside = at_the_land_office()
    dossier = outside.dossier
    steps.return_step(dossier_id=dossier.pk, to_position=2, reason="Đo lại", actor=outside.surveyor, at=LATER)
    (first,) = steps.at_work(dossier)

    steps.pass_step(
        dossier_id=dossier.pk,
        step_id=first.pk,
        actor=outside.specialist,
        at=LATER,
        next_officer_id=outside.surveyor.officer_id,
    )

    dossier.refresh_from_db()
    assert dossier.current_handler_id == outside.specialist.officer_id
    assert (sees(outside.surveyor, dossier), sees(outside.colleague, dossier)) == (True, False)


def test_the_end_of_the_dossier_ends_the_step():
    outside = at_the_land_office()
    head = actor_for(outside.dossier, Role.AGENCY_HEAD)

    stopping.stop(
        dossier_id=outside.dossier.pk,
        reason="Người nộp đã mất quyền sử dụng thửa đất theo quyết định 12/QĐ-UBND.",
        returns_originals=False,
        refund_vnd=0,
        actor=head,
        at=LATER,
    )

    assert not sees(outside.surveyor, outside.dossier)
    assert not outside.dossier.steps.filter(finished_at=None).exists()


def test_the_steps_officer_takes_the_step_on_the_dossiers_page_and_passes_it_on(client: Client):
    outside = at_the_land_office()
    dossier, step = outside.dossier, outside.step
    signed_in(client, outside.surveyor)
    page = client.get(address(dossier)).content.decode()
    assert outside.land_office.name in page
    for allowed in (f"buoc/{step.pk}/", f"buoc/{step.pk}/nhan/", "tra-lai-buoc/"):
        assert address(dossier, allowed) in page
    for forbidden in ("phan-cong-lai/", "y-kien/hoi/", "ket-qua/", "bo-sung/"):
        assert f'"{address(dossier, forbidden)}"' not in page

    taken = client.post(address(dossier, f"buoc/{step.pk}/nhan/"))
    passed = client.post(address(dossier, f"buoc/{step.pk}/"), {"note": "Đã trích lục"}, follow=True)

    assert taken.status_code == 302
    step.refresh_from_db()
    assert (step.officer_id, step.note) == (outside.surveyor.officer_id, "Đã trích lục")
    assert "Đã chuyển bước" in passed.content.decode()
    assert passed.redirect_chain[0][0] == "/can-bo/"
    assert client.get(address(dossier)).status_code == 404


def test_for_everybody_else_outside_no_page_of_the_dossier_is_there(client: Client):
    outside = at_the_land_office()
    dossier, step = outside.dossier, outside.step
    before = dossier.history_length

    for actor in outsiders(outside):
        signed_in(client, actor)
        for rest in ("", f"buoc/{step.pk}/", "tra-lai-buoc/"):
            assert client.get(address(dossier, rest)).status_code == 404
        assert client.post(address(dossier, f"buoc/{step.pk}/nhan/")).status_code == 404
        assert client.post(address(dossier, f"buoc/{step.pk}/"), {"note": ""}).status_code == 404

    dossier.refresh_from_db()
    assert (dossier.history_length, dossier.status) == (before, Status.IN_PROCESS)


def test_the_steps_officer_has_no_other_page_of_the_dossier(client: Client):
    outside = at_the_land_office()
    dossier = outside.dossier
    signed_in(client, outside.surveyor)

    for rest in ("phan-cong-lai/", "nop-tien/thong-bao/", "xac-minh/", "dung/", "hen-lai/", "ket-qua/"):
        assert client.get(address(dossier, rest)).status_code in (403, 404), rest
