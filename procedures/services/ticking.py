"""What is due by the clock: publication on the first day, opening and closing at their hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.outages import is_database_away
from procedures.models import ProcedureVersion
from procedures.services.doors import NotReady, close_for_filing, has_ended, open_for_filing
from procedures.services.life import publish
from procedures.services.log import log as write_down
from procedures.states import VersionEventKind, VersionStatus

log = structlog.get_logger(__name__)


def tick(*, at: datetime) -> int:
    """Publish, open and close what is due; say how many versions were moved. Safe to repeat and to run twice at once.

    A version that cannot be opened keeps its door closed; its log says why, once.
    """
    moved = 0
    for version_id in _waiting(status=VersionStatus.APPROVED, effective_from__lte=timezone.localdate(at)):
        moved += _alone(version_id, _publish, at=at)
    for version_id in _waiting(status=VersionStatus.PUBLISHED, opens_at__lte=at, is_fileable=False):
        moved += _alone(version_id, _open, at=at)
    for version_id in _waiting(status=VersionStatus.PUBLISHED, closes_at__lte=at):
        moved += _alone(version_id, _close, at=at)
    ended = {"is_fileable": True, "effective_to__lt": timezone.localdate(at)}
    for version_id in _waiting(status=VersionStatus.PUBLISHED, **ended):
        moved += _alone(version_id, _end, at=at)
    return moved


def _waiting(**due: object) -> list[int]:
    return list(ProcedureVersion.objects.filter(**due).order_by("pk").values_list("pk", flat=True)[:100])


def _alone(version_id: int, move: Callable[[ProcedureVersion, datetime], bool], *, at: datetime) -> int:
    """Make one move in its own transaction, unless somebody has just made it.

    One that breaks is told in the log of the server, and does not keep the others from their hour.
    """
    try:
        with transaction.atomic():
            version = (
                ProcedureVersion.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(pk=version_id)
                .first()
            )
            return int(version is not None and move(version, at))
    except Exception as problem:
        if is_database_away(problem):
            raise
        log.exception("procedure_not_moved", version_id=version_id)
        return 0


def _publish(version: ProcedureVersion, at: datetime) -> bool:
    if version.status != VersionStatus.APPROVED:
        return False
    publish(version_id=version.pk, actor=Actor.system(), at=at)
    return True


def _open(version: ProcedureVersion, at: datetime) -> bool:
    if version.opens_at is None or version.is_fileable:
        return False
    version.opens_at = None
    version.save(update_fields=["opens_at", "updated_at"])
    try:
        with transaction.atomic():
            open_for_filing(version_id=version.pk, actor=Actor.system(), at=at)
    except NotReady as problem:
        log.warning("procedure_not_opened", version_id=version.pk, problems=problem.problems)
        write_down(
            version, VersionEventKind.CLOSED, actor=Actor.system(), at=at, reason=" ".join(problem.problems)
        )
    return True


def _end(version: ProcedureVersion, at: datetime) -> bool:
    """Shut the door of a version after its last day."""
    if not version.is_fileable or not has_ended(version, at=at):
        return False
    reason = _("Hết hiệu lực sau ngày %s.") % f"{version.effective_to:%d/%m/%Y}"
    close_for_filing(version_id=version.pk, actor=Actor.system(), at=at, reason=reason)
    return True


def _close(version: ProcedureVersion, at: datetime) -> bool:
    if version.closes_at is None:
        return False
    version.closes_at = None
    version.save(update_fields=["closes_at", "updated_at"])
    close_for_filing(version_id=version.pk, actor=Actor.system(), at=at)
    return True
