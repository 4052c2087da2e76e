"""History that cannot be rewritten unnoticed: events are only ever added, each sealed together with the one before.

The seal is an HMAC-SHA256 over the event's facts and the previous seal, under ``settings.HISTORY_KEY``; the dossier's
row carries the last seal and the number of events, so that a removed last event is found as well.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from core.actor import Actor, Grant
from dossiers.models import Dossier, DossierEvent
from dossiers.states import Status


def append(
    dossier: Dossier,
    *,
    action: str,
    from_status: str,
    to_status: str,
    actor: Actor,
    at: datetime,
    grant: Grant | None = None,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> DossierEvent:
    """Add an event to a locked dossier and carry the chain on in its row (which the caller saves)."""
    event = DossierEvent(
        dossier_id=dossier.pk,
        seq=dossier.history_length + 1,
        action=action,
        from_status=from_status,
        to_status=to_status,
        at=at,
        actor_kind=actor.kind,
        actor_user_id=actor.user_id,
        actor_name=actor.display_name,
        actor_role=grant.role if grant else "",
        agency_id=grant.agency_id if grant else None,
        note=note,
        data=data or {},
        ip=actor.ip,
        previous_hash=dossier.history_head,
    )
    event.hash = seal(event)
    event.save(force_insert=True)
    dossier.history_head = event.hash
    dossier.history_length = event.seq
    return event


def seal(event: DossierEvent) -> str:
    """Compute the seal (64 hex characters) of an event with all its facts."""
    facts = [
        event.dossier_id,
        event.seq,
        event.action,
        event.from_status,
        event.to_status,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor_kind,
        event.actor_user_id,
        event.actor_name,
        event.actor_role,
        event.agency_id,
        event.note,
        event.data,
        event.ip,
        event.previous_hash,
    ]
    message = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(settings.HISTORY_KEY, message, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where the history does not hold together."""

    dossier_id: int
    seq: int
    problem: str


@dataclass(slots=True)
class Verification:
    """How much of the history has been walked."""

    dossiers: int = 0
    events: int = 0


def verify(counts: Verification, *, dossier_ids: list[int] | None = None) -> Iterator[Breach]:
    """Walk the history and give every breach: changed, removed, added or reordered events.

    Streams: memory does not grow with the history. ``counts`` is filled while walking.
    """
    dossiers = Dossier.objects.order_by("pk").values_list("pk", "status", "history_head", "history_length")
    if dossier_ids is not None:
        dossiers = dossiers.filter(pk__in=dossier_ids)
    last = 0
    while page := list(dossiers.filter(pk__gt=last)[:500]):
        last = page[-1][0]
        counts.dossiers += len(page)
        by_dossier: dict[int, list[DossierEvent]] = {pk: [] for pk, *_ in page}
        for event in DossierEvent.objects.filter(dossier_id__in=by_dossier).order_by("dossier_id", "seq"):
            by_dossier[event.dossier_id].append(event)
            counts.events += 1
        for pk, status, head, length in page:
            yield from _verify_one(pk, status, head, length, by_dossier[pk])


def _verify_one(pk: int, status: str, head: str, length: int, events: list[DossierEvent]) -> Iterator[Breach]:
    previous_hash, previous_seq, reached = "", 0, None
    for event in events:
        if event.seq != previous_seq + 1:
            yield Breach(pk, event.seq, f"event {previous_seq + 1} is missing")
        if event.previous_hash != previous_hash:
            yield Breach(pk, event.seq, "does not follow the event before it")
        if seal(event) != event.hash:
            yield Breach(pk, event.seq, "was changed")
        previous_hash, previous_seq, reached = event.hash, event.seq, event.to_status
    if previous_seq != length or previous_hash != head:
        yield Breach(pk, length, f"the dossier's row knows {length} events, the history has {previous_seq}")
    # A draft has no history yet; whoever empties one must not get away with emptying the row's count as well.
    if (reached or Status.DRAFT) != status:
        yield Breach(pk, previous_seq, f"the history ends in {reached or 'nothing'}, the dossier is {status}")


def guard_is_on() -> bool:
    """Say whether the database itself refuses to change or remove events."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'dossiers_dossierevent'::regclass"
            " AND tgname IN ('dossiers_event_append_only', 'dossiers_event_no_truncate') AND tgenabled IN ('O', 'A')"
        )
        return cursor.fetchone()[0] == 2
