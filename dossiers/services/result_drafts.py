"""Soạn kết quả và trình ký: the specialist fills the template, the worker sets the draft as a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import pdf, signing
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed
from dossiers import papers, policies
from dossiers.models import Dossier, ResultDraft
from dossiers.services import background, guards, officers, refusing, steps
from dossiers.services.moves import advance, lock
from dossiers.states import Action, DraftState
from procedures import templates
from procedures.models import ResultType
from results_vault import codes as result_codes


class NoTemplate(Conflict):
    """The procedure has no result that is drafted in the portal."""

    code = "no_template"
    message = _(
        "Thủ tục này chưa có mẫu kết quả nên chưa soạn được ở đây. "
        "Hãy báo cán bộ kiểm soát thủ tục hành chính nhập mẫu kết quả."
    )


class DraftChanged(Conflict):
    """Somebody saved a newer revision than the one that was shown."""

    code = "draft_changed"
    message = _("Dự thảo vừa được sửa ở nơi khác. Hãy tải lại trang để thấy bản mới rồi sửa tiếp.")


def result_type_of(dossier: Dossier) -> ResultType:
    """Give the result that is drafted: the first of the procedure that has a template.

    :raises NoTemplate: none has.
    """
    for result_type in dossier.procedure_version.result_types.order_by("position"):
        if result_type.template:
            return result_type
    raise NoTemplate()


def values_of(dossier: Dossier, result_type: ResultType) -> dict[str, str]:
    """Give the values of the draft, or those that are known already where it was not begun."""
    draft = ResultDraft.objects.filter(dossier=dossier).first()
    if draft is not None:
        return dict(draft.values)
    return templates.prefilled(templates.of_result_type(result_type), papers.sources(dossier))


@transaction.atomic
def save(*, dossier_id: int, values: Mapping[str, Any], revision: int, actor: Actor) -> ResultDraft:
    """Save what was typed; a draft may have gaps.

    :param revision: of the draft that was shown, 0 for a new one.
    :raises NotAllowed: the actor does not hold the dossier.
    :raises DraftChanged: somebody saved a newer revision.
    :raises DraftBusy: the draft is being rendered.
    :raises InvalidInput: a value has no place in the template, or is too long.
    :raises NoTemplate: the procedure has no result template.
    """
    dossier = lock(dossier_id=dossier_id)
    require_holder(dossier=dossier, actor=actor)
    result_type = result_type_of(dossier)
    taken = templates.clean(templates.of_result_type(result_type), values)
    draft = background.locked(dossier) or ResultDraft(
        dossier=dossier, result_type=result_type, token=result_codes.new_token()
    )
    _require_editable(draft)
    if draft.revision != revision:
        raise DraftChanged()
    draft.values = taken
    draft.revision += 1
    draft.drafted_by_id = actor.officer_id
    draft.save()
    return draft


@transaction.atomic
def request_signature(*, dossier_id: int, actor: Actor, at: datetime) -> ResultDraft:
    """Ask that the draft becomes a file and goes to the signer; the worker does both.

    :raises NotAllowed: the actor does not hold the dossier.
    :raises InvalidInput: required values are missing, by field name.
    :raises Conflict: nothing has been saved yet.
    :raises StepsLeft: somebody else still has a step of the examination.
    :raises RefusalOpen: a refusal has been proposed; it is decided first.
    :raises DraftBusy: it has been asked for already.
    """
    dossier = lock(dossier_id=dossier_id)
    require_holder(dossier=dossier, actor=actor)
    refusing.require_none_open(dossier)
    steps.require_examined(dossier, actor=actor)
    draft = background.locked(dossier)
    if draft is None:
        raise Conflict(_("Dự thảo chưa được lưu. Hãy soạn và lưu dự thảo trước khi trình ký."))
    _require_editable(draft)
    gaps = templates.missing(templates.of_result_type(draft.result_type), draft.values)
    if gaps:
        raise InvalidInput({field.name: [_("Hãy điền mục này trước khi trình ký.")] for field in gaps})
    draft.drafted_by_id = actor.officer_id
    background.begin(draft, DraftState.RENDERING, at=at, fields=("drafted_by",))
    return draft


def render(*, draft_id: int, at: datetime) -> None:
    """Set the draft as a PDF with its empty signature fields, and pass it on to the signer. Safe to repeat."""
    draft = background.waiting(draft_id, DraftState.RENDERING)
    if draft is None:
        return
    with background.putting_back(draft_id, DraftState.RENDERING, at=at):
        paper = papers.of_draft(draft)
        rendered = pdf.render(paper.body, title=paper.title)
        fields = {name: rendered.anchors[name] for name in (papers.SIGNER_FIELD, papers.AGENCY_FIELD)}
        content = signing.prepare_fields(rendered.content, fields)
        name = f"{draft.dossier.tracking_no}-{draft.revision}.pdf"
        with background.stored(draft.draft_file, content, name=name) as file:
            file.used = _pass_to_signer(draft, file, at=at)


@transaction.atomic
def _pass_to_signer(draft: ResultDraft, file: background.Stored, *, at: datetime) -> bool:
    dossier = lock(dossier_id=draft.dossier_id)
    current = background.locked(dossier)
    if current is None or current.state != DraftState.RENDERING or current.revision != draft.revision:
        return False
    current.draft_file.name, current.draft_sha256 = file.path, file.sha256
    current.state, current.last_error = DraftState.READY, ""
    current.signed_file, current.signed_sha256, current.signed_at, current.signer = "", "", None, None
    current.save()
    actor = officers.acting(officer_id=current.drafted_by_id, at=at)
    steps.leave_out_optional(dossier, at=at)
    steps.pass_on(dossier, roles=steps.EXAMINERS, officer_id=current.drafted_by_id, at=at)
    advance(
        dossier_id=dossier.pk,
        action=Action.SUBMIT_FOR_SIGNATURE,
        actor=actor,
        at=at,
        data={"draft_sha256": current.draft_sha256, "revision": current.revision},
    )
    return True


def require_holder(*, dossier: Dossier, actor: Actor) -> None:
    """Let the specialist who holds a dossier in process draft its result.

    :raises NotAllowed: the actor is no specialist of the agency, or somebody else holds the dossier.
    :raises AlreadyDone: the draft was submitted.
    """
    policies.require_ever(actor, dossier, Action.SUBMIT_FOR_SIGNATURE)
    if not policies.has_in_hands(actor, dossier):
        raise NotAllowed(
            _("Hồ sơ này do %(name)s xử lý. Chỉ người đang xử lý được soạn kết quả.")
            % {"name": dossier.current_handler}
        )
    guards.require(dossier, Action.SUBMIT_FOR_SIGNATURE, actor)


def _require_editable(draft: ResultDraft) -> None:
    if draft.state != DraftState.EDITING:
        raise background.DraftBusy()
