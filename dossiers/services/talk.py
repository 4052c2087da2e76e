"""What is said about a dossier: notes among officers, and a thread with the applicant in which nothing is demanded.

Papers are asked for by one complete request (NĐ 61/2018, art. 17), never bit by bit in a conversation.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from dossiers import policies, wording_check
from dossiers.models import Dossier, InternalNote, ThreadMessage
from dossiers.services.moves import lock
from dossiers.states import Status
from outbox import services as outbox

LENGTH = 2000
MESSAGE_SENT = "dossier.message_sent"

ANSWERING = (Role.ONE_STOP_OFFICER, Role.SPECIALIST, Role.UNIT_LEADER)
"""Who speaks with the applicant."""

_INDECENT = frozenset(
    {"insult", "threat_or_bribe", "technical", "abolished_paper", "shouting", "ask_elsewhere"}
)

DEMAND = _(
    "Không đòi giấy tờ trong phần trao đổi. Hãy dùng “Yêu cầu bổ sung” để người nộp nhận đủ một lần, "
    "có thời hạn."
)
CLOSED = _("Hồ sơ đã lưu trữ nên không trao đổi thêm được. Hãy gọi 1022 nếu cần hỏi.")


@transaction.atomic
def note(*, dossier_id: int, text: str, actor: Actor, at: datetime) -> InternalNote:
    """Write a note for the other officers of the dossier's agencies; the applicant never sees it.

    :raises NotAllowed: the actor is no officer of these agencies.
    :raises InvalidInput: under ``text``: nothing, or too much.
    """
    dossier = lock(dossier_id=dossier_id)
    if actor.officer_id is None or not policies.capacities(actor, dossier):
        raise NotAllowed()
    text = _written(text)
    return InternalNote.objects.create(dossier=dossier, officer_id=actor.officer_id, text=text, at=at)


@transaction.atomic
def say(*, dossier_id: int, text: str, actor: Actor, at: datetime) -> ThreadMessage:
    """Write to the other side; an officer's message is announced to the applicant.

    :raises NotAllowed: neither the applicant nor an officer who answers for the dossier.
    :raises InvalidInput: under ``text``: nothing, too much, or from an officer a demand or indecent words.
    :raises Conflict: the dossier is archived.
    """
    dossier = lock(dossier_id=dossier_id)
    if not may_say(dossier, actor):
        raise NotAllowed()
    if dossier.status == Status.ARCHIVED:
        raise Conflict(CLOSED)
    text = _written(text)
    if actor.is_person:
        return ThreadMessage.objects.create(dossier=dossier, person_id=actor.person_id, text=text, at=at)
    _require_decent(text)
    message = ThreadMessage.objects.create(dossier=dossier, officer_id=actor.officer_id, text=text, at=at)
    payload = {"dossier_id": dossier.pk, "message_id": message.pk}
    outbox.publish(topic=MESSAGE_SENT, key=dossier.tracking_no, payload=payload, at=at)
    return message


def may_say(dossier: Dossier, actor: Actor) -> bool:
    """Say whether the actor takes part in the thread."""
    if dossier.status == Status.DRAFT:
        return False
    if actor.is_person:
        return policies.is_applicant(actor, dossier)
    return bool(policies.capacities(actor, dossier) & frozenset(ANSWERING))


def note_read(*, dossier: Dossier, actor: Actor, at: datetime) -> None:
    """Write down that what the other side said was seen, by somebody who takes part."""
    if not may_say(dossier, actor):
        return
    other_side = {"person": None} if actor.is_person else {"officer": None}
    dossier.thread.filter(read_at=None, **other_side).update(read_at=at)


def _written(text: str) -> str:
    text = text.strip()
    problem: Text = ""
    if not text:
        problem = _("Hãy viết nội dung rồi gửi.")
    elif len(text) > LENGTH:
        problem = _("Nội dung dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": LENGTH}
    if problem:
        raise InvalidInput({"text": [problem]})
    return text


def _require_decent(text: str) -> None:
    found = wording_check.problems(field="text", text=text, published=())
    demanded = [DEMAND for one in found if one.rule == "unpublished"][:1]
    indecent = [one.message for one in found if one.rule in _INDECENT]
    if demanded or indecent:
        raise InvalidInput({"text": [*demanded, *indecent]})
