"""What is told of what is missing: asked for, given, sent back, in time or not."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from dossiers.models import Dossier
from notifications.wording.notice import Wording, Words, notice, was_typed


def _asked(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s cần bạn bổ sung"),
        happened=_("Hồ sơ của bạn còn thiếu hoặc có mục cần sửa. Cơ quan đã gửi yêu cầu bổ sung lúc %(at)s."),
        next_step=_(
            "Mở trang hồ sơ để xem từng mục cần bổ sung và cách làm, rồi gửi chậm nhất lúc %(next_due)s. "
            "Cần hỏi thêm, hãy gọi 1022."
        ),
        at=at,
    )


def _resubmitted(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã nhận bổ sung, đang chờ tiếp nhận"),
        happened=_supplement_came(dossier),
        next_step=_("Cán bộ một cửa kiểm tra và trả lời bạn chậm nhất lúc %(accept_due)s."),
        at=at,
    )


def _supplement_handed_in(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã nhận bổ sung, đang đối chiếu"),
        happened=_supplement_came(dossier),
        next_step=_(
            "Cán bộ một cửa đối chiếu rồi báo bạn ngày hẹn trả mới, hoặc mục nào chưa đạt và cách sửa. "
            "Bạn chưa cần làm gì thêm."
        ),
        at=at,
    )


def _supplement_came(dossier: Dossier) -> str:
    """Say how the answers came: who did not come to the counter must hear that somebody did in their name."""
    if not was_typed("dossier.resubmit", dossier):
        return _("Phần bổ sung của bạn đã được gửi đến %(unit)s lúc %(at)s.")
    return _(
        "Cán bộ của %(unit)s đã nhập hộ tại quầy phần bổ sung của bạn và gửi lúc %(at)s. "
        "Nếu bạn không đến và không nhờ ai đến quầy, hãy gọi 1022 ngay."
    )


def _supplement_sent_back(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: phần bổ sung chưa đạt, cần bạn bổ sung lại"),
        happened=_("%(unit)s đã đối chiếu lúc %(at)s và thấy có mục bạn bổ sung chưa đạt."),
        next_step=_(
            "Mở trang hồ sơ để xem mục nào chưa đạt và cách sửa, rồi gửi lại chậm nhất lúc %(next_due)s: "
            "thời hạn không kéo dài. Các mục đã đạt không phải làm lại. Cần hỏi thêm, hãy gọi 1022."
        ),
        at=at,
    )


def _supplement_received(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã nhận đủ bổ sung"),
        happened=_("%(unit)s xác nhận lúc %(at)s là bạn đã bổ sung đủ. Hồ sơ được giải quyết tiếp."),
        next_step=_("Hẹn trả kết quả: %(due)s. Giấy tiếp nhận và hẹn trả mới nằm trong trang hồ sơ."),
        at=at,
    )


def _supplement_waiting(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s sắp hết thời hạn bổ sung"),
        happened=_("Hồ sơ của bạn đang chờ giấy tờ, thông tin bổ sung. Thời hạn: %(next_due)s."),
        next_step=_(
            "Mở trang hồ sơ để xem từng mục cần bổ sung và nộp. Quá thời hạn này, hồ sơ sẽ dừng giải quyết."
        ),
        at=at,
    )


def _lapsed(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã dừng vì hết thời hạn bổ sung"),
        happened=_("Cơ quan chưa nhận được bổ sung trong thời hạn nên hồ sơ dừng giải quyết từ %(at)s."),
        next_step=_("Nếu vẫn cần, bạn có thể nộp hồ sơ mới với giấy tờ đầy đủ. Cần hỏi thêm, hãy gọi 1022."),
        at=at,
    )


WORDINGS: Words = {
    "dossier.request_supplement": _asked,
    "dossier.approve_supplement": _asked,
    "dossier.resubmit": _resubmitted,
    "dossier.supplement_handed_in": _supplement_handed_in,
    "dossier.supplement_sent_back": _supplement_sent_back,
    "dossier.supplement_received": _supplement_received,
    "dossier.lapse": _lapsed,
    "alert.supplement_waiting": _supplement_waiting,
}
