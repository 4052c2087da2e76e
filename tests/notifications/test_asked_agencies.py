"""The people of an asked agency hear of a question, of a reminder and of its end, by letter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from agencies.models import Agency, Delegation
from agencies.states import Role
from core.errors import NotAllowed
from dossiers.services import opinions
from notifications import asked_agencies
from notifications.models import OfficerLetter
from outbox import services as outbox
from tests.dossiers.inquiries import TEN, answered, asked, in_process
from tests.factories import NINE, AgencyFactory, OfficerFactory, actor_for, officer_actor

pytestmark = pytest.mark.django_db

TOMORROW = TEN + timedelta(days=1)


def somebody(agency: Agency, role: Role, address: str) -> int:
    """Give an agency an officer with a mailbox; the id of the officer comes back."""
    actor = officer_actor(agency, role)
    assert actor.user_id is not None
    User.objects.filter(pk=actor.user_id).update(email=address)
    assert actor.officer_id is not None
    return actor.officer_id


@pytest.fixture
def department() -> Agency:
    agency: Agency = AgencyFactory.create(name="Sở Xây dựng (minh họa)")
    return agency


def letters() -> list[OfficerLetter]:
    return list(OfficerLetter.objects.order_by("officer__user__email"))


def addressed() -> list[str]:
    return [letter.officer.user.email for letter in letters()]


def test_those_who_can_answer_are_told_with_the_day_and_the_page_and_nothing_of_the_owner(department):
    somebody(department, Role.SPECIALIST, "chuyenvien@example.vn")
    somebody(department, Role.UNIT_LEADER, "lanhdao@example.vn")
    somebody(department, Role.CLERK, "vanthu@example.vn")
    somebody(AgencyFactory.create(), Role.SPECIALIST, "noikhac@example.vn")
    dossier, specialist = in_process()

    opinion = asked(dossier, specialist, department)[0]
    outbox.relay(at=TOMORROW + timedelta(days=2))

    assert addressed() == ["chuyenvien@example.vn", "lanhdao@example.vn"]
    letter = letters()[0]
    assert dossier.code is not None
    assert letter.path == reverse("desk:opinion", args=[opinion.pk])
    assert dossier.competent_agency.name in letter.subject
    assert "17:00 06/03/2026" in letter.body
    for secret in (dossier.owner_person.full_name, dossier.code, dossier.tracking_no, opinion.question):
        assert secret not in letter.subject + letter.body


def test_one_who_holds_two_roles_gets_one_letter_and_a_deputy_gets_theirs(department):
    both = somebody(department, Role.SPECIALIST, "ca-hai@example.vn")
    leader = somebody(department, Role.UNIT_LEADER, "lanhdao@example.vn")
    deputy = OfficerFactory.create()
    User.objects.filter(pk=deputy.user_id).update(email="thay@example.vn")
    for who in (both, deputy.pk):
        Delegation.objects.create(
            officer_id=leader,
            deputy_id=who,
            agency=department,
            role=Role.UNIT_LEADER,
            valid_from=NINE - timedelta(days=1),
            valid_to=NINE + timedelta(days=30),
        )
    dossier, specialist = in_process()

    asked(dossier, specialist, department)
    outbox.relay(at=TOMORROW + timedelta(days=2))

    assert addressed() == ["ca-hai@example.vn", "lanhdao@example.vn", "thay@example.vn"]


def test_the_same_message_twice_writes_one_letter(department):
    somebody(department, Role.SPECIALIST, "chuyenvien@example.vn")
    dossier, specialist = in_process()
    opinion = asked(dossier, specialist, department)[0]
    outbox.relay(at=TOMORROW + timedelta(days=2))

    assert asked_agencies.tell_asked([opinion.pk], at=TEN) == 0
    assert len(letters()) == 1


def test_a_reminder_is_a_letter_of_its_own_once_a_day(department):
    somebody(department, Role.SPECIALIST, "chuyenvien@example.vn")
    dossier, specialist = in_process()
    opinion = asked(dossier, specialist, department)[0]

    opinions.remind(opinion_id=opinion.pk, actor=specialist, at=TOMORROW)
    with pytest.raises(opinions.RemindedAlready):
        opinions.remind(opinion_id=opinion.pk, actor=specialist, at=TOMORROW + timedelta(hours=23))
    opinions.remind(opinion_id=opinion.pk, actor=specialist, at=TOMORROW + timedelta(hours=24))
    outbox.relay(at=TOMORROW + timedelta(days=2))

    assert sum(letter.subject.startswith("Nhắc:") for letter in letters()) == 2


def test_who_has_answered_is_not_reminded_and_nobody_but_the_holder_reminds(department):
    dossier, specialist = in_process()
    opinion = asked(dossier, specialist, department)[0]

    for actor in (actor_for(dossier, Role.SPECIALIST), actor_for(dossier, Role.UNIT_LEADER)):
        with pytest.raises(NotAllowed):
            opinions.remind(opinion_id=opinion.pk, actor=actor, at=TEN)
    answered(opinion, at=TEN)
    with pytest.raises(opinions.AnsweredAlready):
        opinions.remind(opinion_id=opinion.pk, actor=specialist, at=TEN)
