from django.db import models
from django.utils.translation import gettext_lazy as _


class ResultStatus(models.TextChoices):
    """Tình trạng của kết quả (domain: results, 7.1 and 7.7)."""

    VALID = "valid", _("Còn hiệu lực")
    EXPIRED = "expired", _("Hết hiệu lực")
    REVOKED = "revoked", _("Đã thu hồi")
    SUPERSEDED = "superseded", _("Đã được thay thế")
    SUSPENDED = "suspended", _("Tạm đình chỉ")
    CORRECTED = "corrected", _("Đã đính chính")
