"""Asking for a supplement: who, when and how; what the applicant may do with it; when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agencies.states import Role
from core import scanner
from core.errors import InvalidInput, NotAllowed
from core.scanner import Outcome as Verdict
from core.uploads import UploadRefused
from dossiers import tasks
from dossiers.services import (
    guards,
    supplement_answers,
    supplement_checks,
    supplement_lapse,
    supplements,
    withdrawals,
)
from dossiers.services.supplement_lists import Wanted
from dossiers.states import Outcome, Status, SupplementState
from dossiers.transitions import APPLICANT
from procedures.models import Component
from tests.dossiers.filing_kit import answers_with
from tests.dossiers.lists import (
    BLURRED,
    WHERE,
    answer,
    answer_all,
    asked,
    hand_in,
    in_march,
    in_process,
    one_stop,
    submitted,
    waiting,
)
from tests.dossiers.turns import told
from tests.factories import PersonFactory, actor_for, actor_of_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

MONDAY, LATER = in_march(2, 9), in_march(2, 14)


def problems(dossier, items, **options):
    with pytest.raises(InvalidInput) as refusal:
        supplements.request(dossier_id=dossier.pk, items=items, actor=one_stop(dossier), at=MONDAY, **options)
    assert not dossier.supplements.exists()
    return refusal.value.errors


# The list


def test_an_empty_list_asks_for_nothing():
    assert list(problems(submitted(), [])) == ["items"]


def test_every_item_needs_a_thing_a_reason_and_a_guidance():
    errors = problems(submitted(), [Wanted(reason="", guidance="")])

    assert set(errors) == {"item_0_what", "item_0_reason", "item_0_guidance"}


@pytest.mark.parametrize(
    "text", ["Làm lại", "Hồ sơ chưa đạt yêu cầu.", "Bản chụp trang hai bị mờ ở góc trái."]
)
def test_a_guidance_that_does_not_say_what_to_do_is_not_sent(text):
    dossier = submitted()
    paper = Component.objects.get(version=dossier.procedure_version, position=1)

    errors = problems(dossier, [Wanted(reason="unreadable", guidance=text, component_id=paper.pk)])

    assert list(errors) == ["item_0_guidance"]


def test_nothing_is_asked_twice_or_from_another_procedure():
    dossier, other = submitted(), submitted()
    paper = Component.objects.get(version=dossier.procedure_version, position=1)
    foreign = Component.objects.get(version=other.procedure_version, position=1)
    twice = [Wanted(reason="unreadable", guidance=BLURRED, component_id=paper.pk)] * 2

    assert list(problems(dossier, twice)) == ["item_1_what"]
    wrong = [
        Wanted(reason="unreadable", guidance=BLURRED, component_id=foreign.pk),
        Wanted(reason="inconsistent_data", guidance=WHERE, field="khong_co"),
    ]
    assert set(problems(dossier, wrong)) == {"item_0_what", "item_1_what"}


def test_a_paper_that_the_procedure_does_not_list_is_not_asked_for():
    dossier = submitted()
    item = Wanted(
        reason="missing_component", name="Sổ hộ khẩu", guidance="Hãy nộp thêm bản chụp rõ cả hai mặt."
    )

    assert list(problems(dossier, [item])) == ["item_0_name"]


def test_what_a_registry_answers_is_not_asked_again():
    item = Wanted(reason="inconsistent_data", guidance=WHERE, field="ho_ten")

    assert list(problems(submitted(), [item])) == ["item_0_what"]


def test_the_request_keeps_what_was_there_before():
    dossier = submitted()
    file = dossier.components.get()

    request = asked(dossier, at=MONDAY)

    first, second, third = request.items.order_by("position")
    assert first.before == file
    assert second.before_text == "12 Trần Phú, phường Hải Châu"
    assert (third.before, third.before_text, third.name) == (None, "", "Giờ có mặt ở nhà")


# Who, and once


def test_the_second_officer_hears_who_asked():
    dossier = submitted()
    first, second = one_stop(dossier), one_stop(dossier)
    asked(dossier, by=first, at=MONDAY)

    with pytest.raises(guards.AlreadyDone) as refusal:
        asked(dossier, by=second, at=MONDAY)

    assert first.display_name in str(refusal.value)
    assert told("dossier.request_supplement") == 1


def test_in_process_only_the_holder_asks():
    dossier, _specialist = in_process()

    for role in (Role.SPECIALIST, Role.ONE_STOP_OFFICER, Role.SIGNER):
        with pytest.raises(NotAllowed):
            asked(dossier, by=actor_for(dossier, role), at=LATER)


def test_a_request_in_process_is_its_own_first_one():
    """One request a phase: what was asked at intake does not count against the specialist."""
    request = waiting(at=MONDAY)
    answer_all(request, at=MONDAY)
    dossier = hand_in(request, at=MONDAY)

    assert not supplements.needs_approval(in_process()[0])
    assert supplements.needs_approval(dossier)


# Answering


@pytest.mark.parametrize("status", [Status.INTAKE_SUPPLEMENT, Status.PROCESS_SUPPLEMENT])
def test_the_replaced_file_stays_beside_the_new_one(status):
    request = waiting(status, at=MONDAY)
    item = request.items.get(position=1)

    answer(item, at=LATER)

    item.refresh_from_db()
    item.before.refresh_from_db()
    assert item.before.replaced_at == LATER
    assert (item.answer_file.replaced_at, item.answer_file.pages) == (None, 2)
    assert item.before.file.storage.exists(item.before.file.name or "")


def test_a_new_answer_to_a_question_goes_into_the_form():
    request = waiting(at=MONDAY)
    item = request.items.get(position=2)

    answer(item, at=LATER)

    request.dossier.refresh_from_db()
    item.refresh_from_db()
    assert request.dossier.form_data["noi_o"] == item.answer_text == "15 Bạch Đằng, phường Hải Châu"


def test_an_answer_that_the_form_does_not_take_is_refused_by_name():
    dossier = submitted()
    wanted = Wanted(
        reason="inconsistent_data", guidance="Số bản ghi quá nhiều. Hãy ghi lại số bản.", field="so_ban"
    )
    item = asked(dossier, items=[wanted], at=MONDAY).items.get()
    actor = actor_for(dossier, APPLICANT)

    for wrong in ("99", "hai", ""):
        with pytest.raises(InvalidInput) as refusal:
            supplement_answers.answer_question(item_id=item.pk, data={"so_ban": wrong}, actor=actor, at=LATER)
        assert list(refusal.value.errors) == ["so_ban"]
    dossier.refresh_from_db()
    assert dossier.form_data["so_ban"] == 2


def test_a_wrong_kind_of_file_is_refused_and_nothing_changes():
    request = waiting(at=MONDAY)
    item = request.items.get(position=1)

    with pytest.raises(UploadRefused):
        answer(item, at=LATER, content=b"MZ\x90\x00 not a paper")

    item.refresh_from_db()
    assert (item.answered_at, item.answer_file) == (None, None)
    assert request.dossier.components.get().replaced_at is None


def test_a_stranger_does_not_answer():
    request = waiting(at=MONDAY)
    stranger = actor_of_person(PersonFactory.create())

    for item in request.items.all():
        with pytest.raises(NotAllowed):
            answer(item, at=LATER, by=stranger)
    with pytest.raises(NotAllowed):
        supplement_answers.hand_in(dossier_id=request.dossier_id, actor=stranger, at=LATER)


def test_all_items_are_answered_before_they_are_sent():
    request = waiting(at=MONDAY)
    answer(request.items.get(position=1), at=LATER)

    with pytest.raises(supplement_answers.Incomplete) as refusal:
        hand_in(request, at=LATER)

    assert "Nơi cư trú" in str(refusal.value)
    assert "Giấy tờ chứng minh" not in str(refusal.value)


def test_a_file_in_quarantine_waits_for_the_scanner(monkeypatch):
    request = waiting(at=MONDAY)
    monkeypatch.setattr(scanner, "scan", answers_with(Verdict.UNAVAILABLE))
    answer_all(request, at=LATER)

    with pytest.raises(supplement_answers.Incomplete) as refusal:
        hand_in(request, at=LATER)

    assert "chờ quét" in str(refusal.value)


def test_pressing_twice_sends_once():
    request = waiting(at=MONDAY)
    answer_all(request, at=LATER)
    hand_in(request, at=LATER)

    with pytest.raises(supplement_answers.HandedInAlready):
        hand_in(request, at=LATER)
    with pytest.raises(supplement_answers.HandedInAlready):
        answer(request.items.get(position=2), at=LATER)
    assert told("dossier.resubmit") == 1


# Confirming


def test_nothing_is_confirmed_before_it_came():
    request = waiting(Status.PROCESS_SUPPLEMENT, at=MONDAY)
    officer = one_stop(request.dossier)

    with pytest.raises(supplement_checks.NotHandedIn):
        supplement_checks.confirm(dossier_id=request.dossier_id, actor=officer, at=LATER)


def test_the_one_stop_unit_confirms_once():
    request = waiting(Status.PROCESS_SUPPLEMENT, at=MONDAY)
    answer_all(request, at=LATER)
    dossier = hand_in(request, at=LATER)
    assert dossier.status == Status.PROCESS_SUPPLEMENT
    first, second = one_stop(dossier), one_stop(dossier)
    supplement_checks.confirm(dossier_id=dossier.pk, actor=first, at=LATER)

    with pytest.raises(guards.AlreadyDone) as refusal:
        supplement_checks.confirm(dossier_id=dossier.pk, actor=second, at=LATER)

    assert first.display_name in str(refusal.value)
    assert dossier.clock_intervals.count() == 2


# When it is over


def test_a_request_that_nobody_answers_lapses_once():
    request = waiting(at=MONDAY)
    assert supplement_lapse.overdue(at=request.due_at) == []
    over = request.due_at + timedelta(seconds=1)

    assert supplement_lapse.overdue(at=over) == [request.pk]
    assert supplement_lapse.lapse(request_id=request.pk, at=over)
    assert not supplement_lapse.lapse(request_id=request.pk, at=over)

    request.refresh_from_db()
    dossier = request.dossier
    dossier.refresh_from_db()
    assert (dossier.status, dossier.outcome) == (Status.STOPPED, Outcome.LAPSED)
    assert (request.state, request.closed_at) == (SupplementState.LAPSED, over)
    assert told("dossier.lapse") == 1


def test_the_last_moment_still_counts():
    request = waiting(at=MONDAY)

    assert not supplement_lapse.lapse(request_id=request.pk, at=request.due_at)
    answer_all(request, at=request.due_at)
    assert hand_in(request, at=request.due_at).status == Status.SUBMITTED


def test_an_answer_after_the_limit_is_told_what_to_do():
    request = waiting(at=MONDAY)
    over = request.due_at + timedelta(minutes=1)
    items = list(request.items.order_by("position"))

    for item in items:
        with pytest.raises(supplement_answers.LimitPassed) as refusal:
            answer(item, at=over)
        assert "Hãy nộp hồ sơ mới" in str(refusal.value)
    supplement_lapse.lapse(request_id=request.pk, at=over)
    with pytest.raises(supplement_answers.LimitPassed):
        answer(items[0], at=over)
    with pytest.raises(supplement_answers.LimitPassed):
        hand_in(request, at=over)


def test_in_process_the_specialist_has_a_working_day_to_refuse_first():
    request = waiting(Status.PROCESS_SUPPLEMENT, at=MONDAY)
    due = request.due_at

    assert not supplement_lapse.lapse(request_id=request.pk, at=due + timedelta(hours=20))
    assert supplement_lapse.lapse(request_id=request.pk, at=due + timedelta(days=5))


def test_who_asks_to_withdraw_does_not_lapse_meanwhile():
    request = waiting(at=MONDAY)
    dossier = request.dossier
    dossier.refresh_from_db()
    withdrawals.request(
        dossier_id=dossier.pk, reason="Tôi không cần nữa.", actor=actor_for(dossier, APPLICANT), at=LATER
    )

    assert not supplement_lapse.lapse(request_id=request.pk, at=request.due_at + timedelta(days=1))
    with pytest.raises(supplement_answers.NotWanted):
        answer(request.items.get(position=3), at=LATER)


def test_what_was_answered_in_time_does_not_lapse():
    request = waiting(Status.PROCESS_SUPPLEMENT, at=MONDAY)
    answer_all(request, at=LATER)
    hand_in(request, at=LATER)

    assert supplement_lapse.overdue(at=request.due_at + timedelta(days=9)) == []
    assert not supplement_lapse.lapse(request_id=request.pk, at=request.due_at + timedelta(days=9))


def test_the_sweep_stops_what_is_overdue_and_can_run_again():
    dossier = waiting(at=MONDAY).dossier  # its limit has long passed
    on_time = waiting(at=in_march(3, 9)).dossier
    on_time.supplements.update(due_at=in_march(3, 9) + timedelta(days=36500))

    tasks.lapse_unanswered()
    tasks.lapse_unanswered()

    dossier.refresh_from_db()
    on_time.refresh_from_db()
    assert (dossier.status, on_time.status) == (Status.STOPPED, Status.INTAKE_SUPPLEMENT)
    assert told("dossier.lapse") == 1
