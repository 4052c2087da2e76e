"""Other agencies are asked; silence is not consent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connections

from agencies.states import Role
from core.errors import InvalidInput, NotAllowed
from dossiers import opinions_page, policies, services
from dossiers.models import Opinion
from dossiers.services import guards, opinions
from dossiers.states import Action, ScanState, Status
from outbox.models import Message
from tests.dossiers.desk import hand_in
from tests.dossiers.inquiries import FRIDAY_EVENING, answered, asked, in_process
from tests.factories import NINE, AgencyFactory, actor_for, officer_actor
from tests.threads import in_two_threads

pytestmark = pytest.mark.django_db

TOMORROW = NINE + timedelta(days=1)


def gone_on(dossier, actor, *, reason="", at=TOMORROW):
    return opinions.go_on(dossier_id=dossier.pk, reason=reason, actor=actor, at=at)


def test_several_agencies_are_asked_at_once_and_the_clock_runs():
    dossier, specialist = in_process()
    due = dossier.due_at

    first, second = asked(dossier, specialist, AgencyFactory.create(), AgencyFactory.create())

    dossier.refresh_from_db()
    assert (dossier.status, dossier.due_at) == (Status.AWAITING_OPINION, due)
    assert first.due_at == second.due_at == FRIDAY_EVENING
    assert dossier.events.latest("seq").data["agencies"] == [first.agency.name, second.agency.name]


def test_with_every_answer_the_dossier_goes_on():
    dossier, specialist = in_process()
    opinion = asked(dossier, specialist)[0]
    answered(opinion, at=TOMORROW, agrees=False)

    assert gone_on(dossier, specialist).status == Status.IN_PROCESS

    opinion.refresh_from_db()
    assert (opinion.agrees, opinion.answer) == (False, "Không nằm trong quy hoạch.")


def test_without_an_answer_it_goes_on_only_with_a_reason_that_is_kept():
    dossier, specialist = in_process()
    silent = asked(dossier, specialist)[0].agency
    with pytest.raises(InvalidInput) as refusal:
        gone_on(dossier, specialist)
    assert list(refusal.value.errors) == ["reason"]

    gone_on(dossier, specialist, reason="Quá hạn trả lời; quy hoạch đã công bố.")

    event = dossier.events.latest("seq")
    assert (event.action, event.note) == (Action.RECEIVE_OPINION, "Quá hạn trả lời; quy hoạch đã công bố.")
    assert event.data["without"] == [silent.name]
    assert Opinion.objects.get().agrees is None


def test_a_late_answer_is_taken_and_seen_to_be_late_even_when_the_dossier_went_on():
    dossier, specialist = in_process()
    opinion = asked(dossier, specialist)[0]
    gone_on(dossier, specialist, reason="Quá hạn trả lời.")

    late = answered(opinion, at=FRIDAY_EVENING + timedelta(minutes=1))

    assert opinions_page.is_late(late, at=FRIDAY_EVENING)
    assert Message.objects.filter(topic=opinions.ANSWERED).count() == 1


def test_an_answer_exactly_at_the_end_of_the_day_is_in_time():
    dossier, specialist = in_process()
    opinion = answered(asked(dossier, specialist)[0], at=FRIDAY_EVENING)

    assert not opinions_page.is_late(opinion, at=FRIDAY_EVENING)


def test_a_second_asking_waits_for_its_own_answers_only():
    dossier, specialist = in_process()
    asked(dossier, specialist)
    gone_on(dossier, specialist, reason="Quá hạn trả lời.")
    answered(asked(dossier, specialist, at=TOMORROW)[0], at=TOMORROW)

    assert gone_on(dossier, specialist).status == Status.IN_PROCESS


def test_an_agency_answers_once():
    dossier, specialist = in_process()
    opinion = asked(dossier, specialist)[0]
    answered(opinion, at=TOMORROW)

    with pytest.raises(opinions.AnsweredAlready):
        answered(opinion, at=TOMORROW, agrees=False)


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_once_answer_once():
    dossier, specialist = in_process()
    opinion = asked(dossier, specialist)[0]
    colleagues = [officer_actor(opinion.agency, Role.SPECIALIST) for _ in range(2)]

    def answer() -> str:
        try:
            answered(opinion, actor=colleagues.pop(), at=TOMORROW)
        except opinions.AnsweredAlready:
            return "told"
        return "answered"

    assert sorted(in_two_threads(answer, after=connections.close_all)) == ["answered", "told"]


def test_nobody_answers_when_the_dossier_has_ended():
    dossier, specialist = in_process()
    opinion = asked(dossier, specialist)[0]
    services.advance(
        dossier_id=dossier.pk,
        action=Action.STOP,
        actor=actor_for(dossier, Role.AGENCY_HEAD),
        at=TOMORROW,
        note="Quyết định của tòa án.",
    )

    with pytest.raises(opinions.NobodyWaits):
        answered(opinion, at=TOMORROW)


@pytest.mark.parametrize(("field", "change"), [("agrees", {"agrees": None}), ("answer", {"text": " "})])
def test_a_wrong_answer_names_its_field(field, change):
    dossier, specialist = in_process()
    opinion = asked(dossier, specialist)[0]

    with pytest.raises(InvalidInput) as refusal:
        answered(opinion, at=TOMORROW, **change)

    assert list(refusal.value.errors) == [field]


def test_only_specialists_and_leaders_of_the_asked_agency_see_and_answer_a_question():
    dossier, specialist = in_process()
    opinion = asked(dossier, specialist)[0]
    theirs = [officer_actor(opinion.agency, role) for role in (Role.SPECIALIST, Role.UNIT_LEADER)]
    others = [
        specialist,
        officer_actor(opinion.agency, Role.CLERK, Role.ONE_STOP_OFFICER, Role.AGENCY_HEAD),
        officer_actor(AgencyFactory.create(), *Role.values),
        actor_for(dossier, "applicant"),
    ]

    assert [list(policies.visible_opinions(actor)) for actor in theirs] == [[opinion]] * 2
    assert not any(policies.visible_opinions(actor).exists() for actor in others)
    assert not any(policies.visible(actor).filter(pk=dossier.pk).exists() for actor in theirs)
    for actor in others:
        with pytest.raises(NotAllowed):
            answered(opinion, actor=actor, at=TOMORROW)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("question_0", {"text": ""}),
        ("question_0", {"text": "x" * 2001}),
        ("due_on_0", {"due_on": None}),
        ("due_on_0", {"due_on": date(2026, 2, 27)}),
        ("due_on_0", {"due_on": date(2026, 3, 8)}),
        ("documents_0", {"document_ids": (0,)}),
    ],
)
def test_a_wrong_question_names_its_field(field, change):
    dossier, specialist = in_process()

    with pytest.raises(InvalidInput) as refusal:
        asked(dossier, specialist, **change)

    assert list(refusal.value.errors) == [field]
    assert not Opinion.objects.exists()


def test_neither_oneself_nor_one_agency_twice_nor_too_many_are_asked():
    dossier, specialist = in_process()
    other = AgencyFactory.create()

    for agencies, field in (
        ([dossier.competent_agency], "agency_0"),
        ([other, other], "agency_1"),
        ([AgencyFactory.create() for _ in range(opinions.MOST_AGENCIES + 1)], "questions"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            asked(dossier, specialist, *agencies)
        assert list(refusal.value.errors) == [field]


def test_only_clean_and_current_files_of_the_same_dossier_go_with_a_question():
    dossier, specialist = in_process()
    clean, infected = hand_in(dossier), hand_in(dossier, scan_state=ScanState.INFECTED)
    foreign = hand_in(in_process()[0])

    for file in (infected, foreign):
        with pytest.raises(InvalidInput):
            asked(dossier, specialist, document_ids=(file.pk,))
    opinion = asked(dossier, specialist, document_ids=(clean.pk,))[0]

    assert list(opinion.documents.all()) == [clean]


def test_a_colleague_neither_asks_nor_goes_on_and_nobody_goes_on_twice():
    dossier, specialist = in_process()
    colleague = actor_for(dossier, Role.SPECIALIST)
    with pytest.raises(NotAllowed):
        asked(dossier, colleague)
    answered(asked(dossier, specialist)[0], at=TOMORROW)
    with pytest.raises(NotAllowed):
        gone_on(dossier, colleague)
    gone_on(dossier, specialist)

    with pytest.raises(guards.AlreadyDone):
        gone_on(dossier, specialist)
