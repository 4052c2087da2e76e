"""The log of what is done beside the versions of a procedure: only ever added to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.actor import Actor
from procedures.beside import ProcedureEvent
from procedures.states import ProcedureEventKind


def note(
    procedure_id: int,
    kind: ProcedureEventKind,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    **data: Any,
) -> None:
    """Write down what was just done. Runs in the caller's transaction."""
    ProcedureEvent.objects.create(
        procedure_id=procedure_id,
        kind=kind,
        at=at,
        actor_user_id=actor.user_id,
        actor_name=actor.display_name,
        reason=reason,
        data=data,
    )
