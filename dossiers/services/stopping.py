"""Dừng giải quyết: the agency's head ends a case that cannot go on, with its reason (form 05 of 2025)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Conflict, InvalidInput, Text
from dossiers import wording_check
from dossiers.models import Dossier
from dossiers.services import ending, guards
from dossiers.services.moves import advance, lock
from dossiers.states import Action, RefundReason

REASON_LENGTH = 2000


class UnderCorrection(Conflict):
    """A result that was issued is being corrected; the correction is brought to its end."""

    code = "under_correction"
    message = _("Kết quả của hồ sơ này đang được sửa sai sót nên không dừng được. Hãy phát hành bản đã sửa.")


@transaction.atomic
def stop(
    *,
    dossier_id: int,
    reason: str,
    returns_originals: bool,
    refund_vnd: int,
    actor: Actor,
    at: datetime,
) -> Dossier:
    """Stop a dossier that cannot go on; form 05 follows. The history keeps the stage that it had reached.

    :param refund_vnd: what is paid back, in đồng; 0 for nothing.
    :raises AlreadyDone: it was stopped.
    :raises UnderCorrection: see there.
    :raises NotAllowed: the actor is not the head of the competent agency.
    :raises InvalidInput: the reason is missing, vague or too long, or more is refunded than was paid.
    """
    dossier = lock(dossier_id=dossier_id)
    require_open(dossier=dossier, actor=actor)
    reason = reason.strip()
    problems: dict[str, list[Text]] = dict(ending.refund_problems(dossier, refund_vnd))
    if not reason:
        problems["reason"] = [_("Hãy ghi lý do và căn cứ dừng giải quyết; người nộp đọc được lý do này.")]
    elif len(reason) > REASON_LENGTH:
        problems["reason"] = [
            _("Lý do dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": REASON_LENGTH}
        ]
    if problems:
        raise InvalidInput(problems)
    wording_check.require(field="reason", text=reason)
    stage = dossier.status
    dossier = advance(
        dossier_id=dossier_id,
        action=Action.STOP,
        actor=actor,
        at=at,
        note=reason,
        data={"stage": stage, "returns_originals": returns_originals, "refund_vnd": refund_vnd},
    )
    ending.settle(dossier, refund_vnd=refund_vnd, reason=RefundReason.STOPPED, at=at)
    return dossier


def require_open(*, dossier: Dossier, actor: Actor) -> None:
    """Ask before the reason is typed whether the actor may stop the dossier; raises as `stop` does."""
    guards.require(dossier, Action.STOP, actor)
    if dossier.completed_at is not None:
        raise UnderCorrection()
