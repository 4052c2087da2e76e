"""The log of a version: only ever added to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.actor import Actor
from procedures.models import ProcedureVersion, VersionEvent
from procedures.states import VersionEventKind


def log(
    version: ProcedureVersion,
    kind: VersionEventKind,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    **data: Any,
) -> None:
    """Write down what was just done with a version. Runs in the caller's transaction."""
    VersionEvent.objects.create(
        version=version,
        kind=kind,
        at=at,
        actor_user_id=actor.user_id,
        actor_name=actor.display_name,
        reason=reason,
        data=data,
    )
