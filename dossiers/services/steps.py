"""The control sheet (form 06): who held the dossier, from when to when, in how much of the time that was planned.

The plan is laid out at acceptance; a step begins when the one before it is passed on. Rows are in order of their id.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from agencies.states import Role
from dossiers import clock
from dossiers.models import Dossier, StepRecord


def plan(dossier: Dossier, *, at: datetime) -> None:
    """Lay the internal workflow out from ``at``: each step is planned to begin when the one before it is due."""
    planned = clock.planned_steps(dossier, start=at)
    begins = [at, *(step.due_at for step in planned)]
    StepRecord.objects.bulk_create(
        StepRecord(
            dossier=dossier,
            position=step.position,
            name=step.name,
            role=step.role,
            agency_id=_agency_of(dossier, step.role),
            started_at=begin,
            due_at=step.due_at,
        )
        for step, begin in zip(planned, begins, strict=False)
    )


def begin(dossier: Dossier, *, role: str, officer_id: int | None) -> None:
    """Write down who holds the step that has begun."""
    step = _open(dossier).filter(role=role).first()
    if step is not None:
        step.officer_id = officer_id
        step.save(update_fields=["officer"])


def pass_on(dossier: Dossier, *, roles: Iterable[str], officer_id: int | None, at: datetime) -> None:
    """Finish the steps of these roles that come next, and begin the one after them."""
    held = frozenset(roles)
    for step in _open(dossier):
        if step.role not in held:
            step.started_at = at
            step.save(update_fields=["started_at"])
            return
        step.officer_id = step.officer_id or officer_id
        step.finished_at = at
        step.save(update_fields=["officer", "finished_at"])


def send_back(
    dossier: Dossier, *, to_role: str, officer_id: int | None, by_id: int | None, at: datetime
) -> None:
    """Write a return down: the current step ends, and the way from ``to_role`` on is walked once more.

    The time that was planned does not grow: the repeated steps keep their due dates.
    """
    current = _open(dossier).first()
    if current is None:
        return
    walked = list(dossier.steps.filter(position__lte=current.position).order_by("id"))
    ahead = list(_open(dossier).filter(position__gt=current.position))
    first = max((step.position for step in walked if step.role == to_role), default=current.position)
    again = {step.position: step for step in walked if step.position >= first}
    current.officer_id, current.finished_at = by_id, at
    current.save(update_fields=["officer", "finished_at"])
    StepRecord.objects.filter(pk__in=[step.pk for step in ahead]).delete()
    StepRecord.objects.bulk_create(
        StepRecord(
            dossier=dossier,
            position=step.position,
            name=step.name,
            role=step.role,
            agency_id=step.agency_id,
            officer_id=officer_id if step.role == to_role else None,
            started_at=at if step.position == first else step.started_at,
            due_at=step.due_at,
        )
        for step in [*again.values(), *ahead]
    )


def _open(dossier: Dossier) -> QuerySet[StepRecord]:
    return dossier.steps.filter(finished_at=None).order_by("id")


def _agency_of(dossier: Dossier, role: str) -> int:
    receives = role == Role.ONE_STOP_OFFICER
    agency_id = (not receives and dossier.competent_agency_id) or dossier.received_at_unit_id
    if agency_id is None:
        raise ValueError("received_at_unit: a filed dossier was received somewhere")
    return agency_id
