"""Changes to agencies and their calendars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies import policies
from agencies.calendars import is_shared
from agencies.models import Agency, Calendar, CalendarChange, CalendarDay
from core.actor import Actor
from core.errors import Conflict, InvalidInput
from core.working_time import DayKind, DayRecord, Session
from outbox import services as outbox

CALENDAR_CHANGED = "calendar.changed"
"""Topic: days of a calendar changed, and with it all calendars below it. Payload: calendar_id, reason."""

Change = tuple[date, CalendarDay | None, CalendarDay | None]
"""A day of a calendar, before and after."""

NAME_LENGTH, REASON_LENGTH = 200, 500
FIRST_DAY, LAST_DAY = date(2018, 1, 1), date(2100, 12, 31)
_SEEDED = _("Nhập theo thông báo chính thức")


class NoSuchDay(Conflict):
    code = "no_such_day"
    message = _("Lịch của đơn vị không có ngày riêng này; có thể người khác vừa bỏ. Hãy tải lại trang.")


@transaction.atomic
def enter_days(
    *,
    calendar_id: int,
    days: Iterable[DayRecord],
    actor: Actor | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> int:
    """Enter days into a calendar, a later record for a date in place of an earlier one; give how many changed.

    Every process reads the new days with its next question; open dossiers are computed anew in the background.
    """
    calendar = Calendar.objects.select_for_update(no_key=True).get(pk=calendar_id)
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
    changes: list[Change] = [(row.date, entered.get(row.date), row) for row in changed]
    _note(calendar, changes, actor=actor or Actor.system(), reason=reason or str(_SEEDED), at=at)
    return len(changed)


@transaction.atomic
def change_day(
    *,
    agency_id: int,
    day: date,
    kind: str,
    name: str,
    hours: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> bool:
    """Set what a day is in an agency's own calendar; give whether anything changed.

    ``hours`` are the hours of that day, "07:30-11:30, 13:00-17:00"; "" for the ordinary ones. An agency that works by
    a calendar it shares with others gets one of its own first, which inherits all days of the shared one.

    :raises NotAllowed: the actor does not keep this agency's calendar.
    :raises InvalidInput: fields day, kind, name, hours or reason are wrong.
    """
    policies.require_calendar(actor, agency_id=agency_id)
    record = _checked(day=day, kind=kind, name=name.strip(), hours=hours, reason=reason)
    calendar = _own_calendar(agency_id)
    return bool(enter_days(calendar_id=calendar.pk, days=[record], actor=actor, reason=reason.strip(), at=at))


@transaction.atomic
def remove_day(*, agency_id: int, day: date, reason: str, actor: Actor, at: datetime) -> None:
    """Take a day out of an agency's own calendar, so that it is again what the calendar above says.

    :raises NotAllowed: the actor does not keep this agency's calendar.
    :raises InvalidInput: no reason is given.
    :raises NoSuchDay: the calendar has no day of its own on that date.
    """
    policies.require_calendar(actor, agency_id=agency_id)
    if problems := _reason_problems(reason):
        raise InvalidInput(problems)
    calendar = _own_calendar(agency_id)
    row = CalendarDay.objects.filter(calendar=calendar, date=day).first()
    if row is None:
        raise NoSuchDay()
    row.delete()
    _note(calendar, [(day, row, None)], actor=actor, reason=reason.strip(), at=at)


def _own_calendar(agency_id: int) -> Calendar:
    """Lock and give the calendar that an agency may change: the city's is the city's alone to change."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
    calendar = Calendar.objects.select_for_update(no_key=True).get(pk=agency.calendar_id)
    if not is_shared(agency):
        return calendar
    own, _made = Calendar.objects.get_or_create(
        code=agency.code.lower().replace(".", "-"), defaults={"name": agency.name, "parent": calendar}
    )
    agency.calendar = own
    agency.save(update_fields=["calendar", "updated_at"])
    return own


def _note(
    calendar: Calendar,
    changes: list[Change],
    *,
    actor: Actor,
    reason: str,
    at: datetime | None,
) -> None:
    at = at or timezone.now()
    CalendarChange.objects.bulk_create(
        CalendarChange(
            calendar=calendar,
            date=day,
            before=_facts(before),
            after=_facts(after),
            reason=reason,
            at=at,
            actor_user_id=actor.user_id,
            actor_name=actor.display_name,
        )
        for day, before, after in changes
    )
    calendar.version += 1
    calendar.save(update_fields=["version"])
    outbox.publish(
        topic=CALENDAR_CHANGED,
        key=calendar.code,
        payload={"calendar_id": calendar.pk, "reason": reason},
        at=at,
    )


def _checked(*, day: date, kind: str, name: str, hours: str, reason: str) -> DayRecord:
    problems = _reason_problems(reason)
    if not FIRST_DAY <= day <= LAST_DAY:
        problems["day"] = [_("Ngày nằm ngoài lịch. Hãy chọn ngày từ năm 2018 đến năm 2100.")]
    if kind not in DayKind.values:
        problems["kind"] = [_("Hãy chọn loại ngày trong danh sách.")]
    if not name and kind not in (DayKind.WORKDAY, DayKind.WEEKEND):
        problems["name"] = [_("Hãy ghi tên ngày; người dân thấy tên này khi xem cách tính hạn.")]
    elif len(name) > NAME_LENGTH:
        problems["name"] = [_("Tên dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": NAME_LENGTH}]
    sessions = None
    try:
        sessions = _sessions(hours)
        record = DayRecord(day, DayKind(kind), name, sessions) if not problems else None
    except ValueError:
        problems["hours"] = [
            _(
                "Giờ làm việc chưa đúng. Hãy ghi như 07:30-11:30, 13:00-17:00, theo thứ tự và không chồng nhau."
            )
        ]
        record = None
    if record is None:
        raise InvalidInput(problems)
    return record


def _reason_problems(reason: str) -> dict[str, list[Any]]:
    if not reason.strip():
        return {"reason": [_("Hãy ghi lý do và văn bản thông báo; lý do này được lưu vào lịch sử.")]}
    if len(reason.strip()) > REASON_LENGTH:
        return {"reason": [_("Lý do dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": REASON_LENGTH}]}
    return {}


def _sessions(hours: str) -> tuple[Session, ...] | None:
    """Read "07:30-11:30, 13:00-17:00"; None for nothing written.

    :raises ValueError: it reads otherwise.
    """
    parts = [part.strip() for part in hours.replace("–", "-").split(",") if part.strip()]
    pairs = [part.split("-") for part in parts]
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError("hours: a session is 07:30-11:30")
    return tuple(Session.of(opens.strip(), closes.strip()) for opens, closes in pairs) or None


def _row(calendar: Calendar, record: DayRecord) -> CalendarDay:
    return CalendarDay(
        calendar=calendar,
        date=record.date,
        kind=record.kind,
        name=record.name,
        sessions=[[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in record.sessions or ()],
        provisional=record.provisional,
    )


def _facts(day: CalendarDay | None) -> dict[str, Any] | None:
    """Give all that a row says of its day, as the history keeps it."""
    if day is None:
        return None
    return {"kind": str(day.kind), "name": day.name, "sessions": day.sessions, "provisional": day.provisional}
