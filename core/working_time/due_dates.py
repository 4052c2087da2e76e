"""Due dates: from a start, a time limit and pauses to the promised moment.

Rules R1 to R13 of the working time regulation. A due date is computed from its intervals and never typed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.working_time.calendar import ZERO, Calendar
from core.working_time.durations import WORKING_DAY, Duration, Unit

SAME_DAY_CUTOFF = time(15, 0)
PAPER_TRANSFER_MORNING = time(8, 0)
ACCEPT_WITHIN_CITY = timedelta(hours=4)
ACCEPT_WITHIN_NATIONAL = timedelta(hours=8)
SUPPLEMENT_NOTICE_WITHIN = 3 * WORKING_DAY
NEAR_DUE_AT_LEAST = timedelta(hours=8)
NEAR_DUE_SHARE = 5  # the last fifth of the time limit
_TICK = timedelta(microseconds=1)


class Mode(TextChoices):
    """How a procedure counts working days."""

    EXACT = "exact", _("Tính đủ từng giờ làm việc")
    END_OF_DAY = "end_of_day", _("Không tính ngày đầu, hết giờ làm việc ngày cuối")
    SAME_DAY = "same_day", _("Trong ngày; sau 15 giờ thì ngày làm việc tiếp theo")


class PausePolicy(TextChoices):
    """What happens to the time limit when a stopped clock runs again (R6)."""

    PAUSE = "pause", _("Tính tiếp thời gian còn lại")
    RESTART = "restart", _("Tính lại từ đầu")


@dataclass(frozen=True, slots=True)
class Pause:
    """An interval in which the clock stands still; without an end it stands still now.

    ``policy`` says how time goes on after this very pause; None: as for the others. ``reason`` and ``basis`` (the
    article of law) are for the explanation.
    """

    since: datetime
    until: datetime | None = None
    policy: PausePolicy | None = None
    reason: str = ""
    basis: str = ""

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise ValueError(
                f"until: the clock cannot resume at {self.until} before it stopped at {self.since}"
            )


@dataclass(frozen=True, slots=True)
class DueDate:
    """A promised moment and all that led to it.

    ``at`` is None while the clock stands still; ``remaining`` is the working time that was left then (EXACT
    mode and working units only). ``pauses`` are those that counted: one that begins when the time limit is
    already over changes nothing. ``provisional`` says that a year on the way still waits for the official notice.
    """

    calendar: Calendar
    start: datetime
    duration: Duration
    mode: Mode
    policy: PausePolicy
    pauses: tuple[Pause, ...]
    at: datetime | None
    remaining: timedelta | None = None

    @property
    def provisional(self) -> bool:
        moments = [self.start] if self.at is None else [self.start, self.at]
        return self.calendar.is_provisional(*moments)

    @property
    def counted_from(self) -> datetime:
        """The moment from which the whole time limit was counted: the start, or the last restart."""
        for pause in reversed(self.pauses):
            if pause.until and restarts(pause.policy or self.policy, self.mode):
                return self.calendar.local(pause.until)
        return self.start


def due_date(
    calendar: Calendar,
    start: datetime,
    duration: Duration,
    *,
    mode: Mode = Mode.EXACT,
    pauses: Iterable[Pause] = (),
    policy: PausePolicy = PausePolicy.PAUSE,
) -> DueDate:
    """Compute when a time limit is over.

    Working days and hours follow ``mode``. Calendar days, months and years leave the first day out, move from a day
    off to the next working day and end at its close (R5). Plain hours are hours of the clock; an end outside office
    hours moves to the next opening. After a pause in a day count, the days after its first one up to the day of
    resumption are given back; a same-day limit is promised anew at resumption. No count ends before the clock runs
    again: a limit whose last day passed during the pause ends with the day of resumption.

    :raises ValueError: a datetime is naive, pauses overlap, or a pause begins before the start.
    """
    first = calendar.local(start)
    stops = _in_order(calendar, first, pauses)
    count = _counting(duration, mode)
    begin, excused, earliest = first, ZERO, first
    for i, stop in enumerate(stops):
        due = max(count.end(calendar, begin, duration, excused), earliest)
        if stop.since >= due:
            return DueDate(calendar, first, duration, mode, policy, stops[:i], due)
        if stop.until is None:
            remaining = calendar.elapsed(stop.since, due) if isinstance(count, _WorkingTime) else None
            if remaining is not None and restarts(stop.policy or policy, mode):
                remaining = duration.working_time
            return DueDate(calendar, first, duration, mode, policy, stops[: i + 1], None, remaining)
        if restarts(stop.policy or policy, mode):
            begin, excused = stop.until, ZERO
        else:
            excused += count.between(calendar, stop.since, stop.until)
            earliest = count.earliest(calendar, stop.until)
    due = max(count.end(calendar, begin, duration, excused), earliest)
    return DueDate(calendar, first, duration, mode, policy, stops, due)


def due_moments(
    calendar: Calendar, starts: Iterable[datetime], duration: Duration, *, mode: Mode = Mode.EXACT
) -> list[datetime]:
    """Return the due moment of each start, for one time limit without pauses: the way for very many.

    :raises ValueError: a start is naive.
    """
    count = _counting(duration, mode)
    if isinstance(count, _WorkingTime):
        return calendar.add_to_each(starts, duration.working_time)
    return [count.end(calendar, calendar.local(start), duration, ZERO) for start in starts]


def restarts(policy: PausePolicy, mode: Mode) -> bool:
    """Say whether a limit is counted anew after a pause: by policy, or because it has no hours to save."""
    return policy is PausePolicy.RESTART or mode is Mode.SAME_DAY


def accept_due(calendar: Calendar, submitted_at: datetime, *, national: bool = False) -> datetime:
    """Return until when an online filing must be answered: 4 working hours in the city, 8 nationally (R8)."""
    return calendar.add(submitted_at, ACCEPT_WITHIN_NATIONAL if national else ACCEPT_WITHIN_CITY)


def supplement_notice_due(calendar: Calendar, accepted_at: datetime) -> datetime:
    """Return the last moment to ask for a supplement: 3 working days after acceptance (R9, NĐ 61 art. 19.4)."""
    return calendar.add(accepted_at, SUPPLEMENT_NOTICE_WITHIN)


def apology_due(calendar: Calendar, due: datetime) -> datetime:
    """Return the close of the working day before the day of a due date (R10, NĐ 61 art. 19.9)."""
    return calendar.closes(calendar.previous_working_day(calendar.local(due).date()))


def paper_transfer_due(calendar: Calendar, accepted_at: datetime) -> datetime:
    """Return until when papers go to the competent agency (R11, TT 01/2018 art. 18.2).

    Accepted until 15:00 of a working day: its close; later: 08:00 of the next working day.
    """
    accepted = calendar.local(accepted_at)
    if _before_cutoff(calendar, accepted):
        return calendar.closes(accepted.date())
    return calendar.at(calendar.next_working_day(accepted.date()), PAPER_TRANSFER_MORNING)


def near_due_at(calendar: Calendar, due: DueDate) -> datetime | None:
    """Return when a dossier comes near its due date; None while the clock stands still.

    The last 8 working hours or the last fifth, whichever is longer; 4 hours for limits of up to one working day;
    one hour for the same day.
    """
    if due.at is None:
        return None
    since = due.counted_from
    paused = sum(
        (calendar.elapsed(p.since, p.until) for p in due.pauses if p.until and p.since >= since), ZERO
    )
    total = calendar.elapsed(since, due.at) - paused
    if due.mode is Mode.SAME_DAY:
        window = timedelta(hours=1)
    elif total <= WORKING_DAY:
        window = timedelta(hours=4)
    else:
        window = max(NEAR_DUE_AT_LEAST, total / NEAR_DUE_SHARE)
    return calendar.subtract(due.at, window)


def step_dues(calendar: Calendar, start: datetime, steps: Sequence[Duration]) -> list[datetime]:
    """Return the due of each internal step; steps follow one another, all in working units or all by the clock.

    By the clock, a step is due when a limit as long as all steps up to it would be (R5), so the last one falls on
    the due date of the whole.

    :raises ValueError: as `together`.
    """
    return [due_moments(calendar, [start], together(steps[:n]))[0] for n in range(1, len(steps) + 1)]


def together(steps: Sequence[Duration]) -> Duration:
    """Return one limit as long as these one after another.

    :raises ValueError: a step is in months or years, or working units stand beside others.
    """
    if all(step.unit.is_working for step in steps):
        unit = Unit.WORKING_HOUR
    elif all(step.unit is Unit.HOUR for step in steps):
        unit = Unit.HOUR
    else:
        unit = Unit.CALENDAR_DAY
    total = sum((step.working_time if unit.is_working else step.clock_time for step in steps), ZERO)
    one = timedelta(days=1) if unit is Unit.CALENDAR_DAY else timedelta(hours=1)
    return Duration(Decimal(total // _TICK) / (one // _TICK), unit)


def is_late(due: datetime, finished: datetime) -> bool:
    """Say whether work was late; finishing exactly at the due moment is on time (R13)."""
    return finished > due


def lateness(calendar: Calendar, due: datetime, finished: datetime) -> timedelta:
    """Return by how much working time work was late, zero when it was on time (R13)."""
    return calendar.elapsed(due, finished) if is_late(due, finished) else ZERO


class _Counting(Protocol):
    """A way to count. ``excused`` is what pauses give back: working time, clock time or days (as timedelta).

    ``earliest`` is the first moment at which a count can end that goes on at ``resumed``.
    """

    def end(
        self, calendar: Calendar, start: datetime, duration: Duration, excused: timedelta
    ) -> datetime: ...

    def between(self, calendar: Calendar, since: datetime, until: datetime) -> timedelta: ...

    def earliest(self, calendar: Calendar, resumed: datetime) -> datetime: ...


class _WorkingTime:
    """R2: every working minute counts."""

    def end(self, calendar: Calendar, start: datetime, duration: Duration, excused: timedelta) -> datetime:
        return calendar.add(start, duration.working_time + excused)

    def between(self, calendar: Calendar, since: datetime, until: datetime) -> timedelta:
        return calendar.elapsed(since, until)

    def earliest(self, calendar: Calendar, resumed: datetime) -> datetime:
        return resumed


class _WorkingDays:
    """R3: the first day is left out, the last one ends at its close; a fraction counts from the next opening."""

    def end(self, calendar: Calendar, start: datetime, duration: Duration, excused: timedelta) -> datetime:
        whole, fraction = divmod(duration.value, 1)
        last = calendar.nth_working_day(calendar.local(start).date(), int(whole) + excused.days)
        if not fraction:
            return calendar.closes(last)
        part = Duration(fraction, Unit.WORKING_DAY).working_time
        next_day = calendar.next_working_day(last)
        return min(calendar.add(calendar.opens(next_day), part), calendar.closes(next_day))

    def between(self, calendar: Calendar, since: datetime, until: datetime) -> timedelta:
        first, last = calendar.local(since).date(), calendar.local(until).date()
        return timedelta(days=calendar.working_days_between(first, last))

    def earliest(self, calendar: Calendar, resumed: datetime) -> datetime:
        return _next_close(calendar, resumed)


class _CalendarDays:
    """R5: the first day is left out; an end on a day off moves on; the last day ends at its close."""

    def end(self, calendar: Calendar, start: datetime, duration: Duration, excused: timedelta) -> datetime:
        months, days = duration.months_and_days
        last = add_months(calendar.local(start).date(), months) + timedelta(days=days) + excused
        return calendar.closes(calendar.roll_forward(last))

    def between(self, calendar: Calendar, since: datetime, until: datetime) -> timedelta:
        return calendar.local(until).date() - calendar.local(since).date()

    def earliest(self, calendar: Calendar, resumed: datetime) -> datetime:
        return _next_close(calendar, resumed)


class _ClockHours:
    """Hours of the clock, nights and days off included; an end while nobody works moves to the next opening."""

    def end(self, calendar: Calendar, start: datetime, duration: Duration, excused: timedelta) -> datetime:
        hours = timedelta(seconds=round(duration.value * Decimal(3600)))
        return calendar.next_open(start + hours + excused)

    def between(self, calendar: Calendar, since: datetime, until: datetime) -> timedelta:
        return until - since

    def earliest(self, calendar: Calendar, resumed: datetime) -> datetime:
        return calendar.next_open(resumed)


class _SameDay:
    """R4: accepted until 15:00 of a working day, due at its close; later, at the close of the next one."""

    def end(self, calendar: Calendar, start: datetime, duration: Duration, excused: timedelta) -> datetime:
        accepted = calendar.local(start)
        today = accepted.date()
        return calendar.closes(
            today if _before_cutoff(calendar, accepted) else calendar.next_working_day(today)
        )

    def between(self, calendar: Calendar, since: datetime, until: datetime) -> timedelta:
        return ZERO

    def earliest(self, calendar: Calendar, resumed: datetime) -> datetime:
        return _next_close(calendar, resumed)


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a month that is too short."""
    years, month0 = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month0 + 1, 1)
    next_first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (next_first - first).days))


def _counting(duration: Duration, mode: Mode) -> _Counting:
    if mode is Mode.SAME_DAY:
        return _SameDay()
    if duration.unit is Unit.WORKING_DAY and mode is Mode.END_OF_DAY:
        return _WorkingDays()
    if duration.unit.is_working:
        return _WorkingTime()
    return _ClockHours() if duration.unit is Unit.HOUR else _CalendarDays()


def _next_close(calendar: Calendar, moment: datetime) -> datetime:
    """Return the close of the day of a moment, or of the next working day when there is no time left in it."""
    day = calendar.local(moment).date()
    if calendar.is_working_day(day) and moment < calendar.closes(day):
        return calendar.closes(day)
    return calendar.closes(calendar.next_working_day(day))


def _before_cutoff(calendar: Calendar, accepted: datetime) -> bool:
    """Say whether a working day is still young enough; the receipt shows minutes, so 15:00:59 is 15:00."""
    if not calendar.is_working_day(accepted.date()):
        return False
    minute = accepted.time().replace(second=0, microsecond=0)
    return minute <= SAME_DAY_CUTOFF and accepted <= calendar.closes(accepted.date())


def _in_order(calendar: Calendar, start: datetime, pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    local = [
        replace(
            pause,
            since=calendar.local(pause.since),
            until=None if pause.until is None else calendar.local(pause.until),
        )
        for pause in pauses
    ]
    # One that ends as it begins comes before another that begins then; one without an end comes last.
    local.sort(key=lambda pause: (pause.since, pause.until is None, pause.until or pause.since))
    last: datetime | None = start
    for pause in local:
        if last is None or pause.since < last:
            before = "an earlier pause that is still open" if last is None else f"{last:%Y-%m-%d %H:%M}"
            raise ValueError(
                f"pauses: {pause.since:%Y-%m-%d %H:%M} lies before {before}; pauses must not overlap"
            )
        last = pause.until
    return tuple(local)
