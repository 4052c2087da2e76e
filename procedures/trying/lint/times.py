"""Time limits of the channels and of the internal steps (domain: 3.3, 3.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from procedures.states import Channel, DurationUnit
from procedures.trying.findings import Finding, amber, red
from procedures.trying.lint.draft import Draft, Rule

_WORKING = {DurationUnit.WORKING_DAY: Decimal(8), DurationUnit.WORKING_HOUR: Decimal(1)}
_CALENDAR = {DurationUnit.DAY: Decimal(24), DurationUnit.HOUR: Decimal(1), DurationUnit.MONTH: Decimal(720)}
_MOST_REDUCTION = Decimal("0.5")


def hours(time: Mapping[str, Any]) -> tuple[Decimal, bool] | None:
    """Give a length of time in hours of its own kind, and whether they are working hours; None: not countable."""
    if time["value"] is None or not time["unit"]:
        return None
    weights = _WORKING if time["unit"] in _WORKING else _CALENDAR
    return Decimal(str(time["value"])) * weights[DurationUnit(time["unit"])], weights is _WORKING


def _of(draft: Draft, channel: Channel) -> list[tuple[str, Mapping[str, Any]]]:
    return [(path, row) for path, row in draft.rows("channels") if row["channel"] == channel]


def online_has_one_time(draft: Draft) -> Iterator[Finding]:
    if not draft.is_online:
        return
    rows = _of(draft, Channel.ONLINE)
    if not rows:
        yield red(
            "not_online",
            "channels",
            _("Có biểu mẫu điện tử nhưng không có hình thức trực tuyến. Thêm hình thức này."),
        )
        return
    if len({(row["time"]["value"], row["time"]["unit"]) for _path, row in rows}) > 1:
        yield red(
            "several_online_times",
            rows[1][0],
            _("Nộp trực tuyến có nhiều thời hạn. Tách thành từng thủ tục, hoặc giữ một thời hạn."),
        )


def times_can_be_counted(draft: Draft) -> Iterator[Finding]:
    for path, row in draft.rows("channels"):
        counted = hours(row["time"])
        if counted is None:
            made = red if row["channel"] == Channel.ONLINE and draft.is_online else amber
            yield made("no_time", f"{path}.time", _("Chưa có thời hạn tính được. Ghi con số và đơn vị."))
        elif counted[0] <= 0:
            yield red(
                "no_time", f"{path}.time", _("Thời hạn bằng 0. Ghi thời hạn thật, ngắn nhất là giờ làm việc.")
            )


def online_is_never_slower(draft: Draft) -> Iterator[Finding]:
    counter = [counted for _path, row in _of(draft, Channel.COUNTER) if (counted := hours(row["time"]))]
    for path, row in _of(draft, Channel.ONLINE):
        online = hours(row["time"])
        same_kind = [length for length, is_working in counter if online and is_working is online[1]]
        if online is None or not same_kind:
            if online is not None and counter:
                yield amber(
                    "times_of_two_kinds",
                    f"{path}.time",
                    _("Trực tuyến và trực tiếp tính theo hai loại ngày khác nhau. Dùng cùng một loại."),
                )
            continue
        if online[0] > max(same_kind):
            yield red(
                "online_slower",
                f"{path}.time",
                _("Nộp trực tuyến lâu hơn nộp trực tiếp. Rút ngắn cho bằng hoặc ít hơn."),
            )
        elif online[0] < max(same_kind) * (1 - _MOST_REDUCTION):
            yield amber(
                "reduced_too_far",
                f"{path}.time",
                _("Rút ngắn hơn 50 % so với nộp trực tiếp. Xem lại cơ quan có làm kịp không."),
            )


def critical_path(steps: list[Mapping[str, Any]]) -> tuple[Decimal, set[bool]]:
    """Give the hours of the longest way through the steps, and which kinds of hours they are (working or not).

    Neighbours of one group run side by side and count as the longest of them.
    """
    total, kinds = Decimal(0), set()
    longest: dict[int, Decimal] = {}
    last_group: int | None = None
    for step in steps:
        counted = hours(step["time"])
        if counted is None:
            continue
        length, is_working = counted
        kinds.add(is_working)
        group = step["group"]
        if group is None:
            total += length
        elif group != last_group:
            longest[group] = length
            total += length
        elif length > longest[group]:
            total += length - longest[group]
            longest[group] = length
        last_group = group
    return total, kinds


def steps_fill_the_limit(draft: Draft) -> Iterator[Finding]:
    limits = [counted for _path, row in _of(draft, Channel.ONLINE) if (counted := hours(row["time"]))]
    steps = draft.document["steps"]
    if not limits or not steps or draft.document["links"]:
        return
    limit, is_working = limits[0]
    total, kinds = critical_path(steps)
    if kinds != {is_working}:
        yield red(
            "steps_of_other_time",
            "steps",
            _("Các bước và thời hạn không cùng loại (ngày làm việc hay ngày lịch). Dùng một loại."),
        )
    elif total != limit:
        one_day = Decimal(8 if is_working else 24)
        yield red(
            "steps_do_not_add_up",
            "steps",
            _("Các bước cộng lại là %(total)s ngày, thời hạn là %(limit)s ngày. Sửa cho bằng nhau.")
            % {
                "total": f"{(total / one_day).normalize():f}",
                "limit": f"{(limit / one_day).normalize():f}",
            },
        )


RULES: list[Rule] = [
    online_has_one_time,
    times_can_be_counted,
    online_is_never_slower,
    steps_fill_the_limit,
]
