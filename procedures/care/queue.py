"""What waits for a look, narrowed and counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from procedures.models import ReviewDecision, ReviewFlag, Sector
from procedures.states import FlagReason, ReviewState

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
AGES = ("moi", "thang", "cu")
"""Up to a week, up to a month (of 30 days), older."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed by; ``sector`` is a slug, ``age`` one of `AGES`, ``query`` a code or its beginning."""

    state: str = ReviewState.OPEN
    reason: str = ""
    sector: str = ""
    age: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many flags there are of one kind, under all filters but its own."""

    value: str
    label: str
    flags: int


def flags(filters: Filters, *, at: datetime) -> QuerySet[ReviewFlag]:
    """Give the flags of current versions that match, without an order."""
    return _narrowed(filters, at=at).select_related("version", "version__procedure", "version__sector")


def count(filters: Filters, *, at: datetime) -> int:
    """Count what `flags` gives."""
    return _narrowed(filters, at=at).count()


def reasons(filters: Filters, *, at: datetime) -> list[Tally]:
    """Count by reason, the most frequent first, whatever reason is chosen."""
    rows = _narrowed(_without(filters, reason=""), at=at).values("reason").annotate(flags=Count("pk"))
    return [
        Tally(row["reason"], str(FlagReason(row["reason"]).label), row["flags"])
        for row in rows.order_by("-flags", "reason")
        if row["reason"] in FlagReason.values
    ]


def sectors(filters: Filters, *, at: datetime) -> list[Tally]:
    """Count by sector, the most frequent first, whatever sector is chosen."""
    rows = _narrowed(_without(filters, sector=""), at=at)
    counted = dict(rows.values_list("version__sector").annotate(flags=Count("pk")).order_by())
    named = Sector.objects.filter(pk__in=[pk for pk in counted if pk is not None])
    found = [Tally(one.slug, one.name, counted[one.pk]) for one in named]
    return sorted(found, key=lambda one: (-one.flags, one.label))


def states() -> list[Tally]:
    """Count by state, over all flags of current versions."""
    rows = ReviewFlag.objects.filter(version__current_of__isnull=False)
    counted = dict(rows.values_list("state").annotate(flags=Count("pk")).order_by())
    return [Tally(one.value, str(one.label), counted.get(one.value, 0)) for one in ReviewState]


def neighbours(flag: ReviewFlag, filters: Filters, *, at: datetime) -> tuple[int | None, int | None]:
    """Give the flags before and after one in the queue, oldest first."""
    rows = _narrowed(filters, at=at).values_list("pk", flat=True)
    return (
        rows.filter(pk__lt=flag.pk).order_by("-pk").first(),
        rows.filter(pk__gt=flag.pk).order_by("pk").first(),
    )


def alike(flag: ReviewFlag) -> QuerySet[ReviewFlag]:
    """Give the other flags of current versions that wait and are about the same words for the same reason."""
    rows = ReviewFlag.objects.filter(
        alike=flag.alike, reason=flag.reason, version__current_of__isnull=False
    ).exclude(pk=flag.pk)
    return rows.filter(state__in=(ReviewState.OPEN, ReviewState.SKIPPED, ReviewState.ASKED))


def history(flag: ReviewFlag) -> list[ReviewDecision]:
    """Give what was decided about these words of this procedure, in earlier imports as well; the latest first."""
    return list(
        ReviewDecision.objects.filter(
            procedure=flag.version.procedure_id, alike=flag.alike, field=flag.field
        ).order_by("-pk")[:20]
    )


def _narrowed(filters: Filters, *, at: datetime) -> QuerySet[ReviewFlag]:
    rows = ReviewFlag.objects.filter(version__current_of__isnull=False)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.reason:
        rows = rows.filter(reason=filters.reason)
    if filters.sector:
        rows = rows.filter(version__sector__slug=filters.sector)
    if filters.query:
        rows = rows.filter(version__procedure__code__startswith=filters.query)
    aged = {
        "moi": Q(version__created_at__gt=at - WEEK),
        "thang": Q(version__created_at__lte=at - WEEK, version__created_at__gt=at - MONTH),
        "cu": Q(version__created_at__lte=at - MONTH),
    }
    return rows.filter(aged[filters.age]) if filters.age in aged else rows


def _without(filters: Filters, **none: str) -> Filters:
    values = {name: getattr(filters, name) for name in ("state", "reason", "sector", "age", "query")}
    return Filters(**(values | none))
