"""Drafts of a procedure: begin, clone, bring in, save, undo. A procedure has one draft at a time.

Every save keeps the whole document as a revision, so that each can be undone and done again until the draft is
published; a save on an older revision than the last is refused, because two people would overwrite each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import Conflict, InvalidInput
from procedures import document as documents
from procedures import policies
from procedures.care.given_back import give_back
from procedures.models import DraftRevision, Procedure, ProcedureVersion
from procedures.services.log import log
from procedures.states import VersionEventKind, VersionStatus


class Overtaken(Conflict):
    """Somebody has saved the draft since it was opened; nothing of this save was kept."""

    code = "draft_overtaken"
    message = gettext_lazy("Người khác vừa sửa bản thảo này. Hãy tải lại trang để xem bản mới, rồi sửa tiếp.")


class NoDraft(Conflict):
    """What is to be changed is not a draft."""

    code = "not_a_draft"
    message = gettext_lazy(
        "Phiên bản này không còn là bản thảo nên không sửa được. Hãy tạo bản thảo mới từ phiên bản này."
    )


@transaction.atomic
def begin(*, code: str, name: str, actor: Actor, at: datetime) -> ProcedureVersion:
    """Begin a procedure from nothing.

    :raises InvalidInput: the code or the name will not do, or the catalogue has the code already.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    document = documents.parse({"format": documents.FORMAT, "code": code, "name": name})
    if _is_taken(document["code"]):
        raise InvalidInput({"code": [_("Danh mục đã có thủ tục %s. Hãy tạo bản thảo từ thủ tục đó.") % code]})
    return _draft(document, VersionEventKind.CREATED, actor=actor, at=at)


@transaction.atomic
def bring_in(*, document: Mapping[str, Any], actor: Actor, at: datetime) -> ProcedureVersion:
    """Make a draft from a document of this or another city; the procedure is entered if it is new here.

    :raises InvalidInput: the document names an agency or a procedure that is not known here.
    :raises Conflict: the procedure has a draft already.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    return _draft(document, VersionEventKind.IMPORTED, actor=actor, at=at)


@transaction.atomic
def clone(*, version_id: int, actor: Actor, at: datetime, code: str = "") -> ProcedureVersion:
    """Make a draft that says what a version says: of the same procedure, or of a new one with ``code``.

    :raises InvalidInput: the catalogue has the code already.
    :raises Conflict: the procedure has a draft already.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    policies.require_configure(actor)
    source = ProcedureVersion.objects.select_related("procedure", "sector", "competent_agency").get(
        pk=version_id
    )
    document = documents.of_version(source)
    if code:
        if _is_taken(code):
            raise InvalidInput({"code": [_("Danh mục đã có thủ tục %s. Hãy chọn mã khác.") % code]})
        document = documents.parse({**document, "code": code})
    return _draft(document, VersionEventKind.CREATED, actor=actor, at=at, source_id=source.pk)


@transaction.atomic
def save(
    *, version_id: int, document: Mapping[str, Any], revision: int, actor: Actor, at: datetime
) -> ProcedureVersion:
    """Write a draft anew. ``revision`` is the one that the change was made on. The code stays the procedure's.

    :raises Overtaken: somebody has saved since.
    :raises NoDraft: it is no draft any more.
    :raises InvalidInput: the document is wrong; nothing was saved.
    :raises NotAllowed: the actor does not look after the catalogue.
    """
    version = _lock_at(version_id, revision, actor=actor)
    parsed = documents.parse({**document, "code": version.procedure.code})
    # A number is never given twice: trials and pages still open speak of a save by its number.
    last = version.revisions.aggregate(last=Max("number"))["last"] or 0
    # What was undone is gone once something else is done.
    version.revisions.filter(number__gt=revision).delete()
    version.revision = max(last, revision) + 1
    documents.write(version, parsed)
    _keep(version, parsed, actor=actor, at=at)
    return version


@transaction.atomic
def undo(*, version_id: int, revision: int, actor: Actor, at: datetime) -> ProcedureVersion:
    """Take the save ``revision``, the last one, back; nothing happens where there is none before it.

    :raises Overtaken: there is a later save, which nobody asked to take back.
    :raises NoDraft, NotAllowed: as `save`.
    """
    version = _lock_at(version_id, revision, actor=actor)
    return _turn_to(version, version.revisions.filter(number__lt=revision).order_by("-number").first())


@transaction.atomic
def redo(*, version_id: int, revision: int, actor: Actor, at: datetime) -> ProcedureVersion:
    """Do again what was undone last, back to ``revision``; nothing happens where there is nothing.

    :raises Overtaken, NoDraft, NotAllowed: as `undo`.
    """
    version = _lock_at(version_id, revision, actor=actor)
    return _turn_to(version, version.revisions.filter(number__gt=revision).order_by("number").first())


@transaction.atomic
def discard(*, version_id: int, actor: Actor, at: datetime) -> None:
    """Throw a draft away; its log and its revisions stay. What it would have settled is asked again.

    :raises NoDraft, NotAllowed: as `save`.
    """
    version = lock_draft(version_id=version_id, actor=actor)
    version.status = VersionStatus.DISCARDED
    version.save(update_fields=["status", "updated_at"])
    log(version, VersionEventKind.DISCARDED, actor=actor, at=at)
    give_back(version)


def lock_draft(*, version_id: int, actor: Actor) -> ProcedureVersion:
    """Give a draft, locked until the transaction ends.

    :raises NoDraft, NotAllowed: as `save`.
    """
    policies.require_configure(actor)
    version = (
        ProcedureVersion.objects.select_for_update(of=("self",))
        .select_related("procedure")
        .get(pk=version_id)
    )
    if not version.is_draft:
        raise NoDraft()
    return version


def _is_taken(code: str) -> bool:
    """Say whether a code is in use; a procedure of which every draft was thrown away leaves its code free."""
    versions = ProcedureVersion.objects.filter(procedure__code=code)
    return versions.exclude(status=VersionStatus.DISCARDED).exists()


def _draft(
    document: Mapping[str, Any], kind: VersionEventKind, *, actor: Actor, at: datetime, **data: Any
) -> ProcedureVersion:
    policies.require_configure(actor)
    procedure, _made = Procedure.objects.get_or_create(code=document["code"])
    last = procedure.versions.aggregate(last=Max("version_no"))["last"] or 0
    try:
        with transaction.atomic():
            version = ProcedureVersion.objects.create(
                procedure=procedure,
                version_no=last + 1,
                status=VersionStatus.DRAFT,
                name=document["name"],
                source_digest=_digest(procedure),
            )
    except IntegrityError as problem:
        raise Conflict(
            _("Thủ tục %s đang có một bản thảo. Hãy mở bản thảo đó, hoặc bỏ nó trước khi tạo bản khác.")
            % procedure.code
        ) from problem
    documents.write(version, document)
    _keep(version, document, actor=actor, at=at)
    log(version, kind, actor=actor, at=at, **data)
    return version


def _digest(procedure: Procedure) -> str:
    """The national record that the draft goes on from: importing the same one again must not undo the city's work."""
    current = procedure.current_version
    return current.source_digest if current is not None else ""


def _keep(version: ProcedureVersion, document: Mapping[str, Any], *, actor: Actor, at: datetime) -> None:
    DraftRevision.objects.create(
        version=version, number=version.revision, document=document, at=at, actor_name=actor.display_name
    )


def _lock_at(version_id: int, revision: int, *, actor: Actor) -> ProcedureVersion:
    version = lock_draft(version_id=version_id, actor=actor)
    if version.revision != revision:
        raise Overtaken()
    return version


def _turn_to(version: ProcedureVersion, kept: DraftRevision | None) -> ProcedureVersion:
    if kept is not None:
        version.revision = kept.number
        documents.write(version, documents.parse(kept.document))
    return version
