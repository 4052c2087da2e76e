"""What the pages of the search desk read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from core.pagination import Page, keyset
from procedures.models import CareEvent, FailedSearch, LifeEvent, Procedure, SearchSynonym
from procedures.search.words import words
from procedures.services.life_events import StepIn

ON_A_PAGE = 50


def synonyms(*, query: str, after: str, before: str) -> Page[SearchSynonym]:
    """Give rows by what is said; a query is looked for in both sides, marks aside on the left."""
    rows = SearchSynonym.objects.all()
    if query:
        said = " ".join(words(query))
        official = Q(official__icontains=query)
        rows = rows.filter(Q(key__contains=said) | official if said else official)
    return keyset(rows, order=("key",), size=ON_A_PAGE, after=after, before=before)


def questions(
    *, days: int, state: str, at: datetime, after: str, before: str
) -> tuple[Page[dict[str, Any]], int]:
    """Give questions by how often they were asked in so many days, and how many there are. Two queries."""
    since = timezone.localtime(at - timedelta(days=days)).date()
    rows: QuerySet[Any, Any] = FailedSearch.objects.filter(days__day__gte=since)
    if state:
        rows = rows.filter(state=state)
    counted = rows.annotate(asked=Sum("days__times"), last=Max("last_at")).values(
        "pk", "id", "text", "found", "asked", "last_at", "state", "state_by", "state_at"
    )
    page = keyset(counted, order=("-asked", "-pk"), size=ON_A_PAGE, after=after, before=before)
    return page, rows.values("pk").distinct().count()


def log(*, subject: str, after: str, before: str) -> Page[CareEvent]:
    """Give what was done, the last first."""
    rows = CareEvent.objects.filter(subject=subject) if subject else CareEvent.objects.all()
    return keyset(rows, order=("-pk",), size=ON_A_PAGE, after=after, before=before)


def events() -> list[LifeEvent]:
    """Give all life events in order, each with the number of its procedures; hidden ones too."""
    return list(LifeEvent.objects.annotate(procedures=Count("steps")).order_by("position", "pk"))


def names(steps: list[StepIn]) -> dict[str, str]:
    """Give the names of procedures by code; those that are not in force are not there."""
    found = Procedure.objects.filter(code__in=[one.code for one in steps], current_version__isnull=False)
    rows = found.values_list("code", "current_version__short_name", "current_version__name")
    return {code: short or name for code, short, name in rows}
