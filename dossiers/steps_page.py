"""What a dossier's pages tell of its way: the step at work, the parts of a bundle, who leads it. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localdate

from agencies.models import Agency
from core.actor import Actor
from dossiers import places, policies, step_dues
from dossiers.models import Dossier
from dossiers.plain_words import WORDS
from dossiers.services import steps
from dossiers.states import Action, IntakeRoute, Status


@dataclass(frozen=True, slots=True)
class Part:
    """One dossier of a bundle, and how far it has come."""

    dossier: Dossier
    status: str
    colour: str
    may_open: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a dossier is from and who has its tasks; ``successor`` where the agency that received exists no more."""

    leads_elsewhere: str
    is_legacy: bool
    successor: Agency | None
    parent: Dossier | None
    parts: list[Part]

    @property
    def is_told(self) -> bool:
        return bool(self.leads_elsewhere or self.successor or self.parent or self.parts)


def for_officer(dossier: Dossier, *, actor: Actor, can: frozenset[str]) -> dict[str, Any]:
    """Give the desk's page the steps at work that the officer may pass on, and where the dossier is from."""
    at_work = steps.at_work(dossier) if dossier.status == Status.IN_PROCESS else []
    examined = [one for one in at_work if one.role in policies.EXAMINERS]
    mine = [one for one in examined if Action.PASS_STEP in can and policies.has_step(actor, one)]
    dues = step_dues.of(dossier) if examined else None
    return {
        "steps_at_work": [(one, dues.due(one)) for one in examined] if dues else [],
        "own_steps": mine,
        "may_return_step": bool(mine) and bool(steps.to_return_to(dossier)),
        "awaits_reception": Action.RECEIVE in can and dossier.competent_received_at is None,
        "origin": origin(dossier, actor=actor),
    }


def origin(dossier: Dossier, *, actor: Actor) -> Origin:
    """Give where the dossier is from: another system, an agency that is no more, a bundle.

    The parent is given only to whom it exists for; a part may be one of an agency where the actor has no role.
    """
    received = dossier.received_at_unit
    successor = None
    if received is not None and received.valid_to is not None and received.successor_id is not None:
        now = places.successor_of(received, on=localdate())
        successor = now if now != received else None
    parts = []
    if dossier.is_bundle:
        children = dossier.children.select_related("procedure_version", "competent_agency").order_by("pk")
        open_to = set(policies.visible(actor).filter(parent=dossier).values_list("pk", flat=True))
        parts = [
            Part(one, str(WORDS[one.status].title), WORDS[one.status].colour, one.pk in open_to)
            for one in children
        ]
    parent = None
    if dossier.parent_id is not None:
        parent = policies.visible(actor).filter(pk=dossier.parent_id).first()
    return Origin(
        leads_elsewhere=dossier.leading_system if dossier.is_mirror else "",
        is_legacy=dossier.intake_route == IntakeRoute.LEGACY,
        successor=successor,
        parent=parent,
        parts=parts,
    )
