"""Working time arithmetic over a calendar: add, take away, measure.

Pure data in, no database. Every instant is an aware datetime; answers are in Asia/Ho_Chi_Minh, which has had no
daylight saving since 1975, so local time can be counted as it stands.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.working_time.days import (
    OFFICE_HOURS,
    SATURDAY_INTAKE,
    DayKind,
    DayRecord,
    Session,
    check_sessions,
)
from core.working_time.vietnam import fixed_days

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TICK = timedelta(microseconds=1)
ZERO = timedelta(0)
ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1900, 2150
# Datetimes of one time zone are added and subtracted by the wall clock, which is what sessions are written in.
EPOCH = datetime(FIRST_YEAR, 1, 1, tzinfo=TIME_ZONE)
# Labour Code art. 112 gives 11 days (12 from 2026): with fewer entered, a year still waits for its notice.
STATUTORY_DAYS_OFF = 11


@dataclass(frozen=True, slots=True)
class _Table:
    """All working sessions of some whole years, in microseconds of local time since 1900.

    ``before[i]`` is the working time before session i, so that a moment and the working time up to it are found
    from each other by bisection; one entry more than sessions holds the total. ``days`` are the working days as
    ordinals.
    """

    first_year: int
    last_year: int
    opens: list[int]
    closes: list[int]
    before: list[int]
    days: list[int]

    def covers(self, moment: datetime) -> bool:
        return self.first_year <= moment.year <= self.last_year

    def position(self, tick: int) -> int:
        """Return the working time up to a tick."""
        i = bisect_right(self.opens, tick) - 1
        return 0 if i < 0 else self.before[i] + min(tick, self.closes[i]) - self.opens[i]


class Calendar:
    """The working calendar of an agency: the ordinary week plus the days entered for it.

    ``days`` are records (or a mapping from date to record); a later record for a date wins. Years that are not
    known (no official notice entered, see ``known_years``) count weekends and holidays with a fixed date, so that a
    citizen still gets a date; ``is_provisional`` tells such dates apart. ``known_years`` is derived from the days:
    a year is known when at least 11 holidays that are not provisional are entered for it.
    """

    def __init__(
        self,
        days: Iterable[DayRecord] | Mapping[date, DayRecord] = (),
        *,
        sessions: Iterable[Session] = OFFICE_HOURS,
        saturday: DayKind = DayKind.INTAKE_ONLY,
    ) -> None:
        self.sessions = tuple(sessions)
        if not self.sessions:
            raise ValueError("sessions: a calendar needs at least one session in a working day")
        check_sessions(self.sessions, where="sessions")
        self.saturday = saturday
        records = days.values() if isinstance(days, Mapping) else days
        self.days: dict[date, DayRecord] = {record.date: record for record in records}
        self.known_years = self._known_years()
        self._fixed: dict[int, dict[date, DayRecord]] = {}
        first = min(self.days, default=date(2025, 1, 1)).year
        last = max(self.days, default=date(2026, 1, 1)).year
        self._table = self._build(first, last)

    def with_days(self, days: Iterable[DayRecord]) -> Calendar:
        """Return this calendar with more days laid over it: a unit's own closures over the city's calendar."""
        merged = [*self.days.values(), *days]
        return Calendar(merged, sessions=self.sessions, saturday=self.saturday)

    # Days

    @property
    def known_until(self) -> date | None:
        """The last day covered by an official notice; None when no notice was entered."""
        return date(max(self.known_years), 12, 31) if self.known_years else None

    @property
    def version(self) -> str:
        """A short fingerprint of all rules and days: equal calendars, equal fingerprints."""
        days = [(str(day), *_plain(record)) for day, record in sorted(self.days.items())]
        text = repr((self.sessions, str(self.saturday), days))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def is_provisional(self, *moments: datetime) -> bool:
        """Say whether any year from the first to the last moment lacks an official notice."""
        years = [self.local(moment).year for moment in moments]
        return any(year not in self.known_years for year in range(min(years), max(years) + 1))

    def day(self, day: date) -> DayRecord:
        """Return the record of a day: the entered one, the fixed holiday, or the ordinary day of the week."""
        record = self.days.get(day)
        if record is None and day.year not in self.known_years:
            record = self._fixed_days(day.year).get(day)
        if record is not None:
            return record
        weekday = day.weekday()
        kind = DayKind.WORKDAY if weekday < 5 else self.saturday if weekday == 5 else DayKind.WEEKEND
        return DayRecord(day, kind)

    def working_sessions(self, day: date) -> tuple[Session, ...]:
        """Return the sessions of a day that consume processing time; none on a day off."""
        record = self.day(day)
        if not record.kind.is_working:
            return ()
        return self.sessions if record.sessions is None else record.sessions

    def opening_hours(self, day: date) -> tuple[Session, ...]:
        """Return the hours in which the desk is open, intake-only Saturdays included."""
        record = self.day(day)
        if record.kind is DayKind.INTAKE_ONLY:
            return SATURDAY_INTAKE if record.sessions is None else record.sessions
        return self.working_sessions(day)

    def is_working_day(self, day: date) -> bool:
        return bool(self.working_sessions(day))

    def next_working_day(self, day: date) -> date:
        """Return the first working day after a day."""
        return self._session_day(day + ONE_DAY, ahead=True)

    def previous_working_day(self, day: date) -> date:
        """Return the last working day before a day."""
        return self._session_day(day, ahead=False)

    def roll_forward(self, day: date) -> date:
        """Return the day itself when it is a working day, else the next working day."""
        return day if self.is_working_day(day) else self.next_working_day(day)

    def nth_working_day(self, day: date, n: int) -> date:
        """Return the n-th working day after a day, which is not counted itself."""
        if n < 1:
            return day
        table = self._covering(self.at(day, time.min))
        while (i := bisect_right(table.days, day.toordinal()) - 1 + n) >= len(table.days):
            table = self._grow(table.first_year, table.last_year + max(1, n // 200))
        return date.fromordinal(table.days[i])

    def working_days_between(self, since: date, until: date) -> int:
        """Count the working days after ``since`` up to and including ``until``."""
        if until <= since:
            return 0
        self._covering(self.at(since, time.min))
        table = self._covering(self.at(until, time.min))
        return bisect_right(table.days, until.toordinal()) - bisect_right(table.days, since.toordinal())

    def opens(self, day: date) -> datetime:
        """Return the opening of a working day.

        :raises ValueError: the day is a day off.
        """
        return self.at(day, self._sessions_or_refuse(day)[0].opens)

    def closes(self, day: date) -> datetime:
        """Return the close of a working day (17:00 as a rule).

        :raises ValueError: the day is a day off.
        """
        return self.at(day, self._sessions_or_refuse(day)[-1].closes)

    # Instants

    def local(self, moment: datetime) -> datetime:
        """Return an instant in Viet Nam's time zone.

        :raises ValueError: the datetime is naive.
        """
        if moment.tzinfo is None:
            raise ValueError(
                f"{moment.isoformat()} has no time zone: pass an aware datetime (timezone.now())"
            )
        return moment.astimezone(TIME_ZONE)

    def at(self, day: date, clock: time) -> datetime:
        """Return the instant of a time of the clock on a day in Viet Nam."""
        return datetime.combine(day, clock, tzinfo=TIME_ZONE)

    def add(self, start: datetime, work: timedelta) -> datetime:
        """Return W(start, work): the earliest instant at which that much working time has passed after start.

        Outside a session counting starts at the next session. Working time that ends with a session is due at
        its end (11:30, 17:00), not at the next opening. No working time at all ends at start.

        :raises ValueError: start is naive, or work is negative.
        """
        moment = self.local(start)
        if work < ZERO:
            raise ValueError(f"work: {work} is negative; use subtract() to look back")
        if work == ZERO:
            return moment
        table = self._covering(moment)
        target = table.position(_tick(moment)) + work // TICK
        while target > table.before[-1]:
            table = self._grow(table.first_year, table.last_year + max(1, work.days // 200))
            target = table.position(_tick(moment)) + work // TICK
        i = bisect_left(table.before, target) - 1
        return _moment(table.opens[i] + target - table.before[i])

    def add_to_each(self, starts: Iterable[datetime], work: timedelta) -> list[datetime]:
        """Return what `add` returns for each start: the way for many starts, a microsecond or so each.

        :raises ValueError: a start is naive, or work is negative.
        """
        moments = [start if start.tzinfo is TIME_ZONE else self.local(start) for start in starts]
        if not moments or work == ZERO:
            return moments
        # The furthest due moment makes the table long enough for all others.
        self.add(max(moments), work)
        table = self._covering(min(moments))
        opens, closes, before, wanted = table.opens, table.closes, table.before, work // TICK
        # For each session what turns a tick inside it into working time, and working time into a tick.
        shift = [opened - past for opened, past in zip(opens, before, strict=False)]
        due = []
        for moment in moments:
            tick = (moment - EPOCH) // TICK
            i = bisect_right(opens, tick) - 1
            done = 0 if i < 0 else (tick if tick < closes[i] else closes[i]) - shift[i]
            target = done + wanted
            due.append(EPOCH + (target + shift[bisect_left(before, target) - 1]) * TICK)
        return due

    def subtract(self, end: datetime, work: timedelta) -> datetime:
        """Return the latest instant from which that much working time passes until ``end``.

        :raises ValueError: end is naive, or work is negative.
        """
        moment = self.local(end)
        if work < ZERO:
            raise ValueError(f"work: {work} is negative; use add() to look ahead")
        if work == ZERO:
            return moment
        table = self._covering(moment)
        target = table.position(_tick(moment)) - work // TICK
        while target < 0:
            table = self._grow(table.first_year - max(1, work.days // 200), table.last_year)
            target = table.position(_tick(moment)) - work // TICK
        i = bisect_right(table.before, target) - 1
        return _moment(table.opens[i] + target - table.before[i])

    def elapsed(self, since: datetime, until: datetime) -> timedelta:
        """Return the working time between two instants; negative when they are the other way round."""
        first, last = self.local(since), self.local(until)
        self._covering(min(first, last))
        table = self._covering(max(first, last))
        return (table.position(_tick(last)) - table.position(_tick(first))) * TICK

    def is_open(self, moment: datetime) -> bool:
        """Say whether an instant lies inside a working session, both ends included."""
        local = self.local(moment)
        return any(opens <= local.time() <= closes for opens, closes in self.working_sessions(local.date()))

    def next_open(self, moment: datetime) -> datetime:
        """Return the instant itself when the office works then, else the next opening of a session."""
        local = self.local(moment)
        return local if self.is_open(local) else _moment(self._session_opening(_tick(local), ahead=True))

    # The table

    def _session_day(self, day: date, *, ahead: bool) -> date:
        midnight = _tick(self.at(day, time.min))
        return _moment(self._session_opening(midnight, ahead=ahead)).date()

    def _session_opening(self, tick: int, *, ahead: bool) -> int:
        table = self._covering(_moment(tick))
        while True:
            i = bisect_left(table.opens, tick)
            if ahead and i < len(table.opens):
                return table.opens[i]
            if not ahead and i > 0:
                return table.opens[i - 1]
            table = self._grow(table.first_year - (not ahead), table.last_year + ahead)

    def _sessions_or_refuse(self, day: date) -> tuple[Session, ...]:
        sessions = self.working_sessions(day)
        if not sessions:
            raise ValueError(f"{day:%Y-%m-%d} is a day off ({self.day(day).kind}): it has no sessions")
        return sessions

    def _covering(self, moment: datetime) -> _Table:
        table = self._table
        if table.covers(moment):
            return table
        return self._grow(min(table.first_year, moment.year), max(table.last_year, moment.year))

    def _grow(self, first_year: int, last_year: int) -> _Table:
        if first_year < FIRST_YEAR or last_year > LAST_YEAR:
            raise ValueError(
                f"no working time between {FIRST_YEAR} and {LAST_YEAR} is left: check sessions and days off"
            )
        # Threads may build the same table twice; each gets a whole one, and the last assignment wins.
        self._table = table = self._build(first_year, last_year)
        return table

    def _build(self, first_year: int, last_year: int) -> _Table:
        opens, closes, before, days = [], [], [0], []
        day, end = date(first_year, 1, 1), date(last_year, 12, 31)
        while day <= end:
            sessions = self.working_sessions(day)
            if sessions:
                days.append(day.toordinal())
            for session in sessions:
                opens.append(_tick(self.at(day, session.opens)))
                closes.append(_tick(self.at(day, session.closes)))
                before.append(before[-1] + closes[-1] - opens[-1])
            day += ONE_DAY
        return _Table(first_year, last_year, opens, closes, before, days)

    def _fixed_days(self, year: int) -> dict[date, DayRecord]:
        if year not in self._fixed:
            self._fixed[year] = {record.date: record for record in fixed_days(year)}
        return self._fixed[year]

    def _known_years(self) -> frozenset[int]:
        statutory = (DayKind.HOLIDAY, DayKind.SUBSTITUTE_DAY_OFF)
        entered = Counter(
            day.year for day, rec in self.days.items() if rec.kind in statutory and not rec.provisional
        )
        return frozenset(year for year, days in entered.items() if days >= STATUTORY_DAYS_OFF)


def _tick(moment: datetime) -> int:
    return (moment - EPOCH) // TICK


def _moment(tick: int) -> datetime:
    return EPOCH + tick * TICK


def _plain(record: DayRecord) -> tuple[str, object, bool]:
    return str(record.kind), record.sessions, record.provisional
