"""Forms of a dossier, made and signed by the worker after the event that asked for them.

The row says what is left to do. It is locked while its paper is made, so that a paper comes into being once, however
often it is asked for; a paper that cannot be made stays queued and is tried again, more and more rarely.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least

from core import pdf, signing
from dossiers import papers
from dossiers.models import DossierEvent, Paper
from dossiers.states import Form, PaperState

log = structlog.get_logger(__name__)

FIRST_RETRY = timedelta(seconds=settings.FORGOTTEN_AFTER_S)
SLOWEST_RETRY = 10
"""After so many attempts the wait no longer doubles: 30 s × 2^10 is nine hours."""
COUNTED_ATTEMPTS = 9999


def request(*, event_id: int, forms: Iterable[str], at: datetime) -> list[int]:
    """Queue the forms that an event asks for, and give the ids of those that are still to be made.

    Asking twice queues nothing twice.

    :raises DossierEvent.DoesNotExist: no such event.
    """
    event = DossierEvent.objects.only("pk", "dossier_id").get(pk=event_id)
    wanted = [Form(form) for form in forms]
    Paper.objects.bulk_create(
        [
            Paper(dossier_id=event.dossier_id, event_id=event.pk, form=form, requested_at=at)
            for form in wanted
        ],
        ignore_conflicts=True,
    )
    queued = Paper.objects.filter(event_id=event.pk, form__in=wanted, state=PaperState.QUEUED)
    return list(queued.order_by("pk").values_list("pk", flat=True))


def make(*, paper_id: int, at: datetime) -> bool:
    """Render and sign one queued paper; give whether it is made now. Safe to repeat, also at the same time."""
    try:
        with transaction.atomic():
            paper = (
                Paper.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(pk=paper_id, state=PaperState.QUEUED)
                .select_related(
                    "event",
                    "dossier__procedure_version",
                    "dossier__received_at_unit",
                    "dossier__submitter",
                    "dossier__owner_person",
                    "dossier__owner_organisation",
                )
                .first()
            )
            if paper is None:
                return False
            content = _signed(papers.compose(paper), at=at)
            paper.file.save(f"{paper.dossier.tracking_no}-{paper.form}.pdf", ContentFile(content), save=False)
            paper.sha256 = hashlib.sha256(content).hexdigest()
            paper.state, paper.made_at = PaperState.READY, at
            paper.attempts = min(paper.attempts + 1, COUNTED_ATTEMPTS)
            paper.save(update_fields=["file", "sha256", "state", "made_at", "attempts"])
            return True
    except Exception:  # whatever the cause, the paper stays queued and its attempts are counted
        log.exception("paper not made", paper_id=paper_id)
        Paper.objects.filter(pk=paper_id, state=PaperState.QUEUED).update(
            attempts=Least(F("attempts") + 1, COUNTED_ATTEMPTS)
        )
        return False


def overdue(*, at: datetime, limit: int = 50) -> list[int]:
    """Give the queued papers whose turn it is: no worker took the hint, or an earlier attempt failed."""
    rows = (
        Paper.objects.filter(state=PaperState.QUEUED, requested_at__lt=at - FIRST_RETRY)
        .order_by("pk")
        .values_list("pk", "requested_at", "attempts")
    )
    due = (
        pk
        for pk, requested_at, attempts in rows.iterator()
        if requested_at + FIRST_RETRY * 2 ** min(attempts, SLOWEST_RETRY) < at
    )
    return [pk for pk, _nth in zip(due, range(limit), strict=False)]


def _signed(composed: papers.Composed, *, at: datetime) -> bytes:
    rendered = pdf.render(composed.body, title=composed.title)
    prepared = signing.prepare_fields(
        rendered.content, {papers.UNIT_FIELD: rendered.anchors[papers.UNIT_FIELD]}
    )
    stamp = signing.Stamp(
        lines=["Đã ký số bởi:", composed.signed_by, f"Ngày ký: {papers.signing_time(at)}"], font_size=8
    )
    return signing.sign(
        prepared, key_id=composed.key_id, field=papers.UNIT_FIELD, at=at, reason=composed.title, stamp=stamp
    )
