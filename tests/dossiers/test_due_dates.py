"""Due dates of dossiers: their limits, their explanation, and a calendar that changes under them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from agencies.models import Agency, CalendarDay
from agencies.services import change_day, enter_days, remove_day
from agencies.states import Role
from core.working_time import TIME_ZONE, DayKind, DayRecord, StepKind
from dossiers import clock, desk_page, history, selectors, services
from dossiers.models import ClockInterval, Dossier, Extension
from dossiers.services import due_dates
from dossiers.states import Action, LateReason, PauseReason, Status
from dossiers.transitions import APPLICANT
from outbox.models import Message
from outbox.services import relay
from tests.factories import NINE, DossierFactory, actor_for, officer_actor

pytestmark = pytest.mark.django_db

STORM = date(2026, 3, 3)
TEN = NINE + timedelta(hours=1)


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=TIME_ZONE)


def close(agency: Agency, *, day: date = STORM) -> None:
    change_day(
        agency_id=agency.pk,
        day=day,
        kind=DayKind.LOCAL_CLOSURE,
        name="Bão số 1",
        hours="",
        reason="Công điện 01",
        actor=officer_actor(agency, Role.PROCEDURE_CONTROL_OFFICER),
        at=TEN,
    )


def agency_of(dossier: Dossier) -> Agency:
    assert dossier.competent_agency is not None
    return dossier.competent_agency


def due_of(dossier: Dossier) -> datetime:
    assert dossier.due_at is not None
    return dossier.due_at


def run(dossier: Dossier, *, at: datetime = TEN) -> int:
    """Count anew what follows the calendar of the dossier's agency; give how many changed."""
    agency = agency_of(dossier)
    agency.refresh_from_db()
    turn = due_dates.recompute(calendar_id=agency.calendar_id, reason="Công điện 01", at=at)
    dossier.refresh_from_db()
    return turn.changed


# A calendar that changes


def test_a_day_off_moves_the_due_date_and_the_history_says_from_when_to_when():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    old, original = due_of(dossier), dossier.original_due_at
    close(agency_of(dossier))

    assert run(dossier) == 1

    event = dossier.events.order_by("-seq").first()
    assert due_of(dossier) > old
    assert dossier.next_due_at == dossier.due_at
    assert dossier.original_due_at == original
    assert (event.action, event.from_status, event.to_status) == (
        Action.RECOMPUTE,
        Status.IN_PROCESS,
        Status.IN_PROCESS,
    )
    kept = {name: datetime.fromisoformat(value) for name, value in event.data["due_at"].items()}
    assert kept == {"from": old, "to": dossier.due_at}
    assert event.note == "Công điện 01"
    assert not list(history.verify(history.Verification(), dossier_ids=[dossier.pk]))


def test_a_day_off_that_is_taken_back_gives_the_old_due_date_back():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    old, agency = due_of(dossier), agency_of(dossier)
    close(agency)
    run(dossier)
    keeper = officer_actor(agency, Role.SYSTEM_ADMIN)
    remove_day(agency_id=agency.pk, day=STORM, reason="Bão tan", actor=keeper, at=TEN)

    assert run(dossier) == 1
    assert dossier.due_at == old


def test_the_answer_to_a_filing_moves_as_well():
    dossier = DossierFactory.create(reach=Status.SUBMITTED)
    close(agency_of(dossier), day=date(2026, 3, 2))

    run_at = NINE + timedelta(minutes=5)
    due_dates.recompute(
        calendar_id=Agency.objects.get(pk=agency_of(dossier).pk).calendar_id, reason="Bão", at=run_at
    )

    dossier.refresh_from_db()
    assert dossier.accept_due_at == dossier.next_due_at == moment("2026-03-03 11:30")


@pytest.mark.parametrize(
    "status",
    [
        Status.COMPLETED,
        Status.RETURNED,
        Status.ARCHIVED,
        Status.STOPPED,
        Status.INTAKE_REFUSED,
        Status.PROCESS_SUPPLEMENT,
        Status.INTAKE_SUPPLEMENT,
    ],
    ids=str,
)
def test_what_is_closed_or_waits_for_the_applicant_keeps_what_was_promised(status):
    dossier = DossierFactory.create(reach=status)
    before = (dossier.due_at, dossier.accept_due_at, dossier.history_length)
    close(agency_of(dossier))

    assert run(dossier) == 0
    assert (dossier.due_at, dossier.accept_due_at, dossier.history_length) == before


def test_a_promise_that_has_passed_is_not_changed():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    close(agency_of(dossier))

    assert run(dossier, at=due_of(dossier) + timedelta(minutes=1)) == 0


def test_nobody_becomes_late_by_a_calendar():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    old = due_of(dossier)
    close(agency_of(dossier))
    run(dossier)
    CalendarDay.objects.filter(date=STORM).update(kind=DayKind.WORKDAY)
    agency = agency_of(dossier)
    agency.calendar.version += 1
    agency.calendar.save()

    assert run(dossier, at=old + timedelta(minutes=1)) == 0


def test_another_agencys_closure_changes_nothing():
    dossier, other = (DossierFactory.create(reach=Status.IN_PROCESS) for _ in range(2))
    close(agency_of(other))

    assert run(other) == 1
    dossier.refresh_from_db()
    assert not dossier.events.filter(action=Action.RECOMPUTE).exists()


def test_turns_are_small_and_each_says_where_the_next_one_begins(monkeypatch):
    monkeypatch.setattr(due_dates, "LOOKED_AT", 2)
    monkeypatch.setattr(due_dates, "LOCKED", 1)
    dossiers = [DossierFactory.create(reach=Status.IN_PROCESS) for _ in range(3)]
    calendar = dossiers[0].competent_agency.calendar
    enter_days(calendar_id=calendar.pk, days=[DayRecord(STORM, DayKind.LOCAL_CLOSURE, "Bão")], at=TEN)

    turn = due_dates.recompute(calendar_id=calendar.pk, reason="Bão", at=TEN)
    assert (turn.changed, turn.after) == (1, dossiers[0].pk)
    assert Message.objects.filter(topic=due_dates.GO_ON).get().payload["after"] == dossiers[0].pk

    turns = [turn]
    while turns[-1].after is not None:
        turns.append(
            due_dates.recompute(calendar_id=calendar.pk, reason="Bão", after=turns[-1].after, at=TEN)
        )
    assert sum(one.changed for one in turns) == 3
    assert [one.events.filter(action=Action.RECOMPUTE).count() for one in dossiers] == [1, 1, 1]


def test_the_outbox_carries_a_change_to_every_dossier(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: TEN)
    monkeypatch.setattr(due_dates, "LOOKED_AT", 1)
    dossiers = [DossierFactory.create(reach=Status.IN_PROCESS) for _ in range(3)]
    Message.objects.all().delete()
    calendar = dossiers[0].competent_agency.calendar
    enter_days(calendar_id=calendar.pk, days=[DayRecord(STORM, DayKind.LOCAL_CLOSURE, "Bão")], at=TEN)

    relay(at=TEN + timedelta(seconds=1))

    assert [one.events.filter(action=Action.RECOMPUTE).count() for one in dossiers] == [1, 1, 1]
    assert not Message.objects.exists()


def test_a_dossier_whose_time_does_not_change_gets_no_event():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    close(agency_of(dossier), day=date(2027, 3, 3))

    assert run(dossier) == 0
    assert not dossier.events.filter(action=Action.RECOMPUTE).exists()


def test_officer_and_applicant_read_the_old_and_the_new_moment_in_the_history():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    close(agency_of(dossier))
    run(dossier)
    told = "Hạn trả kết quả: 09:00 05/03/2026 → 09:00 06/03/2026."

    latest = desk_page.history(dossier)[0]
    last = selectors.timeline(dossier, actor=actor_for(dossier, APPLICANT))[-1]

    assert (latest.title, latest.note) == (str(Action.RECOMPUTE.label), f"Công điện 01\n{told}")
    assert (str(last.title), last.note) == ("Thời hạn được tính lại do lịch làm việc thay đổi", told)


# Limits


def test_before_acceptance_the_only_limit_is_the_answer():
    dossier = DossierFactory.create(reach=Status.SUBMITTED)

    assert clock.limits(dossier) == clock.Limits(accept_due=dossier.accept_due_at)


def test_a_running_dossier_has_all_limits():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)

    limits = clock.limits(dossier)

    assert limits.due == dossier.due_at
    assert limits.supplement_notice_due == moment("2026-03-05 09:00")
    assert limits.apology_due is not None
    assert limits.near_due is not None
    assert max(limits.apology_due, limits.near_due) < due_of(dossier)


def test_while_the_clock_stands_still_only_the_notice_of_a_supplement_has_a_limit():
    limits = clock.limits(DossierFactory.create(reach=Status.PROCESS_SUPPLEMENT))

    assert (limits.due, limits.near_due, limits.apology_due) == (None, None, None)
    assert limits.supplement_notice_due == moment("2026-03-05 09:00")


# An apology, and the explanation


def apologised(dossier: Dossier, *, at: datetime, new_due_at: datetime) -> Extension:
    return Extension.objects.create(
        dossier=dossier,
        reason=LateReason.WORKLOAD,
        explanation="…",
        old_due_at=due_of(dossier),
        new_due_at=new_due_at,
        proposed_at=at,
        decided_at=at,
        is_granted=True,
    )


def test_a_pause_after_the_old_due_date_moves_the_new_one():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    old = due_of(dossier)
    calendar_day = timedelta(days=1)
    apologised(dossier, at=old - timedelta(hours=1), new_due_at=old + 7 * calendar_day)
    ClockInterval.objects.filter(dossier=dossier).update(
        stopped_at=old + calendar_day, reason=PauseReason.FINANCIAL_OBLIGATION
    )
    assert clock.promised(dossier) is None

    ClockInterval.objects.create(dossier=dossier, started_at=old + 2 * calendar_day)

    moved = clock.promised(dossier)
    assert moved is not None
    assert moved > old + 7 * calendar_day


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("restart", "2026-03-19 09:00"), ("pause", "2026-03-18 16:30")],  # T25, T24: anew, or with what was left
)
def test_a_supplement_after_an_apology_gives_the_whole_limit_again_where_the_law_does(policy, expected):
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    version = dossier.procedure_version
    version.supplement_policy = policy
    version.save()
    apologised(dossier, at=moment("2026-03-04 10:00"), new_due_at=moment("2026-03-09 09:00"))
    Dossier.objects.filter(pk=dossier.pk).update(is_rescheduled=True, due_at=moment("2026-03-09 09:00"))

    for action, role, at in (
        (Action.REQUEST_SUPPLEMENT, Role.SPECIALIST, moment("2026-03-04 11:00")),
        (Action.SUPPLEMENT_RECEIVED, Role.ONE_STOP_OFFICER, moment("2026-03-16 09:00")),
    ):
        services.advance(dossier_id=dossier.pk, action=action, actor=actor_for(dossier, role), at=at)

    dossier.refresh_from_db()
    assert dossier.due_at == dossier.next_due_at == moment(expected)


def test_the_day_of_an_apology_that_becomes_a_day_off_moves_on():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)
    promised = moment("2026-03-17 09:00")
    apologised(dossier, at=TEN, new_due_at=promised)
    assert clock.promised(dossier) == promised

    close(agency_of(dossier), day=promised.date())

    assert clock.promised(Dossier.objects.get(pk=dossier.pk)) == moment("2026-03-18 17:00")


def test_an_explanation_tells_start_channel_pause_and_apology_with_their_articles():
    dossier = DossierFactory.create(reach=Status.PROCESS_SUPPLEMENT)
    back = NINE + timedelta(days=2)
    services.advance(
        dossier_id=dossier.pk,
        action=Action.SUPPLEMENT_RECEIVED,
        actor=actor_for(dossier, Role.ONE_STOP_OFFICER),
        at=back,
    )
    dossier.refresh_from_db()
    apologised(dossier, at=back, new_due_at=due_of(dossier) + timedelta(days=7))

    steps = clock.explanation(dossier)

    assert steps[0].text.endswith("khi hồ sơ được tiếp nhận.")
    assert [step.rule for step in steps if step.kind is StepKind.RULE] == ["R12", "R2"]
    [pause] = [step for step in steps if step.kind is StepKind.PAUSE]
    assert "Lý do: Chờ bổ sung giấy tờ." in pause.text
    assert "Nghị định 61/2018/NĐ-CP" in pause.source
    assert steps[-1].kind is StepKind.APOLOGY
    assert steps[-1].source == "R10 – Nghị định 61/2018/NĐ-CP, khoản 9 Điều 19"
    assert "Số lượng hồ sơ lớn" in steps[-1].text


def test_a_dossier_for_another_area_is_counted_from_when_its_agency_has_it():
    dossier = DossierFactory.create(reach=Status.SUBMITTED, is_cross_area=True)
    services.advance(
        dossier_id=dossier.pk,
        action=Action.ACCEPT,
        actor=actor_for(dossier, Role.ONE_STOP_OFFICER),
        at=NINE,
    )
    dossier.refresh_from_db()

    expected = clock.explanation(dossier)[0]
    assert (expected.rule, "chậm nhất" in expected.text) == ("R7", True)

    for action, role in ((Action.FORWARD, Role.ONE_STOP_OFFICER), (Action.RECEIVE, Role.UNIT_LEADER)):
        services.advance(dossier_id=dossier.pk, action=action, actor=actor_for(dossier, role), at=TEN)
    dossier.refresh_from_db()

    received = clock.explanation(dossier)[0]
    assert (received.since, received.rule) == (TEN, "R7")


def test_no_dossier_before_acceptance_has_a_due_date_to_explain():
    assert clock.explanation(DossierFactory.create(reach=Status.SUBMITTED)) == []
