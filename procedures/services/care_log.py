"""The log of what helps people to find: only ever added to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.actor import Actor
from procedures.models import CareEvent
from procedures.states import CareKind, CareSubject

LONGEST_TITLE = 160


def entry(
    subject: CareSubject,
    title: str,
    *,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    actor: Actor,
    at: datetime,
    kind: CareKind | None = None,
) -> CareEvent:
    """Give a line of the log, not yet saved; what was done follows from what was there and what is."""
    if kind is None:
        kind = CareKind.ADDED if before is None else CareKind.REMOVED if after is None else CareKind.CHANGED
    return CareEvent(
        subject=subject,
        kind=kind,
        title=title[:LONGEST_TITLE],
        before=before,
        after=after,
        at=at,
        actor_user_id=actor.user_id,
        actor_name=actor.display_name,
    )
