"""What a dossier's pages tell of its turns: withdrawn, put off with an apology, stopped, corrected. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import number_format

from agencies.states import Role
from core.actor import Actor
from dossiers import policies
from dossiers.models import Correction, Dossier, Extension, Withdrawal
from dossiers.services import extensions, withdrawals
from dossiers.states import Action, Status


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the agency's head stopped the case, how far it had come, and what is given back."""

    reason: str
    at: datetime
    stage: str
    returns_originals: bool
    refund_vnd: int

    @property
    def refund(self) -> str:
        """The amount as people write it, empty for nothing."""
        return _grouped(self.refund_vnd)


@dataclass(frozen=True, slots=True)
class Turns:
    """The last one of each kind; ``waiting`` and ``granted`` are proposals to put the result off."""

    withdrawal: Withdrawal | None = None
    waiting: Extension | None = None
    granted: Extension | None = None
    declined: Extension | None = None
    stop: Stop | None = None
    correction: Correction | None = None

    @property
    def is_late_apology(self) -> bool:
        """Whether the apology came after the last moment that the law gives it."""
        return self.granted is not None and extensions.is_late_apology(self.granted)

    @property
    def refund(self) -> str:
        """What a granted withdrawal gives back, as people write it; empty for nothing."""
        return _grouped(self.withdrawal.refund_vnd) if self.withdrawal else ""


def _grouped(amount_vnd: int) -> str:
    return number_format(amount_vnd, force_grouping=True) if amount_vnd else ""


def of(dossier: Dossier) -> Turns:
    """Give the turns that a dossier has taken so far."""
    rows = list(dossier.extensions.select_related("proposed_by", "decided_by").order_by("pk"))
    for row in rows:
        row.dossier = dossier
    declined = [row for row in rows if row.is_granted is False and row.decided_by_id]
    withdrawal = dossier.withdrawals.select_related("decided_by").order_by("-pk").first()
    corrections = dossier.corrections.select_related("old_result", "new_result", "bears_cost", "decided_by")
    return Turns(
        withdrawal=withdrawal,
        waiting=next((row for row in rows if row.decided_at is None), None),
        granted=next((row for row in rows if row.is_granted), None),
        declined=declined[-1] if declined else None,
        stop=_stop(dossier),
        correction=corrections.order_by("-pk").first(),
    )


def _stop(dossier: Dossier) -> Stop | None:
    if dossier.status not in (Status.STOPPED, Status.ARCHIVED):
        return None
    event = dossier.events.filter(action=Action.STOP).order_by("-seq").first()
    if event is None:
        return None
    return Stop(
        reason=event.note,
        at=event.at,
        stage=str(Status(event.from_status).label),
        returns_originals=bool(event.data.get("returns_originals")),
        refund_vnd=int(event.data.get("refund_vnd") or 0),
    )


def for_officer(dossier: Dossier, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Give the desk's page its turns, and what the officer may do about a proposal."""
    turns = of(dossier)
    leads = Role.AGENCY_HEAD in policies.capacities(actor, dossier)
    waiting = turns.waiting
    return {
        "turns": turns,
        "may_propose_extension": extensions.may_propose(dossier, actor=actor, at=at),
        "may_decide_extension": leads and waiting is not None,
        "may_approve_extension": leads
        and waiting is not None
        and waiting.old_due_at == dossier.due_at
        and extensions.is_extendable(dossier, at=at),
        "would_be_late_apology": waiting is not None and extensions.is_late_apology(waiting, at=at),
    }


def for_applicant(dossier: Dossier) -> dict[str, Any]:
    """Give the applicant's page its turns, and whether a withdrawal is still possible."""
    return {"turns": of(dossier), "may_withdraw": withdrawals.is_open(dossier)}
