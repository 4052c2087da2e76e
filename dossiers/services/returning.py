"""Trả kết quả: who received the result, how, and by what right (NĐ 61/2018, art. 20)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed, Text
from core.vietnamese import fold
from dossiers import eligibility, policies
from dossiers.models import Dossier, HandOver
from dossiers.services import guards
from dossiers.services.moves import advance, lock
from dossiers.states import Action, HandOverMethod

NAME_LENGTH = 200
NOTE_LENGTH = 500

NO_SCOPE = _(
    "Người này không có quyền nhận kết quả thay cho tổ chức. Người nhận phải là đại diện được tổ chức giao "
    "phạm vi “Nhận kết quả” trên VNeID."
)


@transaction.atomic
def hand_over(
    *,
    dossier_id: int,
    method: str,
    actor: Actor,
    at: datetime,
    receiver_name: str = "",
    receiver_id_checked: bool = False,
    note: str = "",
) -> Dossier:
    """Record that the result was received; the dossier closes.

    At the counter a one-stop officer names the receiver and has checked their papers; from the vault the signed-in
    applicant receives, and name and identity are those of the account.

    :raises AlreadyDone: it was handed over before.
    :raises NotAllowed: the actor may not hand over in this way, or the receiver may not receive for the organisation.
    :raises InvalidInput: the receiver's name, the check of their papers, or the authorisation is missing.
    """
    dossier = lock(dossier_id=dossier_id)
    if method == HandOverMethod.VAULT:
        _require_applicant_may_receive(dossier, actor, at)
    else:
        policies.require_role(actor, dossier, Role.ONE_STOP_OFFICER)
    guards.require(dossier, Action.HAND_OVER, actor)
    if method == HandOverMethod.VAULT:
        receiver_name, receiver_id_checked, note = actor.display_name, True, ""
    elif method == HandOverMethod.COUNTER:
        receiver_name, note = receiver_name.strip(), note.strip()
        _require_receiver(dossier, receiver_name, receiver_id_checked, note, at)
    else:
        raise InvalidInput({"method": [_("Hãy chọn cách trả kết quả trong danh sách.")]})
    HandOver.objects.create(
        dossier=dossier,
        method=method,
        receiver_name=receiver_name,
        receiver_id_checked=receiver_id_checked,
        note=note,
        at=at,
    )
    return advance(
        dossier_id=dossier_id,
        action=Action.HAND_OVER,
        actor=actor,
        at=at,
        data={"method": method, "receiver": receiver_name},
    )


def require_open(*, dossier: Dossier, actor: Actor) -> None:
    """Ask before anything is typed whether the result can be handed over; raises as `hand_over` does."""
    guards.require(dossier, Action.HAND_OVER, actor)


def receivers(dossier: Dossier, *, at: datetime) -> list[str]:
    """Name those who may receive for the organisation that owns the dossier; nobody where a person owns it."""
    if dossier.owner_organisation_id is None:
        return []
    rows = eligibility.receivers(organisation_id=dossier.owner_organisation_id, at=at)
    return list(rows.order_by("person__full_name").values_list("person__full_name", flat=True))


def _require_applicant_may_receive(dossier: Dossier, actor: Actor, at: datetime) -> None:
    if not policies.is_applicant(actor, dossier):
        raise NotAllowed()
    if not eligibility.may_receive(actor=actor, organisation_id=dossier.owner_organisation_id, at=at):
        raise NotAllowed(NO_SCOPE)


def _require_receiver(
    dossier: Dossier, receiver_name: str, receiver_id_checked: bool, note: str, at: datetime
) -> None:
    problems: dict[str, list[Text]] = {}
    if not receiver_name:
        problems["receiver_name"] = [_("Hãy ghi họ tên người nhận theo giấy tờ tùy thân.")]
    elif len(receiver_name) > NAME_LENGTH:
        problems["receiver_name"] = [
            _("Họ tên dài quá %(limit)d ký tự. Hãy kiểm tra lại.") % {"limit": NAME_LENGTH}
        ]
    if not receiver_id_checked:
        problems["receiver_id_checked"] = [
            _("Hãy đối chiếu giấy tờ tùy thân của người nhận rồi đánh dấu ô này.")
        ]
    if len(note) > NOTE_LENGTH:
        problems["note"] = [_("Ghi chú dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": NOTE_LENGTH}]
    owner = dossier.owner_person
    if owner and receiver_name and fold(receiver_name) != fold(owner.full_name) and not note:
        problems["note"] = [
            _("Người nhận không phải chủ hồ sơ. Hãy ghi số, ngày của giấy ủy quyền nhận kết quả.")
        ]
    if problems:
        raise InvalidInput(problems)
    if owner is None and fold(receiver_name) not in {fold(name) for name in receivers(dossier, at=at)}:
        raise NotAllowed(NO_SCOPE)
