"""Working time: the one calculator of due dates. Pure data in, no database, no settings.

``Calendar`` counts, ``due_date`` promises, ``explain`` says why. Times are aware; a naive datetime is refused.
"""

from core.working_time.calendar import TIME_ZONE, Calendar
from core.working_time.days import OFFICE_HOURS, DayKind, DayRecord, Session
from core.working_time.due_dates import (
    ACCEPT_WITHIN_CITY,
    DueDate,
    Mode,
    Pause,
    PausePolicy,
    accept_due,
    apology_due,
    due_date,
    due_moments,
    is_late,
    lateness,
    near_due_at,
    paper_transfer_due,
    step_dues,
    supplement_notice_due,
    together,
)
from core.working_time.durations import WORKING_DAY, Duration, Unit
from core.working_time.explanation import ExplanationStep, StepKind, explain
from core.working_time.rules import Rule
from core.working_time.vietnam import official_days

__all__ = [
    "ACCEPT_WITHIN_CITY",
    "OFFICE_HOURS",
    "TIME_ZONE",
    "WORKING_DAY",
    "Calendar",
    "DayKind",
    "DayRecord",
    "DueDate",
    "Duration",
    "ExplanationStep",
    "Mode",
    "Pause",
    "PausePolicy",
    "Rule",
    "Session",
    "StepKind",
    "Unit",
    "accept_due",
    "apology_due",
    "due_date",
    "due_moments",
    "explain",
    "is_late",
    "lateness",
    "near_due_at",
    "official_days",
    "paper_transfer_due",
    "step_dues",
    "supplement_notice_due",
    "together",
]
