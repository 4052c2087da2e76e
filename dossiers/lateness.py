"""Whether a dossier is late: for indicators, where an apology excuses nothing, and for certain before it happens.

Domain: dossier life cycle 4.4.6, timers R10 and R13.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

from agencies.calendars import working_calendar
from core import working_time
from core.working_time import Duration, Unit
from dossiers import clock
from dossiers.models import Dossier

APOLOGY_WARNING = timedelta(hours=4)
"""So much working time before the last moment of an apology its need is judged (5.4)."""


def is_late(dossier: Dossier, *, at: datetime) -> bool:
    """Say whether a dossier counts as late in indicators, finished or not.

    The date of an apology does not count: what holds is the first promise, moved by lawful pauses alone. A dossier that
    was never accepted is not late. Finishing exactly at the due moment is on time (R13). Where the clock stands still,
    waiting for the applicant, the moment at which it stopped counts.

    :raises NoTimeLimit: see `clock.time_limit`.
    """
    if dossier.due_at is None:
        return False
    finished = _stood_still_since(dossier) or dossier.completed_at or at
    promised = clock.due(dossier).at if dossier.is_rescheduled else dossier.due_at
    return promised is not None and finished > promised


def _stood_still_since(dossier: Dossier) -> datetime | None:
    last = dossier.clock_intervals.order_by("-started_at", "-pk").first()
    return last.stopped_at if last is not None else None


def is_certain(dossier: Dossier, *, at: datetime) -> bool:
    """Say whether a dossier whose clock runs can no longer be finished in time by its own plan.

    That is so when the steps ahead need more working time than is left. A step under way needs what is left of its
    planned time, or nothing; steps side by side need as much as the longest; optional steps need nothing.
    """
    if dossier.due_at is None or dossier.completed_at is not None:
        return False
    calendar = working_calendar(clock.deciding_agency_id(dossier))
    return time_needed(dossier, at=at) > calendar.elapsed(at, dossier.due_at)


def time_needed(dossier: Dossier, *, at: datetime) -> timedelta:
    """Give the working time that the steps ahead need by their plan."""
    planned = {step.position: step for step in dossier.procedure_version.workflow_steps.all()}
    calendar = working_calendar(clock.deciding_agency_id(dossier))
    ahead = list(dossier.steps.filter(finished_at=None, is_skipped=False, is_optional=False).order_by("id"))
    alone = timedelta()
    side_by_side: defaultdict[int, timedelta] = defaultdict(timedelta)
    for step in ahead:
        plan = planned.get(step.position)
        if plan is None:
            continue
        needed = _working_time(Duration(Decimal(plan.duration_value), Unit(plan.duration_unit)))
        if step is ahead[0] or (step.group is not None and step.group == ahead[0].group):
            needed = max(timedelta(), needed - calendar.elapsed(min(step.started_at, at), at))
        if step.group is None:
            alone += needed
        else:
            side_by_side[step.group] = max(side_by_side[step.group], needed)
    return alone + sum(side_by_side.values(), timedelta())


def _working_time(duration: Duration) -> timedelta:
    """Give a planned duration as working time; what is planned in calendar time is not counted against anybody."""
    hours = {Unit.WORKING_DAY: 8, Unit.WORKING_HOUR: 1}.get(duration.unit, 0)
    return timedelta(hours=float(duration.value * hours))


def apology_due(dossier: Dossier) -> datetime | None:
    """Give the last moment at which an apology is in time (R10); None where there is no due date."""
    if dossier.due_at is None:
        return None
    calendar = working_calendar(clock.deciding_agency_id(dossier))
    return working_time.apology_due(calendar, dossier.due_at)


def judged_from(dossier: Dossier) -> datetime | None:
    """Give the moment from which an apology is drafted where lateness is certain: R10 less four working hours."""
    last = apology_due(dossier)
    if last is None:
        return None
    return working_calendar(clock.deciding_agency_id(dossier)).subtract(last, APOLOGY_WARNING)
