"""Alert kinds and how far an alert has come (domain: timers, 5.4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AlertKind(models.TextChoices):
    """Loại cảnh báo."""

    NOT_ACCEPTED_SOON = "not_accepted_soon", _("Sắp hết hạn tiếp nhận")
    NOT_ACCEPTED = "not_accepted", _("Quá 4 giờ chưa tiếp nhận")
    NOT_ACCEPTED_NATIONAL = "not_accepted_national", _("Quá 8 giờ chưa tiếp nhận")
    NEAR_DUE = "near_due", _("Sắp đến hạn trả")
    STEP_OVERDUE = "step_overdue", _("Bước xử lý quá hạn")
    APOLOGY_DUE = "apology_due", _("Phải xin lỗi và hẹn lại")
    OVERDUE = "overdue", _("Quá hạn trả")
    OVERDUE_ESCALATED = "overdue_escalated", _("Quá hạn, báo cấp trên")
    SUPPLEMENT_WAITING = "supplement_waiting", _("Sắp hết hạn bổ sung")
    PAYMENT_WAITING = "payment_waiting", _("Chờ nộp tiền")
    OPINION_OVERDUE = "opinion_overdue", _("Quá hạn cho ý kiến")
    RESULT_NOT_COLLECTED = "result_not_collected", _("Kết quả chưa được nhận")
    LOSS_INCIDENT = "loss_incident", _("Hồ sơ bị mất, hỏng")
    SYNC_FAILED = "sync_failed", _("Đồng bộ không thành công")


class AlertState(models.TextChoices):
    """Tình trạng cảnh báo."""

    RAISED = "raised", _("Mới phát sinh")
    DELIVERED = "delivered", _("Đã báo")
    ACKNOWLEDGED = "acknowledged", _("Đã ghi nhận")
    RESOLVED = "resolved", _("Đã xử lý")


UNANSWERED = (AlertState.RAISED, AlertState.DELIVERED)
"""States in which an alert still waits for somebody to take it on."""


class Repeat(models.TextChoices):
    """When an alert that nobody has taken on is told again."""

    ONCE = "once", _("Một lần")
    HOURLY = "hourly", _("Mỗi giờ làm việc")
    EACH_SESSION = "each_session", _("Đầu mỗi buổi làm việc")
    DAILY = "daily", _("Mỗi ngày làm việc")
    HALF_HOURLY = "half_hourly", _("Mỗi 30 phút")
