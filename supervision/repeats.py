"""When an alert is told the next time."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.working_time import Calendar
from supervision.states import Repeat

HOUR, HALF_AN_HOUR = timedelta(hours=1), timedelta(minutes=30)


def next_telling(repeat: Repeat, *, told_at: datetime, calendar: Calendar) -> datetime | None:
    """Give the moment after ``told_at`` at which an alert is told again; None for never.

    Hours and days are those of the office; what is told to those who run the machines goes on day and night.
    """
    if repeat == Repeat.ONCE:
        return None
    if repeat == Repeat.HALF_HOURLY:
        return told_at + HALF_AN_HOUR
    if repeat == Repeat.HOURLY:
        return calendar.add(told_at, HOUR)
    today = calendar.local(told_at).date()
    if repeat == Repeat.EACH_SESSION:
        for opens, _closes in calendar.working_sessions(today):
            if calendar.at(today, opens) > told_at:
                return calendar.at(today, opens)
    return calendar.opens(calendar.next_working_day(today))
