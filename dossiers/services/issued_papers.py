"""Forms of a dossier, made and signed by the worker after the event that asked for them.

The row says what is left to do. It is locked while its paper is made, so that a paper comes into being once, however
often it is asked for; a paper that cannot be made stays queued and is tried again, more and more rarely. Only a paper
whose facts were never written down is given up: trying again would change nothing, so people are told instead.
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
ERROR_LENGTH = 500
BLUE = (0.02, 0.2, 0.55)
RED = (0.75, 0.05, 0.08)


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
                    "dossier__competent_agency",
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
            paper.last_error = ""
            paper.save(update_fields=["file", "sha256", "state", "made_at", "attempts", "last_error"])
            return True
    except papers.RowsMissing as gap:
        log.error("paper given up", paper_id=paper_id, gap=str(gap))
        _note_failure(paper_id, error=str(gap), state=PaperState.FAILED)
        return False
    except Exception as error:  # whatever the cause, the paper stays queued and its attempts are counted
        log.exception("paper not made", paper_id=paper_id)
        _note_failure(paper_id, error=f"{type(error).__name__}: {error}", state=PaperState.QUEUED)
        return False


def take_up_again(*, paper_id: int, at: datetime) -> bool:
    """Queue a paper that was given up once its facts are there; give whether it waits again now."""
    given_up = Paper.objects.filter(pk=paper_id, state=PaperState.FAILED)
    return bool(given_up.update(state=PaperState.QUEUED, requested_at=at, attempts=0))


def _note_failure(paper_id: int, *, error: str, state: PaperState) -> None:
    Paper.objects.filter(pk=paper_id, state=PaperState.QUEUED).update(
        attempts=Least(F("attempts") + 1, COUNTED_ATTEMPTS), last_error=error[:ERROR_LENGTH], state=state
    )


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
    """Render a paper and let each of its signers sign, the officer before the agency (NĐ 30/2020)."""
    rendered = pdf.render(composed.body, title=composed.title)
    fields = {one.field: rendered.anchors[one.field] for one in composed.signatures}
    content = signing.prepare_fields(rendered.content, fields)
    for one in composed.signatures:
        by_officer = one.field == papers.OFFICER_FIELD
        content = signing.sign(
            content,
            key_id=one.key_id,
            field=one.field,
            at=at,
            reason=composed.title,
            stamp=signing.Stamp(
                lines=["Ký số bởi:", one.signed_by, f"Ngày ký: {papers.signing_time(at)}"],
                font_size=8,
                colour=BLUE if by_officer else RED,
            ),
        )
    return content
