"""What is told while a dossier is worked on: a verification, a new date, a message, a loss, its stop."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from dossiers.models import Dossier
from notifications.wording.notice import Wording, Words, meeting, notice


def _presence_needed(dossier: Dossier, at: datetime) -> Wording:
    """Where and when: of the verification that goes on."""
    when, place = meeting(dossier)
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s cần bạn có mặt khi xác minh"),
        happened=_("%(agency)s xác minh thực tế cho hồ sơ của bạn và cần bạn có mặt.")
        + " "
        + _("Thời gian: %(when)s. Địa điểm: %(place)s.") % {"when": when, "place": place.replace("%", "%%")},
        next_step=_("Mang theo giấy tờ tùy thân. Nếu không đến được, hãy gọi 1022 để hẹn lúc khác."),
        at=at,
    )


def _presence_called_off(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: không cần có mặt khi xác minh nữa"),
        happened=_("Hồ sơ đã kết thúc nên buổi xác minh đã hẹn được hủy lúc %(at)s."),
        next_step=_("Bạn không cần đến nữa. Mở trang hồ sơ để xem vì sao hồ sơ kết thúc."),
        at=at,
    )


def _recomputed(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: thời hạn được tính lại"),
        happened=_("Lịch làm việc của cơ quan thay đổi nên thời hạn của hồ sơ được tính lại lúc %(at)s."),
        next_step=_("Thời hạn mới: %(now_due)s. Mở trang hồ sơ để xem cách tính; bạn không cần làm gì thêm."),
        at=at,
    )


def _extended(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: xin lỗi và hẹn lại ngày trả kết quả"),
        happened=_("%(agency)s xin lỗi vì chưa trả kết quả đúng hẹn và hẹn lại: %(due)s."),
        next_step=_(
            "Hồ sơ chỉ được hẹn lại một lần. Bạn không phải nộp thêm gì; lý do và văn bản xin lỗi nằm ở trang hồ sơ."
        ),
        at=at,
    )


def _message_sent(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: cán bộ viết cho bạn"),
        happened=_("Cán bộ phụ trách hồ sơ đã viết cho bạn lúc %(at)s."),
        next_step=_("Mở trang hồ sơ, mục Trao đổi với cơ quan, để đọc và trả lời."),
        at=at,
    )


def _loss(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: cơ quan xin lỗi vì giấy tờ bị mất, hỏng"),
        happened=_(
            "Giấy tờ của hồ sơ bạn nộp đã bị mất hoặc hỏng khi ở cơ quan. %(agency)s xin lỗi bạn và đang khắc phục từ "
            "lúc %(at)s."
        ),
        next_step=_(
            "Mọi chi phí khắc phục do cơ quan chịu; bạn không phải trả khoản nào. "
            "Thư xin lỗi và cách khắc phục nằm ở trang hồ sơ; cần hỏi, hãy gọi 1022."
        ),
        at=at,
    )


def _loss_mended(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã khắc phục việc mất, hỏng giấy tờ"),
        happened=_("Việc mất, hỏng giấy tờ của hồ sơ đã được khắc phục xong lúc %(at)s."),
        next_step=_("Bạn không phải làm gì thêm và không phải trả khoản nào. Xin lỗi bạn một lần nữa."),
        at=at,
    )


def _stopped(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã dừng giải quyết"),
        happened=_("%(agency)s đã dừng giải quyết hồ sơ của bạn lúc %(at)s."),
        next_step=_(
            "Lý do, việc trả lại bản chính và tiền (nếu có) ghi trong thông báo ở trang hồ sơ. "
            "Nếu không đồng ý, hãy gọi 1022 và nêu mã hồ sơ."
        ),
        at=at,
    )


WORDINGS: Words = {
    "dossier.extend": _extended,
    "dossier.stop": _stopped,
    "dossier.loss_incident": _loss,
    "dossier.loss_mended": _loss_mended,
    "dossier.verification_presence": _presence_needed,
    "dossier.presence_called_off": _presence_called_off,
    "dossier.recompute": _recomputed,
    "dossier.message_sent": _message_sent,
}
