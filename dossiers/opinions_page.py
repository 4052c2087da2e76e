"""What the pages of the asked agency tell: the question and its documents, not the dossier. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agencies.calendars import working_calendar
from core.actor import Actor
from core.pagination import Page, keyset
from core.working_time import Calendar
from dossiers import desk_selectors, policies
from dossiers.models import Opinion
from dossiers.states import ScanState

PAGE_SIZE = 50
COUNTED_TO = 99


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; ``deadline`` is there only while the answer is waited for."""

    opinion: Opinion
    is_late: bool
    deadline: desk_selectors.Deadline | None


def page_of(actor: Actor, *, answered: bool, at: datetime, after: str = "", before: str = "") -> Page[Row]:
    """Give one page of what the actor's agencies are asked: what waits by its day, or what was answered, last first."""
    found = policies.visible_opinions(actor).select_related(
        "agency", "dossier__competent_agency", "answered_by"
    )
    if answered:
        found, order = found.filter(answered_at__isnull=False), ("-answered_at", "-id")
    else:
        found, order = found.filter(answered_at=None, closed_at=None), ("due_at", "id")
    page = keyset(found, order=order, size=PAGE_SIZE, after=after, before=before)
    calendars = {agency_id: working_calendar(agency_id) for agency_id in {one.agency_id for one in page.rows}}
    rows = [_row(one, calendar=calendars[one.agency_id], at=at) for one in page.rows]
    return Page(rows, earlier=page.earlier, later=page.later)


def waiting_count(actor: Actor) -> int:
    """Count what waits for an answer, up to `COUNTED_TO` + 1."""
    waiting = policies.visible_opinions(actor).filter(answered_at=None, closed_at=None)
    return waiting[: COUNTED_TO + 1].count()


def of(opinion: Opinion, *, at: datetime) -> dict[str, Any]:
    """Give the page of one question what it tells; who asked is told, whose dossier it is is not."""
    row = _row(opinion, calendar=working_calendar(opinion.agency_id), at=at)
    documents = opinion.documents.select_related("component").order_by("component__position")
    return {
        "opinion": opinion,
        "asking_agency": opinion.dossier.competent_agency,
        "is_late": row.is_late,
        "deadline": row.deadline,
        "documents": documents.filter(scan_state=ScanState.CLEAN) if opinion.closed_at is None else (),
        "is_open": opinion.is_open,
    }


def is_late(opinion: Opinion, *, at: datetime) -> bool:
    """Say whether the answer came after its day, or is still missing then."""
    return (opinion.answered_at or opinion.closed_at or at) > opinion.due_at


def _row(opinion: Opinion, *, calendar: Calendar, at: datetime) -> Row:
    deadline = None
    if opinion.is_open:
        deadline = desk_selectors.deadline(opinion.due_at, calendar=calendar, at=at)
    return Row(opinion, is_late=is_late(opinion, at=at), deadline=deadline)
