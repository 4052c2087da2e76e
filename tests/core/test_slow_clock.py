"""The calculator agrees with a clock that walks minute by minute, whatever the limit, the start and the pauses."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
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

ODD_DAYS = [
    *(date(2025, 4, day) for day in (25, 26, 29, 30)),
    *(date(2025, 5, day) for day in (2, 5, 31)),
    *(date(2025, 8, day) for day in (29, 31)),
    date(2025, 12, 31),
    *(date(2026, 1, day) for day in (2, 9, 10, 30, 31)),
    *(date(2026, 2, day) for day in (13, 14, 16, 20, 22, 23, 28)),
    *(date(2026, 3, day) for day in (2, 7, 31)),
    *(date(2026, 4, day) for day in (24, 26, 27, 30)),
    *(date(2026, 8, day) for day in (21, 22, 28, 31)),
    *(date(2026, 11, day) for day in (21, 23, 24, 30)),
]
"""Around Tết, swaps, make-up days, substitutes, intake-only Saturdays and the ends of months."""
ODD_TIMES = [
    time(hour, minute)
    for hour, minutes in {
        0: (0,),
        7: (29, 30, 31),
        11: (29, 30, 31),
        12: (0, 59),
        13: (0, 1, 30),
        14: (59,),
    }.items()
    for minute in minutes
] + [time(15), time(15, 1), time(16, 59), time(17), time(17, 1), time(23, 59)]
"""Around every opening, close and cut-off."""
ODD_MOMENTS = st.builds(
    lambda day, clock: datetime.combine(day, clock, tzinfo=TIME_ZONE),
    st.sampled_from(ODD_DAYS),
    st.sampled_from(ODD_TIMES),
)


@st.composite
def stopped(draw: st.DrawFn) -> tuple[datetime, list[Pause]]:
    """Draw a start and up to three pauses in order, of which the last may last until today.

    Half of them begin and end at moments at which calendars change their mind, or as soon as they begin.
    """
    start = draw(MOMENTS | ODD_MOMENTS)
    pauses: list[Pause] = []
    moment = start
    for _ in range(draw(st.integers(0, 3))):
        since = draw(_later(moment, 4))
        moment = draw(_later(since, 5))
        pauses.append(Pause(since, moment, draw(POLICIES)))
    lasts = draw(st.booleans())
    if pauses and lasts:
        pauses[-1] = Pause(pauses[-1].since, None, pauses[-1].policy)
    return start, pauses


def _later(moment: datetime, days: int) -> st.SearchStrategy[datetime]:
    """Give the moment itself, one at most so many days later, or the same day's or a next one's odd time."""
    by_the_clock = st.builds(
        lambda ahead, clock: max(
            moment, datetime.combine(moment.date() + timedelta(days=ahead), clock, tzinfo=TIME_ZONE)
        ),
        st.integers(0, days),
        st.sampled_from(ODD_TIMES),
    )
    by_the_minute = st.builds(
        lambda minutes: moment + timedelta(minutes=minutes), st.integers(0, days * 1440)
    )
    return st.just(moment) | by_the_minute | by_the_clock


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


@given(stopped(), st.integers(min_value=1, max_value=12))
@settings(max_examples=300, deadline=None)
def test_months_end_on_the_same_day_or_the_last(drawn, months):
    start, pauses = drawn
    limit = Duration(Decimal(months), Unit.MONTH)

    assert due_date(CITY, start, limit, pauses=pauses).at == SLOW.month(start, months, stops(pauses))


@given(stopped())
@settings(max_examples=300, deadline=None)
def test_the_same_day_ends_at_its_close(drawn):
    start, pauses = drawn
    limit = Duration(Decimal(1), Unit.WORKING_DAY)

    due = due_date(CITY, start, limit, mode=Mode.SAME_DAY, pauses=pauses)

    assert due.at == SLOW.same_day(start, stops(pauses))


@given(stopped(), st.randoms(), st.sampled_from(Mode))
@settings(max_examples=200, deadline=None)
def test_pauses_count_the_same_in_whatever_order_they_are_given(drawn, random, mode):
    start, pauses = drawn
    mixed = list(pauses)
    random.shuffle(mixed)
    limit = Duration(Decimal(3), Unit.WORKING_DAY)

    # Two that begin and end at one moment are told apart by nothing but their order.
    if len({(one.since, one.until) for one in pauses}) == len(pauses):
        assert due_date(CITY, start, limit, mode=mode, pauses=mixed).at == (
            due_date(CITY, start, limit, mode=mode, pauses=pauses).at
        )


@given(stopped(), st.data())
@settings(max_examples=200, deadline=None)
def test_pauses_that_overlap_are_refused_in_whatever_order_they_are_given(drawn, data):
    start, pauses = drawn
    long = [one for one in pauses if one.until is None or one.until - one.since >= timedelta(minutes=2)]
    if not long:
        return
    whole = data.draw(st.sampled_from(long))
    inside = whole.since + timedelta(minutes=1)
    limit = Duration(Decimal(3), Unit.WORKING_DAY)

    for several in ([*pauses, Pause(inside, inside)], [Pause(inside, inside), *pauses]):
        with pytest.raises(ValueError, match="must not overlap"):
            due_date(CITY, start, limit, pauses=several)


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
