"""From blank to live: how long a version took from its first draft until people could file under it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.working_time import WORKING_DAY, Calendar
from procedures.models import VersionEvent
from procedures.states import VersionEventKind

_BEGINS = frozenset({VersionEventKind.CREATED, VersionEventKind.IMPORTED})
_ENDS_WITHOUT = frozenset(
    {VersionEventKind.DISCARDED, VersionEventKind.ABOLISHED, VersionEventKind.SUPERSEDED}
)


@dataclass(frozen=True, slots=True)
class LaunchClock:
    """``took`` is by the clock on the wall, ``worked`` by the office's hours; both until now while it runs."""

    began_at: datetime
    opened_at: datetime | None
    stopped_at: datetime | None
    took: timedelta
    worked: timedelta | None

    @property
    def is_running(self) -> bool:
        return self.opened_at is None and self.stopped_at is None

    @property
    def took_words(self) -> str:
        return in_words(self.took, day=timedelta(days=1))

    @property
    def worked_words(self) -> str:
        return "" if self.worked is None else in_words(self.worked, day=WORKING_DAY)


def launch_clock(
    events: Iterable[VersionEvent], *, at: datetime, calendar: Calendar | None
) -> LaunchClock | None:
    """Read the clock from a version's log, in the order of time; None where nobody has drafted it here (an import).

    ``calendar`` is the office's; without one there are no working hours to tell.
    """
    began = opened = stopped = None
    for event in events:
        if began is None and event.kind in _BEGINS:
            began = event.at
        elif began is not None and opened is None and event.kind == VersionEventKind.OPENED:
            opened = event.at
        elif began is not None and opened is None and event.kind in _ENDS_WITHOUT:
            stopped = event.at
    if began is None:
        return None
    until = max(opened or stopped or at, began)
    return LaunchClock(
        began_at=began,
        opened_at=opened,
        stopped_at=None if opened else stopped,
        took=until - began,
        worked=calendar.elapsed(began, until) if calendar else None,
    )


def in_words(length: timedelta, *, day: timedelta) -> str:
    """Say a length of time in days, hours and minutes; ``day`` is how long a day counts."""
    days, rest = divmod(length, day)
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    parts = [
        (days, ngettext("%d ngày", "%d ngày", days)),
        (hours, ngettext("%d giờ", "%d giờ", hours)),
        (minutes, ngettext("%d phút", "%d phút", minutes)),
    ]
    said = [text % number for number, text in parts if number][:3]
    return " ".join(said) or _("chưa đến 1 phút")
