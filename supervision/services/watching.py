"""Keep the watches of a dossier true to what is known of it, and end the alerts whose cause is gone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from dossiers import clock
from dossiers.models import Dossier, LossIncident
from dossiers.states import OPEN, RUNNING, Status
from supervision import facts, planning
from supervision.kinds import CITY_OFFICE
from supervision.models import Alert, Watch
from supervision.planning import Planned
from supervision.states import AlertKind

BATCH = 500

NOT_PLANNED = (AlertKind.SYNC_FAILED, AlertKind.LOSS_INCIDENT)
"""Kinds that come from a message and not from the dossier itself."""

# Clocks that the law lets stand, and cases that another system leads, rightly have no watch.
_MUST_BE_WATCHED = (RUNNING | {Status.SUBMITTED}) - {Status.VERIFYING, Status.WITHDRAWAL_REQUESTED}


@transaction.atomic
def renew(*, dossier_id: int, at: datetime) -> None:
    """Plan the alerts of a dossier anew: those already raised stay, those without a cause end, the rest is watched.

    :raises Dossier.DoesNotExist: no such dossier.
    """
    # The lock keeps two relays from planning by two states of the dossier.
    dossiers = Dossier.objects.select_related("procedure_version")
    dossier = dossiers.select_for_update(of=("self",), no_key=True).get(pk=dossier_id)
    known = facts.of(dossier)
    planned = planning.current(planning.plan(known), at=at) if known else []
    raised = _settle(dossier_id, planned, at=at)
    _watch(
        dossier_id,
        [
            one
            for one in planned
            if (*one.key, one.limit_at) not in raised and not planning.comes_too_late(one, at=at)
        ],
    )


def _settle(dossier_id: int, planned: list[Planned], *, at: datetime) -> set[tuple[Any, ...]]:
    """Resolve the alerts that are planned no more, correct whose the others are; give what was ever raised."""
    still = {(*one.key, one.limit_at): one for one in planned}
    raised, gone = set(), []
    for alert in Alert.objects.filter(dossier=dossier_id).exclude(kind__in=NOT_PLANNED):
        key = (alert.kind, alert.stage, alert.subject_id, alert.limit_at)
        raised.add(key)
        if alert.resolved_at is not None:
            continue
        one = still.get(key)
        if one is None:
            gone.append(alert.pk)
        elif (alert.agency_id, alert.handler_id) != (one.agency_id, one.handler_id):
            alert.agency_id, alert.handler_id = one.agency_id, one.handler_id
            alert.save(update_fields=["agency", "handler"])
    if gone:
        Alert.objects.filter(pk__in=gone).resolve(at=at)
    return raised


def _watch(dossier_id: int, wanted: list[Planned]) -> None:
    """Make the watches of a dossier those that are wanted; what is right already is left alone."""
    rows = {one.key: one for one in wanted}
    unwanted, right = [], set()
    for watch in Watch.objects.filter(dossier=dossier_id).exclude(kind__in=NOT_PLANNED):
        key = (watch.kind, watch.stage, watch.subject_id)
        if key not in rows:
            unwanted.append(watch.pk)
        elif _facts(watch) == _facts(rows[key]):
            right.add(key)
    if unwanted:
        Watch.objects.filter(pk__in=unwanted).delete()
    Watch.objects.bulk_create(
        [
            Watch(
                dossier_id=dossier_id,
                kind=one.kind,
                stage=one.stage,
                subject_id=one.subject_id,
                agency_id=one.agency_id,
                handler_id=one.handler_id,
                limit_at=one.limit_at,
                at=one.at,
            )
            for key, one in rows.items()
            if key not in right
        ],
        update_conflicts=True,
        unique_fields=["dossier", "kind", "stage", "subject_id"],
        update_fields=["agency", "handler", "limit_at", "at"],
    )


def _facts(one: Watch | Planned) -> tuple[Any, ...]:
    return one.agency_id, one.handler_id, one.limit_at, one.at


def renew_all(*, at: datetime, agency_id: int | None = None) -> int:
    """Plan the alerts of every open dossier anew, or of those that one agency decides; give how many there were."""
    dossiers = Dossier.objects.filter(status__in=OPEN)
    if agency_id is not None:
        dossiers = dossiers.filter(competent_agency=agency_id)
    return _renew_each(dossiers.order_by("pk").values_list("pk", flat=True).iterator(), at=at)


def renew_unwatched(*, at: datetime) -> int:
    """Find open dossiers that have neither a watch nor an open alert, and plan theirs; give how many there were.

    What a lost message or an import has left out is found here.
    """
    return _renew_each(list(unwatched().values_list("pk", flat=True)[:BATCH]), at=at)


def unwatched() -> QuerySet[Dossier]:
    """Give the dossiers whose clock runs and that nobody watches."""
    return Dossier.objects.filter(
        Q(accept_due_at__isnull=False) | Q(due_at__isnull=False),
        ~Exists(Watch.objects.filter(dossier=OuterRef("pk"))),
        ~Exists(Alert.objects.open().filter(dossier=OuterRef("pk"))),
        status__in=_MUST_BE_WATCHED,
        is_mirror=False,
    ).order_by("pk")


def _renew_each(dossier_ids: Iterable[int], *, at: datetime) -> int:
    count = 0
    for dossier_id in dossier_ids:
        renew(dossier_id=dossier_id, at=at)
        count += 1
    return count


@transaction.atomic
def escalate(*, dossier_id: int, at: datetime) -> None:
    """Raise now what the city's office would hear three working days after the due date, once for a due date."""
    watch = Watch.objects.filter(
        dossier=dossier_id, kind=AlertKind.OVERDUE_ESCALATED, stage=CITY_OFFICE
    ).first()
    if watch is None:
        return  # raised already, or the clock does not run
    watch.delete()
    Alert.objects.get_or_create(
        dossier_id=dossier_id,
        kind=watch.kind,
        stage=watch.stage,
        subject_id=watch.subject_id,
        limit_at=watch.limit_at,
        defaults={
            "agency_id": watch.agency_id,
            "handler_id": watch.handler_id,
            "raised_at": at,
            "tell_at": at,
        },
    )


@transaction.atomic
def note_sync_failure(*, dossier_id: int, at: datetime) -> None:
    """Watch a dossier whose synchronisation has failed for good; the next sweep raises the alert."""
    dossier = Dossier.objects.get(pk=dossier_id)
    failing = {"dossier": dossier, "kind": AlertKind.SYNC_FAILED}
    if Alert.objects.open().filter(**failing).exists():
        return
    agency_id = clock.deciding_agency_id(dossier)
    Watch.objects.get_or_create(
        **failing, stage=1, subject_id=0, defaults={"agency_id": agency_id, "limit_at": at, "at": at}
    )


@transaction.atomic
def settle_sync(*, dossier_id: int, at: datetime) -> None:
    """End the alert about a dossier's synchronisation: it went through."""
    Watch.objects.filter(dossier=dossier_id, kind=AlertKind.SYNC_FAILED).delete()
    Alert.objects.filter(dossier=dossier_id, kind=AlertKind.SYNC_FAILED).resolve(at=at)


@transaction.atomic
def follow_losses(*, dossier_id: int, at: datetime) -> None:
    """Watch the losses of a dossier that are not mended, for the next sweep, and end the alerts about the others."""
    for loss in LossIncident.objects.filter(dossier=dossier_id).order_by("pk"):
        about = {"dossier_id": dossier_id, "kind": AlertKind.LOSS_INCIDENT, "subject_id": loss.pk}
        if loss.mended_at is not None:
            Watch.objects.filter(**about).delete()
            Alert.objects.filter(**about).resolve(at=at)
        elif not Alert.objects.filter(**about).exists():
            when = {"agency_id": loss.agency_id, "limit_at": loss.found_at, "at": at}
            Watch.objects.get_or_create(**about, stage=1, defaults=when)
