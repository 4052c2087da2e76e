"""Hoàn tiền: what is owed to an applicant, and the proof that it went back.

Money is owed where a dossier ended early and its leader gave something back, and where it came in although nothing was
to be paid any more: the notice was cancelled, was paid before, or the dossier had ended.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from core.working_time import TIME_ZONE
from dossiers import policies
from dossiers.models import Dossier, Refund
from dossiers.services import asking, guards
from dossiers.services.moves import apply, lock
from dossiers.states import Action, PaymentState, RefundReason

PROOF_LENGTH = 200
DOCUMENT_LENGTH = 100
MOST_VND = 1_000_000_000_000


class StillToPay(Conflict):
    """The notice is open: what came in pays it."""

    code = "still_to_pay"
    message = _("Khoản này vẫn đang chờ nộp. Hãy dùng “Xác nhận đã nộp tiền” để hồ sơ được giải quyết tiếp.")


class RefundedAlready(Conflict):
    """The money has gone back."""

    code = "refunded_already"
    message = _("Khoản này đã được hoàn. Hãy tải lại trang để xem ai hoàn, lúc nào, theo chứng từ nào.")


def owe(dossier: Dossier, *, amount_vnd: int, reason: RefundReason, at: datetime) -> Refund:
    """Give a locked dossier a task: this much, in đồng, is to be given back."""
    refund = Refund.objects.create(dossier=dossier, amount_vnd=amount_vnd, reason=reason, arose_at=at)
    note_state(dossier)
    return refund


@transaction.atomic
def record_payment(
    *,
    dossier_id: int,
    obligation_id: int,
    amount_vnd: int,
    proof: str,
    paid_at: datetime | None,
    actor: Actor,
    at: datetime,
) -> Refund:
    """Record money that came in for a notice which is cancelled or was paid before; all of it is to be given back.

    The same proof again records nothing twice: the payment system may tell it twice.

    :param amount_vnd: in đồng. :param proof: number of the receipt or of the bank's transfer. :param paid_at: aware.
    :raises StillToPay: the notice is open: `obligations.confirm_payment` is the way.
    :raises IllegalMove: the dossier was never accepted.
    :raises NotAllowed: the actor neither collects nor keeps accounts at the dossier's agencies.
    :raises InvalidInput: under ``amount_vnd``, ``proof`` or ``paid_at``.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.RECORD_PAYMENT, actor)
    obligation = dossier.obligations.get(pk=obligation_id)
    if obligation.confirmed_at is None and obligation.cancelled_at is None:
        raise StillToPay()
    proof = proof.strip()
    problems = _payment_problems(amount_vnd, proof, paid_at, at=at)
    if proof and obligation.proof == proof:
        problems["proof"] = [_("Biên lai này đã được xác nhận cho khoản phải nộp. Hãy kiểm tra lại số.")]
    if problems or paid_at is None:
        raise InvalidInput(problems)
    if known := dossier.refunds.filter(received_proof=proof).first():
        return known
    refund = Refund.objects.create(
        dossier=dossier,
        obligation=obligation,
        amount_vnd=amount_vnd,
        reason=RefundReason.PAID_IN_VAIN,
        arose_at=at,
        received_proof=proof,
        received_at=paid_at,
    )
    apply(
        dossier,
        action=Action.RECORD_PAYMENT,
        actor=actor,
        at=at,
        data={"refund_id": refund.pk, "amount_vnd": amount_vnd, "proof": proof},
    )
    note_state(dossier)
    return refund


def _payment_problems(
    amount_vnd: int, proof: str, paid_at: datetime | None, *, at: datetime
) -> dict[str, list[Text]]:
    problems: dict[str, list[Text]] = {}
    if not 0 < amount_vnd <= MOST_VND:
        problems["amount_vnd"] = [_("Hãy nhập đúng số tiền đã nhận, lớn hơn 0 đồng.")]
    missing = _("Hãy ghi số biên lai hoặc mã giao dịch ngân hàng để đối chiếu.")
    if wrong := asking.text_problems(proof, missing=missing, limit=PROOF_LENGTH):
        problems["proof"] = wrong
    if paid_at is None:
        problems["paid_at"] = [_("Hãy nhập ngày, giờ nộp tiền ghi trên biên lai hoặc giao dịch.")]
    elif paid_at > at:
        problems["paid_at"] = [_("Thời điểm nộp tiền ở tương lai. Hãy nhập đúng như trên biên lai.")]
    return problems


@transaction.atomic
def pay_out(
    *,
    refund_id: int,
    amount_vnd: int,
    document_no: str,
    refunded_at: datetime | None,
    actor: Actor,
    at: datetime,
) -> Refund:
    """Write down that the money went back; the applicant is told. It closes the task, once.

    :param amount_vnd: what went back, in đồng: it must be what is owed, so that a slip is found here.
    :param document_no: number of the payment order, the cash voucher or the transfer. :param refunded_at: aware.
    :raises RefundedAlready: a colleague was faster.
    :raises NotAllowed: the actor neither collects nor keeps accounts at the dossier's agencies.
    :raises InvalidInput: under ``amount_vnd``, ``document_no`` or ``refunded_at``.
    """
    dossier = lock(dossier_id=Refund.objects.values_list("dossier_id", flat=True).get(pk=refund_id))
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    guards.require(dossier, Action.PAY_REFUND, actor)
    if refund.confirmed_at is not None:
        raise RefundedAlready()
    document_no = document_no.strip()
    problems: dict[str, list[Text]] = {}
    if amount_vnd != refund.amount_vnd:
        problems["amount_vnd"] = [
            _("Số phải hoàn là %(owed)s đồng. Hãy đối chiếu chứng từ rồi nhập đúng số đó.")
            % {"owed": refund.amount}
        ]
    missing = _("Hãy ghi số ủy nhiệm chi, phiếu chi hoặc mã giao dịch chuyển trả.")
    if wrong := asking.text_problems(document_no, missing=missing, limit=DOCUMENT_LENGTH):
        problems["document_no"] = wrong
    if wrong := _refunded_problems(refunded_at, arose_at=refund.arose_at, at=at):
        problems["refunded_at"] = wrong
    if problems:
        raise InvalidInput(problems)
    refund.document_no, refund.refunded_at = document_no, refunded_at
    refund.confirmed_by_id, refund.confirmed_at = actor.officer_id, at
    refund.save()
    apply(
        dossier,
        action=Action.PAY_REFUND,
        actor=actor,
        at=at,
        data={"refund_id": refund.pk, "amount_vnd": refund.amount_vnd, "document_no": document_no},
    )
    note_state(dossier)
    return refund


def _refunded_problems(refunded_at: datetime | None, *, arose_at: datetime, at: datetime) -> list[Text]:
    if refunded_at is None:
        return [_("Hãy nhập ngày, giờ ghi trên chứng từ hoàn tiền.")]
    if refunded_at > at:
        return [_("Thời điểm hoàn tiền ở tương lai. Hãy nhập đúng như trên chứng từ.")]
    if refunded_at.astimezone(TIME_ZONE).date() < arose_at.astimezone(TIME_ZONE).date():
        return [_("Chứng từ này có trước khi phát sinh khoản phải hoàn. Hãy kiểm tra lại ngày.")]
    return []


def require_open(*, refund: Refund, actor: Actor) -> None:
    """Ask before anything is typed whether the refund can be written down; raises as `pay_out` does."""
    if not policies.visible_refunds(actor).filter(pk=refund.pk).exists():
        raise NotAllowed()
    if refund.confirmed_at is not None:
        raise RefundedAlready()


def note_state(dossier: Dossier) -> None:
    """Write what the money of a locked dossier stands at: what is to be paid first, then what is to be given back."""
    given_back = dossier.refunds.filter(confirmed_at__isnull=False)
    if dossier.obligations.filter(confirmed_at=None, cancelled_at=None).exists():
        state = PaymentState.AWAITING
    elif dossier.refunds.filter(confirmed_at=None).exists():
        state = PaymentState.REFUND_DUE
    elif given_back.exclude(reason=RefundReason.PAID_IN_VAIN).exists():
        state = PaymentState.REFUNDED
    elif dossier.obligations.filter(confirmed_at__isnull=False).exists():
        state = PaymentState.PAID
    else:
        state = PaymentState.REFUNDED if given_back.exists() else PaymentState.NOT_DUE
    dossier.payment_state = state
    dossier.save(update_fields=["payment_state", "updated_at"])
