"""Files of a dossier: checked, scanned and stored on disk before any row speaks of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, BinaryIO, cast

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import scanner, uploads
from core.actor import Actor
from core.errors import Conflict, InvalidInput
from core.outages import is_database_away
from core.scanner import Outcome
from core.uploads import Limits
from core.uploads.kinds import Kind
from core.uploads.refusals import UploadRefused
from dossiers import validity
from dossiers.models import Dossier, DossierComponent
from dossiers.services import drafting
from dossiers.states import GivenAs, ScanState
from procedures.models import Component

FILE_FIELD = DossierComponent._meta.get_field("file")


class Infected(UploadRefused):
    """The virus scanner found something; nothing was kept."""

    code = "upload_infected"
    wording = _(
        "Tệp “%(name)s” có mã độc nên không được nhận. "
        "Hãy quét máy tính bằng phần mềm diệt mã độc, hoặc dùng bản gốc khác của giấy tờ, rồi tải lên lại."
    )


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies on the durable storage under ``path``; nobody knows of it yet."""

    path: str
    name: str
    kind: str
    size: int
    pages: int | None
    sha256: str
    scan_state: ScanState

    def row(
        self, *, dossier: Dossier, component: Component, issued_on: date | None = None
    ) -> DossierComponent:
        return DossierComponent(
            dossier=dossier,
            component=component,
            file=self.path,
            original_name=self.name,
            kind=self.kind,
            size=self.size,
            pages=self.pages,
            sha256=self.sha256,
            scan_state=self.scan_state,
            issued_on=issued_on,
            valid_to=validity.last_day(component, issued_on=issued_on),
        )


def store(upload: IO[bytes], *, name: str, component: Component) -> StoredFile:
    """Check and scan an upload and put it on the durable storage. Opens no transaction: this may take a while.

    A scanner that does not answer leaves the file in quarantine (`ScanState.PENDING`) until `scan_pending`.

    :raises UploadRefused: the file cannot be taken; the message names the file, the problem and the mend.
    """
    limits = Limits(max_bytes=settings.UPLOAD_MAX_BYTES, max_pages=component.max_pages)
    with uploads.inspect(upload, name=name, limits=limits) as clean:
        verdict = scanner.scan(clean.content)
        if verdict.outcome is Outcome.INFECTED:
            raise Infected(clean.name)
        # The name on disk says nothing: what the person called the file stays in the row.
        wanted = FILE_FIELD.generate_filename(DossierComponent(), f"{clean.sha256[:32]}.{clean.extension}")
        path = default_storage.save(wanted, File(clean.content))
    return StoredFile(
        path=path,
        name=clean.name,
        kind=clean.kind,
        size=clean.size,
        pages=clean.pages,
        sha256=clean.sha256,
        scan_state=ScanState.CLEAN if verdict.is_clean else ScanState.PENDING,
    )


def written(text: str, *, name: str) -> StoredFile:
    """Put a text that the portal itself has written on the durable storage, as the file of a component."""
    return kept(text.encode(), kind=Kind.TEXT.value, name=name)


def kept(content: bytes, *, kind: str, name: str, pages: int | None = None) -> StoredFile:
    """Put content that the portal has made, or has scanned before, on the durable storage."""
    digest = hashlib.sha256(content).hexdigest()
    wanted = FILE_FIELD.generate_filename(DossierComponent(), f"{digest[:32]}.{kind}")
    return StoredFile(
        path=default_storage.save(wanted, ContentFile(content)),
        name=name,
        kind=kind,
        size=len(content),
        pages=pages,
        sha256=digest,
        scan_state=ScanState.CLEAN,
    )


def require_given(given_as: str, *, original_kept: bool) -> None:
    """Let an officer say in which form a paper lies on the counter, and whether the original stays here.

    :raises InvalidInput: under ``given_as`` or ``original_kept``.
    """
    if given_as not in GivenAs.values or given_as == GivenAs.FILE:
        raise InvalidInput({"given_as": [_("Hãy chọn giấy tờ nộp là bản chính, bản sao hay bản chụp.")]})
    if original_kept and given_as not in (GivenAs.ORIGINAL, GivenAs.COMPARED_COPY):
        raise InvalidInput({"original_kept": [_("Chỉ giữ bản chính khi người nộp đưa bản chính.")]})


def discard(files: Iterable[StoredFile], *, because: BaseException) -> None:
    """Take stored files back from the disk: the rows that should have named them were not written.

    They stay where the database went away, which leaves open whether the rows were committed: a file that nobody
    needs costs little, a filed dossier without its file cannot be mended.
    """
    if is_database_away(because):
        return
    for file in files:
        default_storage.delete(file.path)


def attach(
    *,
    dossier_id: int,
    component: Component,
    upload: IO[bytes],
    name: str,
    actor: Actor,
    issued_on: date | None = None,
    at: datetime | None = None,
) -> DossierComponent:
    """Put a file into a draft in place of the component's current one, which nobody but the applicant has seen.

    :param issued_on: when the paper was issued, if that is told; with ``at``, the moment of handing it in.
    :raises InvalidInput: under ``issued_on``: the paper is older than the component allows.
    :raises UploadRefused: see `store`; the draft is as before.
    :raises Conflict: the component is not one of the draft's procedure, or takes no file.
    :raises AlreadyFiled, NotAllowed: as `drafting.lock_draft`.
    """
    if at is not None:
        validity.require(component, issued_on, on=timezone.localdate(at))
    stored = store(upload, name=name, component=component)
    try:
        with transaction.atomic():
            draft = drafting.lock_draft(dossier_id=dossier_id, actor=actor)
            if component.version_id != draft.procedure_version_id or not component.is_upload:
                raise Conflict()
            for current in DossierComponent.objects.filter(
                dossier=draft, component=component, replaced_at=None
            ):
                take_out(current)
            row = stored.row(dossier=draft, component=component, issued_on=issued_on)
            row.save(force_insert=True)
            drafting.touch(draft)
            return row
    except BaseException as problem:
        discard([stored], because=problem)
        raise


@transaction.atomic
def remove(*, dossier_id: int, file_id: int, actor: Actor) -> None:
    """Take a file out of a draft for good: nobody but the applicant has seen it.

    Removing a file that is gone already does nothing.

    :raises AlreadyFiled, NotAllowed: as `drafting.lock_draft`.
    """
    draft = drafting.lock_draft(dossier_id=dossier_id, actor=actor)
    file = DossierComponent.objects.filter(dossier=draft, pk=file_id, replaced_at=None).first()
    if file is None:
        return
    take_out(file)
    drafting.touch(draft)


def take_out(file: DossierComponent) -> None:
    """Delete a file that nobody but who put it in has seen; its content goes after the commit."""
    path = str(file.file.name)
    file.delete()
    transaction.on_commit(lambda: default_storage.delete(path), robust=True)


def scan_pending(*, limit: int = 200) -> int:
    """Scan the files in quarantine; give the number of those that are settled now.

    An infected file's content is deleted, its row stays and says so. Stops when the scanner does not answer.
    """
    settled = 0
    rows = DossierComponent.objects.filter(scan_state=ScanState.PENDING).order_by("pk")[:limit]
    for row in rows:
        try:
            with row.file.open("rb") as content:
                outcome = scanner.scan(cast(BinaryIO, content)).outcome
        except FileNotFoundError:
            continue  # its applicant has just taken it out of the draft
        if outcome is Outcome.UNAVAILABLE:
            break
        infected = outcome is Outcome.INFECTED
        state = ScanState.INFECTED if infected else ScanState.CLEAN
        settled += DossierComponent.objects.filter(pk=row.pk, scan_state=ScanState.PENDING).update(
            scan_state=state
        )
        if infected:
            default_storage.delete(str(row.file.name))
    return settled
