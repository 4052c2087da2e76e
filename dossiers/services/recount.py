"""Which limits of an open dossier the working calendars move, counted by the days as they are now. Reads only.

Counted are the promise, the steps' dues, and what somebody else was given time for: a supplement, a payment, an opinion.
The moment at which something is verified is an appointment; no calendar moves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog

from agencies.calendars import working_calendar
from core.working_time import TIME_ZONE
from dossiers import clock, step_dues
from dossiers.models import Dossier
from dossiers.services import supplements
from dossiers.states import ASKED_TO_SUPPLEMENT, RUNNING, Status, SupplementState

log = structlog.get_logger(__name__)


class Limit(StrEnum):
    """What is limited; the first four are the names under which the history keeps old and new moment."""

    ANSWER = "accept_due_at"
    RESULT = "due_at"
    SUPPLEMENT = "supplement_due_at"
    PAYMENT = "payment_due_at"
    STEP = "step"
    OPINION = "opinion"


INTERNAL = frozenset({Limit.STEP, Limit.OPINION})
"""Limits between agencies and their officers: no applicant is told of them."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One limit and where it moves. ``pk`` is the row that keeps it, ``name`` what people call it."""

    limit: Limit
    pk: int
    old: datetime
    new: datetime
    name: str = ""


def moved(dossier: Dossier, *, at: datetime) -> list[Moved]:
    """Give what moves. What has passed stays, and so does what would have passed by the days as they are now."""
    return [one for one in _counted(dossier) if one.old != one.new and one.old > at and one.new > at]


def _counted(dossier: Dossier) -> Iterator[Moved]:
    if dossier.completed_at is not None or dossier.is_mirror:
        return
    if dossier.status == Status.SUBMITTED or (dossier.accepted_at is not None and dossier.status in RUNNING):
        try:
            yield from _promise(dossier)
            yield from _steps(dossier)
        except clock.NoTimeLimit:
            # The published limit was taken away meanwhile: what was promised still holds.
            log.warning("no time limit to count by", dossier_id=dossier.pk)
    if dossier.status in ASKED_TO_SUPPLEMENT:
        for request in dossier.supplements.filter(state=SupplementState.OPEN):
            new = supplements.wait_until(dossier, at=request.asked_at)
            yield Moved(Limit.SUPPLEMENT, request.pk, request.due_at, new)
    if dossier.status == Status.AWAITING_PAYMENT:
        for notice in dossier.obligations.filter(confirmed_at=None, cancelled_at=None):
            new = _end_of_a_working_day(notice.due_at, agency_id=clock.deciding_agency_id(dossier))
            yield Moved(Limit.PAYMENT, notice.pk, notice.due_at, new)
    if dossier.status == Status.AWAITING_OPINION:
        asked = dossier.opinions.filter(answered_at=None, closed_at=None).select_related("agency")
        for one in asked.order_by("pk"):
            new = _end_of_a_working_day(one.due_at, agency_id=one.agency_id)
            yield Moved(Limit.OPINION, one.pk, one.due_at, new, one.agency.name)


def _promise(dossier: Dossier) -> Iterator[Moved]:
    limit = Limit.ANSWER if dossier.accepted_at is None else Limit.RESULT
    old, new = getattr(dossier, limit), clock.by_todays_calendar(dossier)
    if old is not None and new is not None:
        yield Moved(limit, dossier.pk, old, new)


def _steps(dossier: Dossier) -> Iterator[Moved]:
    open_ones = list(dossier.steps.filter(finished_at=None, due_at__isnull=False).order_by("id"))
    if dossier.accepted_at is None or not open_ones:
        return
    dues = step_dues.of(dossier)
    for step in open_ones:
        new = dues.due(step)
        if step.due_at is not None and new is not None:
            yield Moved(Limit.STEP, step.pk, step.due_at, new, step.name)


def _end_of_a_working_day(due: datetime, *, agency_id: int) -> datetime:
    """Give the end of the day by which something is due, or of the first working day after it."""
    calendar = working_calendar(agency_id)
    return calendar.closes(calendar.roll_forward(due.astimezone(TIME_ZONE).date()))
