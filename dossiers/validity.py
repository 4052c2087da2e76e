"""How long a paper serves as a component: its own time, and the months that the component allows it to be old."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from core.errors import InvalidInput, Text
from core.working_time.due_dates import add_months
from procedures.models import Component

ISSUED_ON = "issued_on"


def last_day(component: Component, *, issued_on: date | None, valid_to: date | None = None) -> date | None:
    """Give the last day on which a paper serves: its own, or the earlier one that the component sets; None: no end."""
    limits = [valid_to] if valid_to else []
    if component.validity_months and issued_on:
        limits.append(add_months(issued_on, component.validity_months))
    return min(limits, default=None)


def problem(component: Component, issued_on: date | None, *, on: date) -> Text:
    """Say what is wrong with a paper of this day of issue that is handed in on a day; empty when nothing is."""
    if issued_on is None:
        return ""
    if issued_on > on:
        return _("Ngày cấp không thể sau ngày nộp. Hãy xem lại ngày trên giấy tờ.")
    end = last_day(component, issued_on=issued_on)
    if end is None or end >= on:
        return ""
    return _(
        "Giấy cấp ngày %(issued)s chỉ dùng được %(months)d tháng, đã hết hạn ngày %(end)s. Hãy xin bản cấp mới rồi nộp."
    ) % {
        "issued": f"{issued_on:%d/%m/%Y}",
        "months": component.validity_months or 0,
        "end": f"{end:%d/%m/%Y}",
    }


def require(component: Component, issued_on: date | None, *, on: date) -> None:
    """:raises InvalidInput: under ``issued_on``: the day is to come, or the paper is too old for the component."""
    if text := problem(component, issued_on, on=on):
        raise InvalidInput({ISSUED_ON: [text]}, text)


def read_day(text: str) -> date | None:
    """Read a day of issue as a page or a program sends it, ``2026-03-31``; empty: it is not told.

    :raises InvalidInput: under ``issued_on``.
    """
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        told = _("Ngày cấp phải là một ngày có thật, viết như 2026-03-31.")
        raise InvalidInput({ISSUED_ON: [told]}, told) from None
