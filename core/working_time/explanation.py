"""A due date that explains itself: start, working time, days off by name, pauses, rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.working_time.calendar import ONE_DAY, ZERO, Calendar
from core.working_time.days import DayKind
from core.working_time.due_dates import DueDate, Mode, restarts
from core.working_time.durations import WORKING_DAY, Unit


class StepKind(StrEnum):
    """What one line of an explanation tells."""

    START = "start"
    WORKED = "worked"
    DAYS_OFF = "days_off"
    PAUSE = "pause"
    RULE = "rule"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class ExplanationStep:
    """One line of an explanation. ``worked`` is working time; ``text`` is a sentence in the active language."""

    kind: StepKind
    since: datetime
    until: datetime
    text: str
    worked: timedelta = ZERO


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
        steps.append(_pause(due, pause.since, pause.until))
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
        limit = _(
            "Thời hạn: trong ngày làm việc; tiếp nhận sau 15 giờ thì trả trong ngày làm việc tiếp theo."
        )
    elif due.duration.unit.is_working and due.mode is Mode.EXACT:
        limit = _("Thời hạn: %(limit)s, tính đủ từng giờ làm việc.")
    elif due.duration.unit.is_working:
        limit = _("Thời hạn: %(limit)s, không tính ngày đầu, đến hết giờ làm việc của ngày cuối.")
    elif due.duration.unit is Unit.HOUR:
        limit = _(
            "Thời hạn: %(limit)s theo đồng hồ; nếu kết thúc ngoài giờ làm việc thì chuyển sang đầu giờ kế tiếp."
        )
    else:
        limit = _(
            "Thời hạn: %(limit)s, không tính ngày đầu; "
            "nếu kết thúc vào ngày nghỉ thì chuyển sang ngày làm việc tiếp theo."
        )
    return ExplanationStep(StepKind.RULE, due.start, due.start, limit % {"limit": due.duration})


def _pause(due: DueDate, since: datetime, until: datetime | None) -> ExplanationStep:
    if until is None:
        text = _("Tạm dừng tính thời gian từ %(since)s.") % {"since": _moment(since)}
        return ExplanationStep(StepKind.PAUSE, since, since, text)
    if restarts(due.policy, due.mode):
        text = _("Tạm dừng từ %(since)s đến %(until)s; sau đó tính lại từ đầu.")
    else:
        text = _("Tạm dừng từ %(since)s đến %(until)s; sau đó tính tiếp thời gian còn lại.")
    text %= {"since": _moment(since), "until": _moment(until)}
    return ExplanationStep(StepKind.PAUSE, since, until, text)


def _run(due: DueDate, since: datetime, until: datetime) -> Iterator[ExplanationStep]:
    """Yield what happened while the clock ran: runs of working days, parts of days, days off by name.

    Limits in calendar days and clock hours run through days off, so there is nothing to tell about them.
    """
    if not due.duration.unit.is_working and due.mode is not Mode.SAME_DAY:
        return
    whole_days = due.duration.unit is Unit.WORKING_DAY and due.mode is Mode.END_OF_DAY
    days = _days(due.calendar, since, until, whole_days=whole_days)
    for (kind, label), group in groupby(days, key=lambda day: day[:2]):
        run = list(group)
        first, last = run[0][2], run[-1][2]
        worked = sum((day[3] for day in run), ZERO)
        when = _days_text(first, last)
        if kind is StepKind.DAYS_OFF:
            text = _("%(when)s: %(name)s; không tính.") % {"when": when, "name": label}
        elif whole_days:
            text = ngettext(
                "%(when)s: %(days)d ngày làm việc.", "%(when)s: %(days)d ngày làm việc.", len(run)
            ) % {"when": when, "days": len(run)}
        else:
            text = _("%(when)s: %(hours)s làm việc.") % {"when": when, "hours": _hours(worked)}
        begin = max(since, due.calendar.at(first, time.min))
        end = min(until, due.calendar.at(last + ONE_DAY, time.min))
        yield ExplanationStep(kind, begin, end, text, worked)


def _days(
    calendar: Calendar, since: datetime, until: datetime, *, whole_days: bool
) -> Iterator[tuple[StepKind, str, date, timedelta]]:
    """Yield kind, label, day and working time of each day; a count of whole days leaves its first day out."""
    day = since.date() + ONE_DAY if whole_days else since.date()
    while day <= until.date():
        record = calendar.day(day)
        begin = max(since, calendar.at(day, time.min))
        end = min(until, calendar.at(day + ONE_DAY, time.min))
        worked = calendar.elapsed(begin, end)
        if not record.kind.is_working:
            # To the clock an intake-only Saturday and a Sunday are one weekend.
            kind = DayKind.WEEKEND if record.kind is DayKind.INTAKE_ONLY else record.kind
            # Names of official days have an English translation; a name that an office entered stays as it is.
            yield StepKind.DAYS_OFF, _(record.name) if record.name else str(kind.label), day, ZERO
        elif worked or whole_days:
            # Whole days are told together, a part of a day on its own line.
            together = whole_days or worked == WORKING_DAY
            yield StepKind.WORKED, "" if together else str(day), day, worked
        day += ONE_DAY


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
