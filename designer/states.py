from django.db import models
from django.utils.translation import gettext_lazy as _


class TrialKind(models.TextChoices):
    """Cách thử một bản thảo."""

    LINT = "lint", _("Rà soát")
    DRY_RUN = "dry_run", _("Chạy thử")
    REHEARSAL = "rehearsal", _("Diễn tập với hồ sơ năm qua")


class TrialState(models.TextChoices):
    """Tình trạng của một lần thử."""

    QUEUED = "queued", _("Đang chờ")
    RUNNING = "running", _("Đang chạy")
    DONE = "done", _("Đã xong")
    FAILED = "failed", _("Không chạy được")
