"""A deputy does the work of an officer who is away: in that one's role, at that agency, for that time, and by name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Delegation, Officer
from agencies.selectors import officer_of
from agencies.states import Role
from core.actor import Actor
from core.errors import NotAllowed
from dossiers import desk_page, desk_queues, desk_selectors
from dossiers.desk_selectors import Filters, Row
from dossiers.models import Dossier
from dossiers.services import asking, extensions, refusing, result_drafts, steps, supplements, verifications
from dossiers.states import Action, Status
from tests.dossiers.outside import at_the_land_office
from tests.dossiers.test_steps import in_process
from tests.factories import LONG_AGO, NINE, AgencyFactory, OfficerFactory, officer_actor

pytestmark = pytest.mark.django_db

BEGINS, ENDS = NINE + timedelta(hours=1), NINE + timedelta(days=5)
DURING = NINE + timedelta(hours=2)


def delegated(absent: Actor, deputy: Actor, role: Role, agency: Agency, **changes: Any) -> Delegation:
    values: dict[str, Any] = {"valid_from": BEGINS, "valid_to": ENDS, **changes}
    return Delegation.objects.create(
        officer_id=absent.officer_id or 0,
        deputy_id=deputy.officer_id or 0,
        agency=agency,
        role=role,
        decision="12/QĐ-UBND",
        **values,
    )


def now(actor: Actor, *, at: datetime = DURING) -> Actor:
    """Give the officer as the one who acts at a moment."""
    identity = officer_of(user_id=actor.user_id or 0, at=at)
    assert identity
    return identity.actor(user_id=actor.user_id or 0)


def world() -> tuple[Dossier, Actor, Actor, Agency]:
    """A dossier of a specialist who is away, and a colleague of the same role."""
    dossier, absent, _leader = in_process()
    assert dossier.competent_agency
    return dossier, absent, officer_actor(dossier.competent_agency, Role.SPECIALIST), dossier.competent_agency


def verify(dossier: Dossier, actor: Actor, *, at: datetime = DURING) -> None:
    verifications.start(
        dossier_id=dossier.pk,
        purpose="Nơi ở thực tế",
        place="12 Bạch Đằng",
        planned_at=at + timedelta(days=1),
        needs_presence=False,
        actor=actor,
        at=at,
    )


def lines(name: str, actor: Actor, *, at: datetime = DURING) -> list[Row]:
    queue = next(one for one in desk_queues.QUEUES if one.name == name)
    page = desk_selectors.page_of(queue, actor=actor, filters=Filters(), at=at)
    counted = desk_queues.capped_counts([queue], actor, at=at).get(name, 0)
    assert counted == len(page.rows)
    return page.rows


def test_a_deputy_works_on_the_dossiers_that_the_absent_specialist_holds():
    dossier, absent, deputy, agency = world()
    with pytest.raises(NotAllowed):
        verify(dossier, now(deputy))
    delegated(absent, deputy, Role.SPECIALIST, agency)

    verify(dossier, now(deputy))

    dossier.refresh_from_db()
    assert dossier.status == Status.VERIFYING
    event = dossier.events.latest("seq")
    assert (event.actor_name, event.data["stands_in_for"]) == (deputy.display_name, absent.display_name)
    (entry, *_earlier) = desk_page.history(dossier)
    assert f"{deputy.display_name} thay mặt {absent.display_name}" in entry.by


def test_every_step_that_is_the_holders_is_the_deputys_too():
    dossier, absent, deputy, agency = world()
    delegated(absent, deputy, Role.SPECIALIST, agency)
    actor = now(deputy)

    assert asking.is_holder(dossier, actor=actor)
    result_drafts.require_holder(dossier=dossier, actor=actor)
    refusing.require_proposable(dossier=dossier, actor=actor)
    supplements.require_askable(dossier=dossier, actor=actor, at=DURING)
    extensions.require_proposable(dossier=dossier, actor=actor, at=DURING)
    mine = steps.at_work(dossier)[0]
    steps.pass_step(dossier_id=dossier.pk, step_id=mine.pk, actor=actor, at=DURING, note="Đủ điều kiện.")

    mine.refresh_from_db()
    assert mine.officer_id == absent.officer_id
    assert mine.note == f"Đủ điều kiện. {deputy.display_name} làm thay {absent.display_name}."
    assert dossier.events.latest("seq").data["stands_in_for"] == absent.display_name


@pytest.mark.parametrize(
    "at",
    [BEGINS - timedelta(seconds=1), ENDS, ENDS + timedelta(days=1)],
    ids=["before", "at its end", "after"],
)
def test_outside_the_time_of_the_delegation_the_work_is_the_absent_officers_alone(at):
    dossier, absent, deputy, agency = world()
    delegated(absent, deputy, Role.SPECIALIST, agency)
    actor = now(deputy, at=at)

    assert actor.stands_in == frozenset()
    with pytest.raises(NotAllowed):
        verify(dossier, actor, at=at)
    assert lines("dang-xu-ly", actor, at=at) == []


def test_a_delegation_that_is_revoked_gives_nothing_from_that_moment_on():
    dossier, absent, deputy, agency = world()
    delegated(absent, deputy, Role.SPECIALIST, agency, revoked_at=DURING)

    assert asking.is_holder(dossier, actor=now(deputy, at=DURING - timedelta(seconds=1)))
    with pytest.raises(NotAllowed):
        verify(dossier, now(deputy))


def test_a_delegation_of_another_role_or_at_another_agency_gives_nothing():
    dossier, absent, deputy, agency = world()
    elsewhere = AgencyFactory.create()
    officer_actor(elsewhere, Role.SPECIALIST, officer=Officer.objects.get(pk=absent.officer_id or 0))
    officer_actor(agency, Role.CLERK, officer=Officer.objects.get(pk=absent.officer_id or 0))
    delegated(absent, deputy, Role.SPECIALIST, elsewhere)
    delegated(absent, deputy, Role.CLERK, agency)

    with pytest.raises(NotAllowed):
        verify(dossier, now(deputy))
    assert lines("dang-xu-ly", now(deputy)) == []


def test_who_stands_in_for_somebody_else_has_nothing_of_this_one():
    dossier, _absent, deputy, agency = world()
    another = officer_actor(agency, Role.SPECIALIST)
    delegated(another, deputy, Role.SPECIALIST, agency)

    with pytest.raises(NotAllowed):
        verify(dossier, now(deputy))


def test_the_lists_show_the_absent_officers_work_beside_the_own_and_say_whose_it_is():
    dossier, absent, deputy, agency = world()
    own, _someone, _leader = in_process(received_at_unit=agency)
    Dossier.objects.filter(pk=own.pk).update(current_handler=deputy.officer_id)
    own.steps.filter(is_at_work=True, role=Role.SPECIALIST).update(officer=deputy.officer_id)
    delegated(absent, deputy, Role.SPECIALIST, agency)

    for name in ("dang-xu-ly", "buoc-cho-toi"):
        found = {row.tracking_no: row.on_behalf_of for row in lines(name, now(deputy))}
        assert found == {dossier.tracking_no: absent.display_name, own.tracking_no: ""}


def test_a_deputy_who_has_another_role_of_their_own_acts_on_behalf_in_the_delegated_one():
    dossier, _specialist, leader = in_process()
    assert dossier.competent_agency
    deputy = officer_actor(dossier.competent_agency, Role.CLERK)
    delegated(leader, deputy, Role.UNIT_LEADER, dossier.competent_agency)

    (row,) = lines("buoc-cho-toi", now(deputy))

    assert (row.step, row.on_behalf_of) == ("Kiểm tra thực địa", leader.display_name)
    theirs = steps.at_work(dossier)[1]
    steps.pass_step(dossier_id=dossier.pk, step_id=theirs.pk, actor=now(deputy), at=DURING)
    assert dossier.events.latest("seq").data["stands_in_for"] == leader.display_name


def test_a_step_that_an_absent_officer_of_another_agency_has_taken_is_the_deputys():
    outside = at_the_land_office()
    step = outside.step
    steps.take_step(dossier_id=outside.dossier.pk, step_id=step.pk, actor=outside.surveyor, at=NINE)
    delegated(outside.surveyor, outside.colleague, Role.SPECIALIST, outside.land_office)

    steps.pass_step(dossier_id=outside.dossier.pk, step_id=step.pk, actor=now(outside.colleague), at=DURING)

    assert outside.dossier.events.latest("seq").data["stands_in_for"] == outside.surveyor.display_name


def test_the_signers_list_shows_the_deputy_on_whose_behalf_they_sign():
    dossier, _absent, deputy, agency = world()
    Dossier.objects.filter(pk=dossier.pk).update(status=Status.AWAITING_SIGN_OFF)
    signer = officer_actor(agency, Role.SIGNER, officer=OfficerFactory.create(signing_key_id="signer"))
    delegated(signer, deputy, Role.SIGNER, agency)

    (row,) = lines("cho-ky", now(deputy))

    assert row.on_behalf_of == signer.display_name
    assert [one.on_behalf_of for one in lines("cho-ky", now(signer))] == [""]
    dossier.refresh_from_db()
    assert Action.SIGN in desk_page.actions(dossier, actor=now(deputy))


def test_the_desk_says_for_whom_in_which_role_and_until_when(client: Client):
    dossier, absent, deputy, agency = world()
    until = timezone.now() + timedelta(days=1)
    made = delegated(absent, deputy, Role.SPECIALIST, agency, valid_from=LONG_AGO, valid_to=until)
    client.force_login(Officer.objects.get(pk=deputy.officer_id or 0).user)
    list_page = reverse("desk:queue_named", args=["dang-xu-ly"])
    step_page = reverse("desk:start_verification", args=[dossier.tracking_no])

    page, opened = client.get(list_page).content.decode(), client.get(step_page)
    Delegation.objects.filter(pk=made.pk).update(valid_to=timezone.now())
    later, closed = client.get(list_page).content.decode(), client.get(step_page)

    assert "Bạn đang làm thay người vắng mặt" in page
    assert f"đến {timezone.localtime(until):%H:%M %d/%m/%Y}" in page
    assert page.count(absent.display_name) == 2
    assert dossier.tracking_no in page
    assert "Bạn đang làm thay người vắng mặt" not in later
    assert dossier.tracking_no not in later
    assert (opened.status_code, closed.status_code) == (200, 403)
