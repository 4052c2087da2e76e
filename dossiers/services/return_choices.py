"""Chọn nơi và cách nhận kết quả: at the filing, and anew until the result is returned (NĐ 61/2018, art. 20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from core.actor import Actor
from core.errors import InvalidInput, Text
from core.phones import plain_number
from dossiers import return_choice
from dossiers.models import Dossier, ReturnChoice
from dossiers.services import drafting, guards, returning
from dossiers.services.moves import apply, lock
from dossiers.states import WITH_THE_POST, Action, HandOverMethod

ADDRESS_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody chose, as it was typed. ``centre`` is an agency code; empty: the unit that receives the dossier.

    Name, telephone and address count only where the result is brought to somebody.
    """

    method: str = ""
    centre: str = ""
    receiver_name: str = ""
    phone: str = ""
    address: str = ""


def checked(dossier: Dossier, wanted: Wanted, *, at: datetime, prefix: str = "") -> ReturnChoice:
    """Give the choice for a dossier, not saved yet.

    :param prefix: stands before the names of the fields in what is raised.
    :raises InvalidInput: under ``method``, ``centre``, ``receiver_name``, ``phone`` or ``address``.
    """
    if wanted.method not in HandOverMethod.values:
        raise InvalidInput({f"{prefix}method": [_("Hãy chọn một cách nhận kết quả trong danh sách.")]})
    choice = ReturnChoice(dossier=dossier, method=wanted.method)
    problems: dict[str, list[Text]] = {}
    if wanted.method == HandOverMethod.COUNTER and wanted.centre:
        choice.centre = _centre(dossier, wanted.centre, at=at)
        if choice.centre is None and not _is_own(dossier, wanted.centre):
            problems[f"{prefix}centre"] = [
                _("Nơi này không trả kết quả tại quầy. Hãy chọn một trung tâm trong danh sách.")
            ]
    if wanted.method in return_choice.BROUGHT:
        choice.receiver_name = " ".join(wanted.receiver_name.split())
        choice.address = " ".join(wanted.address.split())
        choice.phone = plain_number(wanted.phone) or ""
        problems |= {f"{prefix}{name}": texts for name, texts in _receiver_problems(choice).items()}
    if problems:
        raise InvalidInput(problems)
    return choice


def keep(dossier: Dossier, choice: ReturnChoice) -> None:
    """Write down a checked choice in place of the one before; the default leaves no row."""
    ReturnChoice.objects.filter(dossier=dossier).delete()
    if choice.method != return_choice.default_method(dossier) or choice.centre_id is not None:
        choice.dossier = dossier
        choice.save(force_insert=True)


def take_along(parent: Dossier, child: Dossier) -> None:
    """Return a part's result as its bundle's is to be returned."""
    chosen = ReturnChoice.objects.filter(dossier=parent).first()
    if chosen is not None:
        chosen.pk = None
        chosen._state.adding = True
        keep(child, chosen)


@transaction.atomic
def choose(*, dossier_id: int, wanted: Wanted, actor: Actor, at: datetime) -> Dossier:
    """Choose in a draft.

    :raises InvalidInput: see `checked`. :raises AlreadyFiled, NotAllowed: as `drafting.lock_draft`.
    """
    dossier = drafting.lock_draft(dossier_id=dossier_id, actor=actor)
    keep(dossier, checked(dossier, wanted, at=at))
    drafting.touch(dossier)
    return dossier


@transaction.atomic
def change(*, dossier_id: int, wanted: Wanted, actor: Actor, at: datetime) -> Dossier:
    """Choose anew, until the result is returned; the history keeps the way and the place, nobody's address.

    :raises NotAllowed: the actor is not its applicant. :raises IllegalMove: the dossier has ended.
    :raises WithThePost: the post has the result already.
    :raises InvalidInput: see `checked`.
    """
    dossier = lock(dossier_id=dossier_id)
    require_open(dossier=dossier, actor=actor)
    choice = checked(dossier, wanted, at=at)
    keep(dossier, choice)
    centre = return_choice.centre_of(choice)
    data = {"return": {"method": choice.method, "centre": centre.code if centre else ""}}
    label = str(HandOverMethod(choice.method).label)
    return apply(dossier, action=Action.CHOOSE_RETURN, actor=actor, at=at, note=label, data=data)


def require_open(*, dossier: Dossier, actor: Actor) -> None:
    """Ask before anything is typed whether another way can be chosen now; raises as `change` does."""
    guards.require(dossier, Action.CHOOSE_RETURN, actor)
    if dossier.delivery_state in WITH_THE_POST:
        raise returning.WithThePost(dossier.shipments.latest("pk"))


def _centre(dossier: Dossier, code: str, *, at: datetime) -> Agency | None:
    return next((one for one in return_choice.centres(dossier, at=at) if one.code == code), None)


def _is_own(dossier: Dossier, code: str) -> bool:
    return dossier.received_at_unit is not None and dossier.received_at_unit.code == code


def _receiver_problems(choice: ReturnChoice) -> dict[str, list[Text]]:
    problems: dict[str, list[Text]] = {}
    if not choice.receiver_name:
        problems["receiver_name"] = [_("Hãy ghi họ tên người nhận kết quả.")]
    elif len(choice.receiver_name) > returning.NAME_LENGTH:
        problems["receiver_name"] = [
            _("Họ tên dài quá %(limit)d ký tự. Hãy kiểm tra lại.") % {"limit": returning.NAME_LENGTH}
        ]
    if not choice.phone:
        problems["phone"] = [
            _("Hãy ghi số điện thoại của người nhận: 10 số bắt đầu bằng 0, ví dụ 0905 123 456.")
        ]
    if not choice.address:
        problems["address"] = [_("Hãy ghi địa chỉ nhận kết quả: số nhà, đường, phường hoặc xã, tỉnh.")]
    elif len(choice.address) > ADDRESS_LENGTH:
        problems["address"] = [
            _("Địa chỉ dài quá %(limit)d ký tự. Hãy viết ngắn hơn.") % {"limit": ADDRESS_LENGTH}
        ]
    return problems
