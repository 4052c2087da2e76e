"""Filling a draft from what the city holds: the applicant hands in nothing, and the officer sees where it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Conflict
from core.uploads.kinds import Kind
from dossiers import holdings
from dossiers.drafts import Draft
from dossiers.holdings import Holding, Owner
from dossiers.models import Dossier, DossierComponent
from dossiers.services import drafting
from dossiers.services.attachments import FILE_FIELD, StoredFile, discard, take_out
from dossiers.states import ScanState
from procedures.models import Component


class NotHeld(Conflict):
    """What was to be reused is not there: it has expired, was taken out of force, or was never the applicant's."""

    code = "not_held"
    message = _("Thành phố không còn bản dùng được của giấy tờ này. Hãy tải tệp lên.")


def owner_of(dossier: Dossier, *, actor: Actor) -> Owner:
    """Give whose papers a draft may be filled from, as the actor may see them."""
    return Owner(actor, dossier.owner_person or dossier.submitter, dossier.owner_organisation)


def fill(
    *, dossier_id: int, actor: Actor, at: datetime, positions: Collection[int]
) -> list[DossierComponent]:
    """Fill the components at these positions from what is held, those that the draft asks for now.

    What is not held any more is left for the applicant to hand in. A component that has a file keeps it.

    :raises AlreadyFiled, NotAllowed: as `drafting.lock_draft`.
    """
    with transaction.atomic():
        dossier = drafting.lock_draft(dossier_id=dossier_id, actor=actor)
        slots = Draft(dossier, at).slots
    wanted = [
        one.component for one in slots if one.file is None and one.component.position in frozenset(positions)
    ]
    return _take(dossier, wanted, actor=actor, at=at)


def use(*, dossier_id: int, component: Component, actor: Actor, at: datetime) -> DossierComponent:
    """Put what is held for one component into a draft, in place of the current file.

    Doing so again changes nothing.

    :raises NotHeld: there is nothing, or it is no longer what it was.
    :raises AlreadyFiled, NotAllowed: as `drafting.lock_draft`.
    """
    with transaction.atomic():
        dossier = drafting.lock_draft(dossier_id=dossier_id, actor=actor)
    if component.version_id != dossier.procedure_version_id or not component.is_upload:
        raise NotHeld()
    rows = _take(dossier, [component], actor=actor, at=at)
    if not rows:
        raise NotHeld()
    return rows[0]


def _take(
    dossier: Dossier, components: Iterable[Component], *, actor: Actor, at: datetime
) -> list[DossierComponent]:
    found = holdings.find(components, owner=owner_of(dossier, actor=actor), at=at)
    stored: list[StoredFile] = []
    try:
        pairs = []
        for one in found.values():
            file = _stored(one)
            if file is not None:
                stored.append(file)
                pairs.append((one, file))
        with transaction.atomic():
            draft = drafting.lock_draft(dossier_id=dossier.pk, actor=actor)
            if draft.procedure_version_id != dossier.procedure_version_id:
                raise drafting.AnswersChanged()
            rows = [_put(draft, one, file, at=at) for one, file in pairs]
            if rows:
                drafting.touch(draft)
            return rows
    except BaseException as problem:
        discard(stored, because=problem)
        raise


def _stored(one: Holding) -> StoredFile | None:
    """Copy what is held to the dossier's own files; None where the kept file is not what was signed."""
    if one.result is None:
        content, kind, name = one.extract, Kind.TEXT, f"{one.source.value}.txt"
    else:
        try:
            with one.result.file.open("rb") as file:
                content = file.read()
        except FileNotFoundError:
            return None
        kind, name = Kind.PDF, f"{one.result.number.replace('/', '-')}.pdf"
    digest = hashlib.sha256(content).hexdigest()
    if digest != one.mark:
        return None
    wanted = FILE_FIELD.generate_filename(DossierComponent(), f"{digest[:32]}.{kind.value}")
    path = default_storage.save(wanted, ContentFile(content))
    return StoredFile(
        path=path,
        name=name,
        kind=kind.value,
        size=len(content),
        pages=None,
        sha256=digest,
        scan_state=ScanState.CLEAN,  # the portal itself has made it
    )


def _put(draft: Dossier, one: Holding, file: StoredFile, *, at: datetime) -> DossierComponent:
    for current in DossierComponent.objects.filter(dossier=draft, component=one.component, replaced_at=None):
        take_out(current)
    row = file.row(dossier=draft, component=one.component)
    row.source, row.origin, row.result = one.source.value, one.origin, one.result
    row.source_fields = list(one.details or {})
    row.taken_at, row.valid_to = at, one.valid_to
    row.save(force_insert=True)
    return row
