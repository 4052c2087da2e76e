"""The way of a result draft through its three background steps: rendered, signed, issued.

A request puts the draft into a working state and publishes a hint; the worker does the long part without a lock, then
writes its outcome in one transaction that asks whether the draft still waits for just that. So each step may run
twice, at the same time or after a crash at any point, and takes effect once. A step that cannot be done puts the
draft back where it was asked for, and says why and what to do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from core import pdf, signing
from core.errors import Conflict, Refusal
from core.outages import is_database_away
from dossiers.models import Dossier, ResultDraft
from dossiers.states import DraftState
from outbox import services as outbox

log = structlog.get_logger(__name__)

FORGOTTEN_AFTER = timedelta(seconds=settings.FORGOTTEN_AFTER_S)

TOPICS = {
    DraftState.RENDERING: "draft.render",
    DraftState.SIGNING: "draft.sign",
    DraftState.ISSUING: "draft.issue",
}
_BEFORE = {
    DraftState.RENDERING: DraftState.EDITING,
    DraftState.SIGNING: DraftState.READY,
    DraftState.ISSUING: DraftState.SIGNED,
}


class FileChanged(Conflict):
    """The stored file is not the one whose fingerprint was written down."""

    code = "file_changed"


class DraftBusy(Conflict):
    """The draft is at work in the background, or is not where the step starts from."""

    code = "draft_busy"
    message = _("Hệ thống đang tạo hoặc ký tệp của dự thảo này. Hãy chờ vài giây rồi tải lại trang.")


def locked(dossier: Dossier) -> ResultDraft | None:
    """Lock the draft of a dossier until the transaction ends; None where none was begun."""
    return (
        ResultDraft.objects.select_for_update(of=("self",))
        .select_related("result_type", "dossier")
        .filter(dossier=dossier)
        .first()
    )


def resting(dossier: Dossier, state: DraftState) -> ResultDraft:
    """Lock the draft of a dossier, which must rest in this state.

    :raises DraftBusy: it is at work, or not there.
    """
    draft = locked(dossier)
    if draft is None or draft.state != state:
        raise DraftBusy()
    return draft


def begin(draft: ResultDraft, state: DraftState, *, at: datetime, fields: tuple[str, ...] = ()) -> None:
    """Put a locked draft into a working state and tell the worker. ``fields`` are others to save with it."""
    draft.state = state
    draft.last_error = ""
    draft.save(update_fields=["state", "last_error", "updated_at", *fields])
    outbox.publish(topic=TOPICS[state], key=draft.dossier.tracking_no, payload={"draft_id": draft.pk}, at=at)


def hold(dossier: Dossier, *, why: str) -> None:
    """Put the draft of a locked dossier back to where a working step was asked for; nothing where none is at work.

    A worker that is busy with it finds that nobody waits for its outcome any more, and throws it away. ``why`` is shown
    to the officers.
    """
    draft = locked(dossier)
    if draft is None or DraftState(draft.state) not in _BEFORE:
        return
    draft.state, draft.last_error = _BEFORE[DraftState(draft.state)], why
    draft.save(update_fields=["state", "last_error", "updated_at"])


def waiting(draft_id: int, state: DraftState) -> ResultDraft | None:
    """Give the draft if it waits for this step, with what the step reads."""
    return (
        ResultDraft.objects.filter(pk=draft_id, state=state)
        .select_related(
            "result_type",
            "signer",
            "clerk",
            "dossier__procedure_version__procedure",
            "dossier__submitter",
            "dossier__owner_person",
            "dossier__owner_organisation",
            "dossier__received_at_unit",
            "dossier__competent_agency",
        )
        .first()
    )


@contextmanager
def putting_back(draft_id: int, state: DraftState, *, at: datetime) -> Iterator[None]:
    """Where the step fails, put the draft back and say why; a missing PDF engine only makes it wait."""
    try:
        yield
    except pdf.PdfEngineMissing:
        log.exception("PDF engine missing", draft_id=draft_id)
        text = _("Máy chủ chưa có bộ tạo PDF nên tệp đang chờ. Hãy báo quản trị; hệ thống tự thử lại.")
        _note(draft_id, state, state, str(text), at)
    except Refusal as refusal:
        log.warning("draft step refused", draft_id=draft_id, code=refusal.code)
        _note(draft_id, state, _BEFORE[state], str(refusal), at)
    except signing.KeyMissing:
        log.exception("signing key missing", draft_id=draft_id)
        text = _("Chưa có khóa ký số dùng được. Hãy báo quản trị cài chứng thư số rồi thực hiện lại.")
        _note(draft_id, state, _BEFORE[state], str(text), at)
    except Exception as problem:  # whatever the cause, the officer sees that it failed and can try again
        if is_database_away(problem):
            raise  # nobody has to do anything: the draft still waits, and is taken up again
        log.exception("draft step failed", draft_id=draft_id, state=state)
        text = _("Hệ thống gặp lỗi khi tạo hoặc ký tệp. Hãy thực hiện lại; nếu vẫn lỗi, báo quản trị.")
        _note(draft_id, state, _BEFORE[state], str(text), at)


def _note(draft_id: int, state: DraftState, back_to: DraftState, error: str, at: datetime) -> None:
    waiting_ones = ResultDraft.objects.filter(pk=draft_id, state=state)
    waiting_ones.update(state=back_to, last_error=error, updated_at=at)


def forgotten(*, at: datetime, limit: int = 50) -> list[tuple[int, DraftState]]:
    """Give the drafts that have been at work for long: the hint was lost, or the worker died."""
    rows: QuerySet[ResultDraft, tuple[int, str]] = (
        ResultDraft.objects.filter(state__in=list(TOPICS), updated_at__lt=at - FORGOTTEN_AFTER)
        .order_by("pk")
        .values_list("pk", "state")
    )
    return [(pk, DraftState(state)) for pk, state in rows[:limit]]


@dataclass(slots=True)
class Stored:
    """A file on the disk that no row names yet; ``used`` says that one does now."""

    path: str
    sha256: str
    used: bool = False


@contextmanager
def stored(file: FieldFile, content: bytes, *, name: str) -> Iterator[Stored]:
    """Put a file on the disk before any row is locked, and take it back unless it came to be used.

    It also stays where nobody knows whether the row was committed: a file too many is better than one too few.
    """
    wanted = file.field.generate_filename(file.instance, name)
    kept = Stored(default_storage.save(wanted, ContentFile(content)), fingerprint(content))
    try:
        yield kept
    except BaseException as problem:
        kept.used = kept.used or is_database_away(problem)
        raise
    finally:
        if not kept.used:
            default_storage.delete(kept.path)


def read(file: FieldFile, *, sha256: str, problem: str) -> bytes:
    """Give a stored file whose fingerprint still is the one that was written down.

    :raises FileChanged: with ``problem`` as its message.
    """
    with file.open("rb") as stored:
        content = stored.read()
    if fingerprint(content) != sha256:
        raise FileChanged(problem)
    return content


def fingerprint(content: bytes) -> str:
    """Give the SHA-256 of a file's content, in hex."""
    return hashlib.sha256(content).hexdigest()
