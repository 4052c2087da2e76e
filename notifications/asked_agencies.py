"""What the people of an asked agency are told by letter: a question, a reminder, and that nobody waits any more.

A letter names who asks, until when and where to answer, and nothing of the dossier or of its owner. That an answer is
late is told with the other alerts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from agencies import selectors as agencies_selectors
from agencies.models import Officer
from dossiers.models import Opinion
from dossiers.policies import ANSWERS_OPINIONS
from notifications import services


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and plain text of a letter."""

    subject: str
    body: str


def tell_asked(opinion_ids: Iterable[int], *, at: datetime) -> int:
    """Tell those who can answer that their agency is asked; give how many letters were queued."""
    return _write(opinion_ids, "asked", _asked, at=at)


def tell_reminded(opinion_id: int, *, at: datetime) -> int:
    """Tell those who can answer that they are reminded; give how many letters were queued."""
    return _write([opinion_id], f"reminded {at.isoformat()}", _reminded, at=at)


def tell_closed(opinion_ids: Iterable[int], *, at: datetime) -> int:
    """Tell those who could answer that they need not; give how many letters were queued."""
    return _write(opinion_ids, "closed", _closed, at=at)


def _write(opinion_ids: Iterable[int], what: str, word: Callable[[Opinion], Words], *, at: datetime) -> int:
    """Write to each once for a cause: the same message may come twice."""
    written = 0
    asked = Opinion.objects.filter(pk__in=list(opinion_ids)).select_related(
        "agency", "dossier__competent_agency", "dossier__received_at_unit"
    )
    with translation.override(settings.LANGUAGE_CODE):
        for opinion in asked.order_by("pk"):
            words = word(opinion)
            for officer in _who_answer(opinion, at=at):
                letter = services.write_to_officer(
                    officer=officer,
                    key=f"opinion {opinion.pk} {officer.pk} {what}",
                    subject=words.subject[:255],
                    body=words.body,
                    path=reverse("desk:opinion", args=[opinion.pk]),
                    at=at,
                )
                written += letter is not None
    return written


def _who_answer(opinion: Opinion, *, at: datetime) -> list[Officer]:
    """Give each officer of the asked agency who may answer, once, deputies among them."""
    found = {
        officer.pk: officer
        for role in sorted(ANSWERS_OPINIONS)
        for officer in agencies_selectors.officers_as(
            role, agency_id=opinion.agency_id, at=at
        ).select_related("user")
    }
    return [found[pk] for pk in sorted(found)]


def _asked(opinion: Opinion) -> Words:
    return _words(
        opinion,
        subject=_("%(asker)s xin ý kiến cơ quan bạn"),
        happened=_("%(asker)s xin ý kiến phối hợp của %(asked)s lúc %(asked_at)s."),
        next_step=_(
            "Trả lời chậm nhất lúc %(due)s. Mở trang bên dưới để đọc câu hỏi, giấy tờ gửi kèm và trả lời; "
            "im lặng không được coi là đồng ý."
        ),
    )


def _reminded(opinion: Opinion) -> Words:
    return _words(
        opinion,
        subject=_("Nhắc: %(asker)s đang chờ ý kiến cơ quan bạn"),
        happened=_(
            "%(asker)s nhắc %(asked)s trả lời phiếu lấy ý kiến gửi lúc %(asked_at)s. Hạn trả lời: %(due)s."
        ),
        next_step=_("Mở trang bên dưới để trả lời. Nếu đã quá hạn, câu trả lời vẫn được ghi nhận."),
    )


def _closed(opinion: Opinion) -> Words:
    return _words(
        opinion,
        subject=_("%(asker)s không cần ý kiến cơ quan bạn nữa"),
        happened=_("Hồ sơ mà %(asker)s xin ý kiến lúc %(asked_at)s đã kết thúc (%(why)s)."),
        next_step=_("Cơ quan của bạn không cần trả lời nữa. Không phải làm gì thêm."),
    )


def _words(opinion: Opinion, *, subject: str, happened: str, next_step: str) -> Words:
    asker = opinion.dossier.competent_agency or opinion.dossier.received_at_unit
    facts = {
        "asker": asker.name if asker else _("Cơ quan giải quyết"),
        "asked": opinion.agency.name,
        "asked_at": _moment(opinion.asked_at),
        "due": _moment(opinion.due_at),
        "why": opinion.closed_because.lower(),
    }
    return Words(subject=subject % facts, body="\n\n".join([happened % facts, next_step % facts]))


def _moment(at: datetime) -> str:
    return f"{localtime(at):%H:%M %d/%m/%Y}"
