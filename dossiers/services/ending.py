"""What every early end of a dossier has in common: money to give back, and a draft that nobody needs any more."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from dossiers.models import Dossier
from dossiers.services import background, refunds, steps
from dossiers.states import RefundReason

_ENDED = _("Không thực hiện vì hồ sơ đã kết thúc")


def paid_vnd(dossier: Dossier) -> int:
    """Give what was paid for a dossier and confirmed, in đồng."""
    paid = dossier.obligations.filter(confirmed_at__isnull=False).aggregate(sum=Sum("amount_vnd"))
    return int(paid["sum"] or 0)


def refund_problems(dossier: Dossier, refund_vnd: int) -> dict[str, list[Text]]:
    """Say what is wrong with a refund, under ``refund_vnd``; an empty answer is a right one."""
    if refund_vnd < 0:
        return {"refund_vnd": [_("Số tiền hoàn lại không được âm. Nhập 0 nếu không hoàn.")]}
    paid = paid_vnd(dossier)
    if refund_vnd and not paid:
        return {"refund_vnd": [_("Hồ sơ này chưa nộp tiền nên không có khoản hoàn lại. Hãy nhập 0.")]}
    if refund_vnd > paid:
        return {
            "refund_vnd": [
                _("Không hoàn quá số đã nộp là %(paid)s đồng. Hãy nhập lại số tiền.")
                % {"paid": number_format(paid, force_grouping=True)}
            ]
        }
    return {}


def settle(
    dossier: Dossier, *, at: datetime, refund_vnd: int = 0, reason: RefundReason = RefundReason.STOPPED
) -> None:
    """Put down the draft of a locked dossier that has just ended; what was paid is to be given back, or is kept.

    The money to give back, in đồng, is a `Refund` of its own: a task until it has gone back.
    """
    background.hold(dossier, why="")
    steps.close(dossier, at=at, note=_ENDED)
    if refund_vnd:
        refunds.owe(dossier, amount_vnd=refund_vnd, reason=reason, at=at)
    else:
        refunds.note_state(dossier)
