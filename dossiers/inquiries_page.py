"""What a dossier's pages tell of the money, the verifications and the opinions. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agencies.states import Role
from core.actor import Actor
from dossiers import opinions_page, policies
from dossiers.models import Dossier, Obligation, Opinion, Refund, Verification
from dossiers.services import asking, obligations, opinions
from dossiers.states import Status
from dossiers.transitions import ONCE_ACCEPTED


@dataclass(frozen=True, slots=True)
class Answer:
    """An asked opinion as the page shows it."""

    opinion: Opinion
    is_late: bool
    may_remind: bool = False


def for_officer(dossier: Dossier, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Give the desk's page what was asked of others, and what the officer may do about it."""
    asked = dossier.opinions.select_related("agency", "asked_by", "answered_by").prefetch_related("documents")
    held = asking.is_holder(dossier, actor=actor)
    due = obligations.waiting(dossier)
    reminds_agencies = held and Role.SPECIALIST in policies.capacities(actor, dossier)
    reminds = bool(policies.capacities(actor, dossier) & obligations.REMINDERS)
    return {
        "obligations": dossier.obligations.select_related("notified_by", "confirmed_by").order_by("-pk"),
        "refunds": dossier.refunds.select_related("confirmed_by").order_by("pk"),
        "may_record_payment": _takes_money_back(dossier, actor=actor),
        "verifications": dossier.verifications.select_related("started_by", "finished_by").order_by("-pk"),
        "asked_opinions": [
            Answer(
                one,
                is_late=opinions_page.is_late(one, at=at),
                may_remind=reminds_agencies and opinions.may_be_reminded(one, at=at),
            )
            for one in asked.order_by("-asked_at", "pk")
        ],
        "lacks_opinions": dossier.status == Status.AWAITING_OPINION and opinions.unanswered(dossier).exists(),
        "holds_dossier": held,
        "may_remind": reminds and due is not None and dossier.status == Status.AWAITING_PAYMENT,
        "may_remind_now": due is None
        or due.reminded_at is None
        or at - due.reminded_at >= obligations.REMIND_AFTER,
    }


def _takes_money_back(dossier: Dossier, *, actor: Actor) -> bool:
    """Say whether the officer records money that came for a notice which nobody has to pay any more."""
    return dossier.status in ONCE_ACCEPTED and bool(
        policies.capacities(actor, dossier) & policies.PAYS_REFUNDS
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the applicant is told: money to pay or paid, a verification to come to, agencies that are asked."""

    obligation: Obligation | None = None
    verification: Verification | None = None
    opinions: tuple[Opinion, ...] = ()
    refunds: tuple[Refund, ...] = ()


def for_applicant(dossier: Dossier) -> dict[str, Any]:
    """Give the applicant's page what is asked now, and the money that was paid; of opinions only who is waited for."""
    money = dossier.obligations.filter(cancelled_at=None).order_by("-pk").first()
    verification: Verification | None = None
    waiting: tuple[Opinion, ...] = ()
    if dossier.status == Status.VERIFYING:
        verification = dossier.verifications.filter(finished_at=None, closed_at=None).first()
    if dossier.status == Status.AWAITING_OPINION:
        waiting = tuple(opinions.unanswered(dossier))
    refunds = tuple(dossier.refunds.order_by("pk"))
    return {"asked": Asked(money, verification, waiting, refunds)}
