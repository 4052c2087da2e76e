"""Until when a step of the control sheet is due: by its plan, counted as the dossier's own due date is (T43).

The plan of the control sheet is laid out at the acceptance. From then on a step is due when the time of all steps up
to its end has passed on the dossier's clock: pauses, a later reception by another area's agency and a changed calendar
count for it as they do for the dossier, and an apology moves what was not done yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from agencies.calendars import working_calendar
from core.working_time import Calendar, Duration, Pause, Unit, due_date
from dossiers import clock
from dossiers.models import Dossier, Extension, StepRecord

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StepDues:
    """What the due moments of a dossier's steps are counted from; ``limits`` (up to its end) are by the step's position."""

    calendar: Calendar
    start: datetime
    pauses: tuple[Pause, ...]
    limits: Mapping[int, Duration]
    apology: Extension | None

    def due(self, step: StepRecord) -> datetime | None:
        """Give until when a step was due when it was finished, or is due now; None where the law sets it no limit.

        A pause that lasts has not moved it yet.
        """
        limit = self.limits.get(step.position)
        if step.due_at is None or limit is None:
            return step.due_at
        granted = self._granted(step)
        if limit.unit.is_working:
            total = limit.working_time + granted
            limit, granted = Duration(Decimal(total // _MINUTE) / 60, Unit.WORKING_HOUR), timedelta()
        over = [
            pause
            for pause in self.pauses
            if pause.until is not None and (step.finished_at is None or pause.since < step.finished_at)
        ]
        moment = due_date(self.calendar, self.start, limit, pauses=over).at
        return self.calendar.add(moment, granted) if moment and granted else moment

    def _granted(self, step: StepRecord) -> timedelta:
        apology = self.apology
        if apology is None or apology.decided_at is None:
            return timedelta()
        if step.finished_at is not None and step.finished_at <= apology.decided_at:
            return timedelta()
        return self.calendar.elapsed(apology.old_due_at, apology.new_due_at)


def of(dossier: Dossier) -> StepDues:
    """Read what the steps of an accepted dossier are counted from.

    :raises ValueError: the dossier is not accepted.
    """
    start, pauses = clock.run(dossier)
    return StepDues(
        calendar=working_calendar(clock.deciding_agency_id(dossier)),
        start=start,
        pauses=tuple(pauses),
        limits={one.step.position: one.limit for one in clock.planned_steps(dossier, start=start)},
        apology=dossier.extensions.filter(is_granted=True).first(),
    )
