"""The official days of each year, as the notices list them (domain: timers, 5.1)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.working_time import Calendar, official_days

CITY = Calendar(official_days())


def days(year: int, *texts: str) -> list[date]:
    """Read days such as 30-4, and runs such as 27..31-1."""
    found = []
    for text in texts:
        span, month = text.rsplit("-", 1)
        first, _dots, last = span.partition("..")
        found += [date(year, int(month), day) for day in range(int(first), int(last or first) + 1)]
    return found


def every_day(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize(
    ("year", "off", "made_up"),
    [
        (
            2025,
            days(2025, "1-1", "27..31-1", "7-4", "30-4", "1..2-5", "1..2-9"),
            days(2025, "26-4"),
        ),
        (
            2026,
            days(2026, "1..2-1", "16..20-2", "27-4", "30-4", "1-5", "31-8", "1..2-9", "24-11"),
            days(2026, "10-1", "22-8"),
        ),
    ],
)
def test_exactly_the_weekdays_of_the_notice_are_off_and_exactly_its_saturdays_are_worked(year, off, made_up):
    weekdays = [day for day in every_day(year) if day.weekday() < 5]
    weekend = [day for day in every_day(year) if day.weekday() >= 5]

    assert [day for day in weekdays if not CITY.is_working_day(day)] == off
    assert [day for day in weekend if CITY.is_working_day(day)] == made_up


@pytest.mark.parametrize("day", days(2025, "26-4") + days(2026, "10-1", "22-8"))
def test_a_make_up_saturday_has_the_hours_of_an_ordinary_day(day):
    assert CITY.working_sessions(day) == CITY.sessions


def test_what_is_computed_for_2027_is_marked_until_the_notice_is_out():
    assert 2027 not in CITY.known_years
    for day in days(2027, "1-1", "16-4", "30-4", "3-5", "2-9", "24-11"):
        assert not CITY.is_working_day(day)
        assert CITY.day(day).provisional
