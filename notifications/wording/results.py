"""What is told of a result: refused, issued, on its way, waiting, corrected."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from dossiers.models import Dossier
from notifications.wording.notice import Wording, Words, notice


def _refused_on_substance(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s bị từ chối giải quyết"),
        happened=_("%(agency)s đã từ chối giải quyết hồ sơ của bạn lúc %(at)s."),
        next_step=_(
            "Lý do và căn cứ ghi trong phiếu từ chối ở trang hồ sơ. Nếu không đồng ý, bạn có quyền khiếu nại; "
            "cần hỏi thêm, hãy gọi 1022."
        ),
        at=at,
    )


def _issued(dossier: Dossier, at: datetime) -> Wording:
    is_early = dossier.due_at is not None and localdate(at) < localdate(dossier.due_at)
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s đã có kết quả"),
        happened=_("%(agency)s đã giải quyết xong hồ sơ của bạn lúc %(at)s, sớm hơn ngày hẹn trả %(due)s.")
        if is_early
        else _("%(agency)s đã giải quyết xong hồ sơ của bạn lúc %(at)s."),
        next_step=_("Mở trang hồ sơ để xem, tải và nhận kết quả điện tử."),
        at=at,
    )


def _bundle_completed(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ liên thông %(code)s đã giải quyết xong"),
        happened=_(
            "Mọi hồ sơ thành phần của hồ sơ liên thông đã có kết cục, hồ sơ cuối cùng xong lúc %(at)s."
        ),
        next_step=_("Mở trang hồ sơ để xem từng hồ sơ thành phần và nhận kết quả của hồ sơ đó."),
        at=at,
    )


def _with_the_post(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: kết quả đang được gửi qua bưu điện"),
        happened=_("%(unit)s đã giao bản giấy của kết quả cho bưu điện lúc %(at)s."),
        next_step=_(
            "Mở trang hồ sơ để xem mã bưu gửi và kết quả đang ở đâu. Hãy để ý điện thoại của bưu tá."
        ),
        at=at,
    )


def _not_delivered(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: bưu điện chưa giao được kết quả"),
        happened=_("Bưu điện báo lúc %(at)s là chưa giao được bản giấy của kết quả cho bạn."),
        next_step=_(
            "Mở trang hồ sơ để xem kết quả đang ở đâu. Cần đổi địa chỉ hoặc nhận tại quầy, hãy gọi 1022."
        ),
        at=at,
    )


def _handed_over(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: đã trả kết quả"),
        happened=_("Kết quả đã được trao lúc %(at)s. Cảm ơn bạn đã sử dụng dịch vụ công của thành phố."),
        next_step=_("Nếu bạn chưa nhận được hoặc kết quả có sai sót, hãy gọi 1022 và nêu mã hồ sơ."),
        at=at,
    )


def _result_not_collected(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: kết quả đang chờ bạn nhận"),
        happened=_("%(agency)s đã giải quyết xong hồ sơ của bạn và bạn chưa nhận kết quả."),
        next_step=_("Mở trang hồ sơ để nhận kết quả điện tử, hoặc đến %(unit)s, mang theo giấy tiếp nhận."),
        at=at,
    )


def _under_correction(dossier: Dossier, at: datetime) -> Wording:
    return notice(
        dossier,
        subject=_("Hồ sơ %(code)s: kết quả có sai sót, đang được sửa"),
        happened=_("%(agency)s xin lỗi bạn: kết quả đã cấp có sai sót và đang được sửa từ lúc %(at)s."),
        next_step=_("Bạn không phải nộp lại giấy tờ hay trả khoản nào. Cổng sẽ báo khi có bản mới."),
        at=at,
    )


WORDINGS: Words = {
    "dossier.refuse": _refused_on_substance,
    "dossier.issue": _issued,
    "dossier.complete_bundle": _bundle_completed,
    "dossier.hand_to_post": _with_the_post,
    "dossier.post_not_delivered": _not_delivered,
    "dossier.hand_over": _handed_over,
    "dossier.correct_result": _under_correction,
    "alert.result_not_collected": _result_not_collected,
}
