"""The table of alerts: who hears of what, and how often (domain: timers, 5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from agencies.states import Role
from supervision.states import AlertKind, Repeat


@dataclass(frozen=True, slots=True)
class Kind:
    """Roles hear it at the alert's agency, ``handler`` is the dossier's own specialist, ``upward`` the city's level."""

    kind: AlertKind
    roles: frozenset[str] = frozenset()
    handler: bool = False
    applicant: bool = False
    upward: frozenset[str] = frozenset()
    """Roles that hear it wherever they sit, such as the city's operation centre."""
    repeat: Repeat = Repeat.ONCE


def _roles(*roles: Role) -> frozenset[str]:
    return frozenset(roles)


# fmt: off
KINDS = {
    one.kind: one
    for one in (
        Kind(AlertKind.NOT_ACCEPTED_SOON,     _roles(Role.ONE_STOP_OFFICER)),
        Kind(AlertKind.NOT_ACCEPTED,          _roles(Role.ONE_STOP_OFFICER, Role.UNIT_LEADER, Role.PROCEDURE_CONTROL_OFFICER, Role.AGENCY_HEAD), repeat=Repeat.HOURLY),
        Kind(AlertKind.NOT_ACCEPTED_NATIONAL, _roles(Role.ONE_STOP_OFFICER, Role.UNIT_LEADER, Role.PROCEDURE_CONTROL_OFFICER, Role.AGENCY_HEAD), upward=_roles(Role.IOC_OPERATOR), repeat=Repeat.HOURLY),
        Kind(AlertKind.NEAR_DUE,              _roles(Role.UNIT_LEADER), handler=True, repeat=Repeat.EACH_SESSION),
        Kind(AlertKind.STEP_OVERDUE,          _roles(Role.UNIT_LEADER), handler=True, repeat=Repeat.DAILY),
        Kind(AlertKind.APOLOGY_DUE,           _roles(Role.AGENCY_HEAD), handler=True),
        Kind(AlertKind.OVERDUE,               _roles(Role.UNIT_LEADER, Role.AGENCY_HEAD, Role.PROCEDURE_CONTROL_OFFICER), handler=True, repeat=Repeat.DAILY),
        Kind(AlertKind.OVERDUE_ESCALATED,     _roles(Role.AGENCY_HEAD), upward=_roles(Role.IOC_OPERATOR)),
        Kind(AlertKind.SUPPLEMENT_WAITING,    applicant=True),
        Kind(AlertKind.PAYMENT_WAITING,       applicant=True),
        Kind(AlertKind.OPINION_OVERDUE,       _roles(Role.UNIT_LEADER, Role.SPECIALIST), handler=True, repeat=Repeat.DAILY),
        Kind(AlertKind.RESULT_NOT_COLLECTED,  applicant=True),
        Kind(AlertKind.SYNC_FAILED,           _roles(Role.SYSTEM_ADMIN), repeat=Repeat.HALF_HOURLY),
    )
}
# fmt: on

ESCALATION = {1: 1, 2: 3, 3: 5}
"""Working days after the due date at which lateness goes one stage up: head, city office, city chairman's view."""

SOON_ACCEPTED_WITHIN = timedelta(hours=2)
APOLOGY_WARNING = timedelta(hours=4)
SUPPLEMENT_REMINDERS = (timedelta(days=5), timedelta(days=2))
PAYMENT_REMINDERS = (timedelta(hours=24), timedelta(hours=72))
COLLECTION_REMINDERS = (timedelta(days=3), timedelta(days=10), timedelta(days=30))
