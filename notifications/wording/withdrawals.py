"""What is told of a wish to withdraw a dossier."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from dossiers.models import Dossier
from notifications.wording.notice import Wording, Words, notice


def _withdrawal_requested(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã nhận yêu cầu rút"),
        happened=_("Yêu cầu rút hồ sơ của bạn đã được ghi nhận lúc %(at)s và đang được xem xét."),
        next_step=_("Bạn chưa cần làm gì thêm. Cổng sẽ báo quyết định của cơ quan."),
        at=at,
    )


def _withdrawal_approved(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã được rút"),
        happened=_("Cơ quan đã đồng ý cho bạn rút hồ sơ lúc %(at)s. Hồ sơ dừng giải quyết."),
        next_step=_(
            "Mở trang hồ sơ để xem cách nhận lại bản chính và khoản tiền được hoàn, nếu có. "
            "Bạn có thể nộp hồ sơ mới bất cứ lúc nào."
        ),
        at=at,
    )


def _withdrawal_denied(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: không rút được, tiếp tục giải quyết"),
        happened=_("Cơ quan đã xem xét và không cho rút hồ sơ lúc %(at)s. Hồ sơ được giải quyết tiếp."),
        next_step=_("Lý do ghi ở trang hồ sơ. Nếu không đồng ý, hãy gọi 1022 và nêu mã hồ sơ."),
        at=at,
    )


WORDINGS: Words = {
    "dossier.request_withdrawal": _withdrawal_requested,
    "dossier.approve_withdrawal": _withdrawal_approved,
    "dossier.deny_withdrawal": _withdrawal_denied,
}
