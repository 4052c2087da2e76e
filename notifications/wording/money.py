"""What is told of money: due, paid, called off, given back."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from dossiers.models import Dossier
from notifications.wording.notice import Wording, Words, notice


def _money_due(dossier: Dossier, at: datetime) -> Wording:
    """Message 6. No account number is ever in it: whoever sends one by mail is not the city."""
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: thông báo nộp phí, lệ phí hoặc nghĩa vụ tài chính"),
        happened=_(
            "%(agency)s đã thông báo khoản bạn phải nộp lúc %(at)s. Nộp chậm nhất lúc %(next_due)s; "
            "thời hạn giải quyết tạm dừng đến khi tiền được xác nhận."
        ),
        next_step=_(
            "Mở trang hồ sơ để xem số tiền, căn cứ và cách nộp. Cổng không gửi số tài khoản qua tin nhắn hay thư."
        ),
        at=at,
    )


def _money_confirmed(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã xác nhận tiền nộp"),
        happened=_("Khoản tiền của hồ sơ được xác nhận đã nộp lúc %(at)s. Hồ sơ được giải quyết tiếp."),
        next_step=_("Hẹn trả kết quả: %(due)s. Bạn không cần làm gì thêm."),
        at=at,
    )


def _money_cancelled(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã hủy thông báo nộp tiền"),
        happened=_("Thông báo nộp tiền gửi trước đây có sai sót và được hủy lúc %(at)s. Đừng nộp khoản đó."),
        next_step=_(
            "Hẹn trả kết quả: %(due)s. Nếu bạn đã nộp, hãy gọi 1022 và nêu mã hồ sơ để được hoàn lại."
        ),
        at=at,
    )


def _payment_waiting(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s đang chờ bạn nộp tiền"),
        happened=_("Hồ sơ của bạn tạm dừng để chờ thực hiện nghĩa vụ tài chính. Thời hạn: %(next_due)s."),
        next_step=_(
            "Mở trang hồ sơ để xem số tiền và cách nộp. Hồ sơ được giải quyết tiếp ngay khi tiền được xác nhận."
        ),
        at=at,
    )


def _payment_called_off(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: không phải nộp khoản đã thông báo"),
        happened=_("Hồ sơ đã kết thúc nên khoản tiền đã thông báo được hủy lúc %(at)s. Đừng nộp khoản đó."),
        next_step=_(
            "Nếu bạn vừa nộp, số tiền sẽ được ghi nhận và hoàn lại. Cần hỏi thêm, hãy gọi 1022 và nêu mã hồ sơ."
        ),
        at=at,
    )


def _money_in_vain(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: tiền bạn nộp sẽ được hoàn lại"),
        happened=_("Cơ quan ghi nhận lúc %(at)s khoản tiền đến khi bạn không còn phải nộp."),
        next_step=_(
            "Số tiền này sẽ được hoàn lại. Mở trang hồ sơ để xem tình trạng; bạn không cần làm gì thêm."
        ),
        at=at,
    )


def _money_given_back(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã hoàn tiền"),
        happened=_("Cơ quan ghi nhận lúc %(at)s là đã hoàn tiền cho bạn."),
        next_step=_(
            "Số tiền và số chứng từ ghi ở trang hồ sơ. Nếu chưa nhận được, hãy gọi 1022 và nêu mã hồ sơ."
        ),
        at=at,
    )


WORDINGS: Words = {
    "dossier.notify_obligation": _money_due,
    "dossier.confirm_payment": _money_confirmed,
    "dossier.cancel_obligation": _money_cancelled,
    "dossier.remind_payment": _payment_waiting,
    "dossier.record_payment": _money_in_vain,
    "dossier.pay_refund": _money_given_back,
    "dossier.payment_called_off": _payment_called_off,
    "alert.payment_waiting": _payment_waiting,
}
