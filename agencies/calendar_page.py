"""A year of an agency's working calendar as its keepers read it. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.calendars import is_shared, working_calendar
from agencies.models import Agency, CalendarChange, CalendarDay
from core.working_time import DayKind, DayRecord

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs from the ordinary week; ``is_own`` where the agency's own calendar sets it."""

    record: DayRecord
    is_own: bool

    @property
    def date(self) -> date:
        return self.record.date

    @property
    def is_working(self) -> bool:
        return self.record.kind.is_working

    @property
    def name(self) -> str:
        """The name in the active language where it has a translation."""
        return _(self.record.name) if self.record.name else ""

    @property
    def kind(self) -> str:
        return str(self.record.kind.label)

    @property
    def hours(self) -> str:
        return _hours([[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in self.record.sessions or ()])


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its first day, how many days are worked, and the days that are not as usual."""

    first: date
    working_days: int
    special: list[SpecialDay]


def year_of(agency: Agency, year: int) -> list[Month]:
    """Lay out a year, month by month, as the agency's calendar and those above it have it."""
    calendar = working_calendar(agency.pk)
    own = own_days(agency, year)
    days = [
        date(year, 1, 1) + number * ONE_DAY
        for number in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
    ]
    return [
        Month(
            first=date(year, month, 1),
            working_days=sum(calendar.is_working_day(day) for day in group),
            special=[
                SpecialDay(record, record.date in own)
                for record in map(calendar.day, group)
                if record.date in own or not _is_ordinary(record)
            ],
        )
        for month, group in (
            (month, list(found)) for month, found in groupby(days, key=lambda day: day.month)
        )
    ]


def own_days(agency: Agency, year: int) -> dict[date, CalendarDay]:
    """Give the days that the agency itself has set: none while it works by a calendar that it shares."""
    if is_shared(agency):
        return {}
    return {row.date: row for row in CalendarDay.objects.filter(calendar=agency.calendar, date__year=year)}


def changes(agency: Agency) -> QuerySet[CalendarChange]:
    """Give the history of the calendar that the agency works by; the pages order it, newest first."""
    return CalendarChange.objects.filter(calendar=agency.calendar)


def in_words(facts: dict[str, Any] | None) -> str:
    """Say what a day was before or after a change."""
    if facts is None:
        return _("Theo lịch chung")
    parts = [
        str(DayKind(facts["kind"]).label),
        _(facts["name"]) if facts["name"] else "",
        _hours(facts["sessions"]),
    ]
    if facts["provisional"]:
        parts.append(_("tạm tính"))
    return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class EditedDay:
    """One day as a form shows it; only one of the agency's own can be taken out."""

    initial: dict[str, str]
    is_own: bool


def edited(agency: Agency, day: date) -> EditedDay:
    """Give what a day is now, for the form that changes it."""
    record = working_calendar(agency.pk).day(day)
    initial = {
        "kind": str(record.kind),
        "name": record.name,
        "hours": ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in record.sessions or ()),
    }
    return EditedDay(initial, day in own_days(agency, day.year))


def _is_ordinary(record: DayRecord) -> bool:
    weekday = record.date.weekday()
    usual = (
        {DayKind.WORKDAY}
        if weekday < 5
        else {DayKind.WEEKEND, DayKind.INTAKE_ONLY}
        if weekday == 5
        else {DayKind.WEEKEND}
    )
    return record.kind in usual and not record.sessions


def _hours(sessions: list[list[str]]) -> str:
    return ", ".join(f"{opens}–{closes}" for opens, closes in sessions)
