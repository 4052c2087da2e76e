"""The one place that writes a dossier's status."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor, Grant
from core.errors import InvalidInput
from dossiers import clock, codes, history, policies, rule_sets
from dossiers.models import Dossier
from dossiers.services import closing, step_plan
from dossiers.states import Action, Status
from dossiers.transitions import MOVES
from outbox import services as outbox


def lock(*, dossier_id: int) -> Dossier:
    """Lock a dossier's row until the transaction ends; use only the object that comes back.

    The key stays free: at its commit, a step in a part of a bundle lets the database look whether the bundle is there,
    while the bundle may wait for the counter of codes that this very part holds.

    :raises Dossier.DoesNotExist: no such dossier.
    """
    return Dossier.objects.select_for_update(no_key=True).get(pk=dossier_id)


@transaction.atomic
def advance(
    *,
    dossier_id: int,
    action: Action,
    actor: Actor,
    at: datetime,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> Dossier:
    """Lock a dossier and take a step with it, as `apply` does.

    :raises Dossier.DoesNotExist: no such dossier.
    """
    return apply(lock(dossier_id=dossier_id), action=action, actor=actor, at=at, note=note, data=data)


def apply(
    dossier: Dossier,
    *,
    action: Action,
    actor: Actor,
    at: datetime,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> Dossier:
    """Move a dossier one step, record the step and tell the other apps.

    ``dossier`` belongs to the running transaction: it came from `lock`, or was inserted a moment ago and is seen by
    nobody else. ``data`` goes into the history with the step; ``at`` is aware.

    :raises IllegalMove: the step does not start from the dossier's status.
    :raises NotAllowed: the actor may not take it.
    :raises InvalidInput: the step needs a reason and none is given.
    :raises NoTimeLimit: accepting, the procedure has no time limit to promise.
    """
    move = MOVES.find(status=dossier.status, action=action)
    grant = policies.require(actor, dossier, move)
    if move.needs_note and not note.strip():
        raise InvalidInput({"note": [_("Hãy ghi lý do để người nhận biết cần làm gì tiếp theo.")]})

    source, promised = dossier.status, dossier.due_at
    target = move.leads_to(dossier)
    move.effect(dossier, at)
    dossier.status = target
    if action in _ACCEPTING:
        _accept(dossier, at)
    clock.follow(dossier, action=action, at=at)
    event = history.append(
        dossier,
        action=action,
        from_status=source,
        to_status=target,
        actor=actor,
        at=at,
        grant=grant,
        note=note.strip(),
        data={**(data or {}), **_facts(dossier, action, promised), **_deputy(actor, dossier, grant)},
    )
    dossier.save()
    if promised is not None and dossier.due_at != promised:
        step_plan.follow(dossier)
    if target in closing.ENDED and source not in closing.ENDED:
        closing.close_questions(dossier, action=action, at=at)
    outbox.publish(
        topic=move.topic,
        key=dossier.tracking_no,
        payload={
            "dossier_id": dossier.pk,
            "event_id": event.pk,
            "papers": [str(form) for form in move.papers],
        },
        at=at,
    )
    return dossier


def reflect(
    dossier: Dossier, *, status: Status, at: datetime, note: str = "", data: dict[str, Any] | None = None
) -> None:
    """Repeat in a locked mirror what its leading system has done, and record it; every column is saved.

    No clock of ours runs in it, and nobody is told: its own system tells its people.
    """
    source, dossier.status = dossier.status, status
    history.append(
        dossier,
        action=Action.MIRROR,
        from_status=source,
        to_status=status,
        actor=Actor.system(),
        at=at,
        note=note,
        data=data,
    )
    dossier.save()


_ACCEPTING = frozenset({Action.ACCEPT, Action.ACCEPT_AT_COUNTER, Action.ACCEPT_BUNDLE})


def _accept(dossier: Dossier, at: datetime) -> None:
    """Fix the rules that the dossier keeps and give it its code.

    The due date is asked for first: the code locks the unit's counter until the transaction ends.
    """
    dossier.rule_set = rule_sets.in_force(at).code
    unit = dossier.received_at_unit
    if unit is None:
        raise ValueError("received_at_unit: a dossier is accepted at a unit")
    clock.promise(dossier, at=at)
    dossier.code = codes.next_code(agency_id=unit.pk, agency_code=unit.code, at=at)


def _deputy(actor: Actor, dossier: Dossier, grant: Grant | None) -> dict[str, Any]:
    """Name for whom a deputy acted; the event itself names the deputy."""
    absent = policies.acts_for(actor, dossier, grant=grant)
    return {"stands_in_for": absent} if absent else {}


def _facts(dossier: Dossier, action: Action, promised: datetime | None) -> dict[str, Any]:
    """Give what the history keeps of every move: a new code, and a due date that changed, old and new."""
    facts: dict[str, Any] = {"code": dossier.code} if action in _ACCEPTING else {}
    if promised is not None and dossier.due_at is not None and promised != dossier.due_at:
        facts["due_at"] = {"from": promised.isoformat(), "to": dossier.due_at.isoformat()}
    return facts
