"""Where and how a result is to be returned, as it was chosen at the filing (NĐ 61/2018, art. 20). Reads only."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from agencies.models import Agency
from dossiers import places
from dossiers.models import Dossier, ReturnChoice
from dossiers.states import OPEN, WITH_THE_POST, HandOverMethod
from procedures.states import Channel

BROUGHT = (HandOverMethod.POST, HandOverMethod.HOME)
"""Ways in which the result comes to the receiver, so that name, telephone and address are needed."""


def of(dossier: Dossier) -> ReturnChoice:
    """Give what was chosen; where nothing was, what holds by default, not saved.

    Results are electronic, so they go into the vault; who came to the counter is expected there again.
    """
    chosen = ReturnChoice.objects.select_related("centre").filter(dossier=dossier).first()
    return chosen or ReturnChoice(dossier=dossier, method=default_method(dossier))


def default_method(dossier: Dossier) -> HandOverMethod:
    """Give the way that holds while nobody has chosen one."""
    return HandOverMethod.VAULT if dossier.channel == Channel.ONLINE else HandOverMethod.COUNTER


def centre_of(choice: ReturnChoice) -> Agency | None:
    """Give the agency at whose counter the result is given out; None where it is not given out at a counter.

    That is the one that received the dossier, unless another was chosen.
    """
    if choice.method != HandOverMethod.COUNTER:
        return None
    return choice.centre or choice.dossier.received_at_unit


def centres(dossier: Dossier, *, at: datetime) -> list[Agency]:
    """List the other centres at whose counter the result may be given out at ``at``, by name (NĐ 118/2025)."""
    return [one for one in places.all_centres(at=at) if one.pk != dossier.received_at_unit_id]


def is_open(dossier: Dossier) -> bool:
    """Say whether another way may still be chosen: the result is not returned, and not with the post."""
    may_move = dossier.status in OPEN and not dossier.is_mirror and not dossier.is_bundle
    return may_move and dossier.delivery_state not in WITH_THE_POST


def told(choice: ReturnChoice) -> str:
    """Say in one line where and how the result is returned."""
    if choice.method in BROUGHT:
        to = ", ".join(one for one in (choice.receiver_name, choice.phone, choice.address) if one)
        if choice.method == HandOverMethod.POST:
            return _("Qua dịch vụ bưu chính, gửi đến: %(to)s") % {"to": to}
        return _("Tại nhà: %(to)s") % {"to": to}
    if choice.method == HandOverMethod.COUNTER:
        centre = centre_of(choice)
        if centre is None:
            return _("Trực tiếp tại quầy của nơi tiếp nhận")
        return _("Trực tiếp tại quầy: %(centre)s") % {"centre": centre.one_stop_name or centre.name}
    return _("Bản điện tử ký số trong kho kết quả trên Cổng dịch vụ công")
