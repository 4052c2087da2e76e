"""The officers' queues, each a keyset walk over a partial index, and due moments in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, Value
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.calendars import working_calendar
from agencies.states import Role
from core import pagination
from core.actor import Actor
from core.remembering import remembered
from core.vietnamese import sort_key
from core.working_time import TIME_ZONE, WORKING_DAY, Calendar
from dossiers.models import Dossier
from dossiers.states import RUNNING, Status
from procedures.models import Procedure, ProcedureVersion

PAGE_SIZE = 50
COUNTED_TO = 99
"""Counts beside the names of queues stop here: nobody needs to know whether 300 or 310 are waiting."""

_PROCEDURES = "desk:procedures:1"  # a new number when the shape changes: releases overlap

ORDER = ("next_due_at", "id")
"""The most urgent first; served by the partial indexes, also where no clock runs and the first is null."""

NEAR_ACCEPTANCE = timedelta(hours=1)
NEAR_DUE = WORKING_DAY


@dataclass(frozen=True, slots=True)
class Queue:
    """One tab of the desk: which dossiers, for whom, in which order.

    ``holder`` is the column whose agency must be the officer's, or ``current_handler`` for the officer's own;
    ``mixed`` queues show dossiers of several statuses and who works on each; in queues that are not ``timed`` no
    clock runs any more.
    """

    name: str
    title: Promise
    roles: frozenset[Role]
    holder: str
    statuses: tuple[Status, ...]
    mixed: bool = False
    timed: bool = True

    def condition(self, actor: Actor) -> Q:
        """Give the condition for the dossiers that stand in the actor's queue."""
        agencies = actor.agencies_as(*self.roles)
        if self.holder == "current_handler":
            return Q(
                current_handler=actor.officer_id, competent_agency__in=agencies, status__in=self.statuses
            )
        return Q(**{f"{self.holder}__in": agencies}, status__in=self.statuses)


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


# fmt: off
QUEUES = (
    Queue("cho-tiep-nhan",   gettext_lazy("Chờ tiếp nhận"),   _roles(Role.ONE_STOP_OFFICER),             "received_at_unit", (Status.SUBMITTED,)),
    Queue("cho-tra-ket-qua", gettext_lazy("Chờ trả kết quả"), _roles(Role.ONE_STOP_OFFICER),             "received_at_unit", (Status.COMPLETED,), timed=False),
    Queue("cho-phan-cong",   gettext_lazy("Chờ phân công"),   _roles(Role.UNIT_LEADER, Role.SPECIALIST), "competent_agency", (Status.FORWARDED,)),
    Queue("dang-xu-ly",      gettext_lazy("Đang xử lý"),      _roles(Role.SPECIALIST),                   "current_handler",  (Status.IN_PROCESS,)),
    Queue("cho-ky",          gettext_lazy("Chờ ký"),          _roles(Role.SIGNER),                       "competent_agency", (Status.AWAITING_SIGN_OFF,)),
    Queue("cho-phat-hanh",   gettext_lazy("Chờ phát hành"),   _roles(Role.CLERK),                        "competent_agency", (Status.SIGNED,)),
    Queue("cua-co-quan",     gettext_lazy("Hồ sơ của cơ quan"), _roles(Role.UNIT_LEADER, Role.AGENCY_HEAD), "competent_agency", tuple(status for status in Status if status in RUNNING), mixed=True),
)
# fmt: on


def queues_of(actor: Actor) -> list[Queue]:
    """Give the queues of the officer's roles, in the order in which a dossier walks through them."""
    return [queue for queue in QUEUES if queue.roles & actor.roles]


def capped_counts(queues: Iterable[Queue], actor: Actor) -> dict[str, int]:
    """Count each queue up to `COUNTED_TO` + 1, all of them in one query."""
    parts = [
        Dossier.objects.filter(queue.condition(actor))
        .annotate(queue=Value(queue.name))
        .order_by()
        .values_list("queue", flat=True)[: COUNTED_TO + 1]
        for queue in queues
    ]
    if not parts:
        return {}
    rows = parts[0] if len(parts) == 1 else parts[0].union(*parts[1:], all=True)
    return dict(Counter(rows))


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


_COLUMNS = (
    "id",
    "next_due_at",
    "tracking_no",
    "code",
    "status",
    "submitted_at",
    "received_at_unit_id",
    "competent_agency_id",
    "procedure_version__short_name",
    "procedure_version__name",
    "owner_person__full_name",
    "owner_organisation__name",
)
_HANDLER = "current_handler__full_name"


def page_of(
    queue: Queue, *, actor: Actor, filters: Filters, at: datetime, after: str = "", before: str = ""
) -> pagination.Page[Row]:
    """Give one page of a queue, the most urgent first; the number of queries does not depend on the rows."""
    found = Dossier.objects.filter(queue.condition(actor)).filter(_narrowed(filters, at))
    columns = (*_COLUMNS, _HANDLER) if queue.mixed else _COLUMNS
    page = pagination.keyset(found.values(*columns), order=ORDER, size=PAGE_SIZE, after=after, before=before)
    calendars = {agency: working_calendar(agency) for agency in {_counting_agency(row) for row in page.rows}}
    rows = [_row(row, calendars[_counting_agency(row)], at) for row in page.rows]
    return pagination.Page(rows, earlier=page.earlier, later=page.later)


def procedures_to_choose() -> list[tuple[str, str]]:
    """Give code and short name of every procedure that can be filed; they may be a minute old."""
    return remembered(_PROCEDURES, seconds=60, make=_read_procedures)


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
    minutes = max(0, round(work / minute))
    days, rest = divmod(minutes, WORKING_DAY // minute)
    hours, minutes = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(n)d ngày làm việc", "%(n)d ngày làm việc", days) % {"n": days})
    if hours:
        parts.append(ngettext("%(n)d giờ", "%(n)d giờ", hours) % {"n": hours})
    if (minutes and len(parts) < 2) or not parts:
        parts.append(ngettext("%(n)d phút", "%(n)d phút", minutes) % {"n": minutes})
    return " ".join(parts)


def _narrowed(filters: Filters, at: datetime) -> Q:
    wanted = Q()
    if filters.search:
        wanted &= _begins_with(filters.search)
    if filters.procedure:
        # Named one by one: only then the planner knows whether few or most of the dossiers are meant.
        versions = ProcedureVersion.objects.filter(procedure__code=filters.procedure).values_list(
            "pk", flat=True
        )
        wanted &= Q(procedure_version__in=list(versions))
    if filters.status:
        wanted &= Q(status=filters.status)
    if filters.late:
        wanted &= Q(next_due_at__lt=at)
    return wanted


def _begins_with(text: str) -> Q:
    """Match the beginning of a code or of the owner's name; tones may be left out in a name."""
    letters = sort_key(text).split("!")[0]
    return (
        Q(code__startswith=text.upper())
        | Q(tracking_no__startswith=text.upper())
        | Q(owner_person__full_name__istartswith=text)
        | Q(owner_organisation__name__istartswith=text)
        | Q(owner_person__full_name_sort__startswith=letters)
        | Q(owner_organisation__name_sort__startswith=letters)
    )


def _counting_agency(row: Mapping[str, Any]) -> int:
    """Before acceptance the one-stop unit's calendar counts, then that of the competent agency."""
    if row["status"] == Status.SUBMITTED or row["competent_agency_id"] is None:
        return row["received_at_unit_id"]
    return row["competent_agency_id"]


def _row(row: Mapping[str, Any], calendar: Calendar, at: datetime) -> Row:
    near = NEAR_ACCEPTANCE if row["status"] == Status.SUBMITTED else NEAR_DUE
    return Row(
        tracking_no=row["tracking_no"],
        reference=row["code"] or row["tracking_no"],
        status=Status(row["status"]),
        procedure=row["procedure_version__short_name"] or row["procedure_version__name"],
        owner=row["owner_person__full_name"] or row["owner_organisation__name"] or "",
        handler=row.get(_HANDLER) or "",
        submitted=moment(row["submitted_at"]),
        deadline=deadline(row["next_due_at"], calendar=calendar, at=at, near=near),
    )
