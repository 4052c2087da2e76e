"""Who gets work by name is told, and so is who had it before; the applicant hears of a date that is new."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from agencies.models import Officer
from agencies.states import Role
from core.actor import Actor
from dossiers import services
from dossiers.models import Dossier
from dossiers.services import processing, steps
from dossiers.states import Action, Status
from notifications import wording
from notifications.models import Notice, OfficerLetter
from tests.dossiers.outside import at_the_land_office
from tests.dossiers.test_steps import in_process
from tests.factories import NINE, DossierFactory, actor_for, officer_actor
from tests.notifications.conftest import Worker

pytestmark = pytest.mark.django_db

LATER = NINE + timedelta(hours=1)


def relay(worker: Worker) -> None:
    """Give every officer an address, and let the worker take an hour's messages."""
    for user in User.objects.filter(officer__isnull=False):
        User.objects.filter(pk=user.pk).update(email=f"can-bo-{user.pk}@example.vn")
    worker.now = LATER
    worker.relay()


def letters(actor: Actor) -> list[str]:
    found = OfficerLetter.objects.filter(officer=actor.officer_id).order_by("pk")
    return [letter.subject for letter in found]


def named(dossier: Dossier, role: Role) -> Actor:
    assert dossier.competent_agency
    return officer_actor(dossier.competent_agency, role)


def test_the_specialist_is_told_of_a_dossier_that_a_leader_assigned(worker):
    dossier, specialist, leader = in_process()
    relay(worker)
    relay(worker)

    assert letters(specialist) == [f"Bạn được phân công hồ sơ {dossier.code}"]
    assert letters(leader) == []
    letter = OfficerLetter.objects.get(officer=specialist.officer_id)
    assert letter.path == f"/can-bo/ho-so/{dossier.tracking_no}/"
    assert leader.display_name in letter.body
    assert dossier.submitter.full_name not in letter.body


def test_who_takes_a_dossier_is_not_told_of_it(worker):
    dossier = DossierFactory.create(reach=Status.FORWARDED)
    specialist = named(dossier, Role.SPECIALIST)
    processing.take(dossier_id=dossier.pk, actor=specialist, at=LATER)
    relay(worker)

    assert letters(specialist) == []


def test_a_reassignment_is_told_to_the_new_officer_and_to_the_one_before_and_not_to_the_applicant(worker):
    dossier, specialist, leader = in_process()
    relay(worker)
    other = named(dossier, Role.SPECIALIST)
    notices = Notice.objects.count()

    processing.reassign(
        dossier_id=dossier.pk, officer_id=other.officer_id or 0, reason="Nghỉ phép", actor=leader, at=LATER
    )
    relay(worker)

    assert letters(other) == [f"Bạn được phân công hồ sơ {dossier.code}"]
    assert letters(specialist)[-1] == f"Hồ sơ {dossier.code} đã giao cho người khác"
    assert Notice.objects.count() == notices


def test_a_step_that_is_handed_to_somebody_by_name_and_one_that_comes_back_are_told(worker):
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
    relay(worker)

    assert letters(outside.surveyor) == [f"Hồ sơ {dossier.code}: một bước đang chờ bạn"]
    assert letters(outside.specialist)[-1] == f"Hồ sơ {dossier.code} được trả lại bước của bạn"
    assert letters(outside.colleague) == []


def test_an_account_that_was_closed_gets_no_letter(worker):
    _dossier, specialist, _leader = in_process()
    officer = Officer.objects.get(pk=specialist.officer_id or 0)
    officer.user.is_active = False
    officer.user.save()
    relay(worker)

    assert letters(specialist) == []


def test_the_applicant_is_told_the_date_that_counts_from_the_reception_by_another_areas_agency(worker):
    dossier = DossierFactory.create(reach=Status.SUBMITTED, is_cross_area=True)
    officer = actor_for(dossier, Role.ONE_STOP_OFFICER)
    for action in (Action.ACCEPT, Action.FORWARD):
        services.advance(dossier_id=dossier.pk, action=action, actor=officer, at=NINE)
    processing.receive(dossier_id=dossier.pk, actor=named(dossier, Role.UNIT_LEADER), at=LATER)
    relay(worker)

    dossier.refresh_from_db()
    notice = Notice.objects.get(topic=wording.NEW_DATE)
    assert notice.person_id == dossier.submitter_id
    assert dossier.due_at == NINE + timedelta(days=3, hours=1)
    assert "tính từ lúc này" in notice.body


def test_a_reception_that_moves_no_date_is_not_told(worker):
    dossier = DossierFactory.create(reach=Status.FORWARDED)
    processing.receive(dossier_id=dossier.pk, actor=named(dossier, Role.UNIT_LEADER), at=LATER)
    relay(worker)

    assert not Notice.objects.filter(topic=wording.NEW_DATE).exists()
