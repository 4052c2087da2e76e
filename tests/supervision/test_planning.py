"""When each kind of alert is due, for facts that are written down here; no database."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from core.working_time import TIME_ZONE, Calendar, Duration, Unit, due_date, official_days
from dossiers.states import Status
from supervision.planning import Facts, Step, Waiting, comes_too_late, current, plan
from supervision.states import AlertKind as Kind

CALENDAR = Calendar(official_days())
UNIT, AGENCY, ASKED = 1, 2, 3
HANDLER = 7


def at(text: str) -> datetime:
    """Read "03-02 09:00" of 2026, in Đà Nẵng."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=TIME_ZONE)


def facts(status: Status, **known: object) -> Facts:
    given: dict[str, object] = {
        "status": status,
        "unit_id": UNIT,
        "agency_id": AGENCY,
        "unit_calendar": CALENDAR,
        "agency_calendar": CALENDAR,
        "handler_id": HANDLER,
    }
    return Facts(**(given | known))  # type: ignore[arg-type]


def running(accepted: str, days: str = "3", *, status: Status = Status.IN_PROCESS, **known: object) -> Facts:
    """A dossier whose clock has run since it was accepted, with so many working days."""
    due = due_date(CALENDAR, at(accepted), Duration(Decimal(days), Unit.WORKING_DAY))
    given: dict[str, object] = {"accepted_at": at(accepted), "due": due, "due_at": due.at}
    return facts(status, **(given | known))


def said(known: Facts) -> list[tuple[str, int, int, str, str]]:
    """Give the plan as kind, stage, agency, when and by which limit."""
    form = "%m-%d %H:%M"
    return [
        (str(one.kind), one.stage, one.agency_id, one.at.strftime(form), one.limit_at.strftime(form))
        for one in plan(known)
    ]


def of(kind: Kind, known: Facts) -> list[tuple[int, int, str, str]]:
    return [row[1:] for row in said(known) if row[0] == kind]


def submitted(filed: str) -> Facts:
    filed_at = at(filed)
    return facts(
        Status.SUBMITTED, filed_at=filed_at, accept_due_at=CALENDAR.add(filed_at, timedelta(hours=4))
    )


@pytest.mark.parametrize(
    ("filed", "soon", "city", "national"),
    [
        ("03-02 08:00", "03-02 10:00", "03-02 13:30", "03-03 08:00"),
        ("03-06 16:30", "03-09 09:00", "03-09 11:00", "03-09 16:30"),  # Friday afternoon
        (
            "03-07 10:00",
            "03-09 09:30",
            "03-09 11:30",
            "03-09 17:00",
        ),  # Saturday: nobody accepts online filings
        ("11-23 16:00", "11-25 08:30", "11-25 10:30", "11-25 16:00"),  # Culture Day between
    ],
)
def test_a_filing_that_waits_is_warned_of_after_2_4_and_8_working_hours(
    filed: str, soon: str, city: str, national: str
):
    assert said(submitted(filed)) == [
        (Kind.NOT_ACCEPTED_SOON, 1, UNIT, soon, city),
        (Kind.NOT_ACCEPTED, 1, UNIT, city, city),
        (Kind.NOT_ACCEPTED_NATIONAL, 1, UNIT, national, national),
    ]


@pytest.mark.parametrize(
    ("accepted", "days", "near", "due"),
    [
        ("03-02 09:00", "3", "03-04 09:00", "03-05 09:00"),  # the last 8 working hours of three days
        ("03-02 09:00", "1", "03-02 14:30", "03-03 09:00"),  # 4 hours where the limit is one day
        ("03-02 09:00", "10", "03-12 09:00", "03-16 09:00"),  # the last fifth where that is longer
        ("08-28 10:00", "2", "09-03 10:00", "09-04 10:00"),  # T42, over National Day
    ],
)
def test_the_end_of_a_limit_is_warned_of_in_the_last_hours_or_the_last_fifth(
    accepted: str, days: str, near: str, due: str
):
    assert of(Kind.NEAR_DUE, running(accepted, days)) == [(1, AGENCY, near, due)]


def test_lateness_goes_up_one_stage_after_one_three_and_five_working_days():
    known = running("03-02 09:00")

    assert of(Kind.OVERDUE, known) == [(1, AGENCY, "03-05 09:00", "03-05 09:00")]
    assert of(Kind.OVERDUE_ESCALATED, known) == [
        (1, AGENCY, "03-06 09:00", "03-05 09:00"),
        (2, AGENCY, "03-10 09:00", "03-05 09:00"),
        (3, AGENCY, "03-12 09:00", "03-05 09:00"),
    ]


@pytest.mark.parametrize(("work_left_h", "is_planned"), [(5, False), (5.5, False), (6, True)])
def test_an_apology_is_due_only_where_the_work_left_does_not_fit(work_left_h: float, is_planned: bool):
    """Warned of at 13:00 on the day before, there are 5.5 working hours until Thursday 09:00."""
    known = running("03-02 09:00", work_left=timedelta(hours=work_left_h))

    wanted = [(1, AGENCY, "03-04 13:00", "03-04 17:00")] if is_planned else []
    assert of(Kind.APOLOGY_DUE, known) == wanted


def test_there_is_no_second_apology():
    known = running("03-02 09:00", work_left=timedelta(hours=40), is_rescheduled=True)

    assert of(Kind.APOLOGY_DUE, known) == []


def test_a_step_is_overdue_at_its_own_agency_and_for_its_own_handler():
    own, nobodys = Step(11, ASKED, 99, at("03-03 10:00")), Step(12, AGENCY, None, at("03-03 11:00"))

    planned = [
        one for one in plan(running("03-02 09:00", steps=(own, nobodys))) if one.kind == Kind.STEP_OVERDUE
    ]

    assert [(one.subject_id, one.agency_id, one.handler_id, one.at) for one in planned] == [
        (11, ASKED, 99, at("03-03 10:00")),
        (12, AGENCY, HANDLER, at("03-03 11:00")),
    ]


def test_an_opinion_that_is_late_is_told_where_it_was_asked_where_it_is_waited_for_and_at_the_one_stop_unit():
    opinion = Waiting(5, at("03-02 10:00"), at("03-04 17:00"), ASKED)
    known = running("03-02 09:00", status=Status.AWAITING_OPINION, opinions=(opinion,))

    assert of(Kind.OPINION_OVERDUE, known) == [
        (1, ASKED, "03-04 17:00", "03-04 17:00"),
        (2, AGENCY, "03-04 17:00", "03-04 17:00"),
        (3, UNIT, "03-04 17:00", "03-04 17:00"),
    ]


@pytest.mark.parametrize(
    ("status", "agency_id"), [(Status.INTAKE_SUPPLEMENT, UNIT), (Status.PROCESS_SUPPLEMENT, AGENCY)]
)
def test_an_applicant_is_reminded_5_and_2_days_before_a_supplement_lapses(status: Status, agency_id: int):
    asked = Waiting(4, at("03-02 10:00"), at("04-01 17:00"))

    assert said(facts(status, supplement=asked)) == [
        (Kind.SUPPLEMENT_WAITING, 1, agency_id, "03-27 17:00", "04-01 17:00"),
        (Kind.SUPPLEMENT_WAITING, 2, agency_id, "03-30 17:00", "04-01 17:00"),
    ]


def test_a_reminder_from_before_the_question_is_left_out():
    asked = Waiting(4, at("03-02 10:00"), at("03-05 17:00"))

    assert [row[:2] for row in said(facts(Status.INTAKE_SUPPLEMENT, supplement=asked))] == [
        (Kind.SUPPLEMENT_WAITING, 2)
    ]


def test_a_payment_is_reminded_of_after_24_and_72_hours_of_the_clock():
    asked = Waiting(6, at("03-06 16:00"), at("03-20 17:00"))

    assert said(facts(Status.AWAITING_PAYMENT, obligation=asked)) == [
        (Kind.PAYMENT_WAITING, 1, AGENCY, "03-07 16:00", "03-20 17:00"),
        (Kind.PAYMENT_WAITING, 2, AGENCY, "03-09 16:00", "03-20 17:00"),
    ]


def test_a_result_is_reminded_of_after_3_10_and_30_days():
    known = facts(Status.COMPLETED, completed_at=at("03-02 10:00"), accepted_at=at("03-01 10:00"))

    assert [(row[0], row[1], row[3]) for row in said(known)] == [
        (Kind.RESULT_NOT_COLLECTED, 1, "03-05 10:00"),
        (Kind.RESULT_NOT_COLLECTED, 2, "03-12 10:00"),
        (Kind.RESULT_NOT_COLLECTED, 3, "04-01 10:00"),
    ]


def test_nobody_is_asked_to_collect_what_the_post_has():
    assert said(facts(Status.COMPLETED, completed_at=at("03-02 10:00"), is_with_the_post=True)) == []


def test_a_clock_that_stands_still_warns_of_nothing():
    stopped = running("03-02 09:00", status=Status.PROCESS_SUPPLEMENT)
    not_begun = running("03-02 09:00", status=Status.FORWARDED, due=None)
    excluded = running("03-02 09:00", status=Status.VERIFYING)
    assert excluded.due is not None

    assert (plan(stopped), plan(not_begun)) == ([], [])


@pytest.mark.parametrize(
    "status", [Status.DRAFT, Status.INTAKE_REFUSED, Status.RETURNED, Status.STOPPED, Status.ARCHIVED]
)
def test_a_case_that_is_over_or_not_begun_warns_of_nothing(status: Status):
    assert plan(facts(status, filed_at=at("03-02 08:00"), accept_due_at=at("03-02 13:30"))) == []


def test_a_withdrawal_that_is_asked_for_before_the_acceptance_leaves_its_clock_running():
    filed_at = at("03-02 08:00")
    known = facts(
        Status.WITHDRAWAL_REQUESTED,
        resume_status=Status.SUBMITTED,
        filed_at=filed_at,
        accept_due_at=at("03-02 13:30"),
    )

    assert len(said(known)) == 3


def test_what_the_next_kind_has_overtaken_is_not_raised_any_more():
    planned = plan(submitted("03-02 08:00"))

    left = {
        when: [one.kind for one in current(planned, at=at(when))]
        for when in ("03-02 13:00", "03-02 14:00", "03-03 09:00")
    }

    assert left["03-02 13:00"] == [Kind.NOT_ACCEPTED_SOON, Kind.NOT_ACCEPTED, Kind.NOT_ACCEPTED_NATIONAL]
    assert left["03-02 14:00"] == [Kind.NOT_ACCEPTED, Kind.NOT_ACCEPTED_NATIONAL]
    assert left["03-03 09:00"] == [Kind.NOT_ACCEPTED_NATIONAL]


def test_an_applicant_is_not_reminded_days_after_the_moment():
    known = facts(Status.COMPLETED, completed_at=at("03-02 10:00"))
    late = [one.stage for one in plan(known) if comes_too_late(one, at=at("03-13 11:00"))]

    assert late == [1, 2]
