"""The calculator agrees with a clock that walks minute by minute, whatever the limit, the start and the pauses."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.working_time import (
    TIME_ZONE,
    Calendar,
    Duration,
    Mode,
    Pause,
    PausePolicy,
    Unit,
    due_date,
    due_moments,
    official_days,
)
from tests.core.slow_clock import SlowClock, Stop, minutes_of

CITY = Calendar(official_days())
SLOW = SlowClock(official_days())

MOMENTS = st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2026, 12, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=TIME_ZONE)
)
POLICIES = st.sampled_from(PausePolicy)


@st.composite
def stopped(draw: st.DrawFn) -> tuple[datetime, list[Pause]]:
    """Draw a start and up to three pauses in order, of which the last may last until today."""
    start = draw(MOMENTS)
    pauses: list[Pause] = []
    moment = start
    for _ in range(draw(st.integers(0, 3))):
        since = moment + timedelta(minutes=draw(st.integers(0, 4 * 1440)))
        moment = since + timedelta(minutes=draw(st.integers(0, 5 * 1440)))
        pauses.append(Pause(since, moment, draw(POLICIES)))
    lasts = draw(st.booleans())
    if pauses and lasts:
        pauses[-1] = Pause(pauses[-1].since, None, pauses[-1].policy)
    return start, pauses


def stops(pauses: list[Pause]) -> list[Stop]:
    return [Stop(one.since, one.until, one.policy is PausePolicy.RESTART) for one in pauses]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIME_ZONE)


@given(stopped(), st.integers(min_value=1, max_value=20))
@settings(max_examples=60, deadline=None)
def test_working_time_passes_minute_by_minute(drawn, quarters):
    start, pauses = drawn
    limit = Duration(Decimal(quarters) / 4, Unit.WORKING_DAY)

    expected = SLOW.working_minutes(start, minutes_of(quarters / 4), stops(pauses))

    assert due_date(CITY, start, limit, pauses=pauses).at == expected


@given(stopped(), st.integers(min_value=1, max_value=20))
@example(
    # The last day passes during a pause that ends on a Sunday.
    (
        local("2026-03-02 09:00"),
        [Pause(local("2026-03-03 10:00"), local("2026-03-08 12:00"), PausePolicy.PAUSE)],
    ),
    1,
)
@settings(max_examples=300, deadline=None)
def test_whole_days_are_counted_day_by_day(drawn, days):
    start, pauses = drawn
    limit = Duration(Decimal(days), Unit.WORKING_DAY)

    due = due_date(CITY, start, limit, mode=Mode.END_OF_DAY, pauses=pauses)

    assert due.at == SLOW.whole_days(start, days, stops(pauses))


@given(stopped(), st.integers(min_value=1, max_value=40))
@settings(max_examples=300, deadline=None)
def test_calendar_days_are_counted_day_by_day(drawn, days):
    start, pauses = drawn
    limit = Duration(Decimal(days), Unit.CALENDAR_DAY)

    assert due_date(CITY, start, limit, pauses=pauses).at == SLOW.calendar_days(start, days, stops(pauses))


@given(MOMENTS, st.integers(min_value=1, max_value=12))
@settings(max_examples=200, deadline=None)
def test_months_end_on_the_same_day_or_the_last(start, months):
    limit = Duration(Decimal(months), Unit.MONTH)

    assert due_date(CITY, start, limit).at == SLOW.month(start, months)


@given(MOMENTS)
@settings(max_examples=200, deadline=None)
def test_the_same_day_ends_at_its_close(start):
    limit = Duration(Decimal(1), Unit.WORKING_DAY)

    assert due_date(CITY, start, limit, mode=Mode.SAME_DAY).at == SLOW.same_day(start)


@given(
    stopped(),
    st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.CALENDAR_DAY, Unit.HOUR]),
    st.integers(min_value=1, max_value=20),
    st.sampled_from(Mode),
)
@settings(max_examples=300, deadline=None)
def test_nothing_is_due_while_the_clock_stands_still(drawn, unit, value, mode):
    start, pauses = drawn

    due = due_date(CITY, start, Duration(Decimal(value), unit), mode=mode, pauses=pauses)

    assert due.at is None or not any(
        pause.since < due.at and (pause.until is None or due.at < pause.until) for pause in pauses
    )


@given(st.lists(MOMENTS, max_size=20), st.integers(min_value=1, max_value=80), st.sampled_from(Mode))
@settings(max_examples=100, deadline=None)
def test_many_starts_at_once_are_due_as_each_alone(starts, quarters, mode):
    limit = Duration(Decimal(quarters) / 4, Unit.WORKING_DAY)

    assert due_moments(CITY, starts, limit, mode=mode) == [
        due_date(CITY, start, limit, mode=mode).at for start in starts
    ]
