"""The fee collector's and the accountant's list of what is to be given back. Reads only."""

from __future__ import annotations

from core.actor import Actor
from core.pagination import Page, keyset
from dossiers import policies
from dossiers.models import Refund

PAGE_SIZE = 50
COUNTED_TO = 99


def page_of(actor: Actor, *, done: bool, after: str = "", before: str = "") -> Page[Refund]:
    """Give one page of the officer's refunds: what waits, the longest first, or what has gone back, last first."""
    found = policies.visible_refunds(actor).select_related(
        "dossier__procedure_version", "dossier__owner_person", "dossier__owner_organisation", "confirmed_by"
    )
    if done:
        found, order = found.filter(confirmed_at__isnull=False), ("-confirmed_at", "-id")
    else:
        found, order = found.filter(confirmed_at=None), ("arose_at", "id")
    return keyset(found, order=order, size=PAGE_SIZE, after=after, before=before)


def waiting_count(actor: Actor) -> int:
    """Count what waits to be given back, up to `COUNTED_TO` + 1."""
    return policies.visible_refunds(actor).filter(confirmed_at=None)[: COUNTED_TO + 1].count()
