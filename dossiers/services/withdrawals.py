"""Xin rút hồ sơ: asked by the applicant before anything is signed, decided by the unit's leader (form 05 of 2025)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from dossiers import policies
from dossiers.models import Dossier, Withdrawal
from dossiers.services import background, ending, guards
from dossiers.services.moves import advance, lock
from dossiers.states import Action, RefundReason, Status
from dossiers.transitions import MOVES, WITHDRAWABLE

REASON_LENGTH = 2000
NOTE_LENGTH = 2000

_HELD = _("Người nộp xin rút hồ sơ nên việc tạo hoặc ký tệp dừng lại, chờ quyết định của lãnh đạo đơn vị.")


class SignedAlready(Conflict):
    """A result has been signed: there is nothing to take back any more."""

    code = "signed_already"
    message = _(
        "Kết quả của hồ sơ này đã được ký nên không rút được nữa. Nếu bạn không cần kết quả, không phải làm gì thêm; "
        "nếu kết quả có sai sót, hãy gọi 1022 và nêu mã hồ sơ."
    )


class AskedAlready(Conflict):
    """The withdrawal has been asked for and waits for its decision."""

    code = "asked_already"
    message = _("Bạn đã xin rút hồ sơ này. Cơ quan đang xem xét và sẽ báo cho bạn.")


@transaction.atomic
def request(*, dossier_id: int, reason: str, actor: Actor, at: datetime) -> Dossier:
    """Ask to take a dossier back. A draft that is being made or signed at that moment is put back unsigned.

    :raises SignedAlready: a result was signed.
    :raises AskedAlready: it has been asked for.
    :raises ReadOnly: another system leads the dossier, or it follows its children.
    :raises IllegalMove: the dossier is a draft, or has ended.
    :raises NotAllowed: the dossier is not the actor's.
    :raises InvalidInput: the reason is missing or too long.
    """
    dossier = lock(dossier_id=dossier_id)
    require_open(dossier=dossier, actor=actor)
    reason = reason.strip()
    problems: dict[str, list[Text]] = {}
    if not reason:
        problems["reason"] = [_("Hãy ghi lý do xin rút để cơ quan xem xét.")]
    elif len(reason) > REASON_LENGTH:
        problems["reason"] = [
            _("Lý do dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": REASON_LENGTH}
        ]
    if problems:
        raise InvalidInput(problems)
    if actor.person_id is None:
        raise NotAllowed()
    Withdrawal.objects.create(
        dossier=dossier, reason=reason, requested_by_id=actor.person_id, requested_at=at
    )
    background.hold(dossier, why=str(_HELD))
    return advance(dossier_id=dossier_id, action=Action.REQUEST_WITHDRAWAL, actor=actor, at=at, note=reason)


def require_open(*, dossier: Dossier, actor: Actor) -> None:
    """Ask before the reason is typed whether the actor may withdraw the dossier; raises as `request` does."""
    policies.require_ever(actor, dossier, Action.REQUEST_WITHDRAWAL)
    if dossier.status == Status.WITHDRAWAL_REQUESTED:
        raise AskedAlready()
    if dossier.status in _WITH_RESULT or (
        dossier.status in WITHDRAWABLE and dossier.completed_at is not None
    ):
        raise SignedAlready()
    policies.require(actor, dossier, MOVES.find(status=dossier.status, action=Action.REQUEST_WITHDRAWAL))


_WITH_RESULT = frozenset({Status.SIGNED, Status.COMPLETED, Status.RETURNED})


def is_open(dossier: Dossier) -> bool:
    """Say whether its applicant could withdraw the dossier now."""
    is_led_here = not (dossier.is_mirror or dossier.is_bundle)
    return is_led_here and dossier.status in WITHDRAWABLE and dossier.completed_at is None


@transaction.atomic
def approve(
    *,
    dossier_id: int,
    returns_originals: bool,
    refund_vnd: int,
    actor: Actor,
    at: datetime,
    note: str = "",
) -> Dossier:
    """Let the applicant take the dossier back: it stops, form 05 follows, what was paid is to be refunded.

    :param returns_originals: originals were handed in and are given back.
    :param refund_vnd: what is paid back, in đồng; 0 for nothing.
    :raises AlreadyDone: another leader has decided.
    :raises NotAllowed: the actor does not lead the unit that deals with the dossier.
    :raises InvalidInput: more is refunded than was paid, or the note is too long.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.APPROVE_WITHDRAWAL, actor)
    note = note.strip()
    problems = ending.refund_problems(dossier, refund_vnd) | _note_problems(note)
    if problems:
        raise InvalidInput(problems)
    withdrawal = _open_one(dossier)
    withdrawal.returns_originals, withdrawal.refund_vnd = returns_originals, refund_vnd
    _decide(withdrawal, is_granted=True, note=note, actor=actor, at=at)
    dossier = advance(
        dossier_id=dossier_id,
        action=Action.APPROVE_WITHDRAWAL,
        actor=actor,
        at=at,
        note=note,
        data={
            "stage": dossier.resume_status,
            "returns_originals": returns_originals,
            "refund_vnd": refund_vnd,
        },
    )
    ending.settle(dossier, refund_vnd=refund_vnd, reason=RefundReason.WITHDRAWN, at=at)
    return dossier


@transaction.atomic
def deny(*, dossier_id: int, note: str, actor: Actor, at: datetime) -> Dossier:
    """Deny the withdrawal with a reason; the dossier goes on where it was.

    :raises AlreadyDone: another leader has decided.
    :raises NotAllowed: the actor does not lead the unit that deals with the dossier.
    :raises InvalidInput: the reason is missing or too long.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.DENY_WITHDRAWAL, actor)
    note = note.strip()
    problems = _note_problems(note)
    if not note:
        problems = {"note": [_("Hãy ghi vì sao không cho rút; người nộp đọc được lý do này.")]}
    if problems:
        raise InvalidInput(problems)
    _decide(_open_one(dossier), is_granted=False, note=note, actor=actor, at=at)
    return advance(dossier_id=dossier_id, action=Action.DENY_WITHDRAWAL, actor=actor, at=at, note=note)


def _open_one(dossier: Dossier) -> Withdrawal:
    return Withdrawal.objects.select_for_update().get(dossier=dossier, decided_at=None)


def _decide(withdrawal: Withdrawal, *, is_granted: bool, note: str, actor: Actor, at: datetime) -> None:
    withdrawal.is_granted, withdrawal.decision_note = is_granted, note
    withdrawal.decided_by_id, withdrawal.decided_at = actor.officer_id, at
    withdrawal.save()


def _note_problems(note: str) -> dict[str, list[Text]]:
    if len(note) <= NOTE_LENGTH:
        return {}
    return {"note": [_("Ghi chú dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": NOTE_LENGTH}]}
