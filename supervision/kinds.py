"""The table of alerts: who hears of what, how often, and how long before or after a limit (domain: timers, 5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from agencies.states import Role
from supervision.states import AlertKind, Repeat


@dataclass(frozen=True, slots=True)
class Audience:
    """Who hears an alert.

    ``roles`` hear it at the alert's agency, ``city`` at the city's level, ``handler`` is the officer who holds the
    dossier or the step.
    """

    roles: frozenset[str] = frozenset()
    handler: bool = False
    applicant: bool = False
    city: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its audience at each stage (most have only the first), and how often it is told again."""

    kind: AlertKind
    stages: tuple[Audience, ...]
    repeat: Repeat = Repeat.ONCE


def _roles(*roles: Role) -> frozenset[str]:
    return frozenset(roles)


_WATCHERS = _roles(Role.ONE_STOP_OFFICER, Role.UNIT_LEADER, Role.PROCEDURE_CONTROL_OFFICER, Role.AGENCY_HEAD)
_LEADER = _roles(Role.UNIT_LEADER)
_IOC = _roles(Role.IOC_OPERATOR)
_APPLICANT = Audience(applicant=True)

# fmt: off
KINDS = {
    one.kind: one
    for one in (
        Kind(AlertKind.NOT_ACCEPTED_SOON,     (Audience(_roles(Role.ONE_STOP_OFFICER)),)),
        Kind(AlertKind.NOT_ACCEPTED,          (Audience(_WATCHERS),), Repeat.HOURLY),
        Kind(AlertKind.NOT_ACCEPTED_NATIONAL, (Audience(_WATCHERS, city=_IOC),), Repeat.HOURLY),
        Kind(AlertKind.NEAR_DUE,              (Audience(_LEADER, handler=True),), Repeat.EACH_SESSION),
        Kind(AlertKind.STEP_OVERDUE,          (Audience(_LEADER, handler=True),), Repeat.DAILY),
        Kind(AlertKind.APOLOGY_DUE,           (Audience(_roles(Role.AGENCY_HEAD), handler=True),)),
        Kind(AlertKind.OVERDUE,               (Audience(_roles(Role.UNIT_LEADER, Role.AGENCY_HEAD, Role.PROCEDURE_CONTROL_OFFICER), handler=True),), Repeat.DAILY),
        # after 1, 3 and 5 working days: the head, the city's office, the chairman's view
        Kind(AlertKind.OVERDUE_ESCALATED,     (Audience(_roles(Role.AGENCY_HEAD)), Audience(city=_roles(Role.PROCEDURE_CONTROL_OFFICER)), Audience(city=_IOC))),
        Kind(AlertKind.SUPPLEMENT_WAITING,    (_APPLICANT, _APPLICANT)),
        Kind(AlertKind.PAYMENT_WAITING,       (_APPLICANT, _APPLICANT)),
        # the unit that was asked, the agency that asked, the head of the one-stop unit
        Kind(AlertKind.OPINION_OVERDUE,       (Audience(_roles(Role.UNIT_LEADER, Role.SPECIALIST)), Audience(_LEADER, handler=True), Audience(_LEADER)), Repeat.DAILY),
        Kind(AlertKind.RESULT_NOT_COLLECTED,  (_APPLICANT, _APPLICANT, _APPLICANT)),
        # whoever answers for the place that lost it, every working day until it is taken on or mended
        Kind(AlertKind.LOSS_INCIDENT,         (Audience(_roles(Role.UNIT_LEADER, Role.AGENCY_HEAD)),), Repeat.DAILY),
        Kind(AlertKind.SYNC_FAILED,           (Audience(city=_roles(Role.SYSTEM_ADMIN)),), Repeat.HALF_HOURLY),
    )
}
# fmt: on

ASKED, ASKING, ONE_STOP = 1, 2, 3
"""Stages of an overdue opinion: whose place it is told at."""
CITY_OFFICE = 2
"""Stage of escalated lateness that the city's office hears."""

SUPERSEDED_BY = {
    AlertKind.NOT_ACCEPTED_SOON: AlertKind.NOT_ACCEPTED,
    AlertKind.NOT_ACCEPTED: AlertKind.NOT_ACCEPTED_NATIONAL,
    AlertKind.NEAR_DUE: AlertKind.OVERDUE,
    AlertKind.APOLOGY_DUE: AlertKind.OVERDUE,
}
"""What ends with the next thing that is said about the same limit, so that nobody hears both every hour."""

SOON_AFTER = timedelta(hours=2)
ESCALATED_AFTER = (timedelta(hours=8), timedelta(hours=24), timedelta(hours=40))
"""Working time after the due date at which lateness goes one stage up: 1, 3 and 5 working days."""
SUPPLEMENT_REMINDERS = (timedelta(days=5), timedelta(days=2))
PAYMENT_REMINDERS = (timedelta(hours=24), timedelta(hours=72))
COLLECTION_REMINDERS = (timedelta(days=3), timedelta(days=10), timedelta(days=30))


def audience(kind: str, stage: int) -> Audience:
    """Give who hears an alert of a kind at a stage."""
    return KINDS[AlertKind(kind)].stages[stage - 1]


def for_applicants(kind: str) -> bool:
    """Say whether a kind is told to the applicant, and to no officer."""
    return KINDS[AlertKind(kind)].stages[0].applicant
