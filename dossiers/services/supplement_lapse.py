"""Hết thời hạn bổ sung: a request that nobody answered in time ends its dossier."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from agencies.calendars import working_calendar
from core.actor import Actor
from dossiers import clock
from dossiers.models import Dossier, SupplementRequest
from dossiers.services import ending
from dossiers.services.moves import advance, lock
from dossiers.states import Action, Status, SupplementPhase, SupplementState

TIME_TO_REFUSE = timedelta(hours=8)
"""So much working time the specialist has after the limit to refuse, before a dossier in process lapses by itself."""

_WAITING_IN = {
    SupplementPhase.INTAKE: Status.INTAKE_SUPPLEMENT,
    SupplementPhase.PROCESS: Status.PROCESS_SUPPLEMENT,
}


def overdue(*, at: datetime, limit: int = 500) -> list[int]:
    """Give requests whose limit has passed without an answer, the oldest first."""
    lapsing = Q(phase=SupplementPhase.INTAKE) | Q(
        due_at__lt=at - timedelta(days=1)
    )  # the time to refuse is longer
    waiting = SupplementRequest.objects.filter(lapsing, state=SupplementState.OPEN, due_at__lt=at)
    return list(waiting.order_by("due_at").values_list("pk", flat=True)[:limit])


@transaction.atomic
def lapse(*, request_id: int, at: datetime) -> bool:
    """Stop a dossier whose applicant did not answer in time; form 05 follows. Say whether it was stopped.

    Safe to repeat. A dossier in process waits `TIME_TO_REFUSE` for the specialist's refusal; one whose applicant asks
    to withdraw waits for that decision.

    :raises SupplementRequest.DoesNotExist: no such request.
    """
    dossier_id = SupplementRequest.objects.values_list("dossier_id", flat=True).get(pk=request_id)
    dossier = lock(dossier_id=dossier_id)
    waiting = SupplementRequest.objects.select_for_update().get(pk=request_id)
    if waiting.state != SupplementState.OPEN or at <= _lapses_at(dossier, waiting):
        return False
    if dossier.status != _WAITING_IN[SupplementPhase(waiting.phase)]:
        return False
    waiting.state, waiting.closed_at = SupplementState.LAPSED, at
    waiting.save(update_fields=["state", "closed_at", "updated_at"])
    dossier = advance(
        dossier_id=dossier_id,
        action=Action.LAPSE,
        actor=Actor.system(),
        at=at,
        data={"request_id": waiting.pk, "waited_until": waiting.due_at.isoformat()},
    )
    ending.settle(dossier, refund_vnd=0, at=at)
    return True


def _lapses_at(dossier: Dossier, waiting: SupplementRequest) -> datetime:
    if waiting.phase == SupplementPhase.INTAKE:
        return waiting.due_at
    return working_calendar(clock.deciding_agency_id(dossier)).add(waiting.due_at, TIME_TO_REFUSE)
