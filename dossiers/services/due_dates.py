"""Due dates counted anew when a working calendar changes: of open dossiers only, and only where time is left (5.1).

The work goes through the outbox in small turns, each a transaction of its own that says where the next one goes on.
So it survives a restart at any point, and no dossier is locked for longer than the few others of its turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from agencies.calendars import agencies_under
from core.actor import Actor
from dossiers import history
from dossiers.models import Dossier, Obligation, Opinion, StepRecord, SupplementRequest
from dossiers.services import recount
from dossiers.services.moves import lock
from dossiers.services.recount import Limit, Moved
from dossiers.states import RUNNING, Action, Status
from outbox import services as outbox

GO_ON = "dossiers.recompute"
"""Topic: the next turn of a recomputation. Payload: calendar_id, reason, after (the last id that was looked at)."""

INSIDE = "dossier.recomputed_inside"
"""Topic: limits moved of which no applicant is told. Payload: dossier_id, event_id."""

LOOKED_AT, LOCKED = 200, 40


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did: of how many dossiers it changed limits, and after which id the next one begins (None: all done)."""

    changed: int
    after: int | None


@transaction.atomic
def recompute(*, calendar_id: int, reason: str, after: int = 0, at: datetime) -> Turn:
    """Count the next few dossiers anew that follow a calendar, and ask for the turn after this one.

    Locks at most 40 dossiers. A limit that has passed stays as it was given, and so does one that would have passed by
    the new calendar; see `recount` for which limits there are.
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
        if recount.moved(dossier, at=at):
            moving.append(dossier.pk)
    changed = sum(_recompute_one(dossier_id, reason=reason, at=at) for dossier_id in moving)
    more = bool(page) and (last != page[-1].pk or len(page) == LOOKED_AT)
    if more:
        payload = {"calendar_id": calendar_id, "reason": reason, "after": last}
        outbox.publish(topic=GO_ON, key=str(calendar_id), payload=payload, at=at)
    return Turn(changed, last if more else None)


def _waiting(agency_ids: list[int]) -> QuerySet[Dossier]:
    """Give the open dossiers of which something is counted by the calendar of one of the agencies."""
    decided_here = Q(competent_agency__in=agency_ids) | Q(
        competent_agency=None, received_at_unit__in=agency_ids
    )
    before = Q(
        status__in=(Status.SUBMITTED, Status.INTAKE_SUPPLEMENT),
        accepted_at=None,
        received_at_unit__in=agency_ids,
    )
    after = Q(
        status__in=RUNNING | {Status.PROCESS_SUPPLEMENT, Status.AWAITING_PAYMENT}, accepted_at__isnull=False
    )
    asked = Opinion.objects.filter(agency__in=agency_ids, answered_at=None, closed_at=None)
    asked_here = Q(status=Status.AWAITING_OPINION, pk__in=asked.values("dossier"))
    return Dossier.objects.filter(
        before | after & decided_here | asked_here, completed_at=None, is_mirror=False
    )


def _recompute_one(dossier_id: int, *, reason: str, at: datetime) -> int:
    """Lock a dossier and write its new limits, unless somebody took a step with it meanwhile."""
    dossier = lock(dossier_id=dossier_id)
    # What makes it one of ours may have changed before the lock: completed, returned, stopped, answered.
    moved = recount.moved(dossier, at=at)
    if not moved:
        return 0
    for one in moved:
        _write(dossier, one, at=at)
    event = history.append(
        dossier,
        action=Action.RECOMPUTE,
        from_status=dossier.status,
        to_status=dossier.status,
        actor=Actor.system(),
        at=at,
        note=reason,
        data=_kept(moved),
    )
    dossier.save()
    payload = {"dossier_id": dossier.pk, "event_id": event.pk, "papers": []}
    inside = all(one.limit in recount.INTERNAL for one in moved)
    topic = INSIDE if inside else f"dossier.{Action.RECOMPUTE}"
    outbox.publish(topic=topic, key=dossier.tracking_no, payload=payload, at=at)
    return 1


def _write(dossier: Dossier, moved: Moved, *, at: datetime) -> None:
    if moved.limit in (Limit.ANSWER, Limit.RESULT):
        setattr(dossier, moved.limit, moved.new)
    else:
        changed: dict[str, Any] = {"due_at": moved.new}
        if moved.limit is not Limit.STEP:
            changed["updated_at"] = at
        _ROWS[moved.limit].filter(pk=moved.pk).update(**changed)
    if moved.limit not in recount.INTERNAL and dossier.next_due_at == moved.old:
        dossier.next_due_at = moved.new


_ROWS: dict[Limit, Any] = {
    Limit.SUPPLEMENT: SupplementRequest.objects,
    Limit.PAYMENT: Obligation.objects,
    Limit.STEP: StepRecord.objects,
    Limit.OPINION: Opinion.objects,
}


def _kept(moved: list[Moved]) -> dict[str, Any]:
    """Give what the history keeps: each limit from when to when."""
    kept: dict[str, Any] = {}
    for one in moved:
        change = {"from": one.old.isoformat(), "to": one.new.isoformat()}
        if one.limit in recount.INTERNAL:
            kept.setdefault(f"{one.limit}s", []).append({"name": one.name, **change})
        else:
            kept[str(one.limit)] = change
    return kept
