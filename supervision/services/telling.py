"""Tell officers of alerts: on their list, by e-mail, and again as each kind says. Heads get a letter every morning.

Applicants are told through the outbox: their notices follow from the message that a raised alert publishes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation

from agencies.calendars import working_calendar
from agencies.models import Agency, Delegation, Officer, OfficerRole
from agencies.states import AgencyKind, Role
from core.working_time import Calendar
from dossiers import clock
from dossiers.models import Dossier
from dossiers.states import RUNNING, Status
from notifications import services as notifications
from supervision import kinds, letters
from supervision.models import Alert
from supervision.policies import AT_THE_CITY
from supervision.repeats import next_telling
from supervision.states import AlertKind, AlertState

BATCH = 500


def tell(*, at: datetime) -> int:
    """Tell every alert whose turn has come at ``at``; give how many letters were queued.

    Several workers may do this at once: each takes alerts that no other has.
    """
    queued = 0
    while True:
        told, written = _tell_batch(at=at)
        queued += written
        if told < BATCH:
            return queued


@transaction.atomic
def _tell_batch(*, at: datetime) -> tuple[int, int]:
    alerts = list(
        Alert.objects.filter(tell_at__lte=at)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("dossier__procedure_version")
        .order_by("tell_at", "pk")[:BATCH]
    )
    calendars: dict[int, Calendar] = {}
    heard = _who_hears(alerts, at=at)
    for alert in alerts:
        if alert.agency_id not in calendars:
            calendars[alert.agency_id] = working_calendar(alert.agency_id)
        if alert.state == AlertState.RAISED:
            alert.state = AlertState.DELIVERED
        alert.delivered_at = alert.delivered_at or at
        alert.deliveries += 1
        repeat = kinds.KINDS[AlertKind(alert.kind)].repeat
        alert.tell_at = next_telling(repeat, told_at=at, calendar=calendars[alert.agency_id])
    Alert.objects.bulk_update(alerts, ["state", "delivered_at", "deliveries", "tell_at"])
    path = reverse("supervision:alerts")
    written = 0
    with translation.override(settings.LANGUAGE_CODE):
        for officer, told in heard.items():
            words = letters.of_alerts(told)
            letter = notifications.write_to_officer(
                officer=officer,
                key=f"alerts {officer.pk} {told[0].pk} {told[0].deliveries}",
                subject=words.subject,
                body=words.body,
                path=path,
                at=at,
            )
            written += letter is not None
    return len(alerts), written


def _who_hears(alerts: Iterable[Alert], *, at: datetime) -> dict[Officer, list[Alert]]:
    """Find the officers of each alert, by the roles that are in force at ``at``, and those who stand in for them."""
    agency_ids = {alert.agency_id for alert in alerts}
    if not agency_ids:
        return {}
    granted: dict[tuple[int, str], set[Officer]] = defaultdict(set)
    at_city: dict[str, set[Officer]] = defaultdict(set)
    at_agency: dict[tuple[int, int], Officer] = {}
    for officer, agency, role in _at_work(agency_ids, at=at):
        granted[agency.pk, role].add(officer)
        at_agency[agency.pk, officer.pk] = officer
        if role == Role.IOC_OPERATOR or (role in AT_THE_CITY and agency.kind == AgencyKind.CITY):
            at_city[role].add(officer)
    heard: dict[Officer, list[Alert]] = defaultdict(list)
    for alert in alerts:
        audience = kinds.audience(alert.kind, alert.stage)
        officers = {one for role in audience.roles for one in granted[alert.agency_id, role]}
        officers |= {one for role in audience.city for one in at_city[role]}
        holder = at_agency.get((alert.agency_id, alert.handler_id or 0))
        if audience.handler and holder is not None:
            officers.add(holder)
        for officer in officers:
            heard[officer].append(alert)
    return dict(sorted(heard.items(), key=lambda item: item[0].pk))


def _at_work(agency_ids: Iterable[int], *, at: datetime) -> Iterator[tuple[Officer, Agency, str]]:
    """Give who holds which role at these agencies and at the city, deputies among them."""
    places = Q(agency__in=agency_ids) | Q(agency__kind=AgencyKind.CITY) | Q(role=Role.IOC_OPERATOR)
    roles = OfficerRole.objects.in_force(at=at).filter(places, officer__user__is_active=True)
    for row in roles.select_related("officer__user", "agency"):
        yield row.officer, row.agency, row.role
    deputies = Delegation.objects.in_force(at=at).filter(places, deputy__user__is_active=True)
    for one in deputies.select_related("deputy__user", "agency"):
        yield one.deputy, one.agency, one.role


def write_morning_letters(*, at: datetime) -> int:
    """Write to the heads of agencies what waits this morning, once a working day; give how many letters were queued.

    Nothing is sent where nothing waits.
    """
    written = 0
    heads = OfficerRole.objects.in_force(at=at).filter(role=Role.AGENCY_HEAD, officer__user__is_active=True)
    for head in heads.select_related("officer__user", "agency").order_by("pk"):
        calendar = working_calendar(head.agency_id)
        today = calendar.local(at).date()
        counts = morning_counts(agency_id=head.agency_id, at=at) if calendar.is_working_day(today) else None
        if counts is None or counts == letters.Morning(0, 0, 0, 0):
            continue
        with translation.override(settings.LANGUAGE_CODE):
            words = letters.of_morning(head.agency, counts, at=at)
        letter = notifications.write_to_officer(
            officer=head.officer,
            key=f"morning {today} {head.officer_id} {head.agency_id}",
            subject=words.subject,
            body=words.body,
            path=reverse("supervision:summary"),
            at=at,
        )
        written += letter is not None
    return written


def morning_counts(*, agency_id: int, at: datetime) -> letters.Morning:
    """Count what a head must know: not received, not processed, near due, overdue (S2)."""
    running = Dossier.objects.filter(
        competent_agency=agency_id, status__in=RUNNING, accepted_at__isnull=False
    )
    waiting = Q(status__in=(Status.ACCEPTED, Status.FORWARDED))
    near = Alert.objects.open().filter(agency=agency_id, kind=AlertKind.NEAR_DUE)
    return letters.Morning(
        not_received=Dossier.objects.filter(received_at_unit=agency_id, status=Status.SUBMITTED).count(),
        not_processed=running.filter(waiting).count(),
        near_due=near.count(),
        overdue=running.filter(due_at__lt=at).exclude(clock.STANDS_STILL).count(),
    )
