"""Letters that ask or refuse: forms 02 and 03."""

from __future__ import annotations

from typing import Any

from dossiers.models import Dossier, Paper
from dossiers.papers import sheet
from dossiers.papers.sheet import Composed, RowsMissing
from dossiers.states import Action, RefusalReason, Status


def supplement_notice(paper: Paper) -> Composed:
    """Compose form 02: the one complete list, each item with its reason and how to mend it."""
    request = sheet.row_of(paper.dossier.supplements.all(), paper.event, moment="asked_at")
    items = list(request.items.order_by("position"))
    if not items:
        raise RowsMissing(f"SupplementItem: request {request.pk} asks for nothing")
    context = {
        "request": request,
        "items": items,
        "in_process": paper.event.from_status != Status.SUBMITTED,
        "asked_by": paper.event.actor_name,
    }
    return sheet.by_unit(paper, "supplement_notice", context, signs_as="NGƯỜI YÊU CẦU BỔ SUNG")


def refusal_notice(paper: Paper) -> Composed:
    """Compose form 03: of the one-stop unit before the acceptance, of the deciding agency after it."""
    bases = list(paper.dossier.procedure_version.legal_bases.order_by("position")[:6])
    context = {"legal_bases": bases, "refused_by": paper.event.actor_name}
    if paper.event.action == Action.REFUSE_INTAKE:
        return sheet.by_unit(
            paper,
            "refusal_notice",
            context | _intake_refusal(paper.dossier),
            signs_as="NGƯỜI TIẾP NHẬN HỒ SƠ",
        )
    return sheet.by_agency(paper, "refusal_notice", context | _refusal(paper), signs_as=sheet.DECIDER)


def _intake_refusal(dossier: Dossier) -> dict[str, Any]:
    refusal = getattr(dossier, "intake_refusal", None)
    if refusal is None:
        raise RowsMissing(f"IntakeRefusal: none of dossier {dossier.pk}")
    return {
        "at_intake": True,
        "reason": refusal.get_reason_display(),
        "explanation": refusal.explanation,
        "right_agency": refusal.right_agency,
        "legal_basis": "",
    }


def _refusal(paper: Paper) -> dict[str, Any]:
    """What was granted is what counts; a refusal without a signer's decision stands as it was proposed."""
    proposals = paper.dossier.refusal_proposals.exclude(is_granted=False)
    refusal = sheet.row_of(proposals, paper.event, moment="proposed_at")
    return {
        "at_intake": False,
        "reason": RefusalReason(refusal.reason).label,
        "explanation": refusal.explanation,
        "right_agency": "",
        "legal_basis": refusal.legal_basis,
    }
