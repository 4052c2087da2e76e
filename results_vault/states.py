from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ResultStatus(models.TextChoices):
    """Tình trạng của kết quả (domain: results, 7.1 and 7.7). Expiry is not stored: it follows from the date."""

    VALID = "valid", _("Còn hiệu lực")
    EXPIRED = "expired", _("Hết hiệu lực")
    REVOKED = "revoked", _("Đã thu hồi")
    SUPERSEDED = "superseded", _("Đã được thay thế")
    SUSPENDED = "suspended", _("Tạm đình chỉ")
    CORRECTED = "corrected", _("Đã đính chính")


class Outcome(models.TextChoices):
    """Kết luận khi kiểm tra một mã (domain: results, 7.7): a status, or why there is none to show."""

    VALID = "valid", _("Kết quả còn hiệu lực")
    EXPIRED = "expired", _("Kết quả đã hết hiệu lực")
    REVOKED = "revoked", _("Kết quả đã bị thu hồi")
    SUPERSEDED = "superseded", _("Kết quả đã được thay thế")
    SUSPENDED = "suspended", _("Kết quả đang tạm đình chỉ")
    CORRECTED = "corrected", _("Kết quả đã được đính chính")
    UNKNOWN = "unknown", _("Không phải kết quả do hệ thống này cấp")
    UNAVAILABLE = "unavailable", _("Chưa kiểm tra được")


class Fact(models.TextChoices):
    """Điều người kiểm tra được xem thêm, ngoài những gì ai cũng thấy (domain: results, 7.7)."""

    OWNER = "owner", _("họ tên đầy đủ")
    IDENTITY = "identity", _("ngày sinh, ba số cuối của số định danh")
    CONTENT = "content", _("nội dung và điều kiện của giấy")
    HISTORY = "history", _("các lần thay đổi")
    FILE = "file", _("tệp PDF đã ký")


class Verdict(models.TextChoices):
    """Kết luận khi đối chiếu một tệp với kho kết quả."""

    GENUINE = "genuine", _("Tệp đúng nguyên bản đã cấp")
    CHANGED = "changed", _("Tệp đã bị thay đổi")
    OTHER = "other", _("Tệp không phải là kết quả này")
    SIGNED = "signed", _("Tệp có chữ ký số hợp lệ nhưng không có trong kho kết quả")
    NOT_OURS = "not_ours", _("Không phải kết quả do hệ thống này cấp")


class Change(models.TextChoices):
    """Việc làm thay đổi hiệu lực của một kết quả."""

    REVOKE = "revoke", _("Thu hồi")
    SUSPEND = "suspend", pgettext_lazy("action", "Tạm đình chỉ")
    RESUME = "resume", _("Bỏ tạm đình chỉ")
    SUPERSEDE = "supersede", _("Thay thế bằng kết quả mới")
    CORRECT = "correct", _("Đính chính bằng bản mới")
    END = "end", _("Ghi nhận sự kiện làm hết giá trị")
