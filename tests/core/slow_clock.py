"""A second way to compute due dates, slow and plain: it walks through time minute by minute, or day by day.

It shares nothing with the calculator but the list of official days.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.working_time import DayRecord

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
OPENINGS = ((time(7, 30), time(11, 30)), (time(13), time(17)))
CLOSE = time(17)


@dataclass(frozen=True)
class Stop:
    """The clock stands still from one minute to another, or for good; afterwards it goes on, or begins again."""

    since: datetime
    until: datetime | None
    begins_again: bool


class SlowClock:
    """Counts by the official days and the office hours of the city; moments are whole minutes."""

    def __init__(self, days: Iterable[DayRecord]) -> None:
        self.kinds = {day.date: str(day.kind) for day in days}

    def works_on(self, day: date) -> bool:
        return self.kinds.get(day, "workday" if day.weekday() < 5 else "weekend") in (
            "workday",
            "make_up_workday",
        )

    def works_at(self, moment: datetime) -> bool:
        """Say whether the minute that begins now is a working minute."""
        return self.works_on(moment.date()) and any(
            opens <= moment.time() < closes for opens, closes in OPENINGS
        )

    def close(self, day: date, like: datetime) -> datetime:
        """Give the close of the day, or of the first working day after it."""
        while not self.works_on(day):
            day += DAY
        return datetime.combine(day, CLOSE, tzinfo=like.tzinfo)

    def working_minutes(self, start: datetime, minutes: int, stops: Sequence[Stop] = ()) -> datetime | None:
        """R2 and R6: let the minutes pass one by one."""
        moment, left = start, minutes
        while True:
            for stop in stops:
                if stop.until == moment and stop.begins_again:
                    left = minutes
            here = [stop for stop in stops if stop.since <= moment]
            if any(stop.until is None for stop in here):
                return None
            stands = any(stop.until is not None and moment < stop.until for stop in here)
            if not stands and self.works_at(moment):
                left -= 1
            moment += MINUTE
            if left == 0:
                return moment

    def whole_days(self, start: datetime, days: int, stops: Sequence[Stop] = ()) -> datetime | None:
        """R3 and R6: count the working days after the first one, without those given back."""
        return self._days(
            start,
            stops,
            over=lambda day, counted: self.works_on(day) and counted == days,
            count=self.works_on,
        )

    def calendar_days(self, start: datetime, days: int, stops: Sequence[Stop] = ()) -> datetime | None:
        """R5 and R6: count all days; an end on a day off moves on."""
        return self._days(start, stops, over=lambda _day, counted: counted == days, count=lambda _day: True)

    def _days(self, start, stops, *, over, count):
        first, earliest, waiting = start.date(), start, list(stops)
        given_back: set[date] = set()
        while True:
            day, counted = first, 0
            while True:
                day += DAY
                if day not in given_back and count(day):
                    counted += 1
                    if over(day, counted):
                        break
            due = max(self.close(day, start), earliest)
            if not waiting or waiting[0].since >= due:
                return due
            stop = waiting.pop(0)
            if stop.until is None:
                return None
            if stop.begins_again:
                first, given_back = stop.until.date(), set()
            else:
                day = stop.since.date()
                while day < stop.until.date():
                    day += DAY
                    given_back.add(day)
                earliest = self.close(stop.until.date(), start)
                if earliest <= stop.until:
                    earliest = self.close(stop.until.date() + DAY, start)

    def month(self, start: datetime, months: int, stops: Sequence[Stop] = ()) -> datetime | None:
        """R5 and R6: the same day of a later month, or its last day; an end on a day off moves on."""
        first, given_back, earliest = start.date(), 0, start
        for stop in [*stops, None]:
            due = max(self.close(_months_later(first, months) + given_back * DAY, start), earliest)
            if stop is None or stop.since >= due:
                return due
            if stop.until is None:
                return None
            if stop.begins_again:
                first, given_back = stop.until.date(), 0
            else:
                given_back += (stop.until.date() - stop.since.date()).days
                earliest = self.close(stop.until.date(), start)
                if earliest <= stop.until:
                    earliest = self.close(stop.until.date() + DAY, start)
        raise AssertionError("the last round gives the due moment")

    def same_day(self, start: datetime, stops: Sequence[Stop] = ()) -> datetime | None:
        """R4 and R6: today until 15:00 of a working day, else the next working day; after a stop it is promised anew."""
        begins = start
        for stop in stops:
            if stop.since >= self._same_day(begins):
                break
            if stop.until is None:
                return None
            begins = stop.until
        return self._same_day(begins)

    def _same_day(self, begins: datetime) -> datetime:
        if self.works_on(begins.date()) and begins.time() <= time(15):
            return self.close(begins.date(), begins)
        return self.close(begins.date() + DAY, begins)


def _months_later(day: date, months: int) -> date:
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def minutes_of(working_days: float) -> int:
    """R1: a working day is 480 minutes."""
    return math.ceil(working_days * 480)
