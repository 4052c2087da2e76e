"""Changes to agencies and their calendars."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from agencies.models import Calendar, CalendarDay
from core.working_time import DayRecord


@transaction.atomic
def enter_days(*, calendar_id: int, days: Iterable[DayRecord]) -> int:
    """Enter days into a calendar, a later record for a date in place of an earlier one; give how many changed.

    Dossiers that are open keep their due dates until they are computed anew; every process reads the new days
    with its next question.
    """
    calendar = Calendar.objects.select_for_update().get(pk=calendar_id)
    entered = {day.date: day for day in calendar.days.all()}
    wanted = [_row(calendar, record) for record in {record.date: record for record in days}.values()]
    changed = [row for row in wanted if row.date not in entered or _facts(entered[row.date]) != _facts(row)]
    if not changed:
        return 0
    CalendarDay.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["calendar", "date"],
        update_fields=["kind", "name", "sessions", "provisional"],
    )
    calendar.version += 1
    calendar.save(update_fields=["version"])
    return len(changed)


def _row(calendar: Calendar, record: DayRecord) -> CalendarDay:
    return CalendarDay(
        calendar=calendar,
        date=record.date,
        kind=record.kind,
        name=record.name,
        sessions=[[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in record.sessions or ()],
        provisional=record.provisional,
    )


def _facts(day: CalendarDay) -> tuple[str, str, list[list[str]], bool]:
    return day.kind, day.name, day.sessions, day.provisional
