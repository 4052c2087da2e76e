"""What every question to others has in common: who asks, texts that say something, a day by which to answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from agencies.calendars import working_calendar
from core.actor import Actor
from core.errors import NotAllowed, Text
from core.working_time import TIME_ZONE
from dossiers import policies
from dossiers.models import Dossier
from dossiers.services import guards
from dossiers.states import Action

LONGEST_WAIT = timedelta(days=365)


def require_holder(dossier: Dossier, action: Action, actor: Actor) -> None:
    """Let the specialist who holds the dossier take the step, or a system that the move table allows.

    :raises NotAllowed: the actor takes the step at no time, or somebody else holds the dossier.
    :raises AlreadyDone, IllegalMove: it cannot be taken now.
    """
    policies.require_ever(actor, dossier, action)
    _require_held(dossier, actor)
    guards.require(dossier, action, actor)


def require_holder_of(dossier: Dossier, role: str, *, actor: Actor) -> None:
    """Let the officer who holds the dossier in this role do what moves nothing, such as a reminder.

    :raises NotAllowed: the actor has another role, or somebody else holds the dossier.
    """
    policies.require_role(actor, dossier, role)
    _require_held(dossier, actor)


def _require_held(dossier: Dossier, actor: Actor) -> None:
    if not actor.is_system and not is_holder(dossier, actor=actor):
        raise NotAllowed(
            _("Hồ sơ này do %(name)s xử lý. Chỉ người đang xử lý được thực hiện việc này.")
            % {"name": dossier.current_handler}
        )


def is_holder(dossier: Dossier, *, actor: Actor) -> bool:
    """Say whether the dossier is the actor's to work on, for what a page offers."""
    return policies.has_in_hands(actor, dossier)


def text_problems(text: str, *, missing: Text, limit: int) -> list[Text]:
    """Say what is wrong with a text that must be there."""
    if not text:
        return [missing]
    if len(text) > limit:
        return [
            _("Nội dung dài %(length)d ký tự, tối đa %(limit)d. Hãy viết ngắn hơn.")
            % {"length": len(text), "limit": limit}
        ]
    return []


def day_problems(day: date | None, *, agency_id: int, at: datetime) -> list[Text]:
    """Say what is wrong with a day by which something must be done."""
    if day is None:
        return [_("Hãy chọn ngày, ví dụ 15/03/2026.")]
    if day > at.astimezone(TIME_ZONE).date() + LONGEST_WAIT:
        return [_("Ngày này xa hơn một năm. Hãy kiểm tra lại năm.")]
    calendar = working_calendar(agency_id)
    if not calendar.is_working_day(day):
        return [_("Ngày này cơ quan không làm việc. Hãy chọn một ngày làm việc.")]
    if calendar.closes(day) <= at:
        return [_("Ngày này đã qua. Hãy chọn một ngày sau hôm nay.")]
    return []


def end_of(day: date, *, agency_id: int) -> datetime:
    """Give the moment at which a working day of the agency ends."""
    return working_calendar(agency_id).closes(day)
