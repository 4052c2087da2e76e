"""Who gets the pages of money, verifications and opinions: every kind of person, those of an asked agency among them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from agencies.models import OfficerRole
from agencies.states import Role
from citizens.models import AccessLog
from core.actor import Actor, ActorKind, Grant
from dossiers.models import Dossier, Opinion
from dossiers.services import obligations, opinions
from dossiers.states import Status
from tests.dossiers.desk import hand_in
from tests.dossiers.inquiries import BASIS, verifying
from tests.factories import LONG_AGO
from tests.permissions.test_matrix import AT_THE_AGENCY, AT_THE_UNIT, NOT_SIGNED_IN, a_working_day
from tests.permissions.world import (
    CLERK,
    DECIDERS_ONE_STOP,
    ELSEWHERE,
    ONE_STOP,
    OWNER,
    SPECIALIST,
    World,
    footprints,
)

pytestmark = pytest.mark.django_db

OFFICERS_WHO_SEE = AT_THE_UNIT | AT_THE_AGENCY


def holder(world: World) -> Actor:
    officer = world.officers[SPECIALIST]
    grants = frozenset({Grant(Role.SPECIALIST, world.department.pk)})
    return Actor(kind=ActorKind.OFFICER, user_id=officer.user_id, officer_id=officer.pk, grants=grants)


def day(world: World) -> date:
    return date.fromisoformat(a_working_day(world))


def to_pay(world: World, at: datetime) -> Dossier:
    dossier = world.dossiers[OWNER, Status.IN_PROCESS]
    obligations.notify(
        dossier_id=dossier.pk,
        amount_vnd=60_000,
        basis=BASIS,
        explanation="",
        due_on=day(world),
        actor=holder(world),
        at=at,
    )
    return dossier


def on_the_spot(world: World, at: datetime) -> Dossier:
    dossier = world.dossiers[OWNER, Status.IN_PROCESS]
    verifying(dossier, holder(world), at=at)
    return dossier


def asking(world: World, at: datetime) -> Dossier:
    dossier = world.dossiers[OWNER, Status.IN_PROCESS]
    question = opinions.Question(
        agency_id=world.elsewhere.pk, text="Có trong quy hoạch không?", due_on=day(world)
    )
    opinions.ask(dossier_id=dossier.pk, questions=[question], actor=holder(world), at=at)
    return dossier


def money(world: World, dossier: Dossier) -> str:
    due = obligations.waiting(dossier)
    return str(due.pk) if due else ""


PAGES: list[tuple[str, str, Callable[[World, datetime], Dossier], set[str], dict[str, str]]] = [
    ("desk:confirm_payment", "GET", to_pay, {ONE_STOP, CLERK}, {}),
    ("desk:confirm_payment", "POST", to_pay, {ONE_STOP, CLERK}, {"proof": "BL-1"}),
    ("desk:cancel_obligation", "GET", to_pay, {SPECIALIST}, {}),
    (
        "desk:cancel_obligation",
        "POST",
        to_pay,
        {SPECIALIST},
        {"reason": "Được miễn lệ phí theo điều 8 Luật Phí và lệ phí."},
    ),
    ("desk:remind_payment", "POST", to_pay, {SPECIALIST, "another specialist", ONE_STOP, CLERK}, {}),
    ("desk:finish_verification", "GET", on_the_spot, {SPECIALIST}, {}),
    ("desk:finish_verification", "POST", on_the_spot, {SPECIALIST}, {"people": "Ông A", "findings": "3 m"}),
    ("desk:receive_opinion", "GET", asking, {SPECIALIST}, {}),
    ("desk:receive_opinion", "POST", asking, {SPECIALIST}, {"reason": "Quá hạn trả lời."}),
]
"""Page, method, the state that it needs, who of those that see the dossier may, and what is typed.

The one-stop officer collects fees as well, and the clerk keeps accounts.
"""


def give(world: World, who: str, role: str) -> None:
    agency = world.ward if who == ONE_STOP else world.department
    OfficerRole.objects.create(officer=world.officers[who], agency=agency, role=role, valid_from=LONG_AGO)


@pytest.mark.parametrize(
    ("name", "method", "prepare", "may", "typed"), PAGES, ids=[f"{page[1]} {page[0]}" for page in PAGES]
)
def test_every_person_gets_what_the_table_says(world: World, name, method, prepare, may, typed):
    give(world, ONE_STOP, Role.FEE_COLLECTOR)
    give(world, CLERK, Role.ACCOUNTANT)
    dossier = prepare(world, timezone.now())
    address = reverse(name, args=[dossier.tracking_no])
    problems = []
    before = footprints()
    for who in world.users:
        with transaction.atomic():
            local = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
            data = (
                {**typed, "obligation": money(world, dossier), "paid_at": local} if method == "POST" else None
            )
            answer = world.visit(who, address, method, data)
            changed = footprints() != before
            transaction.set_rollback(True)
        wanted = wanted_of(who, may, method=method)
        if answer.status_code != wanted:
            problems.append(f"{who}: {answer.status_code} in place of {wanted}")
        if changed != (method == "POST" and who in may):
            problems.append(f"{who}: {'something' if changed else 'nothing'} was changed")

    assert not problems, "\n".join(problems)


def wanted_of(who: str, may: set[str], *, method: str) -> int:
    if who in NOT_SIGNED_IN:
        return 302
    if who not in OFFICERS_WHO_SEE:
        return 404
    if who in may:
        return 302 if method == "POST" else 200
    return 403


def test_only_the_applicant_gets_the_page_of_the_money(world: World):
    dossier = to_pay(world, timezone.now())
    address = reverse("dossiers:payment", args=[dossier.tracking_no])

    answers = {who: world.visit(who, address).status_code for who in world.users}

    assert answers.pop(OWNER) == 200
    assert {answers.pop(who) for who in NOT_SIGNED_IN} == {302}
    assert set(answers.values()) == {404}


def test_only_the_specialist_who_waits_for_an_answer_reminds_of_it(world: World):
    opinion = asking(world, timezone.now()).opinions.get()
    address = reverse("desk:remind_opinion", args=[opinion.dossier.tracking_no, opinion.pk])
    problems = []
    before = footprints()
    for who in world.users:
        with transaction.atomic():
            answer = world.visit(who, address, "POST")
            changed = footprints() != before
            transaction.set_rollback(True)
        if answer.status_code != wanted_of(who, {SPECIALIST}, method="POST") or changed != (
            who == SPECIALIST
        ):
            problems.append(f"{who}: {answer.status_code}, {'something' if changed else 'nothing'} changed")

    assert not problems, "\n".join(problems)


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
