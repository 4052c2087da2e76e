"""Lưu trữ: a closed dossier goes to the archive after some weeks, one whose result nobody collected after 90 days."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Conflict
from dossiers.models import Dossier
from dossiers.services import guards
from dossiers.services.moves import advance, lock
from dossiers.states import Action, PaymentState, Status

UNCOLLECTED_FOR = timedelta(days=90)
"""A result that nobody collected waits for so long (timers 5.4); afterwards it stays in the owner's vault."""


class RefundPending(Conflict):
    """Money is still to be given back."""

    code = "refund_pending"
    message = _("Hồ sơ còn khoản tiền phải hoàn lại nên chưa lưu trữ được. Hãy hoàn tiền rồi lưu trữ.")


class NotYet(Conflict):
    """The dossier has not rested for long enough."""

    code = "not_yet"
    message = _("Chưa đến lúc lưu trữ hồ sơ này.")


@transaction.atomic
def archive(*, dossier_id: int, actor: Actor, at: datetime) -> Dossier:
    """Close a dossier's file: a clerk at any time after its end, the system once it has rested (see `due`).

    :raises AlreadyDone: it is in the archive.
    :raises RefundPending: see there.
    :raises NotYet: the system is too early.
    :raises NotAllowed: the actor is not a clerk of the competent agency.
    """
    dossier = lock(dossier_id=dossier_id)
    require_open(dossier=dossier, actor=actor)
    if actor.is_system and at < _since(dossier) + _rest(dossier):
        raise NotYet()
    return advance(dossier_id=dossier_id, action=Action.ARCHIVE, actor=actor, at=at)


def require_open(*, dossier: Dossier, actor: Actor) -> None:
    """Ask before anything is pressed whether the actor may archive the dossier; raises as `archive` does."""
    guards.require(dossier, Action.ARCHIVE, actor)
    if dossier.refunds.filter(confirmed_at=None).exists():
        raise RefundPending()


def due(*, at: datetime, limit: int = 500) -> list[int]:
    """Give the dossiers that have rested long enough, the oldest first.

    Days after return or stop: the setting ARCHIVE_AFTER_DAYS. One that was corrected may be named too early: `archive`
    looks at its history.
    """
    rested = at - timedelta(days=settings.ARCHIVE_AFTER_DAYS)
    found: list[int] = []
    for status, since, until in (
        (Status.RETURNED, "returned_at", rested),
        (Status.STOPPED, "completed_at", rested),
        (Status.COMPLETED, "completed_at", at - UNCOLLECTED_FOR),
    ):
        found += resting(status=status, since=since, until=until)[: limit - len(found)]
    return found


def resting(*, status: Status, since: str, until: datetime) -> QuerySet[Dossier, int]:
    """Give the dossiers that are in a status since ``until`` or longer, the longest first; a partial index has them."""
    rows = Dossier.objects.filter(status=status, is_mirror=False, **{f"{since}__lte": until})
    return (
        rows.exclude(payment_state=PaymentState.REFUND_DUE).order_by(since, "pk").values_list("pk", flat=True)
    )


def _rest(dossier: Dossier) -> timedelta:
    if dossier.status == Status.COMPLETED:
        return UNCOLLECTED_FOR
    return timedelta(days=settings.ARCHIVE_AFTER_DAYS)


def _since(dossier: Dossier) -> datetime:
    """Give the moment at which the dossier came into its status."""
    came = dossier.events.filter(to_status=dossier.status).exclude(from_status=dossier.status)
    return came.order_by("-seq").values_list("at", flat=True)[0]
