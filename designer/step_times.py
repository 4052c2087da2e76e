"""The internal steps beside the time limit, as they add up now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.working_time import Unit
from procedures.states import Channel
from procedures.trying.lint.times import critical_path, hours

_DAY = {True: (Decimal(8), Unit.WORKING_DAY), False: (Decimal(24), Unit.CALENDAR_DAY)}


@dataclass(frozen=True, slots=True)
class StepTimes:
    """The sum of the longest way through the steps, and the limit of the online channel, in words."""

    words: str
    fits: bool


def step_times(document: Mapping[str, Any]) -> StepTimes:
    """Add the steps of a document up."""
    total, kinds = critical_path(document["steps"])
    online = [row["time"] for row in document["channels"] if row["channel"] == Channel.ONLINE]
    limit = next((counted for time in online if (counted := hours(time)) is not None), None)
    if not document["steps"]:
        return StepTimes(_("Chưa có bước nào."), False)
    if len(kinds) > 1:
        return StepTimes(_("Các bước dùng lẫn ngày làm việc và ngày lịch, không cộng được."), False)
    (is_working,) = kinds or {True}
    said = _in_days(total, is_working)
    if limit is None:
        return StepTimes(
            _("Các bước cộng lại là %(total)s; hình thức trực tuyến chưa có thời hạn.") % {"total": said},
            False,
        )
    fits = limit == (total, is_working)
    text = (
        _("Các bước cộng lại là %(total)s, đúng bằng thời hạn.")
        if fits
        else _("Các bước cộng lại là %(total)s, thời hạn là %(limit)s: chưa bằng nhau.")
    )
    return StepTimes(text % {"total": said, "limit": _in_days(*limit)}, fits)


def _in_days(length: Decimal, is_working: bool) -> str:
    day, unit = _DAY[is_working]
    return unit.counted(round(length / day, 2))
