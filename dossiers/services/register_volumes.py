"""Quyển sổ theo dõi: the closed book of a year as signed PDF/A, a volume for every so many lines.

The worker makes each volume once, after the head of the unit has closed the year; the agency's seal signs it, and
whoever asks later is given the same file. A volume that cannot be made stays queued and is tried again.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least
from django.template.loader import render_to_string

from core import pdf, signing
from dossiers import papers, register_book
from dossiers.models import RegisterVolume, RegisterYear
from dossiers.states import PaperState
from outbox import services as outbox

log = structlog.get_logger(__name__)

CLOSED = "register.closed"
"""Outbox topic: a book was closed. Payload: book_id."""
LINES = 500
"""Lines of one volume: as many as a worker sets in some seconds."""
FIELD = "sig-unit"
RED = (0.75, 0.05, 0.08)
FIRST_RETRY = timedelta(seconds=settings.FORGOTTEN_AFTER_S)
SLOWEST_RETRY = 10
COUNTED_ATTEMPTS = 9999


def queue(book: RegisterYear, *, at: datetime) -> None:
    """Queue the volumes of a locked book that was closed just now; a year without a line has none."""
    RegisterVolume.objects.bulk_create(
        RegisterVolume(
            book=book,
            number=number,
            first_line=first,
            last_line=min(first + LINES - 1, book.last),
            requested_at=at,
        )
        for number, first in enumerate(range(1, book.last + 1, LINES), start=1)
    )
    outbox.publish(topic=CLOSED, key=f"register {book.pk}", payload={"book_id": book.pk}, at=at)


def queued(*, book_id: int) -> list[int]:
    """Give the volumes of a book that are still to be made, in their order."""
    waiting = RegisterVolume.objects.filter(book=book_id, state=PaperState.QUEUED)
    return list(waiting.order_by("number").values_list("pk", flat=True))


def make(*, volume_id: int, at: datetime) -> bool:
    """Render and sign one queued volume; give whether it is made now. Safe to repeat, also at the same time."""
    try:
        with transaction.atomic():
            volume = (
                RegisterVolume.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(pk=volume_id, state=PaperState.QUEUED)
                .select_related("book__agency", "book__closed_by")
                .first()
            )
            if volume is None:
                return False
            content = _signed(volume, at=at)
            name = f"so-theo-doi-{volume.book.agency.code}-{volume.book.year}-{volume.number}.pdf"
            volume.file.save(name, ContentFile(content), save=False)
            volume.sha256 = hashlib.sha256(content).hexdigest()
            volume.state, volume.made_at, volume.last_error = PaperState.READY, at, ""
            volume.save()
            return True
    except Exception as error:  # whatever the cause, the volume stays queued and its attempts are counted
        log.exception("register volume not made", volume_id=volume_id)
        RegisterVolume.objects.filter(pk=volume_id, state=PaperState.QUEUED).update(
            attempts=Least(F("attempts") + 1, COUNTED_ATTEMPTS),
            last_error=f"{type(error).__name__}: {error}"[:500],
        )
        return False


def overdue(*, at: datetime, limit: int = 10) -> list[int]:
    """Give the queued volumes whose turn it is: no worker took the hint, or an earlier attempt failed."""
    waiting = RegisterVolume.objects.filter(state=PaperState.QUEUED, requested_at__lt=at - FIRST_RETRY)
    return [
        volume.pk
        for volume in waiting.order_by("pk")
        if volume.requested_at + FIRST_RETRY * 2 ** min(volume.attempts, SLOWEST_RETRY) < at
    ][:limit]


def _signed(volume: RegisterVolume, *, at: datetime) -> bytes:
    book = volume.book
    title = f"Sổ theo dõi hồ sơ năm {book.year}, quyển {volume.number}"
    body = render_to_string(
        "papers/register_volume.html",
        {
            "volume": volume,
            "book": book,
            "agency": book.agency,
            "desk": book.agency.one_stop_name,
            "title": title,
            "columns": register_book.COLUMNS,
            "rows": register_book.rows_between(
                book, volume.first_line, volume.last_line, at=book.closed_at or at
            ),
        },
    )
    rendered = pdf.render(body, title=title)
    content = signing.prepare_fields(rendered.content, {FIELD: rendered.anchors[FIELD]})
    return signing.sign(
        content,
        key_id=book.agency.seal_key_id or signing.PORTAL_KEY_ID,
        field=FIELD,
        at=at,
        reason=title,
        stamp=signing.Stamp(
            lines=["Ký số bởi:", book.agency.name, f"Ngày ký: {papers.signing_time(at)}"],
            font_size=8,
            colour=RED,
        ),
    )
