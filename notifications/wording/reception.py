"""What is told when a dossier comes in: filed, taken in, refused at the desk, sent on to the right unit."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from dossiers.models import Dossier
from notifications.wording.notice import Wording, Words, notice

NEW_DATE = "dossier.new_date"
"""What is told of a reception that gave the dossier another due date."""


def _submitted(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã nộp, đang chờ tiếp nhận"),
        happened=_("Hồ sơ của bạn đã được gửi đến %(unit)s lúc %(at)s và đang chờ cán bộ một cửa tiếp nhận."),
        next_step=_(
            "Cán bộ một cửa kiểm tra và trả lời bạn chậm nhất lúc %(accept_due)s. Bạn chưa cần làm gì thêm."
        ),
        at=at,
    )


def _accepted(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã được tiếp nhận"),
        happened=_("%(unit)s đã tiếp nhận hồ sơ của bạn lúc %(at)s và chuyển cho chuyên viên giải quyết."),
        next_step=_("Hẹn trả kết quả: %(due)s. Giấy tiếp nhận và hẹn trả kết quả nằm trong trang hồ sơ."),
        at=at,
    )


def _accepted_at_counter(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã được tiếp nhận"),
        happened=_("%(unit)s đã tiếp nhận tại quầy hồ sơ của bạn lúc %(at)s."),
        next_step=_(
            "Hẹn trả kết quả: %(due)s. Giữ giấy tiếp nhận và hẹn trả kết quả; khi đến nhận, mang theo giấy tờ tùy thân. "
            "Nếu bạn không nộp hồ sơ này, hãy gọi 1022 ngay."
        ),
        at=at,
    )


def _refused(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s không được tiếp nhận"),
        happened=_("%(unit)s đã từ chối tiếp nhận hồ sơ của bạn lúc %(at)s."),
        next_step=_(
            "Lý do và hướng dẫn ghi trong phiếu từ chối ở trang hồ sơ. Sau khi sửa, bạn có thể nộp hồ sơ mới; "
            "cần hỏi thêm, hãy gọi 1022."
        ),
        at=at,
    )


def _rerouted(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã chuyển đến nơi tiếp nhận đúng"),
        happened=_("Hồ sơ của bạn được chuyển đến %(unit)s lúc %(at)s vì nơi này mới đúng thẩm quyền."),
        next_step=_(
            "Bạn không cần nộp lại. Cán bộ một cửa vẫn phải trả lời bạn chậm nhất lúc %(accept_due)s như đã hẹn."
        ),
        at=at,
    )


def _received_elsewhere(dossier: Dossier, at: datetime) -> Wording:
    """For cross-area intake the time counts from the reception by the competent agency (NĐ 309/2026, art. 8.3)."""
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: cơ quan giải quyết đã nhận"),
        happened=_("%(agency)s đã nhận hồ sơ của bạn lúc %(at)s; thời hạn giải quyết tính từ lúc này."),
        next_step=_("Hẹn trả kết quả: %(due)s. Bạn không cần làm gì thêm."),
        at=at,
    )


WORDINGS: Words = {
    "dossier.submit": _submitted,
    "dossier.accept": _accepted,
    "dossier.accept_at_counter": _accepted_at_counter,
    "dossier.refuse_intake": _refused,
    "dossier.reroute": _rerouted,
    NEW_DATE: _received_elsewhere,
}
