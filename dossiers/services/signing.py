"""Ký số kết quả: the signer signs the very file that was shown, or returns it with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Officer
from agencies.states import Role
from core import signing
from core.actor import Actor
from core.errors import Conflict, NotAllowed
from dossiers import papers
from dossiers.models import Dossier, ResultDraft
from dossiers.services import background, guards, officers, steps
from dossiers.services.moves import advance, lock
from dossiers.states import Action, DraftState

BLUE = (0.02, 0.2, 0.55)

_CHANGED = _(
    "Tệp dự thảo không còn đúng bản đã trình nên hệ thống không ký. "
    "Hãy trả lại dự thảo để chuyên viên tạo lại tệp, và báo quản trị kiểm tra kho tệp."
)


class NoSigningKey(Conflict):
    """The signer has no certificate to sign with."""

    code = "no_signing_key"
    message = _("Tài khoản của bạn chưa có chứng thư số. Hãy liên hệ quản trị để được cấp rồi ký lại.")


@transaction.atomic
def request(*, dossier_id: int, actor: Actor, at: datetime) -> ResultDraft:
    """Ask for the signer's digital signature under the draft; the worker makes it.

    :raises AlreadyDone: it was signed or returned by somebody else.
    :raises NotAllowed: the actor is not a signer of the competent agency.
    :raises DraftBusy: the draft is being signed.
    :raises NoSigningKey: the signer has no certificate.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.SIGN, actor)
    draft = background.resting(dossier, DraftState.READY)
    signer = Officer.objects.filter(pk=actor.officer_id or 0).first()
    if signer is None:
        raise NotAllowed()
    if not signer.signing_key_id:
        raise NoSigningKey()
    draft.signer, draft.sign_requested_at = signer, at
    background.begin(draft, DraftState.SIGNING, at=at, fields=("signer", "sign_requested_at"))
    return draft


def sign(*, draft_id: int, at: datetime) -> None:
    """Sign the draft with the signer's key, if the signer still may and the file is the one that was shown.

    Safe to repeat; the key is used outside any transaction, as a remote signature may wait for its owner.
    """
    draft = background.waiting(draft_id, DraftState.SIGNING)
    if draft is None:
        return
    with background.putting_back(draft_id, DraftState.SIGNING, at=at):
        guards.require(draft.dossier, Action.SIGN, officers.acting(officer_id=draft.signer_id, at=at))
        content = background.read(draft.draft_file, sha256=draft.draft_sha256, problem=str(_CHANGED))
        name = f"{draft.dossier.tracking_no}-{draft.revision}-signed.pdf"
        with background.stored(draft.signed_file, _signed(draft, content, at=at), name=name) as file:
            file.used = _pass_to_clerk(draft, file, at=at)


def _signed(draft: ResultDraft, content: bytes, *, at: datetime) -> bytes:
    signer = draft.signer
    if signer is None:
        raise NotAllowed()
    lines = ["Ký số bởi:", signer.full_name, signer.title, f"Ngày ký: {papers.signing_time(at)}"]
    return signing.sign(
        content,
        key_id=signer.signing_key_id,
        field=papers.SIGNER_FIELD,
        at=at,
        reason=draft.result_type.name,
        location="Đà Nẵng",
        stamp=signing.Stamp(lines=[line for line in lines if line], font_size=9, colour=BLUE),
    )


@transaction.atomic
def _pass_to_clerk(draft: ResultDraft, file: background.Stored, *, at: datetime) -> bool:
    dossier = lock(dossier_id=draft.dossier_id)
    current = background.locked(dossier)
    if (
        current is None
        or current.state != DraftState.SIGNING
        or current.draft_sha256 != draft.draft_sha256
        or current.signer_id != draft.signer_id
    ):
        return False
    current.signed_file.name, current.signed_sha256 = file.path, file.sha256
    current.signed_at, current.state, current.last_error = at, DraftState.SIGNED, ""
    current.save()
    actor = officers.acting(officer_id=current.signer_id, at=at)
    steps.pass_on(dossier, roles=[Role.SIGNER], officer_id=current.signer_id, at=at)
    advance(
        dossier_id=dossier.pk,
        action=Action.SIGN,
        actor=actor,
        at=at,
        data={"draft_sha256": current.draft_sha256, "signed_sha256": current.signed_sha256},
    )
    return True


@transaction.atomic
def return_draft(*, dossier_id: int, reason: str, actor: Actor, at: datetime) -> Dossier:
    """Return the draft to its specialist with a reason.

    :raises AlreadyDone: it was signed or returned by somebody else.
    :raises NotAllowed: the actor is not a signer of the competent agency.
    :raises DraftBusy: the draft is being signed.
    :raises InvalidInput: no reason is given.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.RETURN_DRAFT, actor)
    draft = background.resting(dossier, DraftState.READY)
    dossier = advance(dossier_id=dossier_id, action=Action.RETURN_DRAFT, actor=actor, at=at, note=reason)
    draft.state, draft.last_error = DraftState.EDITING, ""
    draft.save(update_fields=["state", "last_error", "updated_at"])
    steps.send_back(
        dossier,
        to_role=Role.SPECIALIST,
        officer_id=dossier.current_handler_id,
        by_id=actor.officer_id,
        at=at,
    )
    return dossier
