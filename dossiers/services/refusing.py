"""Từ chối giải quyết on substance: the specialist proposes, the signer decides (NĐ 61/2018, art. 19.8; L22)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from dossiers import policies, wording_check
from dossiers.models import Dossier, RefusalProposal, ResultDraft, SupplementRequest
from dossiers.services import background, ending, guards, steps
from dossiers.services.moves import advance, lock
from dossiers.services.supplements import ResultIssued
from dossiers.states import Action, DraftState, RefusalReason, Status, SupplementState
from dossiers.transitions import IllegalMove

EXPLANATION_LENGTH = 4000
BASIS_LENGTH = 500
NOTE_LENGTH = 2000

AFTER_ACCEPTANCE = tuple(
    reason
    for reason in RefusalReason
    if reason not in (RefusalReason.WRONG_AGENCY, RefusalReason.ABOLISHED_PROCEDURE)
)
"""What a dossier can be refused for once it was accepted."""


_REFUSED = _("Không thực hiện vì hồ sơ bị từ chối giải quyết")


class ProposedAlready(Conflict):
    """A refusal has been proposed and waits for the signer."""

    code = "refusal_proposed"
    message = _("Hồ sơ này đã được đề nghị từ chối và đang chờ lãnh đạo ký quyết định.")


class RefusalOpen(Conflict):
    """A result goes to the signer only when no refusal waits there: the two would contradict each other."""

    code = "refusal_open"
    message = _(
        "Hồ sơ này đang được đề nghị từ chối giải quyết nên chưa trình ký kết quả được. "
        "Hãy chờ lãnh đạo quyết định; để trình ký, đề nghị lãnh đạo trả lại đề nghị từ chối trước."
    )


class NothingProposed(Conflict):
    """There is no proposal to decide: somebody was faster, or nobody has proposed."""

    code = "refusal_not_proposed"
    message = _("Không có đề nghị từ chối nào đang chờ quyết định. Hãy tải lại trang để xem trạng thái mới.")


class LimitNotPassed(Conflict):
    """The applicant still may answer, or has answered."""

    code = "supplement_limit_not_passed"
    message = _(
        "Chưa từ chối được: người nộp còn thời gian bổ sung, hoặc đã gửi bổ sung và đang chờ xác nhận. "
        "Hãy chờ hết thời hạn ghi trong phiếu yêu cầu."
    )


@transaction.atomic
def propose(
    *, dossier_id: int, reason: str, explanation: str, legal_basis: str, actor: Actor, at: datetime
) -> RefusalProposal:
    """Propose to the signer that the request be refused; the dossier stays in process until the decision.

    :raises ProposedAlready: a proposal waits for its decision.
    :raises DraftBusy: the draft of the result is on its way to the signer.
    :raises IllegalMove: the dossier is not in process.
    :raises NotAllowed: the actor is not the specialist who holds the dossier.
    :raises ResultIssued: a result was issued, and is being corrected.
    :raises InvalidInput: under ``reason``, ``explanation`` or ``legal_basis``: missing, too long, vague or offensive.
    """
    dossier = lock(dossier_id=dossier_id)
    require_proposable(dossier=dossier, actor=actor)
    explanation, legal_basis = _checked(dossier, reason, explanation, legal_basis)
    return RefusalProposal.objects.create(
        dossier=dossier,
        reason=reason,
        explanation=explanation,
        legal_basis=legal_basis,
        proposed_by_id=actor.officer_id or 0,  # the table lets none but an officer come here
        proposed_at=at,
    )


def require_proposable(*, dossier: Dossier, actor: Actor) -> None:
    """Ask before the reason is typed whether the actor may propose; raises as `propose` does."""
    _require_holder(dossier, actor)
    if dossier.status != Status.IN_PROCESS:
        raise IllegalMove(status=dossier.status, action=Action.REFUSE)
    if dossier.completed_at is not None:
        raise ResultIssued()
    if proposal_of(dossier) is not None:
        raise ProposedAlready()
    if ResultDraft.objects.filter(dossier=dossier, state=DraftState.RENDERING).exists():
        raise background.DraftBusy()


def require_none_open(dossier: Dossier) -> None:
    """Let a result be submitted for signature.

    :raises RefusalOpen: a proposal to refuse waits for its decision.
    """
    if dossier.refusal_proposals.filter(decided_at=None).exists():
        raise RefusalOpen()


def proposal_of(dossier: Dossier) -> RefusalProposal | None:
    """Give the proposal that waits for its decision."""
    return dossier.refusal_proposals.filter(decided_at=None).select_related("proposed_by").first()


@transaction.atomic
def grant(*, dossier_id: int, actor: Actor, at: datetime, note: str = "") -> Dossier:
    """Refuse the request as it was proposed: form 03, message 3, and the outcome is a result like any other.

    :raises AlreadyDone, IllegalMove: the dossier is in process no more.
    :raises NothingProposed: there is no open proposal.
    :raises NotAllowed: the actor is not a signer of the competent agency.
    :raises InvalidInput: under ``note``, too long.
    """
    dossier = lock(dossier_id=dossier_id)
    proposal = require_decidable(dossier=dossier, actor=actor)
    note = note.strip()
    _require_short(note)
    _decide(proposal, is_granted=True, note=note, actor=actor, at=at)
    return _refuse(dossier, proposal, decided_as=Role.SIGNER, actor=actor, at=at)


@transaction.atomic
def give_back(*, dossier_id: int, note: str, actor: Actor, at: datetime) -> RefusalProposal:
    """Give a proposal back to the specialist, who goes on with the dossier.

    :raises AlreadyDone, IllegalMove, NothingProposed, NotAllowed: as `grant`.
    :raises InvalidInput: under ``note``: missing or too long.
    """
    dossier = lock(dossier_id=dossier_id)
    proposal = require_decidable(dossier=dossier, actor=actor)
    note = note.strip()
    if not note:
        raise InvalidInput({"note": [_("Hãy ghi vì sao trả lại để chuyên viên biết cần làm gì tiếp theo.")]})
    _require_short(note)
    return _decide(proposal, is_granted=False, note=note, actor=actor, at=at)


def require_decidable(*, dossier: Dossier, actor: Actor) -> RefusalProposal:
    """Give the open proposal if the actor may decide it; raises as `grant` does."""
    policies.require_role(actor, dossier, Role.SIGNER)
    guards.require(dossier, Action.REFUSE, actor)
    proposal = RefusalProposal.objects.filter(dossier=dossier, decided_at=None).first()
    if proposal is None:
        raise NothingProposed()
    return proposal


@transaction.atomic
def refuse_unanswered(
    *, dossier_id: int, reason: str, explanation: str, legal_basis: str, actor: Actor, at: datetime
) -> Dossier:
    """Refuse a dossier whose applicant did not give the supplement in time; form 03 and message 3 follow.

    :raises LimitNotPassed: the applicant may still answer, or has answered.
    :raises AlreadyDone, IllegalMove: the dossier does not wait for a supplement.
    :raises NotAllowed: the actor is not the specialist who holds the dossier.
    :raises InvalidInput: as `propose`.
    """
    dossier = lock(dossier_id=dossier_id)
    request = require_unanswered(dossier=dossier, actor=actor, at=at)
    explanation, legal_basis = _checked(dossier, reason, explanation, legal_basis)
    request.state, request.closed_at = SupplementState.LAPSED, at
    request.save(update_fields=["state", "closed_at", "updated_at"])
    proposal = RefusalProposal.objects.create(
        dossier=dossier,
        reason=reason,
        explanation=explanation,
        legal_basis=legal_basis,
        proposed_by_id=actor.officer_id or 0,  # the table lets none but an officer come here
        proposed_at=at,
        decided_by_id=actor.officer_id,
        decided_at=at,
        is_granted=True,
    )
    return _refuse(dossier, proposal, decided_as=Role.SPECIALIST, actor=actor, at=at)


def require_unanswered(*, dossier: Dossier, actor: Actor, at: datetime) -> SupplementRequest:
    """Give the request whose limit has passed if the actor may refuse for it; raises as `refuse_unanswered` does."""
    _require_holder(dossier, actor)
    guards.require(dossier, Action.REFUSE, actor)
    if dossier.status != Status.PROCESS_SUPPLEMENT:
        raise IllegalMove(status=dossier.status, action=Action.REFUSE)
    request = dossier.supplements.filter(state=SupplementState.OPEN, due_at__lt=at).first()
    if request is None:
        raise LimitNotPassed()
    return request


def _refuse(
    dossier: Dossier, proposal: RefusalProposal, *, decided_as: Role, actor: Actor, at: datetime
) -> Dossier:
    dossier = advance(
        dossier_id=dossier.pk,
        action=Action.REFUSE,
        actor=actor,
        at=at,
        note=proposal.explanation,
        data={
            "reason": proposal.reason,
            "legal_basis": proposal.legal_basis,
            "proposed_by_id": proposal.proposed_by_id,
        },
    )
    steps.close(dossier, at=at, note=_REFUSED, decided_as=decided_as, officer_id=actor.officer_id)
    ending.settle(dossier, refund_vnd=0, at=at)
    return dossier


def _require_holder(dossier: Dossier, actor: Actor) -> None:
    policies.require_role(actor, dossier, Role.SPECIALIST)
    if not policies.has_in_hands(actor, dossier):
        raise NotAllowed(
            _("Hồ sơ này do %(name)s xử lý. Chỉ người đang xử lý được đề nghị từ chối.")
            % {"name": dossier.current_handler}
        )


def _decide(
    proposal: RefusalProposal, *, is_granted: bool, note: str, actor: Actor, at: datetime
) -> RefusalProposal:
    proposal.is_granted, proposal.decision_note = is_granted, note
    proposal.decided_by_id, proposal.decided_at = actor.officer_id, at
    proposal.save()
    return proposal


def _require_short(note: str) -> None:
    if len(note) > NOTE_LENGTH:
        raise InvalidInput({"note": [_too_long(NOTE_LENGTH)]})


def _checked(dossier: Dossier, reason: str, explanation: str, legal_basis: str) -> tuple[str, str]:
    """:raises InvalidInput: form 03 would say too little, or say it badly."""
    explanation, legal_basis = explanation.strip(), legal_basis.strip()
    problems: dict[str, list[Text]] = {}
    if reason not in AFTER_ACCEPTANCE:
        problems["reason"] = [_("Hãy chọn lý do từ chối trong danh sách.")]
    if not explanation:
        problems["explanation"] = [_("Hãy giải thích cụ thể vì sao từ chối và người nộp có thể làm gì.")]
    elif len(explanation) > EXPLANATION_LENGTH:
        problems["explanation"] = [_too_long(EXPLANATION_LENGTH)]
    if not legal_basis:
        problems["legal_basis"] = [_("Hãy ghi điều, khoản và số văn bản làm căn cứ từ chối.")]
    elif len(legal_basis) > BASIS_LENGTH:
        problems["legal_basis"] = [_too_long(BASIS_LENGTH)]
    if problems:
        raise InvalidInput(problems)
    unit = dossier.received_at_unit
    wording_check.require_letter(
        wording_check.Letter(
            reason=str(RefusalReason(reason).label),
            explanation=explanation,
            mend="",
            ask_at=unit.name if unit else "",
        ),
        fields={"mend": "explanation"},
        needs_limit=False,
        published=dossier.procedure_version.components.values_list("name", flat=True),
    )
    return explanation, legal_basis


def _too_long(limit: int) -> Text:
    return _("Dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": limit}
