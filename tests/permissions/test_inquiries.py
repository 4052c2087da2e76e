"""Who gets the questions that are put to another agency: its officers alone, and nothing else of the dossier."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.states import Role
from citizens.models import AccessLog
from core.actor import Actor, ActorKind, Grant
from dossiers.models import Dossier, Opinion
from dossiers.services import opinions
from dossiers.states import Status
from tests.dossiers.desk import hand_in
from tests.permissions.test_matrix import NOT_SIGNED_IN, a_working_day
from tests.permissions.world import (
    DECIDERS_ONE_STOP,
    ELSEWHERE,
    OWNER,
    SPECIALIST,
    World,
)

pytestmark = pytest.mark.django_db


def holder(world: World) -> Actor:
    officer = world.officers[SPECIALIST]
    grants = frozenset({Grant(Role.SPECIALIST, world.department.pk)})
    return Actor(kind=ActorKind.OFFICER, user_id=officer.user_id, officer_id=officer.pk, grants=grants)


def day(world: World) -> date:
    return date.fromisoformat(a_working_day(world))


def asking(world: World, at: datetime) -> Dossier:
    dossier = world.dossiers[OWNER, Status.IN_PROCESS]
    question = opinions.Question(
        agency_id=world.elsewhere.pk, text="Có trong quy hoạch không?", due_on=day(world)
    )
    opinions.ask(dossier_id=dossier.pk, questions=[question], actor=holder(world), at=at)
    return dossier


# The asked agency


def a_question(world: World) -> Opinion:
    dossier = asking(world, timezone.now())
    opinion = dossier.opinions.get()
    opinion.documents.add(hand_in(dossier, name="Trích lục"))
    return opinion


def addresses_of(opinion: Opinion) -> list[str]:
    file = opinion.documents.get()
    return [
        reverse("desk:opinion", args=[opinion.pk]),
        reverse("desk:opinion_document", args=[opinion.pk, file.pk]),
    ]


def test_a_question_and_its_documents_exist_for_the_asked_agency_alone(world: World):
    opinion = a_question(world)

    for address in addresses_of(opinion):
        answers = {who: world.visit(who, address).status_code for who in world.users}
        assert answers.pop(ELSEWHERE) == 200
        assert {answers.pop(who) for who in NOT_SIGNED_IN} == {302}
        assert set(answers.values()) == {404}


def test_the_documents_are_out_of_reach_once_nobody_waits_for_an_answer(world: World):
    opinion = a_question(world)
    Opinion.objects.filter(pk=opinion.pk).update(closed_at=timezone.now(), closed_with="stop")
    page, document = addresses_of(opinion)

    assert opinion.documents.get().original_name not in world.visit(ELSEWHERE, page).content.decode()
    assert world.visit(ELSEWHERE, document).status_code == 404


def test_the_asked_agency_sees_the_question_and_nothing_else_of_the_dossier(world: World):
    opinion = a_question(world)
    dossier = opinion.dossier
    other = hand_in(dossier, name="Sổ hộ khẩu")
    page = world.visit(ELSEWHERE, reverse("desk:opinion", args=[opinion.pk])).content.decode()

    assert opinion.question in page
    for secret in (*secrets(dossier), other.original_name):
        assert secret not in page
    assert world.visit(ELSEWHERE, reverse("desk:dossier", args=[dossier.tracking_no])).status_code == 404
    address = reverse("desk:opinion_document", args=[opinion.pk, other.pk])
    assert world.visit(ELSEWHERE, address).status_code == 404


def secrets(dossier: Dossier) -> list[Any]:
    owner = dossier.owner_person
    return [
        owner.full_name,
        str(owner.personal_id_number),
        dossier.code,
        dossier.tracking_no,
        dossier.contact_phone,
    ]


def test_the_owner_sees_that_the_asked_agency_opened_a_document(world: World):
    opinion = a_question(world)

    world.visit(ELSEWHERE, addresses_of(opinion)[1])

    entry = AccessLog.objects.latest("pk")
    assert (entry.reference, entry.reader_unit) == (opinion.dossier.tracking_no, opinion.agency.name)


def test_only_the_asked_agency_answers_and_finds_the_question_in_its_list(world: World):
    opinion = a_question(world)
    data = {"agrees": "no", "answer": "Nằm trong quy hoạch mở đường."}

    for who in (SPECIALIST, OWNER, DECIDERS_ONE_STOP):
        assert world.visit(who, addresses_of(opinion)[0], "POST", data).status_code == 404
    listed = world.visit(ELSEWHERE, reverse("desk:opinions")).content.decode()
    answer = world.visit(ELSEWHERE, addresses_of(opinion)[0], "POST", data, follow=True)

    opinion.refresh_from_db()
    assert opinion.question in listed
    assert opinion.agrees is False
    assert "Nằm trong quy hoạch mở đường." in answer.content.decode()
    assert opinion.question not in world.visit(SPECIALIST, reverse("desk:opinions")).content.decode()
