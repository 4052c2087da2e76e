"""The working calendar of an agency, ready to count with."""

from __future__ import annotations

from functools import cache

from agencies.models import Agency, Calendar, CalendarDay
from agencies.states import AgencyKind
from core import working_time
from core.kept_statements import ANY_ID, Statement, statement
from core.working_time import DayKind, DayRecord, Session

_Versions = tuple[int | None, ...]

_kept: dict[int, tuple[_Versions, working_time.Calendar]] = {}


def working_calendar(agency_id: int) -> working_time.Calendar:
    """Give the calendar that an agency works by: its own days over those of its calendar's parents.

    The table of sessions is built once per process and again when a calendar of the chain has a new version, so
    that asking costs one query.

    :raises Agency.DoesNotExist: no such agency.
    """
    found = _with_versions().rows({ANY_ID: agency_id})
    if not found:
        raise Agency.DoesNotExist(f"agency {agency_id}")
    [(calendar_id, *versions, further)] = found
    kept = _kept.get(calendar_id)
    # No city has more than three calendars above each other; where there are, they are read each time.
    if kept is None or kept[0] != tuple(versions) or further is not None:
        chain = _chain(Calendar.objects.select_related("parent").get(pk=calendar_id))
        # Two threads may build the same calendar; each gets a whole one, and the last is kept.
        kept = _kept[calendar_id] = (tuple(versions), _build(chain))
    return kept[1]


@cache
def _with_versions() -> Statement:
    """Every due date that is counted asks this first."""
    agencies = Agency.objects.filter(pk=ANY_ID)
    return statement(
        agencies.values_list(
            "calendar_id",
            "calendar__version",
            "calendar__parent_id",
            "calendar__parent__version",
            "calendar__parent__parent_id",
            "calendar__parent__parent__version",
            "calendar__parent__parent__parent_id",
        )
    )


def agencies_under(calendar_id: int) -> list[int]:
    """List the agencies whose working time follows a calendar: it is theirs, or one above theirs."""
    parents = dict(Calendar.objects.values_list("pk", "parent_id"))
    below = {calendar_id}
    while found := {pk for pk, parent in parents.items() if parent in below} - below:
        below |= found
    return list(Agency.objects.filter(calendar__in=below).values_list("pk", flat=True))


def is_shared(agency: Agency) -> bool:
    """Say whether an agency works by a calendar that is not its own to change: the city's is the city's alone."""
    if agency.kind == AgencyKind.CITY:
        return False
    return Agency.objects.filter(calendar_id=agency.calendar_id).exclude(pk=agency.pk).exists()


def _chain(calendar: Calendar) -> list[Calendar]:
    """List a calendar after its parents, the topmost first."""
    chain: list[Calendar] = []
    current: Calendar | None = calendar
    while current is not None and current not in chain:
        chain.insert(0, current)
        current = current.parent
    return chain


def _build(chain: list[Calendar]) -> working_time.Calendar:
    rows = CalendarDay.objects.filter(calendar__in=chain)
    days = [
        _record(day)
        for calendar in chain
        for day in sorted((row for row in rows if row.calendar_id == calendar.pk), key=lambda row: row.date)
    ]
    own_hours = [calendar.sessions for calendar in reversed(chain) if calendar.sessions]
    sessions = _sessions(own_hours[0]) if own_hours else working_time.OFFICE_HOURS
    return working_time.Calendar(days, sessions=sessions)


def _record(day: CalendarDay) -> DayRecord:
    return DayRecord(
        date=day.date,
        kind=DayKind(day.kind),
        name=day.name,
        sessions=_sessions(day.sessions) if day.sessions else None,
        provisional=day.provisional,
    )


def _sessions(pairs: list[list[str]]) -> tuple[Session, ...]:
    return tuple(Session.of(opens, closes) for opens, closes in pairs)
