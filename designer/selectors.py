"""What the pages of the designer read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from agencies.calendars import working_calendar
from agencies.states import Role
from core.actor import Actor
from core.working_time import Calendar
from procedures import policies
from procedures.models import ProcedureVersion, VersionEvent
from procedures.search.words import words
from procedures.selectors import Filters as CatalogueFilters
from procedures.selectors import Listed, catalogue
from procedures.states import VersionStatus

ON_A_PAGE = 30
RECENTLY = timedelta(days=90)
IN_WORK = "in_work"
"""The choice of the list that shows drafts, approved versions and what was published lately."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed by; ``status`` is one of `VersionStatus` or `IN_WORK`."""

    query: str = ""
    status: str = IN_WORK
    page: int = 1


def versions(filters: Filters, *, at: datetime) -> QuerySet[ProcedureVersion]:
    """Give versions that somebody has worked on here, drafts first, then the latest. Imported ones are not among them."""
    own = VersionEvent.objects.filter(version=OuterRef("pk"))
    rows: QuerySet[ProcedureVersion] = ProcedureVersion.objects.filter(Exists(own)).select_related(
        "procedure", "sector"
    )
    rows = rows.annotate(last_at=Subquery(own.order_by("-id").values("at")[:1]))
    if filters.status == IN_WORK:
        in_work = Q(status__in=[VersionStatus.DRAFT, VersionStatus.APPROVED])
        rows = rows.filter(in_work | Q(status=VersionStatus.PUBLISHED, last_at__gte=at - RECENTLY))
    elif filters.status:
        rows = rows.filter(status=filters.status)
    rank = Case(
        When(status=VersionStatus.DRAFT, then=Value(0)),
        When(status=VersionStatus.APPROVED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    shown = _found(rows, filters.query).only(
        "procedure__code", "sector__name", "version_no", "status", "name", "short_name", "is_fileable"
    )
    return shown.order_by(rank, F("last_at").desc(nulls_last=True), "-pk")


def name_of(code: str) -> str:
    """Give the name that a code stands for here: of the version in force, else of the latest; empty if it is free."""
    kept = ProcedureVersion.objects.filter(procedure__code=code).exclude(status=VersionStatus.DISCARDED)
    found = kept.filter(current_of__code=code).first() or kept.order_by("-version_no").first()
    return found.name if found else ""


def to_clone(query: str) -> list[Listed]:
    """Give versions in force that the catalogue's search finds, the best first, to make a draft from."""
    if not query.strip():
        return []
    return catalogue(CatalogueFilters(query=query, catalogue="")).versions[:ON_A_PAGE]


def version_of(*, code: str, version_no: int) -> ProcedureVersion:
    """:raises ProcedureVersion.DoesNotExist: there is none."""
    rows = ProcedureVersion.objects.select_related("procedure", "sector", "competent_agency")
    return rows.get(procedure__code=code, version_no=version_no)


def versions_beside(version: ProcedureVersion) -> list[ProcedureVersion]:
    """Give the other versions of the procedure, the newest first."""
    rows = ProcedureVersion.objects.filter(procedure=version.procedure_id).exclude(pk=version.pk)
    return list(rows.only("version_no", "status").order_by("-version_no"))


def open_draft_of(version: ProcedureVersion) -> ProcedureVersion | None:
    """Give the procedure's version that is being worked on, if there is one."""
    rows = ProcedureVersion.objects.filter(procedure=version.procedure_id)
    return rows.filter(status__in=[VersionStatus.DRAFT, VersionStatus.APPROVED]).first()


def office_calendar(actor: Actor) -> Calendar | None:
    """Give the calendar of the agency at which the officer looks after the catalogue."""
    agencies = sorted(actor.agencies_as(Role.PROCEDURE_CONTROL_OFFICER))
    return working_calendar(agencies[0]) if agencies else None


def may_design(actor: Actor) -> bool:
    """Say whether the designer is there for somebody."""
    return actor.is_officer and policies.may_configure(actor)


def _found(rows: QuerySet[ProcedureVersion], query: str) -> QuerySet[ProcedureVersion]:
    """Keep what has every word of the query in its name, marks aside, or begins with it as a code."""
    text = query.strip()
    if not text:
        return rows
    named = Q()
    for word in words(text)[:8]:
        named &= Q(name_words__contains=word)
    coded = Q(procedure__code__istartswith=text[:32])
    return rows.filter(named | coded if named else coded)
