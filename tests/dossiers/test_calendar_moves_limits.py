"""A calendar that changes moves every limit that is counted by it, inside the agencies and towards the applicant."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from core.working_time import TIME_ZONE
from dossiers import desk_page, selectors
from dossiers.models import Dossier, SupplementRequest
from dossiers.services import due_dates, steps
from dossiers.states import Action, Status, SupplementPhase, SupplementState
from dossiers.transitions import APPLICANT
from notifications import wording
from outbox.models import Message
from tests.dossiers import inquiries
from tests.dossiers.inquiries import FRIDAY, FRIDAY_EVENING, TEN, confirmed, notified, verifying
from tests.dossiers.test_due_dates import STORM, agency_of, close, run
from tests.dossiers.test_steps import in_process
from tests.dossiers.turns import approved, proposed
from tests.factories import NINE, AgencyFactory, DossierFactory, actor_for

pytestmark = pytest.mark.django_db

MONDAY_EVENING = datetime(2026, 3, 9, 17, 0, tzinfo=TIME_ZONE)


def dues(dossier: Dossier) -> dict[str, datetime]:
    return {row.name: row.due_at for row in dossier.steps.order_by("id") if row.due_at is not None}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=TIME_ZONE)


def last_topic(dossier: Dossier) -> str:
    return Message.objects.filter(key=dossier.tracking_no).latest("pk").topic


def asking_for_papers(status: Status) -> SupplementRequest:
    """A dossier whose applicant has thirty days until Saturday 4 April, and so until Monday the 6th."""
    dossier: Dossier = DossierFactory.create(reach=status)
    officer = actor_for(dossier, "one_stop_officer")
    request = SupplementRequest.objects.create(
        dossier=dossier,
        phase=SupplementPhase.INTAKE if status == Status.INTAKE_SUPPLEMENT else SupplementPhase.PROCESS,
        asked_by_id=officer.officer_id or 0,
        asked_at=datetime(2026, 3, 5, 9, tzinfo=TIME_ZONE),
        due_at=datetime(2026, 4, 6, 17, tzinfo=TIME_ZONE),
    )
    Dossier.objects.filter(pk=dossier.pk).update(next_due_at=request.due_at)
    dossier.refresh_from_db()
    return request


def test_the_dues_of_open_steps_move_and_those_of_finished_ones_stay():
    dossier, _specialist, _leader = in_process()
    before = dues(dossier)
    close(agency_of(dossier))

    assert run(dossier) == 1

    after = dues(dossier)
    assert after["Tiếp nhận"] == before["Tiếp nhận"]
    assert before["Thẩm định hồ sơ"] == at(3, 14, 30)
    assert after["Thẩm định hồ sơ"] == at(4, 14, 30)
    assert after["Kiểm tra thực địa"] == at(4, 9)
    assert all(after[name] == before[name] + timedelta(days=1) for name in ("Duyệt", "Ký", "Phát hành"))


def test_the_history_keeps_each_step_for_the_officers_alone():
    dossier, _specialist, _leader = in_process()
    close(agency_of(dossier))
    run(dossier)

    event = dossier.events.latest("seq")
    kept = {one["name"]: one for one in event.data["steps"]}
    assert kept["Thẩm định hồ sơ"]["to"] == at(4, 14, 30).astimezone(TIME_ZONE).isoformat()
    latest = desk_page.history(dossier)[0]
    assert "Hạn của bước “Thẩm định hồ sơ”: 14:30 03/03/2026 → 14:30 04/03/2026." in latest.note
    told = selectors.timeline(dossier, actor=actor_for(dossier, APPLICANT))[-1]
    assert "Hạn trả kết quả" in told.note
    assert "Thẩm định" not in told.note


def test_where_only_a_step_moves_no_applicant_hears_of_it():
    dossier, _specialist, _leader = in_process()
    Dossier.objects.filter(pk=dossier.pk).update(due_at=TEN, next_due_at=TEN)  # the promise has passed
    close(agency_of(dossier))

    assert run(dossier) == 1

    assert last_topic(dossier) == due_dates.INSIDE
    assert due_dates.INSIDE not in wording.TOPICS
    timeline = selectors.timeline(dossier, actor=actor_for(dossier, APPLICANT))
    assert Action.RECOMPUTE not in [entry.action for entry in timeline]


def test_a_step_whose_end_has_passed_keeps_it():
    dossier, _specialist, _leader = in_process()
    before = dues(dossier)
    close(agency_of(dossier), day=date(2026, 3, 5))

    run(dossier, at=at(3, 15))

    assert dues(dossier)["Thẩm định hồ sơ"] == before["Thẩm định hồ sơ"]


def test_the_steps_move_with_the_promise_after_a_pause_and_a_calendar_counts_from_there():
    dossier, specialist, _leader = in_process()
    before = dues(dossier)
    obligation = notified(dossier, specialist)
    confirmed(dossier, obligation, actor_for(dossier, "fee_collector"), at=at(3, 10))

    assert dues(dossier)["Duyệt"] == before["Duyệt"] + timedelta(days=1)
    close(agency_of(dossier), day=date(2026, 3, 4))
    run(dossier, at=at(3, 11))
    assert dues(dossier)["Duyệt"] == before["Duyệt"] + timedelta(days=2)


def test_the_steps_move_with_an_apology():
    dossier, _specialist, _leader = in_process()
    before = dues(dossier)
    Dossier.objects.filter(pk=dossier.pk).update(current_handler=None)
    proposed(dossier)
    approved(dossier)

    assert dues(dossier)["Ký"] > before["Ký"]
    assert dues(dossier)["Tiếp nhận"] == before["Tiếp nhận"]


def test_the_walk_back_keeps_the_dues_that_hold():
    dossier, specialist, leader = in_process()
    close(agency_of(dossier))
    run(dossier)
    for one, actor in zip(steps.at_work(dossier), (specialist, leader), strict=True):
        steps.pass_step(dossier_id=dossier.pk, step_id=one.pk, actor=actor, at=TEN)
    steps.return_step(dossier_id=dossier.pk, to_position=2, reason="Thiếu", actor=specialist, at=TEN)

    assert steps.at_work(dossier)[0].due_at == at(4, 14, 30)


@pytest.mark.parametrize("status", [Status.INTAKE_SUPPLEMENT, Status.PROCESS_SUPPLEMENT], ids=str)
def test_the_limit_of_a_supplement_moves_to_the_next_working_day_and_the_applicant_is_told(status):
    request = asking_for_papers(status)
    dossier = request.dossier
    close(agency_of(dossier), day=date(2026, 4, 6))

    assert run(dossier) == 1

    request.refresh_from_db()
    assert request.due_at == dossier.next_due_at == datetime(2026, 4, 7, 17, tzinfo=TIME_ZONE)
    assert last_topic(dossier) == "dossier.recompute"
    told = selectors.timeline(dossier, actor=actor_for(dossier, APPLICANT))[-1]
    assert told.note == "Hạn bổ sung: 17:00 06/04/2026 → 17:00 07/04/2026."
    words = wording.of(topic="dossier.recompute", dossier=dossier, at=TEN)
    assert "7" in words.body
    assert run(dossier) == 0


def test_an_answered_supplement_keeps_its_limit():
    request = asking_for_papers(Status.PROCESS_SUPPLEMENT)
    SupplementRequest.objects.filter(pk=request.pk).update(state=SupplementState.ANSWERED, answered_at=TEN)
    close(agency_of(request.dossier), day=date(2026, 4, 6))

    assert run(request.dossier) == 0


def test_the_limit_of_a_payment_moves_from_a_day_off_to_the_end_of_the_next_working_day():
    dossier, specialist = inquiries.in_process()
    obligation = notified(dossier, specialist)
    close(agency_of(dossier), day=FRIDAY)

    assert run(dossier, at=TEN + timedelta(minutes=1)) == 1

    obligation.refresh_from_db()
    assert obligation.due_at == dossier.next_due_at == MONDAY_EVENING
    assert "payment_due_at" in dossier.events.latest("seq").data


def test_a_paid_obligation_keeps_its_limit():
    dossier, specialist = inquiries.in_process()
    obligation = notified(dossier, specialist)
    confirmed(dossier, obligation, actor_for(dossier, "fee_collector"), at=TEN + timedelta(minutes=1))
    close(agency_of(dossier), day=FRIDAY)

    run(dossier, at=TEN + timedelta(minutes=2))

    obligation.refresh_from_db()
    assert obligation.due_at == FRIDAY_EVENING


def test_the_limit_of_an_opinion_follows_the_calendar_of_the_agency_that_was_asked():
    dossier, specialist = inquiries.in_process()
    asked_agency = AgencyFactory.create()
    (opinion,) = inquiries.asked(dossier, specialist, asked_agency)
    promised = dossier.due_at
    close(asked_agency, day=FRIDAY)
    asked_agency.refresh_from_db()

    turn = due_dates.recompute(calendar_id=asked_agency.calendar_id, reason="Bão", at=TEN)

    opinion.refresh_from_db()
    dossier.refresh_from_db()
    assert (turn.changed, opinion.due_at, dossier.due_at) == (1, MONDAY_EVENING, promised)
    assert last_topic(dossier) == due_dates.INSIDE
    assert asked_agency.name in desk_page.history(dossier)[0].note


def test_the_appointment_of_a_verification_is_no_limit_and_stays():
    dossier, specialist = inquiries.in_process()
    verification = verifying(dossier, specialist)
    close(agency_of(dossier), day=STORM)

    run(dossier)

    planned = verification.planned_at
    verification.refresh_from_db()
    assert verification.planned_at == planned == NINE + timedelta(days=1, hours=1)
