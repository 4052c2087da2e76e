"""Reads of alerts: the list, the badge, the summary, the lines on a dossier's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from core.actor import Actor
from core.pagination import Page, keyset
from core.remembering import forget, remembered
from dossiers import policies as dossier_policies
from dossiers.models import Dossier
from supervision import policies
from supervision.models import Alert
from supervision.states import UNANSWERED, AlertKind, AlertState

PAGE_SIZE = 30
COUNTED_TO = 99
BADGE_S = 15
REACTIONS_OF = timedelta(days=30)

OPEN, UNANSWERED_ONES, ACKNOWLEDGED, CLOSED = "dang-mo", "cho-ghi-nhan", "da-ghi-nhan", "da-xong"

_STATES: dict[str, Q] = {
    OPEN: ~Q(state=AlertState.RESOLVED),
    UNANSWERED_ONES: Q(state__in=UNANSWERED),
    ACKNOWLEDGED: Q(state=AlertState.ACKNOWLEDGED),
    CLOSED: Q(state=AlertState.RESOLVED),
}


def count_unanswered(actor: Actor) -> int:
    """Count what an officer is told of and nobody has taken on, up to `COUNTED_TO` + 1."""
    waiting = policies.heard(actor).filter(state__in=UNANSWERED)
    return waiting.order_by().values("pk")[: COUNTED_TO + 1].count()


def badge(actor: Actor) -> int:
    """Give what stands beside the bell on every page; it may be some seconds old."""
    return remembered(_badge_key(actor), seconds=BADGE_S, make=lambda: count_unanswered(actor))


def forget_badge(actor: Actor) -> None:
    """Count anew for the next page, after the officer has taken something on."""
    forget(_badge_key(actor))


def _badge_key(actor: Actor) -> str:
    return f"supervision:badge:1:{actor.officer_id}"


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the list: one kind, one state, one agency (its code), or all that the officer looks over."""

    kind: str = ""
    state: str = UNANSWERED_ONES
    agency: str = ""
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. ``opens`` says whether the officer may open the dossier, ``may_take`` take it on.

    ``opinion_id`` is the question to answer, for an officer of the agency that was asked: the dossier is not theirs.
    """

    alert: Alert
    kind: AlertKind
    state: AlertState
    opens: bool
    may_take: bool
    opinion_id: int = 0

    @property
    def reaction_text(self) -> str:
        return in_words(self.alert.reaction)


def page_of(
    actor: Actor, filters: Filters, *, after: str = "", before: str = ""
) -> tuple[Page[Alert], list[Row]]:
    """Give one page of an officer's alerts, the newest first."""
    heard = policies.heard(actor)
    alerts = policies.visible(actor) if filters.everything else heard
    alerts = alerts.filter(_STATES.get(filters.state, _STATES[UNANSWERED_ONES]))
    if filters.kind:
        alerts = alerts.filter(kind=filters.kind)
    if filters.agency:
        alerts = alerts.filter(agency__code=filters.agency)
    alerts = alerts.select_related("dossier__procedure_version", "agency", "handler", "acknowledged_by")
    page = keyset(alerts, order=("-pk",), size=PAGE_SIZE, after=after, before=before)
    told = set(heard.filter(pk__in=[one.pk for one in page.rows]).values_list("pk", flat=True))
    opens = set(
        dossier_policies.visible(actor)
        .filter(pk__in={one.dossier_id for one in page.rows})
        .values_list("pk", flat=True)
    )
    asked = {one.subject_id for one in page.rows if one.kind == AlertKind.OPINION_OVERDUE}
    answers = set(
        dossier_policies.visible_opinions(actor).filter(pk__in=asked).values_list("pk", flat=True)
        if asked
        else ()
    )
    rows = [
        Row(
            alert=one,
            kind=AlertKind(one.kind),
            state=AlertState(one.state),
            opens=one.dossier_id in opens,
            may_take=one.state in UNANSWERED and one.pk in told,
            opinion_id=one.subject_id
            if one.kind == AlertKind.OPINION_OVERDUE and one.subject_id in answers
            else 0,
        )
        for one in page.rows
    ]
    return page, rows


def of_dossier(actor: Actor, dossier: Dossier) -> list[Row]:
    """Give the open alerts of a dossier that an officer may see, the oldest first."""
    alerts = policies.visible(actor).open().filter(dossier=dossier)  # type: ignore[attr-defined]  # its own queryset
    told = set(policies.heard(actor).filter(dossier=dossier).values_list("pk", flat=True))
    return [
        Row(one, AlertKind(one.kind), AlertState(one.state), True, one.state in UNANSWERED and one.pk in told)
        for one in alerts.select_related("acknowledged_by").order_by("pk")
    ]


@dataclass(frozen=True, slots=True)
class Cell:
    """How many alerts of one kind are open at one agency, and how many of them nobody has taken on."""

    kind: AlertKind
    count: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """One agency of the summary; ``reaction`` is the mean of the last 30 days."""

    code: str
    name: str
    cells: list[Cell]
    total: int
    unanswered: int
    reaction: timedelta | None

    @property
    def reaction_text(self) -> str:
        return in_words(self.reaction)


@dataclass(frozen=True, slots=True)
class Summary:
    """Open alerts by kind and agency: lines of agencies, columns of the kinds that occur."""

    kinds: list[AlertKind]
    lines: list[AgencyLine]
    totals: list[Cell]

    @property
    def total(self) -> int:
        return sum(cell.count for cell in self.totals)

    @property
    def unanswered(self) -> int:
        return sum(cell.unanswered for cell in self.totals)


def in_words(time: timedelta | None) -> str:
    """Say a length of time in its two largest units: "3 giờ 20 phút"."""
    if time is None:
        return "—"
    minutes = max(int(time.total_seconds() // 60), 0)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(days)d ngày %(hours)d giờ") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)d giờ %(minutes)d phút") % {"hours": hours, "minutes": rest}
    return _("%(minutes)d phút") % {"minutes": rest}


def summary(actor: Actor, *, at: datetime) -> Summary:
    """Count the open alerts that an officer looks over, the agency with most of them first.

    :raises NotAllowed: the actor looks over nothing.
    """
    overseen = policies.overseen(actor)
    waiting = Count("pk", filter=Q(state__in=UNANSWERED))
    rows: list[Any] = list(
        overseen.filter(_STATES[OPEN])
        .values("agency", "agency__code", "agency__name", "kind")
        .annotate(count=Count("pk"), waiting=waiting)
        .order_by()
    )
    reactions = _reactions(overseen, at=at)
    kinds = [kind for kind in AlertKind if any(row["kind"] == kind for row in rows)]
    by_agency: dict[int, dict[str, dict[str, Any]]] = {}
    for row in rows:
        by_agency.setdefault(row["agency"], {})[row["kind"]] = row
    lines = []
    for agency_id, found in by_agency.items():
        any_row = next(iter(found.values()))
        cells = [_cell(kind, found.get(kind)) for kind in kinds]
        lines.append(
            AgencyLine(
                code=any_row["agency__code"],
                name=any_row["agency__name"],
                cells=cells,
                total=sum(cell.count for cell in cells),
                unanswered=sum(cell.unanswered for cell in cells),
                reaction=reactions.get(agency_id),
            )
        )
    lines.sort(key=lambda line: (-line.total, line.name))
    totals = [
        Cell(
            kind,
            sum(line.cells[at_kind].count for line in lines),
            sum(line.cells[at_kind].unanswered for line in lines),
        )
        for at_kind, kind in enumerate(kinds)
    ]
    return Summary(kinds, lines, totals)


def _cell(kind: AlertKind, row: dict[str, Any] | None) -> Cell:
    return Cell(kind, row["count"] if row else 0, row["waiting"] if row else 0)


def _reactions(alerts: QuerySet[Alert], *, at: datetime) -> dict[int, timedelta]:
    """Give the mean time until an alert was taken on or its cause was gone, by agency, of the last 30 days.

    LEAST leaves out what is null.
    """
    reacted = alerts.filter(raised_at__gte=at - REACTIONS_OF).exclude(acknowledged_at=None, resolved_at=None)
    rows: Any = reacted.values("agency").annotate(
        mean=Avg(Least("acknowledged_at", "resolved_at") - F("raised_at"))
    )
    return {row["agency"]: row["mean"] for row in rows.order_by()}
