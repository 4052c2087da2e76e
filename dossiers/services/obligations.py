"""Nghĩa vụ tài chính: money that must be paid before the case goes on. The clock stands still meanwhile.

From the notice until somebody confirms with a proof that the money is there; only then the time goes on (domain: 4.1).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, Text
from core.working_time import TIME_ZONE
from dossiers import clock, policies, wording_check
from dossiers.models import Dossier, Obligation
from dossiers.services import asking, guards, refunds
from dossiers.services.moves import advance, lock
from dossiers.states import Action, Status
from dossiers.transitions import IllegalMove
from outbox import services as outbox

REMIND = "dossier.remind_payment"
MOST_VND = 1_000_000_000_000
BASIS_LENGTH = 500
EXPLANATION_LENGTH = 2000
PROOF_LENGTH = 200
REASON_LENGTH = 2000
REMIND_AFTER = timedelta(hours=24)
REMINDERS = frozenset({Role.SPECIALIST, Role.FEE_COLLECTOR, Role.ACCOUNTANT})


class AnotherObligation(Conflict):
    """The page was about a notice that has been replaced meanwhile."""

    code = "another_obligation"
    message = _(
        "Khoản phải nộp đã thay đổi sau khi bạn mở trang. Hãy xem lại số tiền trên trang hồ sơ rồi làm lại."
    )


class RemindedAlready(Conflict):
    """The applicant was reminded less than a day ago."""

    code = "reminded_already"
    message = _("Người nộp đã được nhắc trong 24 giờ qua. Hãy nhắc lại vào ngày khác.")


@transaction.atomic
def notify(
    *,
    dossier_id: int,
    amount_vnd: int,
    basis: str,
    explanation: str,
    due_on: date | None,
    actor: Actor,
    at: datetime,
) -> Obligation:
    """Tell the applicant what must be paid and until when; the clock stops, and the payment notice follows.

    :param amount_vnd: in đồng. :param due_on: a working day; the money is due when it ends.
    :raises AlreadyDone, IllegalMove: the dossier is not in process.
    :raises NotAllowed: the actor does not hold the dossier.
    :raises InvalidInput: under ``amount_vnd``, ``basis``, ``explanation`` or ``due_on``.
    """
    dossier = lock(dossier_id=dossier_id)
    asking.require_holder(dossier, Action.NOTIFY_OBLIGATION, actor)
    basis, explanation = basis.strip(), explanation.strip()
    agency_id = clock.deciding_agency_id(dossier)
    problems = _notice_problems(amount_vnd, basis, explanation)
    if day := asking.day_problems(due_on, agency_id=agency_id, at=at):
        problems["due_on"] = day
    if problems or due_on is None:
        raise InvalidInput(problems)
    if explanation:
        wording_check.require(field="explanation", text=explanation)
    obligation = Obligation.objects.create(
        dossier=dossier,
        amount_vnd=amount_vnd,
        basis=basis,
        explanation=explanation,
        due_at=asking.end_of(due_on, agency_id=agency_id),
        notified_by_id=actor.officer_id,
        notified_at=at,
    )
    dossier = advance(
        dossier_id=dossier_id,
        action=Action.NOTIFY_OBLIGATION,
        actor=actor,
        at=at,
        data={"obligation_id": obligation.pk, "amount_vnd": amount_vnd},
    )
    dossier.next_due_at = obligation.due_at
    dossier.save(update_fields=["next_due_at", "updated_at"])
    return obligation


def _notice_problems(amount_vnd: int, basis: str, explanation: str) -> dict[str, list[Text]]:
    problems: dict[str, list[Text]] = {}
    if amount_vnd <= 0:
        problems["amount_vnd"] = [_("Số tiền phải lớn hơn 0 đồng. Không phải thu thì không cần thông báo.")]
    elif amount_vnd > MOST_VND:
        problems["amount_vnd"] = [
            _("Số tiền lớn hơn %(most)s đồng. Hãy kiểm tra lại các số 0.") % {"most": f"{MOST_VND:n}"}
        ]
    missing = _("Hãy ghi căn cứ thu: văn bản, điều khoản quy định mức thu.")
    if wrong := asking.text_problems(basis, missing=missing, limit=BASIS_LENGTH):
        problems["basis"] = wrong
    if explanation and (wrong := asking.text_problems(explanation, missing="", limit=EXPLANATION_LENGTH)):
        problems["explanation"] = wrong
    return problems


@transaction.atomic
def confirm_payment(
    *, dossier_id: int, obligation_id: int, proof: str, paid_at: datetime | None, actor: Actor, at: datetime
) -> Dossier:
    """Confirm that the money is there; the clock goes on from now. Whoever confirms it a second time is told.

    While a withdrawal waits for its decision the dossier stays there, and the money counts as paid: approved, its
    leader gives it back; denied, the dossier goes on in process. Where the notice was cancelled meanwhile, or the
    dossier has ended, `refunds.record_payment` takes the money and owes it back.

    :param proof: number of the receipt or of the bank's transfer. :param paid_at: aware, not in the future.
    :raises AlreadyDone: it is confirmed, or the notice was cancelled.
    :raises IllegalMove: nothing is to be paid.
    :raises AnotherObligation: ``obligation_id`` is no longer what is to be paid.
    :raises NotAllowed: the actor neither collects nor keeps accounts at the dossier's agencies.
    :raises InvalidInput: under ``proof`` or ``paid_at``.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.CONFIRM_PAYMENT, actor)
    obligation = _waiting(dossier, obligation_id)
    proof = proof.strip()
    problems: dict[str, list[Text]] = {}
    missing = _("Hãy ghi số biên lai hoặc mã giao dịch ngân hàng để đối chiếu.")
    if wrong := asking.text_problems(proof, missing=missing, limit=PROOF_LENGTH):
        problems["proof"] = wrong
    if wrong := _paid_at_problems(paid_at, notified_at=obligation.notified_at, at=at):
        problems["paid_at"] = wrong
    if problems:
        raise InvalidInput(problems)
    obligation.proof, obligation.paid_at = proof, paid_at
    obligation.confirmed_by_id, obligation.confirmed_at = actor.officer_id, at
    obligation.save()
    dossier = advance(
        dossier_id=dossier_id,
        action=Action.CONFIRM_PAYMENT,
        actor=actor,
        at=at,
        data={"obligation_id": obligation.pk, "amount_vnd": obligation.amount_vnd, "proof": proof},
    )
    refunds.note_state(dossier)
    return dossier


def _paid_at_problems(paid_at: datetime | None, *, notified_at: datetime, at: datetime) -> list[Text]:
    if paid_at is None:
        return [_("Hãy nhập ngày, giờ nộp tiền ghi trên biên lai hoặc giao dịch.")]
    if paid_at > at:
        return [_("Thời điểm nộp tiền ở tương lai. Hãy nhập đúng như trên biên lai.")]
    if paid_at.astimezone(TIME_ZONE).date() < notified_at.astimezone(TIME_ZONE).date():
        return [_("Tiền nộp trước ngày thông báo không phải cho khoản này. Hãy kiểm tra lại biên lai.")]
    return []


@transaction.atomic
def cancel(*, dossier_id: int, obligation_id: int, reason: str, actor: Actor, at: datetime) -> Dossier:
    """Take back a notice that was wrong; nothing is to be paid for it, and the clock goes on.

    :raises AlreadyDone: it was paid or cancelled meanwhile.
    :raises AnotherObligation: ``obligation_id`` is no longer what is to be paid.
    :raises NotAllowed: the actor does not hold the dossier.
    :raises InvalidInput: under ``reason``.
    """
    dossier = lock(dossier_id=dossier_id)
    asking.require_holder(dossier, Action.CANCEL_OBLIGATION, actor)
    obligation = _waiting(dossier, obligation_id)
    reason = reason.strip()
    missing = _("Hãy ghi vì sao hủy; người nộp đọc được lý do này.")
    if wrong := asking.text_problems(reason, missing=missing, limit=REASON_LENGTH):
        raise InvalidInput({"reason": wrong})
    wording_check.require(field="reason", text=reason)
    obligation.cancelled_at, obligation.cancelled_with = at, Action.CANCEL_OBLIGATION
    obligation.save()
    dossier = advance(
        dossier_id=dossier_id,
        action=Action.CANCEL_OBLIGATION,
        actor=actor,
        at=at,
        note=reason,
        data={"obligation_id": obligation.pk, "amount_vnd": obligation.amount_vnd},
    )
    refunds.note_state(dossier)  # an earlier one may have been paid
    return dossier


@transaction.atomic
def remind(*, dossier_id: int, actor: Actor, at: datetime) -> Obligation:
    """Remind the applicant of what is to be paid, once in a day (topic ``dossier.remind_payment``).

    :raises RemindedAlready: see there.
    :raises IllegalMove: nothing is to be paid.
    :raises NotAllowed: the actor is none of `REMINDERS` for this dossier.
    """
    dossier = lock(dossier_id=dossier_id)
    policies.require_role(actor, dossier, *REMINDERS)
    if dossier.status != Status.AWAITING_PAYMENT:
        raise IllegalMove(status=dossier.status, action=Action.CONFIRM_PAYMENT)
    obligation = dossier.obligations.get(confirmed_at=None, cancelled_at=None)
    if obligation.reminded_at is not None and at - obligation.reminded_at < REMIND_AFTER:
        raise RemindedAlready()
    obligation.reminded_at = at
    obligation.save()
    outbox.publish(topic=REMIND, key=dossier.tracking_no, payload={"dossier_id": dossier.pk}, at=at)
    return obligation


def waiting(dossier: Dossier) -> Obligation | None:
    """Give what is to be paid for a dossier now."""
    return dossier.obligations.filter(confirmed_at=None, cancelled_at=None).first()


def _waiting(dossier: Dossier, obligation_id: int) -> Obligation:
    obligation = waiting(dossier)
    if obligation is None or obligation.pk != obligation_id:
        raise AnotherObligation()
    return obligation
