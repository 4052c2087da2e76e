"""What is known of a dossier when its alerts are planned. Reads only what its status makes worth asking."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from agencies.calendars import working_calendar
from core.working_time import DueDate
from dossiers import clock, lateness, step_dues
from dossiers.models import Dossier, StepRecord
from dossiers.states import RUNNING, WITH_THE_POST, Status, SupplementState
from supervision.planning import Facts, Step, Waiting


def of(dossier: Dossier) -> Facts | None:
    """Gather the facts of a dossier; None where nobody here can do anything about it.

    A mirrored dossier is led by a ministry's system, and a draft is its applicant's own.
    """
    unit_id = dossier.received_at_unit_id
    if dossier.is_mirror or unit_id is None or dossier.status == Status.DRAFT:
        return None
    agency_id = clock.deciding_agency_id(dossier)
    calendar = working_calendar(agency_id)
    runs = dossier.status in RUNNING and dossier.accepted_at is not None and dossier.completed_at is None
    due = _due(dossier) if runs else None
    steps = list(dossier.steps.order_by("id")) if runs else []
    under_way = _under_way(steps)
    dues = step_dues.of(dossier) if under_way else None
    return Facts(
        status=dossier.status,
        resume_status=dossier.resume_status,
        unit_id=unit_id,
        agency_id=agency_id,
        unit_calendar=calendar if unit_id == agency_id else working_calendar(unit_id),
        agency_calendar=calendar,
        handler_id=dossier.current_handler_id,
        filed_at=_filed_at(dossier),
        accept_due_at=dossier.accept_due_at,
        accepted_at=dossier.accepted_at,
        due=due,
        due_at=dossier.due_at,
        is_rescheduled=dossier.is_rescheduled,
        work_left=_work_left(dossier) if due else timedelta(),
        completed_at=dossier.completed_at,
        is_with_the_post=dossier.delivery_state in WITH_THE_POST,
        supplement=_supplement(dossier),
        obligation=_obligation(dossier),
        opinions=_opinions(dossier),
        steps=tuple(
            Step(step.pk, step.agency_id, step.officer_id, due_at)
            for step in under_way
            if dues and (due_at := dues.due(step)) is not None
        ),
    )


def _due(dossier: Dossier) -> DueDate | None:
    """The computed due date with the moment that was promised, which an apology may have moved.

    Where another area's agency has not confirmed yet that it has the dossier, it counts from when it must have it:
    otherwise nobody would be warned of what is never confirmed.
    """
    if dossier.due_at is None:
        return None
    try:
        due = clock.expected_due(dossier)
    except clock.NoTimeLimit:
        return None
    return due if due.at is None else replace(due, at=due.calendar.local(dossier.due_at))


def _filed_at(dossier: Dossier) -> datetime | None:
    """When the acceptance clock began: at the filing, or when what was missing came."""
    if dossier.status not in (Status.SUBMITTED, Status.WITHDRAWAL_REQUESTED):
        return dossier.submitted_at
    last = dossier.supplements.exclude(answered_at=None).order_by("-answered_at").first()
    moments = [moment for moment in (dossier.submitted_at, last and last.answered_at) if moment]
    return max(moments, default=None)


def _open(steps: list[StepRecord]) -> list[StepRecord]:
    return [step for step in steps if step.finished_at is None and not step.is_skipped]


def _under_way(steps: list[StepRecord]) -> list[StepRecord]:
    """The first step that is not finished, and those that run beside it."""
    left = _open(steps)
    return [step for step in left if step is left[0] or (step.group and step.group == left[0].group)]


def _work_left(dossier: Dossier) -> timedelta:
    """What the steps ahead will need by their plan when the need of an apology is judged, if nobody moves before."""
    judged_at = lateness.judged_from(dossier)
    return lateness.time_needed(dossier, at=judged_at) if judged_at else timedelta()


def _supplement(dossier: Dossier) -> Waiting | None:
    if dossier.status not in (Status.INTAKE_SUPPLEMENT, Status.PROCESS_SUPPLEMENT):
        return None
    asked = dossier.supplements.filter(state=SupplementState.OPEN).first()
    return Waiting(asked.pk, asked.asked_at, asked.due_at) if asked else None


def _obligation(dossier: Dossier) -> Waiting | None:
    if dossier.status != Status.AWAITING_PAYMENT:
        return None
    asked = dossier.obligations.filter(confirmed_at=None, cancelled_at=None).first()
    return Waiting(asked.pk, asked.notified_at, asked.due_at) if asked else None


def _opinions(dossier: Dossier) -> tuple[Waiting, ...]:
    if dossier.status != Status.AWAITING_OPINION:
        return ()
    asked = dossier.opinions.filter(answered_at=None, closed_at=None).order_by("id")
    return tuple(Waiting(one.pk, one.asked_at, one.due_at, one.agency_id) for one in asked)
