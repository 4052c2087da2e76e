"""Yêu cầu bổ sung thêm: a further request in one phase is proposed, and the unit's leader approves or returns it.

Everything that could be seen had to be asked for at once (NĐ 61/2018, art. 17.2 and 19.4; domain: 4.4, rule 2): a
further request needs a law that allows it and a second pair of eyes. Until the leader's click the applicant hears
nothing, and every clock runs on.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from dossiers.models import Dossier, SupplementProposal, SupplementRequest
from dossiers.services import guards, supplement_lists, supplements
from dossiers.services.moves import advance, lock
from dossiers.services.supplement_lists import Wanted
from dossiers.services.supplements import Asking, clock_time
from dossiers.states import Action

BASIS_LENGTH = 500
NOTE_LENGTH = 2000


class NotFurther(Conflict):
    """The phase has had no request yet: it needs nobody's approval."""

    code = "supplement_not_further"
    message = _(
        "Giai đoạn này chưa yêu cầu bổ sung lần nào nên không cần trình duyệt. Hãy gửi yêu cầu bổ sung."
    )


class ProposedAlready(Conflict):
    """A proposal waits for the leader."""

    code = "supplement_proposed"
    message = _("Đã có đề nghị bổ sung thêm đang chờ lãnh đạo đơn vị. Hãy chờ lãnh đạo duyệt hoặc trả lại.")


class NothingProposed(Conflict):
    """There is no proposal to decide: another leader was faster, or nobody has proposed."""

    code = "supplement_not_proposed"
    message = _("Không có đề nghị bổ sung thêm nào đang chờ duyệt. Hãy tải lại trang để xem trạng thái mới.")


@transaction.atomic
def propose(*, dossier_id: int, asking: Asking, actor: Actor, at: datetime) -> SupplementProposal:
    """Propose to the unit's leader to ask once more in the same phase; the dossier stays where it is.

    Who may ask may propose: the one-stop officer before the acceptance, in process the specialist who holds it.

    :raises NotFurther, ProposedAlready: see there.
    :raises AlreadyDone, NotAllowed, AskedTooLate, ResultIssued: as `supplements.request`.
    :raises InvalidInput: under ``basis``, or by field as `supplement_lists.rows` says.
    """
    dossier = lock(dossier_id=dossier_id)
    require_proposable(dossier=dossier, actor=actor, at=at)
    basis, guidance = asking.basis.strip(), asking.guidance.strip()
    due_at = supplements.wait_until(dossier, at=at)
    rows, problems = supplement_lists.rows(dossier, asking.items, guidance=guidance, due_at=due_at)
    problems |= _basis_problems(basis)
    if problems:
        raise InvalidInput(problems)
    made = SupplementProposal.objects.create(
        dossier=dossier,
        phase=supplements.phase_of(dossier),
        items=[asdict(one) for one in asking.items],
        guidance=guidance,
        legal_basis=basis,
        proposed_by_id=actor.officer_id or 0,  # the table lets none but an officer come here
        proposed_at=at,
    )
    advance(
        dossier_id=dossier.pk,
        action=Action.PROPOSE_SUPPLEMENT,
        actor=actor,
        at=at,
        note="; ".join(row.name for row in rows),
        data={"proposal_id": made.pk, "legal_basis": basis},
    )
    return made


def require_proposable(*, dossier: Dossier, actor: Actor, at: datetime) -> None:
    """Ask before the list is typed whether the actor may propose; raises as `propose` does."""
    supplements.require_askable(dossier=dossier, actor=actor, at=at)
    if not supplements.needs_approval(dossier):
        raise NotFurther()
    if waiting(dossier) is not None:
        raise ProposedAlready()


def waiting(dossier: Dossier) -> SupplementProposal | None:
    """Give the proposal that waits for the leader."""
    proposals = dossier.supplement_proposals.filter(decided_at=None, phase=supplements.phase_of(dossier))
    return proposals.select_related("proposed_by").first()


@transaction.atomic
def approve(*, dossier_id: int, actor: Actor, at: datetime, note: str = "") -> SupplementRequest:
    """Approve the proposal: the request goes out in this moment as it was proposed; form 02 and message 4 follow.

    :raises AlreadyDone, IllegalMove: the dossier has gone another way.
    :raises NothingProposed: another leader was faster; the message says who and when.
    :raises NotAllowed: the actor does not lead the unit that asks, or has proposed it.
    :raises AskedTooLate, ResultIssued: as `supplements.request`.
    :raises InvalidInput: under ``note``, or by field where the list does not fit the dossier any more.
    """
    dossier = lock(dossier_id=dossier_id)
    proposal = require_decidable(dossier=dossier, actor=actor, action=Action.APPROVE_SUPPLEMENT)
    supplements.require_in_time(dossier, at=at)
    _decide(proposal, is_granted=True, note=note, actor=actor, at=at)
    return supplements.issue(
        dossier,
        Asking(items_of(proposal), proposal.guidance, proposal.legal_basis),
        action=Action.APPROVE_SUPPLEMENT,
        asked_by_id=proposal.proposed_by_id,
        actor=actor,
        at=at,
        data={
            "proposal_id": proposal.pk,
            "proposed_by_id": proposal.proposed_by_id,
            "proposed_by": proposal.proposed_by.full_name,
        },
    )


@transaction.atomic
def give_back(*, dossier_id: int, note: str, actor: Actor, at: datetime) -> SupplementProposal:
    """Return the proposal to whoever made it, with a reason; the applicant hears nothing.

    :raises AlreadyDone, IllegalMove, NothingProposed, NotAllowed: as `approve`.
    :raises InvalidInput: under ``note``: missing or too long.
    """
    dossier = lock(dossier_id=dossier_id)
    proposal = require_decidable(dossier=dossier, actor=actor, action=Action.DECLINE_SUPPLEMENT)
    if not note.strip():
        raise InvalidInput(
            {"note": [_("Hãy ghi vì sao trả lại để người đề nghị biết cần làm gì tiếp theo.")]}
        )
    _decide(proposal, is_granted=False, note=note, actor=actor, at=at)
    advance(
        dossier_id=dossier.pk,
        action=Action.DECLINE_SUPPLEMENT,
        actor=actor,
        at=at,
        note=proposal.decision_note,
        data={"proposal_id": proposal.pk, "proposed_by_id": proposal.proposed_by_id},
    )
    return proposal


def require_decidable(
    *, dossier: Dossier, actor: Actor, action: Action = Action.APPROVE_SUPPLEMENT
) -> SupplementProposal:
    """Give the open proposal if the actor may decide it; raises as `approve` does."""
    guards.require(dossier, action, actor)
    proposal = waiting(dossier)
    if proposal is None:
        raise _nothing_proposed(dossier)
    if proposal.proposed_by_id == actor.officer_id:
        raise NotAllowed(_("Bạn là người đề nghị nên không tự duyệt được. Hãy chờ lãnh đạo khác của đơn vị."))
    return proposal


def items_of(proposal: SupplementProposal) -> list[Wanted]:
    """Read the list that a proposal keeps."""
    return [Wanted(**one) for one in proposal.items]


def _nothing_proposed(dossier: Dossier) -> NothingProposed:
    decided = dossier.supplement_proposals.exclude(decided_by=None).select_related("decided_by")
    last = decided.order_by("-decided_at").first()
    if last is None or last.decided_at is None:
        return NothingProposed()
    return NothingProposed(
        _("Đề nghị bổ sung thêm đã được %(who)s quyết định lúc %(when)s.")
        % {"who": last.decided_by, "when": clock_time(last.decided_at)}
    )


def _decide(proposal: SupplementProposal, *, is_granted: bool, note: str, actor: Actor, at: datetime) -> None:
    note = note.strip()
    if len(note) > NOTE_LENGTH:
        raise InvalidInput({"note": [supplement_lists.too_long(NOTE_LENGTH)]})
    proposal.is_granted, proposal.decision_note = is_granted, note
    proposal.decided_by_id, proposal.decided_at = actor.officer_id, at
    proposal.save()


def _basis_problems(basis: str) -> dict[str, list[Text]]:
    if not basis:
        return {
            "basis": [
                _("Hãy ghi điều, khoản và số văn bản cho phép yêu cầu bổ sung lần nữa ở giai đoạn này.")
            ]
        }
    if len(basis) > BASIS_LENGTH:
        return {"basis": [supplement_lists.too_long(BASIS_LENGTH)]}
    return supplement_lists.wording_problems("basis", basis)
