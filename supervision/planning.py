"""When which alert is due, computed from what is known of a dossier. Pure: no database, no clock of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import working_time
from core.working_time import Calendar, DueDate
from dossiers.lateness import APOLOGY_WARNING
from dossiers.states import OPEN, RUNNING, Status
from supervision import kinds
from supervision.states import AlertKind

Key = tuple[str, int, int]

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """An alert that will be raised once ``at`` has passed. ``limit_at`` is the legal moment behind it."""

    kind: AlertKind
    limit_at: datetime
    at: datetime
    agency_id: int
    stage: int = 1
    subject_id: int = 0
    handler_id: int | None = None

    @property
    def key(self) -> Key:
        return str(self.kind), self.stage, self.subject_id


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that somebody else must do: a supplement, a payment, an opinion."""

    pk: int
    asked_at: datetime
    due_at: datetime
    agency_id: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the internal workflow that is under way. ``due_at`` has moved with the promise."""

    pk: int
    agency_id: int
    handler_id: int | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What the plan needs of a dossier.

    ``filed_at`` is when the acceptance clock began, ``accept_due_at`` when it ends. ``due`` is the computed due date,
    ``due_at`` the promise that holds. ``work_left`` is the planned time of the steps ahead at the moment when the need
    of an apology is judged; where it does not fit before the due date, lateness is certain.
    """

    status: str
    unit_id: int
    agency_id: int
    unit_calendar: Calendar
    agency_calendar: Calendar
    handler_id: int | None = None
    resume_status: str = ""
    filed_at: datetime | None = None
    accept_due_at: datetime | None = None
    accepted_at: datetime | None = None
    due: DueDate | None = None
    due_at: datetime | None = None
    is_rescheduled: bool = False
    work_left: timedelta = timedelta()
    completed_at: datetime | None = None
    is_with_the_post: bool = False
    supplement: Waiting | None = None
    obligation: Waiting | None = None
    opinions: tuple[Waiting, ...] = ()
    steps: tuple[Step, ...] = ()


def plan(facts: Facts) -> list[Planned]:
    """List every alert that a dossier will cause if nobody moves it, past moments included."""
    if facts.status not in OPEN:
        return []
    return [
        *_acceptance(facts),
        *_processing(facts),
        *_supplement(facts),
        *_payment(facts),
        *_opinions(facts),
        *_collection(facts),
    ]


def _acceptance(facts: Facts) -> Iterator[Planned]:
    waits = facts.status == Status.SUBMITTED or (
        facts.status == Status.WITHDRAWAL_REQUESTED and facts.resume_status == Status.SUBMITTED
    )
    if not waits or facts.filed_at is None or facts.accept_due_at is None:
        return
    calendar, limit_at = facts.unit_calendar, facts.accept_due_at
    soon_at = calendar.add(facts.filed_at, kinds.SOON_AFTER)
    national_at = working_time.accept_due(calendar, facts.filed_at, national=True)
    for kind, limit, at in (
        (AlertKind.NOT_ACCEPTED_SOON, limit_at, soon_at),
        (AlertKind.NOT_ACCEPTED, limit_at, limit_at),
        (AlertKind.NOT_ACCEPTED_NATIONAL, national_at, national_at),
    ):
        yield Planned(kind, limit, at, facts.unit_id)


def _processing(facts: Facts) -> Iterator[Planned]:
    """The alerts of a clock that runs."""
    if facts.status not in RUNNING or facts.completed_at or facts.due_at is None:
        return
    if facts.due is None or facts.due.at is None:
        return  # not started, or standing still
    calendar, due_at = facts.agency_calendar, facts.due_at
    here: dict[str, Any] = {"agency_id": facts.agency_id, "handler_id": facts.handler_id}
    near_at = working_time.near_due_at(calendar, facts.due)
    if near_at is not None:
        yield Planned(AlertKind.NEAR_DUE, due_at, near_at, **here)
    yield from _apology(facts, due_at)
    yield Planned(AlertKind.OVERDUE, due_at, due_at, **here)
    for stage, late in enumerate(kinds.ESCALATED_AFTER, start=1):
        at = calendar.add(due_at, late)
        yield Planned(AlertKind.OVERDUE_ESCALATED, due_at, at, stage=stage, **here)
    for step in facts.steps:
        yield Planned(
            AlertKind.STEP_OVERDUE,
            step.due_at,
            step.due_at,
            step.agency_id,
            subject_id=step.pk,
            handler_id=step.handler_id or facts.handler_id,
        )


def _apology(facts: Facts, due_at: datetime) -> Iterator[Planned]:
    """Warn in time for the apology where what is left to do would not fit; only one new date is ever given."""
    if facts.is_rescheduled:
        return
    calendar = facts.agency_calendar
    limit_at = working_time.apology_due(calendar, due_at)
    at = calendar.subtract(limit_at, APOLOGY_WARNING)
    if facts.work_left > calendar.elapsed(at, due_at):
        yield Planned(
            AlertKind.APOLOGY_DUE, limit_at, at, agency_id=facts.agency_id, handler_id=facts.handler_id
        )


def _supplement(facts: Facts) -> Iterator[Planned]:
    asked = facts.supplement
    if asked is None or facts.status not in (Status.INTAKE_SUPPLEMENT, Status.PROCESS_SUPPLEMENT):
        return
    agency_id = facts.unit_id if facts.status == Status.INTAKE_SUPPLEMENT else facts.agency_id
    for stage, before in enumerate(kinds.SUPPLEMENT_REMINDERS, start=1):
        at = asked.due_at - before
        if at > asked.asked_at:
            yield Planned(
                AlertKind.SUPPLEMENT_WAITING, asked.due_at, at, agency_id, stage=stage, subject_id=asked.pk
            )


def _payment(facts: Facts) -> Iterator[Planned]:
    asked = facts.obligation
    if asked is None or facts.status != Status.AWAITING_PAYMENT:
        return
    for stage, after in enumerate(kinds.PAYMENT_REMINDERS, start=1):
        yield Planned(
            AlertKind.PAYMENT_WAITING,
            asked.due_at,
            asked.asked_at + after,
            facts.agency_id,
            stage=stage,
            subject_id=asked.pk,
        )


def _opinions(facts: Facts) -> Iterator[Planned]:
    if facts.status != Status.AWAITING_OPINION:
        return  # what was taken up again without an answer waits for none
    for asked in facts.opinions:
        places: list[tuple[int, int, int | None]] = [
            (kinds.ASKED, asked.agency_id or facts.agency_id, None),
            (kinds.ASKING, facts.agency_id, facts.handler_id),
        ]
        if facts.unit_id != facts.agency_id:
            places.append((kinds.ONE_STOP, facts.unit_id, None))
        for stage, agency_id, handler_id in places:
            yield Planned(
                AlertKind.OPINION_OVERDUE,
                asked.due_at,
                asked.due_at,
                agency_id,
                stage=stage,
                subject_id=asked.pk,
                handler_id=handler_id,
            )


def _collection(facts: Facts) -> Iterator[Planned]:
    if facts.status != Status.COMPLETED or facts.completed_at is None or facts.is_with_the_post:
        return
    for stage, after in enumerate(kinds.COLLECTION_REMINDERS, start=1):
        at = facts.completed_at + after
        yield Planned(AlertKind.RESULT_NOT_COLLECTED, at, at, facts.unit_id, stage=stage)


def current(planned: list[Planned], *, at: datetime) -> list[Planned]:
    """Leave out what the next kind about the same limit has overtaken at ``at``."""
    past = {one.kind for one in planned if one.at < at}
    return [one for one in planned if kinds.SUPERSEDED_BY.get(one.kind) not in past]


def comes_too_late(one: Planned, *, at: datetime) -> bool:
    """Say whether a reminder to an applicant would come more than a day after its moment: better not at all."""
    return kinds.for_applicants(one.kind) and one.at < at - ONE_DAY
