"""Tiếp nhận: check the components, accept or refuse (TT 01/2018, art. 6; NĐ 61/2018, art. 17)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, Text
from dossiers import wording_check
from dossiers.models import Dossier, DossierComponent, IntakeRefusal
from dossiers.services import guards, steps, supplements
from dossiers.services.moves import advance, lock
from dossiers.states import Action, CheckState, RefusalReason, ScanState
from procedures.states import Channel

NOTE_LENGTH = 500
AGENCY_LENGTH = 255
EXPLANATION_LENGTH = 4000


class ComponentsUnfit(Conflict):
    """The components do not allow an acceptance yet. ``data["components"]`` are the ids that stand in the way."""

    code = "components_unfit"


@transaction.atomic
def check_component(*, component_id: int, state: str, actor: Actor, note: str = "") -> DossierComponent:
    """Write down whether one handed-in component is right.

    :raises DossierComponent.DoesNotExist: no such component, or its file was replaced.
    :raises AlreadyDone: the dossier is no longer waiting for its acceptance.
    :raises NotAllowed: the actor is not a one-stop officer of the receiving unit.
    :raises InvalidInput: an unknown state, or "wrong" without a note for the applicant.
    """
    found = DossierComponent.objects.select_related("component").get(pk=component_id, replaced_at=None)
    dossier = lock(dossier_id=found.dossier_id)
    guards.require(dossier, Action.ACCEPT, actor)
    component = DossierComponent.objects.select_for_update(of=("self",)).get(
        pk=component_id, replaced_at=None
    )
    note = note.strip()
    problems: dict[str, list[Text]] = {}
    if state not in CheckState.values:
        problems["state"] = [_("Hãy chọn “Đạt” hoặc “Chưa đạt”.")]
    if state == CheckState.WRONG and not note:
        problems["note"] = [_("Hãy ghi thành phần này sai hoặc thiếu gì để người nộp biết cách sửa.")]
    if len(note) > NOTE_LENGTH:
        problems["note"] = [_("Ghi chú dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": NOTE_LENGTH}]
    if problems:
        raise InvalidInput(problems)
    component.check_state = state
    component.check_note = note if state == CheckState.WRONG else ""
    component.save(update_fields=["check_state", "check_note", "updated_at"])
    return component


@transaction.atomic
def accept(*, dossier_id: int, actor: Actor, at: datetime) -> Dossier:
    """Accept a dossier that is complete and right: code, due date, control sheet; form 01 follows.

    An online filing goes to the competent agency at once, by the system (TT 01/2018, art. 18).

    :raises AlreadyDone: another officer was faster; nothing changes and no number is used.
    :raises ComponentsUnfit: a component is unchecked, wrong, or not yet scanned.
    :raises NotAllowed: the actor is not a one-stop officer of the receiving unit.
    :raises NoTimeLimit: the procedure has no time limit to promise.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.ACCEPT, actor)
    components = _require_fit(dossier)
    supplements.close_answered(dossier, at=at)
    steps.plan(dossier, at=at)
    checked = {str(component.component_id): component.sha256 for component in components}
    dossier = advance(
        dossier_id=dossier_id, action=Action.ACCEPT, actor=actor, at=at, data={"components": checked}
    )
    if dossier.channel == Channel.ONLINE:
        dossier = _send_on(dossier, officer_id=actor.officer_id, actor=Actor.system(), at=at)
    return dossier


@transaction.atomic
def forward(*, dossier_id: int, actor: Actor, at: datetime) -> Dossier:
    """Hand an accepted dossier on paper over to the competent agency.

    :raises AlreadyDone: it has been handed over.
    :raises NotAllowed: the actor is not a one-stop officer of the receiving unit.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.FORWARD, actor)
    return _send_on(dossier, officer_id=actor.officer_id, actor=actor, at=at)


@transaction.atomic
def refuse(
    *,
    dossier_id: int,
    reason: str,
    explanation: str,
    actor: Actor,
    at: datetime,
    right_agency: str = "",
) -> Dossier:
    """Refuse the intake with its legal reason; form 03 follows.

    :param right_agency: where the applicant should go instead; required when the agency is the wrong one.
    :raises AlreadyDone: another officer was faster.
    :raises NotAllowed: the actor is not a one-stop officer of the receiving unit.
    :raises InvalidInput: reason, explanation or the right agency is missing or too long, or the explanation is vague
        or offensive.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.REFUSE_INTAKE, actor)
    explanation, right_agency = explanation.strip(), right_agency.strip()
    _require_reason(reason, explanation, right_agency)
    _require_wording(dossier, reason, explanation, right_agency)
    IntakeRefusal.objects.create(
        dossier=dossier, reason=reason, explanation=explanation, right_agency=right_agency
    )
    supplements.close_answered(dossier, at=at)
    data = {"reason": reason} | ({"right_agency": right_agency} if right_agency else {})
    return advance(
        dossier_id=dossier_id, action=Action.REFUSE_INTAKE, actor=actor, at=at, note=explanation, data=data
    )


def require_refusable(*, dossier: Dossier, actor: Actor) -> None:
    """Ask before the reason is typed whether the actor may refuse the intake; raises as `refuse` does."""
    guards.require(dossier, Action.REFUSE_INTAKE, actor)


def _send_on(dossier: Dossier, *, officer_id: int | None, actor: Actor, at: datetime) -> Dossier:
    steps.pass_on(dossier, roles=[Role.ONE_STOP_OFFICER], officer_id=officer_id, at=at)
    return advance(dossier_id=dossier.pk, action=Action.FORWARD, actor=actor, at=at)


def _require_fit(dossier: Dossier) -> list[DossierComponent]:
    """:raises ComponentsUnfit: naming every component that stands in the way and what to do."""
    components = list(dossier.components.filter(replaced_at=None).select_related("component").order_by("id"))
    infected = [one for one in components if one.scan_state == ScanState.INFECTED]
    if infected:
        raise _unfit(_("Tệp có mã độc đã bị xóa: %(names)s. Hãy từ chối và hướng dẫn nộp lại."), infected)
    unscanned = [one for one in components if one.scan_state != ScanState.CLEAN]
    if unscanned:
        raise _unfit(
            _("Chưa có kết quả quét mã độc của: %(names)s. Hãy chờ ít phút rồi tiếp nhận."), unscanned
        )
    wrong = [one for one in components if one.check_state == CheckState.WRONG]
    if wrong:
        raise _unfit(
            _(
                "Thành phần chưa đạt: %(names)s. Hồ sơ chưa đạt thì không tiếp nhận; hãy yêu cầu bổ sung hoặc từ chối."
            ),
            wrong,
        )
    unchecked = [one for one in components if one.check_state == CheckState.UNCHECKED]
    if unchecked:
        raise _unfit(_("Chưa kiểm tra: %(names)s. Hãy kiểm tra từng thành phần rồi tiếp nhận."), unchecked)
    return components


def _unfit(message: Text, components: list[DossierComponent]) -> ComponentsUnfit:
    names = "; ".join(one.component.name[:80] for one in components)
    return ComponentsUnfit(str(message) % {"names": names}, components=[one.pk for one in components])


def _require_reason(reason: str, explanation: str, right_agency: str) -> None:
    problems: dict[str, list[Text]] = {}
    if reason not in RefusalReason.values:
        problems["reason"] = [_("Hãy chọn lý do từ chối trong danh sách.")]
    if not explanation:
        problems["explanation"] = [_("Hãy giải thích cụ thể vì sao không tiếp nhận và người nộp cần làm gì.")]
    elif len(explanation) > EXPLANATION_LENGTH:
        problems["explanation"] = [
            _("Giải thích dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": EXPLANATION_LENGTH}
        ]
    if reason == RefusalReason.WRONG_AGENCY and not right_agency:
        problems["right_agency"] = [_("Hãy ghi cơ quan đúng thẩm quyền để người nộp biết nơi cần đến.")]
    elif len(right_agency) > AGENCY_LENGTH:
        problems["right_agency"] = [
            _("Tên cơ quan dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": AGENCY_LENGTH}
        ]
    if problems:
        raise InvalidInput(problems)


def _require_wording(dossier: Dossier, reason: str, explanation: str, right_agency: str) -> None:
    """:raises InvalidInput: form 03 would say too little, or say it badly."""
    unit = dossier.received_at_unit
    wording_check.require_letter(
        wording_check.Letter(
            reason=str(RefusalReason(reason).label),
            explanation=explanation,
            mend=f"Hãy nộp tại {right_agency}" if right_agency else "",
            ask_at=unit.name if unit else "",
        ),
        fields={"mend": "explanation"},
        needs_limit=False,
        published=dossier.procedure_version.components.values_list("name", flat=True),
    )
