"""One day of the working calendar: its kind, its name and its sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DayKind(TextChoices):
    """What a day is; only ``workday`` and ``make_up_workday`` consume processing time."""

    WORKDAY = "workday", _("Ngày làm việc")
    WEEKEND = "weekend", _("Nghỉ cuối tuần")
    HOLIDAY = "holiday", _("Nghỉ lễ, Tết")
    SUBSTITUTE_DAY_OFF = "substitute_day_off", _("Nghỉ bù")
    SWAPPED_OFF = "swapped_off", _("Nghỉ hoán đổi")
    MAKE_UP_WORKDAY = "make_up_workday", _("Làm bù")
    LOCAL_CLOSURE = "local_closure", _("Tạm đóng cửa")
    INTAKE_ONLY = "intake_only", _("Chỉ tiếp nhận và trả kết quả")

    @property
    def is_working(self) -> bool:
        return self in (DayKind.WORKDAY, DayKind.MAKE_UP_WORKDAY)


class Session(NamedTuple):
    """A stretch of office hours in local time; the closing minute belongs to it."""

    opens: time
    closes: time

    @classmethod
    def of(cls, opens: str, closes: str) -> Session:
        """Read ``07:30``, ``11:30``."""
        return cls(time.fromisoformat(opens), time.fromisoformat(closes))


OFFICE_HOURS = (Session.of("07:30", "11:30"), Session.of("13:00", "17:00"))
SATURDAY_INTAKE = (Session.of("07:30", "11:30"),)


@dataclass(frozen=True, slots=True)
class DayRecord:
    """A day that differs from the ordinary week, or is entered for certainty.

    ``sessions`` replace the calendar's office hours on that day (None: the ordinary ones); on an
    ``intake_only`` day they are opening hours that consume no processing time. ``provisional`` marks a day
    that was computed and still waits for the official notice.
    """

    date: date
    kind: DayKind
    name: str = ""
    sessions: tuple[Session, ...] | None = None
    provisional: bool = False

    def __post_init__(self) -> None:
        check_sessions(self.sessions or (), where=f"{self.date:%Y-%m-%d}")


def check_sessions(sessions: Iterable[Session], *, where: str) -> None:
    """Refuse sessions which are empty, overlap or are not in order.

    :raises ValueError: naming the day and the session.
    """
    last = None
    for opens, closes in sessions:
        if opens >= closes:
            raise ValueError(
                f"{where}: a session must open before it closes, got {opens:%H:%M}-{closes:%H:%M}"
            )
        if last is not None and opens < last:
            raise ValueError(
                f"{where}: the session at {opens:%H:%M} begins before {last:%H:%M}; put them in order"
            )
        last = closes
