"""Trả kết quả: who received the result, how, and by what right (NĐ 61/2018, art. 20)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.states import Role
from core.actor import Actor
from core.errors import Conflict, InvalidInput, NotAllowed, Text
from core.vietnamese import fold
from dossiers import eligibility, policies
from dossiers.models import Dossier, HandOver, Shipment
from dossiers.services import guards
from dossiers.services.moves import advance, apply, lock
from dossiers.states import WITH_THE_POST, Action, DeliveryState, HandOverMethod
from dossiers.transitions import RETURN_DESK
from outbox import services as outbox

NAME_LENGTH = 200
NOTE_LENGTH = 500

IN_PERSON = (HandOverMethod.COUNTER, HandOverMethod.HOME)
"""Ways in which an officer gives the paper to somebody whose own papers were checked."""

NOT_DELIVERED = "dossier.post_not_delivered"
"""Outbox topic: the post could not deliver, or has sent the result back."""

_CONSIGNMENT_NO = re.compile(r"[A-Z0-9]{8,30}")

_POST_AFTER: dict[str, frozenset[DeliveryState]] = {
    DeliveryState.IN_TRANSIT: frozenset({DeliveryState.HANDED_TO_POST, DeliveryState.FAILED}),
    DeliveryState.DELIVERED: frozenset({DeliveryState.IN_TRANSIT}),
    DeliveryState.FAILED: frozenset({DeliveryState.IN_TRANSIT}),
    DeliveryState.RETURNED_TO_SENDER: frozenset({DeliveryState.FAILED}),
}
"""What the post may report, and after what: a failed delivery is tried again, or the letter comes back."""

NO_SCOPE = _(
    "Người này không có quyền nhận kết quả thay cho tổ chức. Người nhận phải là đại diện được tổ chức giao "
    "phạm vi “Nhận kết quả” trên VNeID."
)


class WithThePost(Conflict):
    """The post has the result on paper: it is neither given out at the counter nor sent twice."""

    code = "with_the_post"

    def __init__(self, shipment: Shipment) -> None:
        super().__init__(
            _("Kết quả đang ở bưu điện, mã bưu gửi %(number)s. Hãy chờ bưu điện báo đã giao hoặc hoàn lại.")
            % {"number": shipment.consignment_no}
        )


class PostOutOfOrder(Conflict):
    """What the post reports does not follow what it has reported before."""

    code = "post_out_of_order"
    message = _("Tin của bưu điện không khớp với hành trình đã ghi. Hãy đối chiếu với bưu điện.")


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

    At the counter, or at home, a one-stop officer names the receiver and has checked their papers; originals that were
    kept go with the result, and the history names them. The counter is the receiving unit's, or that of the centre where
    the applicant wants to fetch it. From the vault the signed-in applicant receives, and name and identity
    are those of the account.

    :raises AlreadyDone: it was handed over before.
    :raises WithThePost: on paper, while the post has it.
    :raises NotAllowed: the actor may not hand over in this way, or the receiver may not receive for the organisation.
    :raises InvalidInput: the receiver's name, the check of their papers, or the authorisation is missing.
    """
    dossier = lock(dossier_id=dossier_id)
    if method == HandOverMethod.VAULT:
        _require_applicant_may_receive(dossier, actor, at)
    else:
        policies.require_role(actor, dossier, Role.ONE_STOP_OFFICER, RETURN_DESK)
    grant = guards.require(dossier, Action.HAND_OVER, actor)
    if method == HandOverMethod.VAULT:
        receiver_name, receiver_id_checked, note = actor.display_name, True, ""
    elif method in IN_PERSON:
        if method != HandOverMethod.COUNTER and grant and grant.agency_id != dossier.received_at_unit_id:
            raise InvalidInput({"method": [_("Nơi người nộp chọn chỉ trả kết quả tại quầy của mình.")]})
        _require_not_with_the_post(dossier)
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
    data: dict[str, Any] = {"method": method, "receiver": receiver_name}
    told = ""
    if method in IN_PERSON and (originals := kept_originals(dossier)):
        data["originals"] = originals
        told = gettext("Trả lại bản chính: %(names)s.") % {"names": "; ".join(originals)}
    return advance(dossier_id=dossier_id, action=Action.HAND_OVER, actor=actor, at=at, note=told, data=data)


def kept_originals(dossier: Dossier) -> list[str]:
    """Name the originals that were kept for comparison and are given back with the result (NĐ 61/2018, art. 20.2)."""
    kept = dossier.components.filter(original_kept=True, replaced_at=None)
    return list(kept.order_by("component__position").values_list("component__name", flat=True))


def require_open(*, dossier: Dossier, actor: Actor) -> None:
    """Ask before anything is typed whether the result can be handed over; raises as `hand_over` does."""
    guards.require(dossier, Action.HAND_OVER, actor)
    _require_not_with_the_post(dossier)


@transaction.atomic
def hand_to_post(*, dossier_id: int, consignment_no: str, actor: Actor, at: datetime) -> Dossier:
    """Record that a one-stop officer gave the result to the post; the dossier closes when the post has delivered.

    :raises AlreadyDone: it was handed over before. :raises WithThePost: the post has it already.
    :raises NotAllowed: the actor is no one-stop officer of the receiving unit.
    :raises InvalidInput: under ``consignment_no``.
    """
    dossier = lock(dossier_id=dossier_id)
    guards.require(dossier, Action.HAND_TO_POST, actor)
    _require_not_with_the_post(dossier)
    number = _consignment_no(consignment_no)
    _shipment, is_new = Shipment.objects.get_or_create(
        consignment_no=number, defaults={"dossier": dossier, "handed_at": at}
    )
    if not is_new:
        raise InvalidInput({"consignment_no": [_("Mã bưu gửi này đã dùng. Hãy ghi mã trên phiếu gửi mới.")]})
    return apply(
        dossier, action=Action.HAND_TO_POST, actor=actor, at=at, note=number, data={"consignment_no": number}
    )


@transaction.atomic
def follow_post(
    *,
    consignment_no: str,
    state: str,
    actor: Actor,
    at: datetime,
    receiver_name: str = "",
    note: str = "",
    told_at: datetime | None = None,
) -> Dossier:
    """Take what the post reports of a shipment; delivered, the result is handed over. Repeated, nothing changes.

    The post tells the system; where it tells by telephone or on paper, the one-stop officer writes it down, with what
    happened and what comes next in ``note``, which is needed where the post did not deliver.

    :param state: a `DeliveryState` that the post reports. :param at: when it happened, as the post says.
    :param receiver_name: who signed; by default the owner. :param told_at: now; ``at`` may not be later.
    :raises InvalidInput: under ``consignment_no``, ``state``, ``at``, ``receiver_name`` or ``note``.
    :raises NotAllowed: the actor is neither the system nor a one-stop officer of the receiving unit.
    :raises PostOutOfOrder: it does not follow the state before, or the shipment is not the dossier's last.
    """
    if state not in _POST_AFTER:
        raise InvalidInput({"state": [_("Bưu điện chỉ báo: %s.") % ", ".join(_POST_AFTER)]})
    shipment = Shipment.objects.filter(consignment_no=_consignment_no(consignment_no)).first()
    if shipment is None:
        raise InvalidInput({"consignment_no": [_("Không có bưu gửi mang mã này.")]})
    dossier = lock(dossier_id=shipment.dossier_id)
    policies.require_ever(actor, dossier, Action.FOLLOW_POST)
    reported = {"consignment_no": shipment.consignment_no, "delivery_state": state}
    if dossier.events.filter(at=at, data__contains=reported).exists():
        return dossier
    is_last = shipment == dossier.shipments.latest("pk")
    if is_last and state == dossier.delivery_state:
        return dossier
    if not is_last or dossier.delivery_state not in _POST_AFTER[state]:
        raise PostOutOfOrder()
    receiver_name, note = receiver_name.strip(), note.strip()
    problems = _report_problems(
        shipment,
        state,
        receiver_name=receiver_name,
        note=note,
        by_hand=not actor.is_system,
        at=at,
        told_at=told_at,
    )
    if problems:
        raise InvalidInput(problems)
    if state == DeliveryState.DELIVERED:
        return _delivered(dossier, shipment, receiver_name=receiver_name, actor=actor, at=at)
    dossier.delivery_state = state
    text = ". ".join(part for part in (str(DeliveryState(state).label), note) if part)
    dossier = apply(dossier, action=Action.FOLLOW_POST, actor=actor, at=at, note=text, data=reported)
    if state in (DeliveryState.FAILED, DeliveryState.RETURNED_TO_SENDER):
        outbox.publish(
            topic=NOT_DELIVERED, key=dossier.tracking_no, payload={"dossier_id": dossier.pk}, at=at
        )
    return dossier


def possible_reports(dossier: Dossier) -> list[DeliveryState]:
    """Give what the post may report next; nothing where it has no paper of the dossier."""
    return [state for state in DeliveryState if dossier.delivery_state in _POST_AFTER.get(state, ())]


def require_with_the_post(*, dossier: Dossier, actor: Actor) -> Shipment:
    """Give the shipment of which the officer may write down what the post says.

    :raises NotAllowed: the actor is no one-stop officer of the receiving unit.
    :raises AlreadyDone, IllegalMove, PostOutOfOrder: the post has no paper of this dossier.
    """
    guards.require(dossier, Action.FOLLOW_POST, actor)
    if not possible_reports(dossier):
        raise PostOutOfOrder(_("Bưu điện không giữ kết quả của hồ sơ này. Hãy tải lại trang hồ sơ."))
    return dossier.shipments.latest("pk")


def _report_problems(
    shipment: Shipment,
    state: str,
    *,
    receiver_name: str,
    note: str,
    by_hand: bool,
    at: datetime,
    told_at: datetime | None,
) -> dict[str, list[Text]]:
    problems: dict[str, list[Text]] = {}
    if told_at is not None and at > told_at:
        problems["at"] = [_("Thời điểm này ở tương lai. Hãy nhập đúng như bưu điện báo.")]
    elif at < shipment.handed_at.replace(second=0, microsecond=0):  # forms know minutes
        problems["at"] = [_("Thời điểm này trước khi giao bưu điện. Hãy nhập đúng như bưu điện báo.")]
    if by_hand and state == DeliveryState.DELIVERED and not receiver_name:
        problems["receiver_name"] = [_("Hãy ghi họ tên người ký nhận như bưu điện báo.")]
    elif len(receiver_name) > NAME_LENGTH:
        problems["receiver_name"] = [
            _("Họ tên dài quá %(limit)d ký tự. Hãy kiểm tra lại.") % {"limit": NAME_LENGTH}
        ]
    if by_hand and state in (DeliveryState.FAILED, DeliveryState.RETURNED_TO_SENDER) and not note:
        problems["note"] = [_("Hãy ghi vì sao không giao được và việc tiếp theo.")]
    elif len(note) > NOTE_LENGTH:
        problems["note"] = [_("Ghi chú dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": NOTE_LENGTH}]
    return problems


def _delivered(
    dossier: Dossier, shipment: Shipment, *, receiver_name: str, actor: Actor, at: datetime
) -> Dossier:
    receiver = receiver_name or str(dossier.owner_person or dossier.owner_organisation)
    HandOver.objects.create(
        dossier=dossier,
        method=HandOverMethod.POST,
        receiver_name=receiver,
        note=shipment.consignment_no,
        at=at,
    )
    data = {
        "method": HandOverMethod.POST,
        "receiver": receiver,
        "consignment_no": shipment.consignment_no,
        "delivery_state": DeliveryState.DELIVERED,
    }
    return apply(dossier, action=Action.HAND_OVER, actor=actor, at=at, data=data)


def _require_not_with_the_post(dossier: Dossier) -> None:
    if dossier.delivery_state in WITH_THE_POST:
        raise WithThePost(dossier.shipments.latest("pk"))


def _consignment_no(text: str) -> str:
    number = re.sub(r"[\s-]", "", text).upper()
    if not _CONSIGNMENT_NO.fullmatch(number):
        raise InvalidInput(
            {"consignment_no": [_("Hãy ghi mã trên phiếu gửi: 8 đến 30 chữ cái không dấu và chữ số.")]}
        )
    return number


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
