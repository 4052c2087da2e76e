"""Due dates counted anew when a working calendar changes: of open dossiers only, and only where time is left (5.1).

The work goes through the outbox in small turns, each a transaction of its own that says where the next one goes on.
So it survives a restart at any point, and no dossier is locked for longer than the few others of its turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from agencies.calendars import agencies_under
from core.actor import Actor
from dossiers import clock, history
from dossiers.models import Dossier
from dossiers.services.moves import lock
from dossiers.states import RUNNING, Action, Status
from outbox import services as outbox

log = structlog.get_logger(__name__)

GO_ON = "dossiers.recompute"
"""Topic: the next turn of a recomputation. Payload: calendar_id, reason, after (the last id that was looked at)."""

LOOKED_AT, LOCKED = 200, 40


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did: how many due dates it changed, and after which id the next one begins (None: all done)."""

    changed: int
    after: int | None


@transaction.atomic
def recompute(*, calendar_id: int, reason: str, after: int = 0, at: datetime) -> Turn:
    """Count the next few dossiers anew that follow a calendar, and ask for the turn after this one.

    Locks at most 40 dossiers. A promise that has passed stays as it was given, and so does one that would have passed
    by the new calendar.
    """
    waiting = _waiting(agencies_under(calendar_id)).filter(pk__gt=after).order_by("pk")
    page = list(waiting.select_related("procedure_version")[:LOOKED_AT])
    # Everything is counted before the first row is locked, so that no row is locked while others are counted.
    moving: list[int] = []
    last = after
    for dossier in page:
        if len(moving) == LOCKED:
            break
        last = dossier.pk
        if _moved(dossier, at=at) is not None:
            moving.append(dossier.pk)
    changed = sum(_recompute_one(dossier_id, reason=reason, at=at) for dossier_id in moving)
    more = bool(page) and (last != page[-1].pk or len(page) == LOOKED_AT)
    if more:
        payload = {"calendar_id": calendar_id, "reason": reason, "after": last}
        outbox.publish(topic=GO_ON, key=str(calendar_id), payload=payload, at=at)
    return Turn(changed, last if more else None)


def _waiting(agency_ids: list[int]) -> QuerySet[Dossier]:
    """Give the open dossiers whose next answer is counted by the calendar of one of the agencies."""
    decided_here = Q(competent_agency__in=agency_ids) | Q(
        competent_agency=None, received_at_unit__in=agency_ids
    )
    filed_here = Q(status=Status.SUBMITTED, accepted_at=None, received_at_unit__in=agency_ids)
    running = Q(status__in=RUNNING, accepted_at__isnull=False) & decided_here
    return Dossier.objects.filter(running | filed_here, completed_at=None, is_mirror=False)


def _moved(dossier: Dossier, *, at: datetime) -> datetime | None:
    """Give the moment that takes the place of the promised one; None where the promise stays."""
    promised = dossier.accept_due_at if dossier.accepted_at is None else dossier.due_at
    if promised is None or promised <= at:
        return None
    try:
        moment = clock.by_todays_calendar(dossier)
    except clock.NoTimeLimit:
        # The published limit was taken away meanwhile: what was promised still holds.
        log.warning("no time limit to count by", dossier_id=dossier.pk)
        return None
    return None if moment is None or moment == promised or moment <= at else moment


def _recompute_one(dossier_id: int, *, reason: str, at: datetime) -> int:
    """Lock a dossier and write its new due moment, unless somebody took a step with it meanwhile."""
    dossier = lock(dossier_id=dossier_id)
    # What makes it one of ours may have changed before the lock: completed, returned, stopped, waiting.
    running = dossier.status in RUNNING if dossier.accepted_at else dossier.status == Status.SUBMITTED
    moment = _moved(dossier, at=at) if running and dossier.completed_at is None else None
    if moment is None:
        return 0
    name = "accept_due_at" if dossier.accepted_at is None else "due_at"
    old = getattr(dossier, name)
    setattr(dossier, name, moment)
    if dossier.next_due_at == old:
        dossier.next_due_at = moment
    data: dict[str, Any] = {name: {"from": old.isoformat(), "to": moment.isoformat()}}
    event = history.append(
        dossier,
        action=Action.RECOMPUTE,
        from_status=dossier.status,
        to_status=dossier.status,
        actor=Actor.system(),
        at=at,
        note=reason,
        data=data,
    )
    dossier.save()
    payload = {"dossier_id": dossier.pk, "event_id": event.pk, "papers": []}
    outbox.publish(topic=f"dossier.{Action.RECOMPUTE}", key=dossier.tracking_no, payload=payload, at=at)
    return 1
