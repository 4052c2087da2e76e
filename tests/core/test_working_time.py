"""Working time beyond the vectors: days and sessions, unknown years, other units, pauses, explanations, properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.working_time import (
    TIME_ZONE,
    Calendar,
    DayKind,
    DayRecord,
    Duration,
    Mode,
    Pause,
    PausePolicy,
    Session,
    StepKind,
    Unit,
    accept_due,
    apology_due,
    due_date,
    explain,
    is_late,
    lateness,
    near_due_at,
    official_days,
    paper_transfer_due,
)

CITY = Calendar(official_days())
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=TIME_ZONE)


def wd(value: str) -> Duration:
    return Duration(Decimal(value), Unit.WORKING_DAY)


def days(value: str) -> Duration:
    return Duration(Decimal(value), Unit.CALENDAR_DAY)


def months(value: str) -> Duration:
    return Duration(Decimal(value), Unit.MONTH)


def test_the_national_answer_takes_eight_working_hours():
    assert accept_due(CITY, at("2026-03-02 08:00"), national=True) == at("2026-03-03 08:00")


def test_the_apology_before_a_monday_is_due_on_friday():
    assert apology_due(CITY, at("2026-03-09 09:00")) == at("2026-03-06 17:00")


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("2026-03-04 15:00", "2026-03-04 17:00"),
        ("2026-03-04 15:01", "2026-03-05 08:00"),
        ("2026-03-06 16:00", "2026-03-09 08:00"),
        ("2026-03-07 09:00", "2026-03-09 08:00"),
    ],
)
def test_papers_accepted_after_fifteen_hours_leave_the_next_morning(accepted, expected):
    assert paper_transfer_due(CITY, at(accepted)) == at(expected)


def test_finishing_exactly_at_the_due_moment_is_on_time():
    due = at("2026-03-06 16:00")

    assert not is_late(due, due)
    assert lateness(CITY, due, due) == timedelta(0)
    assert lateness(CITY, due, at("2026-03-09 08:30")) == 2 * HOUR


@pytest.mark.parametrize(
    ("start", "duration", "mode", "window"),
    [
        ("2026-03-02 09:00", wd("1"), Mode.EXACT, 4 * HOUR),
        ("2026-03-02 09:00", wd("2"), Mode.EXACT, 8 * HOUR),
        ("2026-03-02 09:00", wd("10"), Mode.EXACT, 16 * HOUR),
        ("2026-03-02 09:00", wd("1"), Mode.SAME_DAY, HOUR),
    ],
)
def test_the_warning_window_grows_with_the_time_limit(start, duration, mode, window):
    due = due_date(CITY, at(start), duration, mode=mode)

    assert due.at is not None
    assert near_due_at(CITY, due) == CITY.subtract(due.at, window)


def test_the_warning_window_does_not_count_pauses():
    pause = Pause(at("2026-03-03 09:00"), at("2026-03-31 09:00"))

    due = due_date(CITY, at("2026-03-02 09:00"), wd("2"), pauses=[pause])

    assert near_due_at(CITY, due) == CITY.subtract(at("2026-04-01 09:00"), 8 * HOUR)


# Days, sessions and kinds


def test_only_workdays_and_make_up_workdays_consume_time():
    monday = date(2026, 3, 9)

    for kind in DayKind:
        calendar = CITY.with_days([DayRecord(monday, kind)])
        assert calendar.is_working_day(monday) is (kind in {DayKind.WORKDAY, DayKind.MAKE_UP_WORKDAY})


def test_saturday_is_open_for_intake_but_consumes_no_time():
    saturday = date(2026, 3, 7)

    assert CITY.opening_hours(saturday) == (Session.of("07:30", "11:30"),)
    assert CITY.working_sessions(saturday) == ()


def test_a_local_closure_moves_the_due_date_of_that_unit_only():
    storm = [DayRecord(date(2026, 3, 3), DayKind.LOCAL_CLOSURE, "Bão số 1")]

    unit = CITY.with_days(storm)

    assert due_date(unit, at("2026-03-02 09:00"), wd("1")).at == at("2026-03-04 09:00")
    assert due_date(CITY, at("2026-03-02 09:00"), wd("1")).at == at("2026-03-03 09:00")
    assert unit.version != CITY.version


def test_a_half_day_counts_as_half_a_working_day():
    half = DayRecord(date(2026, 3, 3), DayKind.WORKDAY, sessions=(Session.of("07:30", "11:30"),))

    calendar = CITY.with_days([half])

    assert due_date(calendar, at("2026-03-02 13:00"), wd("1")).at == at("2026-03-03 11:30")
    assert due_date(calendar, at("2026-03-02 13:00"), wd("1"), mode=Mode.END_OF_DAY).at == at(
        "2026-03-03 11:30"
    )
    assert due_date(calendar, at("2026-03-03 12:00"), wd("1"), mode=Mode.SAME_DAY).at == at(
        "2026-03-04 17:00"
    )


def test_other_office_hours_are_a_setting_of_the_calendar():
    summer = Calendar(official_days(), sessions=[Session.of("07:30", "11:30"), Session.of("13:30", "17:30")])

    assert accept_due(summer, at("2026-03-02 08:00")) == at("2026-03-02 14:00")


def test_a_make_up_saturday_has_office_hours():
    assert CITY.closes(date(2026, 8, 22)) == at("2026-08-22 17:00")


def test_a_day_off_has_no_close():
    with pytest.raises(ValueError, match="2026-03-08 is a day off"):
        CITY.closes(date(2026, 3, 8))


def test_equal_calendars_have_equal_versions():
    assert Calendar(official_days()).version == Calendar(reversed(official_days())).version


@pytest.mark.parametrize("sessions", [[("11:30", "07:30")], [("07:30", "11:30"), ("11:00", "17:00")]])
def test_sessions_out_of_order_are_refused_by_name_of_the_day(sessions):
    with pytest.raises(ValueError, match="2026-03-03"):
        DayRecord(date(2026, 3, 3), DayKind.WORKDAY, sessions=tuple(Session.of(*pair) for pair in sessions))


# Years without an official notice


def test_the_calendar_knows_the_years_with_a_published_notice():
    assert CITY.known_years == {2025, 2026}
    assert CITY.known_until == date(2026, 12, 31)


def test_a_due_date_in_a_year_without_notice_is_given_and_marked_provisional():
    assert not due_date(CITY, at("2026-12-28 09:00"), wd("2")).provisional
    assert due_date(CITY, at("2026-12-30 09:00"), wd("5")).provisional


def test_without_a_notice_weekends_and_fixed_holidays_still_count():
    due = due_date(CITY, at("2032-04-29 09:00"), wd("1"))

    # 30-4-2032 is a Friday and 1-5 a Saturday with Monday 3-5 as its substitute.
    assert (due.at, due.provisional) == (at("2032-05-04 09:00"), True)


def test_a_year_with_a_few_days_entered_is_not_known():
    early = DayRecord(date(2028, 1, 3), DayKind.HOLIDAY, "Tết Dương lịch")

    assert 2028 not in CITY.with_days([early]).known_years


# Durations and modes beyond the vectors


@pytest.mark.parametrize(
    ("value", "unit"), [("0", "working_day"), ("-1", "day"), ("NaN", "day"), ("1.25", "month")]
)
def test_a_limit_that_cannot_be_counted_is_refused(value, unit):
    with pytest.raises(ValueError, match="value:"):
        Duration(Decimal(value), Unit(unit))


@pytest.mark.parametrize(
    ("start", "duration", "expected"),
    [
        ("2026-03-02 09:00", months("0.5"), "2026-03-17 17:00"),
        ("2026-03-02 09:00", Duration(Decimal(1), Unit.YEAR), "2027-03-02 17:00"),
        ("2026-03-02 09:00", days("1.5"), "2026-03-04 17:00"),
        ("2026-03-02 09:00", Duration(Decimal(8), Unit.WORKING_HOUR), "2026-03-03 09:00"),
        ("2026-03-02 09:00", Duration(Decimal(24), Unit.HOUR), "2026-03-03 09:00"),
        ("2026-03-06 10:00", Duration(Decimal(24), Unit.HOUR), "2026-03-09 07:30"),
        ("2028-02-29 09:00", Duration(Decimal(1), Unit.YEAR), "2029-02-28 17:00"),
    ],
)
def test_other_units_have_their_rule(start, duration, expected):
    assert due_date(CITY, at(start), duration).at == at(expected)


@pytest.mark.parametrize(("value", "expected"), [("2.5", "2026-03-05 11:30"), ("0.5", "2026-03-03 11:30")])
def test_a_half_day_at_the_end_of_whole_days_ends_with_the_morning(value, expected):
    assert due_date(CITY, at("2026-03-02 09:00"), wd(value), mode=Mode.END_OF_DAY).at == at(expected)


def test_working_hours_are_exact_in_every_mode():
    four_hours = Duration(Decimal(4), Unit.WORKING_HOUR)

    assert due_date(CITY, at("2026-03-02 09:00"), four_hours, mode=Mode.END_OF_DAY).at == at(
        "2026-03-02 14:30"
    )


# Pauses beyond the vectors


def test_while_the_clock_stands_still_there_is_no_due_date_but_what_remains():
    stopped = due_date(CITY, at("2026-03-02 08:00"), wd("5"), pauses=[Pause(at("2026-03-04 10:00"))])

    assert (stopped.at, stopped.remaining) == (None, 22 * HOUR)
    assert near_due_at(CITY, stopped) is None


def test_while_a_restarting_clock_stands_still_the_whole_limit_remains():
    stopped = due_date(
        CITY,
        at("2026-03-02 08:00"),
        wd("5"),
        pauses=[Pause(at("2026-03-04 10:00"))],
        policy=PausePolicy.RESTART,
    )

    assert stopped.remaining == 40 * HOUR


def test_a_pause_after_the_due_date_does_not_move_it():
    late = Pause(at("2026-03-10 09:00"), at("2026-03-20 09:00"))

    due = due_date(CITY, at("2026-03-02 09:00"), wd("3"), pauses=[late], policy=PausePolicy.RESTART)

    assert (due.at, due.pauses) == (at("2026-03-05 09:00"), ())


@pytest.mark.parametrize(
    ("duration", "mode", "expected"),
    [
        (wd("5"), Mode.END_OF_DAY, "2026-03-12 17:00"),
        (days("15"), Mode.EXACT, "2026-03-23 17:00"),
        (Duration(Decimal(72), Unit.HOUR), Mode.EXACT, "2026-03-10 13:00"),
        (wd("1"), Mode.SAME_DAY, "2026-03-02 17:00"),
    ],
)
def test_a_pause_gives_its_days_back_in_every_way_of_counting(duration, mode, expected):
    pause = Pause(at("2026-03-04 10:00"), at("2026-03-09 15:00"))

    assert due_date(CITY, at("2026-03-02 08:00"), duration, mode=mode, pauses=[pause]).at == at(expected)


def test_overlapping_pauses_are_refused():
    pauses = [
        Pause(at("2026-03-03 09:00"), at("2026-03-05 09:00")),
        Pause(at("2026-03-04 09:00"), at("2026-03-06 09:00")),
    ]

    with pytest.raises(ValueError, match="pauses: 2026-03-04 09:00"):
        due_date(CITY, at("2026-03-02 09:00"), wd("3"), pauses=pauses)


def test_a_pause_before_the_start_is_refused():
    with pytest.raises(ValueError, match="pauses: 2026-03-01"):
        due_date(CITY, at("2026-03-02 09:00"), wd("3"), pauses=[Pause(at("2026-03-01 09:00"))])


# Time zones


def test_a_naive_datetime_is_refused():
    naive = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001

    for call in (lambda: CITY.add(naive, HOUR), lambda: due_date(CITY, naive, wd("1"))):
        with pytest.raises(ValueError, match="no time zone"):
            call()


def test_utc_and_local_starts_give_the_same_moment():
    start = at("2026-03-02 09:00")

    assert CITY.add(start.astimezone(UTC), HOUR) == CITY.add(start, HOUR)
    assert CITY.add(start.astimezone(UTC), HOUR).tzinfo is TIME_ZONE


# The explanation


def test_a_due_date_names_the_days_off_and_the_pauses_on_its_way():
    pause = Pause(at("2026-02-24 09:00"), at("2026-02-25 09:00"))

    steps = explain(due_date(CITY, at("2026-02-13 10:00"), wd("5"), pauses=[pause]))

    assert steps[0].kind is StepKind.START
    assert steps[-1].kind is StepKind.DUE
    assert sum((step.worked for step in steps), timedelta()) == 40 * HOUR
    assert any("Tết Nguyên đán" in step.text for step in steps if step.kind is StepKind.DAYS_OFF)
    assert [step.since for step in steps if step.kind is StepKind.PAUSE] == [pause.since]


def test_an_explanation_names_rule_article_and_reason():
    pause = Pause(at("2026-08-31 09:00"), at("2026-09-03 09:00"), reason="Chờ bổ sung giấy tờ")

    steps = explain(due_date(CITY, at("2026-08-21 10:00"), wd("10"), mode=Mode.END_OF_DAY, pauses=[pause]))
    told = {step.kind: step for step in steps}
    made_up = next(step for step in steps if "Làm bù" in step.text)

    assert told[StepKind.RULE].source == "R3 – Bộ luật Dân sự 2015, Điều 147 và Điều 148"
    assert told[StepKind.PAUSE].text.endswith("Lý do: Chờ bổ sung giấy tờ.")
    assert told[StepKind.PAUSE].rule == "R6"
    assert made_up.text == "22/08/2026 (Làm bù cho ngày 31/8/2026): 1 ngày làm việc."
    assert made_up.basis == "Bộ luật Lao động 2019, khoản 3 Điều 112"


def test_a_part_of_a_day_has_a_line_of_its_own_and_whole_days_one_together():
    steps = explain(due_date(CITY, at("2026-03-02 09:00"), wd("3")))

    assert [step.text for step in steps if step.kind is StepKind.WORKED] == [
        "02/03/2026: 6 giờ 30 phút làm việc.",
        "03/03/2026 đến 04/03/2026: 16 giờ làm việc.",
        "05/03/2026: 1 giờ 30 phút làm việc.",
    ]


def test_a_count_of_whole_days_leaves_the_first_day_out_of_its_explanation():
    steps = explain(due_date(CITY, at("2026-03-05 09:00"), wd("3"), mode=Mode.END_OF_DAY))

    assert [step.text.split(":")[0] for step in steps if step.kind is StepKind.WORKED] == [
        "06/03/2026",
        "09/03/2026 đến 10/03/2026",
    ]
    assert [step.text for step in steps if step.kind is StepKind.DAYS_OFF] == [
        "07/03/2026 đến 08/03/2026: Nghỉ cuối tuần; không tính."
    ]


def test_calendar_days_run_through_days_off_without_a_word():
    kinds = {step.kind for step in explain(due_date(CITY, at("2026-04-15 10:00"), days("15")))}

    assert kinds == {StepKind.START, StepKind.RULE, StepKind.DUE}


def test_a_provisional_due_date_says_so():
    *_, last = explain(due_date(CITY, at("2027-03-02 10:00"), wd("1")))

    assert "tạm tính" in last.text


def test_an_open_pause_ends_the_explanation():
    *_, last = explain(
        due_date(CITY, at("2026-03-02 10:00"), wd("5"), pauses=[Pause(at("2026-03-03 09:00"))])
    )

    assert last.kind is StepKind.PAUSE


# Properties

MOMENTS = st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2026, 11, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=TIME_ZONE)
)
MINUTES = st.integers(min_value=0, max_value=12 * 480)


@given(MOMENTS, MINUTES, MINUTES)
@settings(deadline=None)
def test_adding_twice_is_adding_the_sum(start, first, second):
    once = CITY.add(start, timedelta(minutes=first + second))

    assert CITY.add(CITY.add(start, timedelta(minutes=first)), timedelta(minutes=second)) == once


@given(MOMENTS, MOMENTS, MINUTES)
@settings(deadline=None)
def test_a_later_start_is_never_due_earlier(one, other, minutes):
    earlier, later = sorted((one, other))

    assert CITY.add(earlier, timedelta(minutes=minutes)) <= CITY.add(later, timedelta(minutes=minutes))


@given(MOMENTS, st.integers(min_value=1, max_value=12 * 480))
@settings(deadline=None)
def test_a_due_moment_lies_inside_a_session_and_measures_back(start, minutes):
    due = CITY.add(start, timedelta(minutes=minutes))

    assert CITY.is_open(due)
    assert CITY.elapsed(start, due) == timedelta(minutes=minutes)
    assert CITY.elapsed(CITY.subtract(due, timedelta(minutes=minutes)), due) == timedelta(minutes=minutes)


@given(MOMENTS, st.integers(min_value=1, max_value=30))
@settings(deadline=None)
def test_the_exact_due_is_never_later_than_the_close_of_the_last_day(start, n):
    exact = due_date(CITY, start, wd(str(n))).at
    close = due_date(CITY, start, wd(str(n)), mode=Mode.END_OF_DAY).at

    assert exact is not None
    assert close is not None
    assert exact <= close
