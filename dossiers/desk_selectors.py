"""The lists of the officers' desk, each a keyset walk over a partial index, and due moments in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from agencies.calendars import working_calendar
from citizens.models import Organisation, Person
from core import pagination
from core.actor import Actor, ActorKind, Grant
from core.kept_statements import ANY_ID, ANY_MOMENT, ANY_TEXT, Statement, statement
from core.name_words import beginning_with
from core.remembering import remembered
from core.vietnamese import sort_key
from core.working_time import TIME_ZONE, WORKING_DAY, Calendar
from dossiers import desk_queues
from dossiers.desk_queues import Queue
from dossiers.models import Dossier
from dossiers.states import Status
from procedures.models import Procedure, ProcedureVersion

PAGE_SIZE = 50
PROCEDURES = "desk:procedures:1"  # a new number when the shape changes: releases overlap

ORDER = ("next_due_at", "id")
"""The most urgent first; served by the partial indexes, also where no clock runs and the first is null."""

STEP_ORDER = ("step_due_at", "step_id", "id")
"""The most urgent step first, whatever the dossier's own limit is."""

NEAR_ACCEPTANCE = timedelta(hours=1)
NEAR_STEP = timedelta(hours=2)
NEAR_DUE = WORKING_DAY


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a queue: a beginning of a code or name, one procedure, one status, only late ones."""

    search: str = ""
    procedure: str = ""
    status: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due moment in words and with a colour of the design system."""

    moment: str
    text: str
    colour: str
    icon: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a queue."""

    tracking_no: str
    reference: str
    status: Status
    procedure: str
    owner: str
    handler: str
    submitted: str
    deadline: Deadline | None
    step: str = ""
    on_behalf_of: str = ""


_COLUMNS = (
    "id",
    "next_due_at",
    "tracking_no",
    "code",
    "status",
    "submitted_at",
    "received_at_unit_id",
    "competent_agency_id",
    "current_handler_id",
    "procedure_version__short_name",
    "procedure_version__name",
    "owner_person__full_name",
    "owner_organisation__name",
)
_HANDLER = "current_handler__full_name"
_OF_A_STEP = ("due_at", "id", "name", "role", "agency_id", "officer_id")
_BEFORE_ACCEPTANCE = (Status.SUBMITTED, Status.INTAKE_SUPPLEMENT)


def page_of(
    queue: Queue, *, actor: Actor, filters: Filters, at: datetime, after: str = "", before: str = ""
) -> pagination.Page[Row]:
    """Give one page of a queue, the most urgent first; the number of queries does not depend on the rows."""
    versions = _versions_of(filters.procedure) if filters.procedure else None
    if after or before or filters.search or actor.stands_in:
        found = _found(queue, actor, filters, versions, at=at)
        page = pagination.keyset(found, order=_order(queue), size=PAGE_SIZE, after=after, before=before)
    else:
        page = _opened(queue, actor, filters, versions, at=at)
    return _lines(page, at=at, on_behalf_of=lambda line: desk_queues.on_behalf_of(queue, actor, line))


def _opened(
    queue: Queue, actor: Actor, filters: Filters, versions: tuple[int, ...] | None, *, at: datetime
) -> pagination.Page[dict[str, Any]]:
    """Read the page that a queue opens with, by a statement that is the same for all officers of the same roles."""
    agencies = {agency: ANY_ID - number for number, agency in enumerate(sorted(actor.agency_ids), start=1)}
    anybody = Actor(
        kind=ActorKind.OFFICER,
        officer_id=ANY_ID,
        grants=frozenset(Grant(grant.role, agencies[grant.agency_id]) for grant in actor.grants),
    )
    values = {ANY_MOMENT: at, ANY_ID: actor.officer_id}
    values |= {stand_in: agency for agency, stand_in in agencies.items()}
    # There are too many procedures for each to have a plan of its own.
    return _first_page(queue, anybody, filters, versions, PAGE_SIZE).page(values, prepare=versions is None)


@lru_cache(maxsize=512)
def _first_page(
    queue: Queue, anybody: Actor, filters: Filters, versions: tuple[int, ...] | None, size: int
) -> pagination.FirstPage:
    found = _found(queue, anybody, filters, versions, at=ANY_MOMENT)
    return pagination.FirstPage(found, order=_order(queue), size=size)


def _found(
    queue: Queue, actor: Actor, filters: Filters, versions: tuple[int, ...] | None, *, at: datetime
) -> QuerySet[Dossier, dict[str, Any]]:
    found = Dossier.objects.filter(queue.condition(actor, at=at))
    limit, columns = "next_due_at", [*_COLUMNS, *((_HANDLER,) if queue.mixed else ())]
    if queue.of_steps:
        # A value of its own, which pages can be told by: the join of the condition goes on here.
        found = found.annotate(**{f"step_{name}": F(f"steps__{name}") for name in _OF_A_STEP})
        limit, columns = "step_due_at", [*columns, *(f"step_{name}" for name in _OF_A_STEP)]
    return found.filter(_narrowed(filters, versions, at, limit=limit)).values(*columns)


def _order(queue: Queue) -> Sequence[str]:
    return STEP_ORDER if queue.of_steps else ORDER


def listed(
    found: QuerySet[Dossier], *, at: datetime, order: Sequence[str], after: str = "", before: str = ""
) -> pagination.Page[Row]:
    """Give one page of dossiers of any status as lines of a list, which say who works on each."""
    rows = found.values(*_COLUMNS, _HANDLER)
    page = pagination.keyset(rows, order=order, size=PAGE_SIZE, after=after, before=before)
    return _lines(page, at=at)


def _lines(
    page: pagination.Page[dict[str, Any]],
    *,
    at: datetime,
    on_behalf_of: Callable[[Mapping[str, Any]], str] = lambda line: "",
) -> pagination.Page[Row]:
    """Say in words what was read; ``on_behalf_of`` names whose work a deputy does in a line."""
    calendars = {agency: working_calendar(agency) for agency in {_counting_agency(row) for row in page.rows}}
    rows = [
        _row(row, calendars[_counting_agency(row)], at, on_behalf_of=on_behalf_of(row)) for row in page.rows
    ]
    return pagination.Page(rows, earlier=page.earlier, later=page.later)


def procedures_to_choose() -> list[tuple[str, str]]:
    """Give code and short name of every procedure that can be filed; they may be a minute old."""
    return remembered(PROCEDURES, seconds=60, make=_read_procedures)


def _read_procedures() -> list[tuple[str, str]]:
    rows = Procedure.objects.filter(current_version__is_fileable=True).values_list(
        "code", "current_version__short_name", "current_version__name"
    )
    return sorted(((code, short or name) for code, short, name in rows), key=lambda row: sort_key(row[1]))


def moment(at: datetime) -> str:
    """Write a moment in local time, as 14:05 02/03/2026."""
    return f"{at.astimezone(TIME_ZONE):%H:%M %d/%m/%Y}"


def deadline(
    due: datetime | None, *, calendar: Calendar, at: datetime, near: timedelta = NEAR_DUE
) -> Deadline | None:
    """Say in working time how far a due moment is, or how long it has passed (R13: exactly on it is on time)."""
    if due is None:
        return None
    if at > due:
        late = calendar.elapsed(due, at)
        text = _("Quá hạn %(time)s") % {"time": spoken(late)}
        return Deadline(moment(due), text, "error", "circle-alert")
    left = calendar.elapsed(at, due)
    text = _("Còn %(time)s") % {"time": spoken(left)}
    if left <= near:
        return Deadline(moment(due), text, "warning", "hourglass")
    return Deadline(moment(due), text, "success", "clock")


def spoken(work: timedelta) -> str:
    """Say an amount of working time: days of eight hours, hours and minutes, the two largest."""
    minute = timedelta(minutes=1)
    return _spoken(max(0, round(work / minute)), WORKING_DAY // minute, get_language())


@lru_cache(maxsize=4096)
def _spoken(minutes: int, minutes_of_day: int, language: str | None) -> str:
    days, rest = divmod(minutes, minutes_of_day)
    hours, minutes = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(n)d ngày làm việc", "%(n)d ngày làm việc", days) % {"n": days})
    if hours:
        parts.append(ngettext("%(n)d giờ", "%(n)d giờ", hours) % {"n": hours})
    if (minutes and len(parts) < 2) or not parts:
        parts.append(ngettext("%(n)d phút", "%(n)d phút", minutes) % {"n": minutes})
    return " ".join(parts)


def _versions_of(code: str) -> tuple[int, ...]:
    """Name the versions of a procedure one by one: only then the planner knows whether few or most dossiers are meant."""
    return tuple(sorted(pk for (pk,) in _versions().rows({ANY_TEXT: code})))


@cache
def _versions() -> Statement:
    return statement(ProcedureVersion.objects.filter(procedure__code=ANY_TEXT).values_list("pk"))


def _narrowed(filters: Filters, versions: tuple[int, ...] | None, at: datetime, *, limit: str) -> Q:
    wanted = Q()
    if filters.search:
        wanted &= _begins_with(filters.search)
    if versions is not None:
        wanted &= Q(procedure_version__in=versions)
    if filters.status:
        wanted &= Q(status=filters.status)
    if filters.late:
        wanted &= Q(**{f"{limit}__lt": at})
    return wanted


def _begins_with(text: str) -> Q:
    """Match the beginning of a code, or of every word in the name of the owner or of who filed."""
    code = Q(code__startswith=text.upper()) | Q(tracking_no__startswith=text.upper())
    words = beginning_with(text)
    if words is None:
        return code
    # Looked at line by line, in the order of the list: common names fill a page soon, and joined tables of all people
    # and organisations would be read as a whole first.
    people = Person.objects.filter(full_name_words=words)
    organisations = Organisation.objects.filter(name_words=words)
    return (
        code
        | Q(Exists(people.filter(pk=OuterRef("owner_person_id"))))
        | Q(Exists(organisations.filter(pk=OuterRef("owner_organisation_id"))))
        | Q(Exists(people.filter(pk=OuterRef("submitter_id"))))
    )


def _counting_agency(row: Mapping[str, Any]) -> int:
    """Before acceptance the one-stop unit's calendar counts, then that of the competent agency."""
    if row["status"] in _BEFORE_ACCEPTANCE or row["competent_agency_id"] is None:
        return row["received_at_unit_id"]
    return row["competent_agency_id"]


def _row(row: Mapping[str, Any], calendar: Calendar, at: datetime, *, on_behalf_of: str) -> Row:
    near = NEAR_ACCEPTANCE if row["status"] == Status.SUBMITTED else NEAR_DUE
    step = row.get("step_name") or ""
    due, near = (row["step_due_at"], NEAR_STEP) if step else (row["next_due_at"], near)
    return Row(
        tracking_no=row["tracking_no"],
        reference=row["code"] or row["tracking_no"],
        status=Status(row["status"]),
        procedure=row["procedure_version__short_name"] or row["procedure_version__name"],
        owner=row["owner_person__full_name"] or row["owner_organisation__name"] or "",
        handler=row.get(_HANDLER) or "",
        submitted=moment(row["submitted_at"]),
        deadline=deadline(due, calendar=calendar, at=at, near=near),
        step=step,
        on_behalf_of=on_behalf_of,
    )
