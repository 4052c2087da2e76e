"""Papers of the turns that a case may take: late, stopped, withdrawn, corrected."""

from __future__ import annotations

from typing import Any

from agencies.states import Role
from dossiers.models import Paper
from dossiers.papers import sheet
from dossiers.papers.sheet import Composed
from dossiers.states import Action, Status


def apology(paper: Paper) -> Composed:
    """Compose form 04: why the result is late, and the one new date (NĐ 61/2018, art. 19.9)."""
    granted = paper.dossier.extensions.filter(is_granted=True)
    context = {"extension": sheet.row_of(granted, paper.event, moment="decided_at")}
    return sheet.by_agency(paper, "apology", context, signs_as=sheet.HEAD)


def stop_notice(paper: Paper) -> Composed:
    """Compose form 05 of 2025: withdrawn, lapsed or stopped; originals and money."""
    event = paper.event
    context: dict[str, Any] = {
        "withdrawal": None,
        "supplement": None,
        "reason": event.note,
        "stage": Status(event.data.get("stage") or event.from_status).label,
        "returns_originals": bool(event.data.get("returns_originals")),
        "refund_vnd": event.data.get("refund_vnd") or 0,
    }
    if event.action == Action.APPROVE_WITHDRAWAL:
        granted = paper.dossier.withdrawals.filter(is_granted=True)
        withdrawal = sheet.row_of(granted, event, moment="decided_at")
        context |= {
            "withdrawal": withdrawal,
            "returns_originals": withdrawal.returns_originals,
            "refund_vnd": withdrawal.refund_vnd,
        }
    elif event.action == Action.LAPSE:
        context["supplement"] = sheet.row_of(paper.dossier.supplements.all(), event, moment="asked_at")
    context["refund"] = sheet.money(context["refund_vnd"])
    if paper.dossier.accepted_at is None or paper.dossier.accepted_at > event.at:
        return sheet.by_unit(paper, "stop_notice", context, signs_as=sheet.LEADER)
    signs_as = sheet.HEAD if event.action == Action.STOP else sheet.LEADER
    return sheet.by_agency(paper, "stop_notice", context, signs_as=signs_as)


def withdrawal_request(paper: Paper) -> Composed:
    """Compose the applicant's request in their own words; the portal vouches for who sent it and when."""
    context = {
        "withdrawal": sheet.row_of(paper.dossier.withdrawals.all(), paper.event, moment="requested_at")
    }
    return sheet.by_portal(paper, "withdrawal_request", context)


def correction_decision(paper: Paper) -> Composed:
    """Compose the decision by which a result with an error is replaced (NĐ 61/2018, art. 21)."""
    rows = paper.dossier.corrections.select_related("old_result", "bears_cost", "decided_by")
    context = {"correction": sheet.row_of(rows, paper.event, moment="decided_at")}
    return sheet.by_agency(paper, "correction_decision", context, signs_as=sheet.DECIDER)


_SIGNS_A_LOSS = {Role.AGENCY_HEAD: sheet.HEAD, Role.UNIT_LEADER: sheet.LEADER}


def loss_apology(paper: Paper) -> Composed:
    """Compose the apology of the place that lost or damaged papers (NĐ 61/2018, art. 21.2)."""
    dossier, event = paper.dossier, paper.event
    loss = sheet.row_of(dossier.losses.select_related("agency"), event, moment="recorded_at")
    context = {"loss": loss}
    signs_as = _SIGNS_A_LOSS.get(Role(event.actor_role), "NGƯỜI GHI NHẬN SỰ VIỆC")
    if event.actor_role == Role.ONE_STOP_OFFICER:
        return sheet.by_unit(paper, "loss_apology", context, signs_as=signs_as)
    return sheet.by_agency(paper, "loss_apology", context, signs_as=signs_as)
