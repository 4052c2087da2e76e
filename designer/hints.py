"""What stands under a control whose name alone does not say what belongs there, by the name of its entry."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Text

_AS_PUBLISHED = _("Chỉ chép vào đây khi quyết định ghi khác những gì đã nhập ở các phần khác.")

HINTS: dict[str, Text] = {
    "short_name": _("Tên mà người dân hay gọi; hiện trong danh sách và tin báo."),
    "effective_from": _("Không công bố được trước ngày này."),
    "effective_to": _("Để trống nếu chưa biết."),
    "methods_text": _AS_PUBLISHED,
    "components_text": _AS_PUBLISHED,
    "legal_bases_text": _AS_PUBLISHED,
    "levels_text": _AS_PUBLISHED,
    "applicant_categories_text": _AS_PUBLISHED,
    "time_text": _("Chép nguyên văn khi thời hạn có điều kiện; hoặc để trống."),
    "partial_reason": _("Phải chọn khi dịch vụ chỉ làm được một phần trên mạng."),
    "legacy_level": _("1 đến 4, nếu văn bản cũ có ghi."),
    "symbol": _("Phần chữ trong số văn bản, ví dụ GXN-UBND."),
    "validity_months": _("Để trống nếu không có thời hạn."),
    "until_event": _(
        "Sự kiện làm giấy hết giá trị, viết tiếp sau chữ “đến khi”, ví dụ: người được cấp chuyển nơi cư trú. "
        "Ghi cả thời hạn và sự kiện thì giấy hết giá trị theo việc nào đến trước."
    ),
    "inspector_classes": _(
        "Người thuộc nhóm được chọn quét mã QR thì thấy nhiều hơn người khác, theo quyền của nhóm; "
        "mỗi lượt xem được ghi lại và chủ giấy đọc được."
    ),
    "reissue_procedure": _("Mã của thủ tục cấp lại giấy này, nếu có."),
}
