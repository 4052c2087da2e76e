"""What really became of the dossiers of each procedure, counted at night into a small table that its page shows.

The page of a procedure never looks at a dossier: what it shows was counted here, for all procedures in one run.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from agencies.calendars import working_calendar
from core import working_time
from dossiers import clock
from dossiers.models import Dossier, SupplementRequest
from dossiers.states import Outcome, Status
from procedures.beside import ProcedureFigures
from procedures.states import Channel

A_YEAR = timedelta(days=365)
DRAFTS_LIE = timedelta(days=90)
"""So long a draft lies before it is deleted, see `dossiers.services.drafting`: what is older cannot be counted."""
UNTOUCHED = timedelta(days=7)
DECIDED = (Outcome.GRANTED, Outcome.REFUSED, Outcome.PARTLY)
"""Outcomes that the agency worked for; who withdraws says nothing about how long it takes."""
SHARES = {"half": 0.5, "most": 0.8, "nearly_all": 0.9}


def compute(*, at: datetime) -> int:
    """Count anew for every procedure that has dossiers; give the number of procedures. Run twice, it says the same."""
    counted = {pk: _Counted() for pk in _procedures(at)}
    _count_filed(counted, at)
    _count_begun(counted, at)
    calendars: dict[int, working_time.Calendar] = {}
    for dossier in _processed(at).prefetch_related("clock_intervals").iterator(chunk_size=1_000):
        one = counted[dossier.procedure_version.procedure_id]
        one.processed += 1
        one.on_time += _is_on_time(dossier)
        hours = _hours(dossier, calendars)
        if hours is not None:
            one.hours.setdefault(dossier.channel, []).append(hours)
    rows = [one.row(procedure_id, at) for procedure_id, one in counted.items()]
    fields = [one.name for one in ProcedureFigures._meta.concrete_fields if not one.primary_key]
    ProcedureFigures.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["procedure"], update_fields=fields, batch_size=500
    )
    ProcedureFigures.objects.exclude(procedure__in=list(counted)).delete()
    return len(rows)


@dataclass
class _Counted:
    filed: int = 0
    processed: int = 0
    on_time: int = 0
    supplemented: int = 0
    begun: int = 0
    dropped: int = 0
    hours: dict[str, list[float]] = field(default_factory=dict)

    def row(self, procedure_id: int, at: datetime) -> ProcedureFigures:
        return ProcedureFigures(
            procedure_id=procedure_id,
            computed_at=at,
            filed=self.filed,
            processed=self.processed,
            on_time=self.on_time,
            supplemented=self.supplemented,
            begun=self.begun,
            dropped=self.dropped,
            times=_times(self.hours),
        )


def _times(hours: dict[str, list[float]]) -> list[dict[str, Any]]:
    """Say how long it took by channel, in the order of the channels; too few dossiers say nothing."""
    return [
        {
            "channel": channel.value,
            "dossiers": len(found),
            **{name: round(nth(sorted(found), share), 2) for name, share in SHARES.items()},
        }
        for channel in Channel
        if len(found := hours.get(channel, [])) >= settings.FIGURES_FROM_DOSSIERS
    ]


def nth(ordered: Sequence[float], share: float) -> float:
    """Give the least value within which a share of all lies (the nearest-rank percentile)."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _own() -> QuerySet[Dossier]:
    """Dossiers that are led here: of a mirrored one only its last news is known."""
    return Dossier.objects.filter(is_mirror=False).order_by()


def _processed(at: datetime) -> QuerySet[Dossier]:
    rows = _own().filter(completed_at__gt=at - A_YEAR, completed_at__lte=at, outcome__in=DECIDED)
    return rows.select_related("procedure_version").only(
        "channel",
        "accepted_at",
        "completed_at",
        "due_at",
        "original_due_at",
        "is_rescheduled",
        "competent_agency",
        "received_at_unit",
        "procedure_version__procedure",
    )


def _procedures(at: datetime) -> Iterable[int]:
    lately = Q(submitted_at__gt=at - A_YEAR) | Q(completed_at__gt=at - A_YEAR)
    begun = Q(created_at__gt=at - DRAFTS_LIE)
    rows = _own().filter(lately | begun).values_list("procedure_version__procedure", flat=True)
    return rows.distinct()


def _count_filed(counted: dict[int, _Counted], at: datetime) -> None:
    asked = Exists(SupplementRequest.objects.filter(dossier=OuterRef("pk")))
    rows = _own().filter(submitted_at__gt=at - A_YEAR, submitted_at__lte=at).exclude(status=Status.DRAFT)
    rows = rows.annotate(was_asked=asked)
    by_procedure = rows.values("procedure_version__procedure").annotate(
        filed=Count("pk"), supplemented=Count("pk", filter=Q(was_asked=True))
    )
    for row in by_procedure:
        one = counted[row["procedure_version__procedure"]]
        one.filed, one.supplemented = row["filed"], row["supplemented"]


def _count_begun(counted: dict[int, _Counted], at: datetime) -> None:
    rows = _own().filter(created_at__gt=at - DRAFTS_LIE, created_at__lte=at, channel=Channel.ONLINE)
    lies = Q(status=Status.DRAFT, updated_at__lte=at - UNTOUCHED)
    by_procedure = rows.values("procedure_version__procedure").annotate(
        begun=Count("pk"), dropped=Count("pk", filter=lies)
    )
    for row in by_procedure:
        one = counted[row["procedure_version__procedure"]]
        one.begun, one.dropped = row["begun"], row["dropped"]


def _is_on_time(dossier: Dossier) -> bool:
    """Say whether it was done as first promised: a new day after an apology is late all the same."""
    promise = dossier.original_due_at if dossier.is_rescheduled else dossier.due_at
    return bool(promise and dossier.completed_at and dossier.completed_at <= promise)


def _hours(dossier: Dossier, calendars: dict[int, working_time.Calendar]) -> float | None:
    """Give the working hours in which the clock ran; None for what never had one."""
    ended = dossier.completed_at
    intervals = [one for one in dossier.clock_intervals.all() if ended and one.started_at < ended]
    if not intervals or ended is None:
        return None
    agency_id = clock.deciding_agency_id(dossier)
    calendar = calendars.get(agency_id) or calendars.setdefault(agency_id, working_calendar(agency_id))
    worked = (calendar.elapsed(one.started_at, min(one.stopped_at or ended, ended)) for one in intervals)
    return sum(worked, timedelta()) / timedelta(hours=1)
