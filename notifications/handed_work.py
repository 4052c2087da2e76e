"""What officers are told by letter when work is handed to them by name, or taken from them.

A letter names code, procedure, who handed it over and until when, and nothing of the dossier's owner. Who took the work
themselves knows of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from agencies.models import Officer
from dossiers.models import Dossier, DossierEvent
from dossiers.states import Action
from notifications import services

Words = tuple[str, str]
"""Subject and plain text of a letter."""


def tell(event: DossierEvent, *, at: datetime) -> int:
    """Write to those whom a hand-over concerns; give how many letters were queued. Safe to repeat."""
    written = 0
    dossier = Dossier.objects.select_related("procedure_version").get(pk=event.dossier_id)
    concerned = dict(_concerned(event))
    officers = Officer.objects.filter(pk__in=concerned, user__is_active=True).exclude(
        user=event.actor_user_id
    )
    with translation.override(settings.LANGUAGE_CODE):
        for officer in officers.select_related("user").order_by("pk"):
            subject, body = concerned[officer.pk](event, dossier)
            letter = services.write_to_officer(
                officer=officer,
                key=f"handed {event.pk} {officer.pk}",
                subject=subject[:255],
                body=body,
                path=reverse("desk:dossier", args=[dossier.tracking_no]),
                at=at,
            )
            written += letter is not None
    return written


def _concerned(event: DossierEvent) -> Iterator[tuple[int, Callable[[DossierEvent, Dossier], Words]]]:
    if event.action == Action.REASSIGN and event.data.get("from_id"):
        yield event.data["from_id"], _taken_away
    if event.data.get("officer_id"):
        yield event.data["officer_id"], _GIVEN[Action(event.action)]


def _assigned(event: DossierEvent, dossier: Dossier) -> Words:
    return _words(
        event,
        dossier,
        subject=_("Bạn được phân công hồ sơ %(code)s"),
        happened=_("%(who)s đã phân công hồ sơ này cho bạn lúc %(at)s."),
        next_step=_("Hạn trả kết quả: %(due)s. Mở trang hồ sơ để bắt đầu xử lý."),
    )


def _taken_away(event: DossierEvent, dossier: Dossier) -> Words:
    return _words(
        event,
        dossier,
        subject=_("Hồ sơ %(code)s đã giao cho người khác"),
        happened=_("%(who)s đã phân công lại hồ sơ này cho %(to)s lúc %(at)s."),
        next_step=_("Bạn không cần xử lý hồ sơ này nữa. Lý do ghi trong lịch sử hồ sơ."),
    )


def _step_given(event: DossierEvent, dossier: Dossier) -> Words:
    return _words(
        event,
        dossier,
        subject=_("Hồ sơ %(code)s: một bước đang chờ bạn"),
        happened=_("%(who)s đã chuyển bước tiếp theo của hồ sơ này cho bạn lúc %(at)s."),
        next_step=_("Hạn của bước nằm trong danh sách “Bước chờ tôi”. Mở trang hồ sơ để thực hiện."),
    )


def _step_returned(event: DossierEvent, dossier: Dossier) -> Words:
    return _words(
        event,
        dossier,
        subject=_("Hồ sơ %(code)s được trả lại bước của bạn"),
        happened=_("%(who)s đã trả hồ sơ này lại bước “%(step)s” lúc %(at)s."),
        next_step=_("Lý do ghi trong lịch sử hồ sơ. Hạn trả kết quả không thay đổi: %(due)s."),
    )


_GIVEN: dict[Action, Callable[[DossierEvent, Dossier], Words]] = {
    Action.ASSIGN: _assigned,
    Action.REASSIGN: _assigned,
    Action.PASS_STEP: _step_given,
    Action.RETURN_STEP: _step_returned,
}
ACTIONS = tuple(_GIVEN)
"""Moves that hand work to somebody by name."""


def _words(event: DossierEvent, dossier: Dossier, *, subject: str, happened: str, next_step: str) -> Words:
    facts: dict[str, Any] = {
        "code": dossier.reference,
        "who": event.actor_name,
        "to": event.data.get("to", ""),
        "step": event.data.get("name", ""),
        "at": _moment(event.at),
        "due": _moment(dossier.due_at),
    }
    lines = [_("Mã hồ sơ: %s") % dossier.reference, _("Thủ tục: %s") % dossier.procedure_version]
    return subject % facts, "\n\n".join([happened % facts, next_step % facts, "\n".join(lines)])


def _moment(at: datetime | None) -> str:
    return f"{localtime(at):%H:%M %d/%m/%Y}" if at else "–"
