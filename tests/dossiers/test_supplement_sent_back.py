"""Answers that are not what was asked go back within the same request: nothing new is asked, no limit is moved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from dossiers.models import SupplementRequest
from dossiers.services import guards, supplement_answers, supplement_checks, supplement_lapse
from dossiers.states import Action, CheckState, Outcome, Status, SupplementState
from dossiers.transitions import APPLICANT
from supervision.models import Watch
from supervision.services import watching
from supervision.states import AlertKind
from tests.dossiers.lists import (
    BLURRED,
    answer,
    answer_all,
    hand_in,
    in_march,
    one_stop,
    waiting,
)
from tests.dossiers.test_desk_pages import client_of, to
from tests.dossiers.turns import told
from tests.factories import AgencyFactory, actor_for, officer_actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_scanner")]

MONDAY, TUESDAY, WEDNESDAY = in_march(2, 9), in_march(3, 9), in_march(4, 9)


def answered(*, at=MONDAY, later=TUESDAY) -> SupplementRequest:
    request = waiting(Status.PROCESS_SUPPLEMENT, at=at)
    answer_all(request, at=later)
    hand_in(request, at=later)
    request.refresh_from_db()
    return request


def send_back(request: SupplementRequest, *, at=WEDNESDAY, by: Actor | None = None, why: str = BLURRED):
    return supplement_checks.send_back(
        dossier_id=request.dossier_id,
        lacking={request.items.get(position=1).pk: why},
        actor=by or one_stop(request.dossier),
        at=at,
    )


def test_what_lacks_goes_back_and_the_limit_and_the_clock_stay_as_they_are():
    request = answered()
    dossier = request.dossier
    dossier.refresh_from_db()
    due_at, limit = dossier.due_at, request.due_at

    send_back(request)

    request.refresh_from_db()
    dossier.refresh_from_db()
    assert (request.state, request.due_at, request.answered_at) == (SupplementState.OPEN, limit, None)
    assert (dossier.status, dossier.due_at, dossier.next_due_at) == (Status.PROCESS_SUPPLEMENT, due_at, limit)
    assert dossier.clock_intervals.get().stopped_at == MONDAY
    assert dossier.supplements.count() == 1
    wrong, *right = request.items.order_by("position")
    assert (wrong.check_state, wrong.check_note, wrong.answered_at) == (CheckState.WRONG, BLURRED, None)
    assert wrong.answer_file is not None  # what came stays to be seen
    assert {(one.check_state, one.answered_at) for one in right} == {(CheckState.CORRECT, TUESDAY)}
    event = dossier.events.latest("seq")
    assert (event.action, event.data["lacking"]) == (Action.SUPPLEMENT_SENT_BACK, {"1": BLURRED})
    assert told("dossier.supplement_sent_back") == 1


def test_only_what_went_back_is_answered_anew_and_then_the_time_counts_from_the_start():
    request = answered()
    send_back(request)
    wrong, right, _words = request.items.order_by("position")

    with pytest.raises(supplement_answers.FoundRight):
        answer(right, at=in_march(5, 9))
    with pytest.raises(supplement_answers.Incomplete):
        hand_in(request, at=in_march(5, 9))
    answer(wrong, at=in_march(5, 9))
    hand_in(request, at=in_march(5, 9))
    dossier = supplement_checks.confirm(
        dossier_id=request.dossier_id, actor=one_stop(request.dossier), at=in_march(5, 10)
    )

    assert dossier.status == Status.IN_PROCESS
    assert dossier.due_at == in_march(12, 10)  # five working days anew, from the full dossier on
    assert {one.check_state for one in request.items.all()} == {CheckState.CORRECT}


def test_they_may_go_back_more_than_once_while_there_is_time():
    request = answered()
    send_back(request)
    answer(request.items.get(position=1), at=in_march(5, 9))
    hand_in(request, at=in_march(5, 9))

    send_back(
        request, at=in_march(5, 10), why="Bản chụp thiếu trang 2. Hãy chụp đủ cả hai trang rồi tải lên."
    )

    assert told("dossier.supplement_sent_back") == 2
    assert request.items.get(position=1).check_note.startswith("Bản chụp thiếu trang 2")


def test_at_the_limit_it_may_go_back_and_after_it_no_more():
    request = answered()
    over = request.due_at + timedelta(seconds=1)

    with pytest.raises(supplement_checks.NoTimeToMend) as refusal:
        send_back(request, at=over)
    assert "không cho kéo dài" in str(refusal.value)
    request.refresh_from_db()
    assert request.state == SupplementState.ANSWERED
    # What came is confirmed instead, and decided on as it is.
    officer = one_stop(request.dossier)
    assert supplement_checks.confirm(dossier_id=request.dossier_id, actor=officer, at=over).status == (
        Status.IN_PROCESS
    )

    at_the_limit = answered()
    send_back(at_the_limit, at=at_the_limit.due_at)
    at_the_limit.refresh_from_db()
    assert at_the_limit.state == SupplementState.OPEN


def test_what_went_back_and_is_not_mended_lapses_by_the_first_limit():
    request = answered()
    send_back(request)

    assert not supplement_lapse.lapse(request_id=request.pk, at=request.due_at)
    assert supplement_lapse.lapse(request_id=request.pk, at=request.due_at + timedelta(days=5))

    request.dossier.refresh_from_db()
    assert request.dossier.outcome == Outcome.LAPSED


def test_the_applicant_is_reminded_again_once_answers_went_back():
    request = answered()
    watching.renew(dossier_id=request.dossier_id, at=TUESDAY)
    reminders = Watch.objects.filter(dossier=request.dossier_id, kind=AlertKind.SUPPLEMENT_WAITING)
    assert not reminders.exists()

    send_back(request)
    watching.renew(dossier_id=request.dossier_id, at=WEDNESDAY)

    assert reminders.count() == 2


@pytest.mark.parametrize("why", ["", "Làm lại", "Hồ sơ chưa đạt yêu cầu."])
def test_the_reason_says_what_lacks_and_what_to_do(why):
    request = answered()
    item = request.items.get(position=1)

    with pytest.raises(InvalidInput) as refusal:
        send_back(request, why=why)

    assert list(refusal.value.errors) == [f"why_{item.pk}"]


def test_something_lacks_and_belongs_to_the_request():
    request, other = answered(), answered()
    officer = one_stop(request.dossier)

    for lacking in ({}, {other.items.get(position=1).pk: BLURRED}):
        with pytest.raises(InvalidInput) as refusal:
            supplement_checks.send_back(
                dossier_id=request.dossier_id, lacking=lacking, actor=officer, at=WEDNESDAY
            )
        assert list(refusal.value.errors) == ["lacking"]


def test_only_the_one_stop_unit_sends_back():
    request = answered()
    dossier = request.dossier
    dossier.refresh_from_db()
    others = [actor_for(dossier, role) for role in Role if role != Role.ONE_STOP_OFFICER]
    others += [officer_actor(AgencyFactory.create(), Role.ONE_STOP_OFFICER), actor_for(dossier, APPLICANT)]

    for actor in others:
        with pytest.raises(NotAllowed):
            send_back(request, by=actor)


def test_what_was_confirmed_or_went_back_does_not_go_back():
    request = answered()
    send_back(request)
    with pytest.raises(supplement_checks.NotHandedIn):
        send_back(request)
    answer(request.items.get(position=1), at=in_march(5, 9))
    hand_in(request, at=in_march(5, 9))
    first = one_stop(request.dossier)
    supplement_checks.confirm(dossier_id=request.dossier_id, actor=first, at=in_march(5, 10))

    with pytest.raises(guards.AlreadyDone) as refusal:
        send_back(request, at=in_march(5, 11))

    assert first.display_name in str(refusal.value)


# In the browser's place


@pytest.fixture
def came() -> SupplementRequest:
    now = timezone.now()
    return answered(at=now - timedelta(minutes=30), later=now - timedelta(minutes=10))


def judged(request: SupplementRequest, why: str) -> dict[str, str]:
    wrong, *right = request.items.order_by("position")
    return {f"verdict_{wrong.pk}": "chua_dat", f"why_{wrong.pk}": why} | {
        f"verdict_{one.pk}": "dat" for one in right
    }


def test_the_officer_judges_item_by_item_and_the_applicant_reads_what_lacks(came):
    dossier, client = came.dossier, client_of(one_stop(came.dossier))
    page = to("send_back_supplement", dossier)
    assert page in client.get(to("dossier", dossier)).content.decode()
    assert page in client.get(to("confirm_supplement", dossier)).content.decode()
    assert "chup-lai.pdf" in client.get(page).content.decode()

    wrong = client.post(page, judged(came, "Làm lại"))
    assert wrong.status_code == 422
    assert f'href="#id_why_{came.items.get(position=1).pk}"' in wrong.content.decode()
    nothing = {f"verdict_{one.pk}": "dat" for one in came.items.all()}
    assert "ít nhất một mục chưa đạt" in client.post(page, nothing).content.decode()
    shown = client.post(page, judged(came, BLURRED), follow=True).content.decode()

    assert "Đã trả lại các mục chưa đạt" in shown
    owner = Client()
    owner.force_login(dossier.submitter.user, backend="django.contrib.auth.backends.ModelBackend")
    detail = owner.get(reverse("dossiers:detail", args=[dossier.tracking_no])).content.decode()
    assert "Chưa đạt, cần bổ sung lại" in detail
    listed = owner.get(reverse("dossiers:supplement", args=[dossier.tracking_no])).content.decode()
    assert "Câu trả lời trước chưa đạt" in listed
    assert "2/3" in listed
    settled = came.items.get(position=3)
    url = reverse("dossiers:supplement_answer", args=[dossier.tracking_no, settled.pk])
    assert "Mục này đã đạt" in owner.post(url, {"text": "Buổi tối"}, follow=True).content.decode()


def test_after_the_limit_the_page_says_what_is_left_to_do(came):
    came.due_at = timezone.now() - timedelta(minutes=1)
    came.save()
    dossier, client = came.dossier, client_of(one_stop(came.dossier))

    shown = client.get(to("send_back_supplement", dossier), follow=True).content.decode()
    confirm = client.get(to("confirm_supplement", dossier)).content.decode()

    assert "không cho kéo dài" in shown
    assert to("send_back_supplement", dossier) not in confirm
    assert "Thời hạn bổ sung đã hết" in confirm
