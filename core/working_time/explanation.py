"""A due date that explains itself: start, working time, days off by name, pauses with reason, rules with article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.working_time.calendar import ONE_DAY, ZERO, Calendar
from core.working_time.days import DayKind, DayRecord
from core.working_time.due_dates import DueDate, Mode, Pause, restarts
from core.working_time.durations import WORKING_DAY, Unit
from core.working_time.rules import Rule, day_basis


class StepKind(StrEnum):
    """What one line of an explanation tells."""

    START = "start"
    WORKED = "worked"
    DAYS_OFF = "days_off"
    PAUSE = "pause"
    APOLOGY = "apology"
    RULE = "rule"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class ExplanationStep:
    """One line of an explanation. ``worked`` is working time; ``text`` is a sentence in the active language.

    ``rule`` is the rule that the line follows, ``basis`` the article of law in the active language; "" for none.
    """

    kind: StepKind
    since: datetime
    until: datetime
    text: str
    worked: timedelta = ZERO
    rule: str = ""
    basis: str = ""

    @property
    def source(self) -> str:
        """Rule and article as people read them: "R3 – Bộ luật Dân sự 2015, …"."""
        return " – ".join(part for part in (self.rule, self.basis) if part)


def explain(due: DueDate) -> list[ExplanationStep]:
    """Return the steps from the start to the due date (or to the open pause), in order of time."""
    end = due.at or due.pauses[-1].since
    steps = [
        ExplanationStep(
            StepKind.START, due.start, due.start, _("Bắt đầu tính từ %(at)s.") % {"at": _moment(due.start)}
        ),
        _rule(due),
    ]
    since = due.start
    for pause in due.pauses:
        steps += _run(due, since, pause.since)
        steps.append(_pause(due, pause))
        since = pause.until or pause.since
    steps += _run(due, since, end)
    if due.at is None:
        return steps
    text = _("Hạn trả kết quả: %(at)s.") % {"at": _moment(due.at)}
    if due.provisional:
        text += " " + _("Ngày này là tạm tính vì chưa có thông báo chính thức về lịch nghỉ lễ, Tết của năm.")
    return [*steps, ExplanationStep(StepKind.DUE, due.at, due.at, text)]


def _rule(due: DueDate) -> ExplanationStep:
    if due.mode is Mode.SAME_DAY:
        rule = Rule.SAME_DAY
        limit = _(
            "Thời hạn: trong ngày làm việc; tiếp nhận sau 15 giờ thì trả trong ngày làm việc tiếp theo."
        )
    elif due.duration.unit is Unit.WORKING_DAY and due.mode is Mode.END_OF_DAY:
        rule = Rule.END_OF_DAY
        limit = _("Thời hạn: %(limit)s, không tính ngày đầu, đến hết giờ làm việc của ngày cuối.")
    elif due.duration.unit.is_working:
        rule = Rule.EXACT
        limit = _("Thời hạn: %(limit)s, tính đủ từng giờ làm việc.")
    elif due.duration.unit is Unit.HOUR:
        rule = Rule.UNIT
        limit = _(
            "Thời hạn: %(limit)s theo đồng hồ; nếu kết thúc ngoài giờ làm việc thì chuyển sang đầu giờ kế tiếp."
        )
    else:
        rule = Rule.CALENDAR
        limit = _(
            "Thời hạn: %(limit)s, không tính ngày đầu; "
            "nếu kết thúc vào ngày nghỉ thì chuyển sang ngày làm việc tiếp theo."
        )
    text = limit % {"limit": due.duration}
    return ExplanationStep(StepKind.RULE, due.start, due.start, text, rule=rule, basis=rule.basis)


def _pause(due: DueDate, pause: Pause) -> ExplanationStep:
    since, until = pause.since, pause.until
    if until is None:
        text = _("Tạm dừng tính thời gian từ %(since)s.") % {"since": _moment(since)}
    else:
        if restarts(pause.policy or due.policy, due.mode):
            text = _("Tạm dừng từ %(since)s đến %(until)s; sau đó tính lại từ đầu.")
        else:
            text = _("Tạm dừng từ %(since)s đến %(until)s; sau đó tính tiếp thời gian còn lại.")
        text %= {"since": _moment(since), "until": _moment(until)}
    if pause.reason:
        text += " " + _("Lý do: %(reason)s.") % {"reason": pause.reason}
    return ExplanationStep(
        StepKind.PAUSE, since, until or since, text, rule=Rule.PAUSE, basis=pause.basis or Rule.PAUSE.basis
    )


def _run(due: DueDate, since: datetime, until: datetime) -> Iterator[ExplanationStep]:
    """Yield what happened while the clock ran: runs of working days, parts of days, days off by name.

    Limits in calendar days and clock hours run through days off, so there is nothing to tell about them.
    """
    if not due.duration.unit.is_working and due.mode is not Mode.SAME_DAY:
        return
    whole_days = due.duration.unit is Unit.WORKING_DAY and due.mode is Mode.END_OF_DAY
    days = _days(due.calendar, since, until, whole_days=whole_days)
    for key, group in groupby(days, key=lambda one: one.told_with):
        kind, label, basis, _part = key
        run = list(group)
        first, last = run[0].day, run[-1].day
        worked = sum((one.worked for one in run), ZERO)
        when = _days_text(first, last)
        if kind is StepKind.DAYS_OFF:
            text = _("%(when)s: %(name)s; không tính.") % {"when": when, "name": label}
        else:
            if whole_days:
                amount = ngettext("%(days)d ngày làm việc", "%(days)d ngày làm việc", len(run)) % {
                    "days": len(run)
                }
            else:
                amount = _("%(hours)s làm việc") % {"hours": _hours(worked)}
            name = f" ({label})" if label else ""
            text = f"{when}{name}: {amount}."
        begin = max(since, due.calendar.at(first, time.min))
        end = min(until, due.calendar.at(last + ONE_DAY, time.min))
        yield ExplanationStep(kind, begin, end, text, worked, basis=basis)


class _Day(NamedTuple):
    """What one day gave: whole days of a kind are told together, a part of a day on its own line."""

    kind: StepKind
    label: str
    basis: str
    day: date
    worked: timedelta
    whole: bool = True

    @property
    def told_with(self) -> tuple[StepKind, str, str, date | None]:
        return self.kind, self.label, self.basis, None if self.whole else self.day


def _days(calendar: Calendar, since: datetime, until: datetime, *, whole_days: bool) -> Iterator[_Day]:
    """Yield each day that gave something or was off; a count of whole days leaves its first day out."""
    first, last = since.date(), until.date()
    day = first + ONE_DAY if whole_days else first
    while day <= last:
        record = calendar.day(day)
        if not record.kind.is_working:
            # To the clock an intake-only Saturday and a Sunday are one weekend.
            kind = DayKind.WEEKEND if record.kind is DayKind.INTAKE_ONLY else record.kind
            # Names of official days have an English translation; a name that an office entered stays as it is.
            name = _(record.name) if record.name else str(kind.label)
            yield _Day(StepKind.DAYS_OFF, name, day_basis(kind), day, ZERO)
        else:
            begin = since if day == first else calendar.at(day, time.min)
            end = until if day == last else calendar.at(day + ONE_DAY, time.min)
            worked = calendar.elapsed(begin, end)
            if worked or whole_days:
                whole = whole_days or worked == WORKING_DAY
                yield _Day(StepKind.WORKED, *_working_label(record), day, worked, whole)
        day += ONE_DAY


def _working_label(record: DayRecord) -> tuple[str, str]:
    """Name a day that is worked against the ordinary week, with its article; ordinary days need no name."""
    if record.kind is not DayKind.MAKE_UP_WORKDAY:
        return "", ""
    return (_(record.name) if record.name else str(record.kind.label)), day_basis(record.kind)


def _moment(moment: datetime) -> str:
    return f"{moment:%H:%M} {moment:%d/%m/%Y}"


def _days_text(first: date, last: date) -> str:
    if first == last:
        return f"{first:%d/%m/%Y}"
    return _("%(first)s đến %(last)s") % {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}


def _hours(worked: timedelta) -> str:
    hours, rest = divmod(worked, timedelta(hours=1))
    minutes = round(rest / timedelta(minutes=1))
    if minutes == 60:
        hours, minutes = hours + 1, 0
    if not minutes:
        return _("%(hours)d giờ") % {"hours": hours}
    return _("%(hours)d giờ %(minutes)d phút") % {"hours": hours, "minutes": minutes}
