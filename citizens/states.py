from django.db import models
from django.utils.translation import gettext_lazy as _


class ActorCategory(models.TextChoices):
    """Loại danh tính (domain: actors, 2.1)."""

    CITIZEN = "citizen", _("Công dân Việt Nam")
    FOREIGNER = "foreigner", _("Người nước ngoài")
    OVERSEAS_VN = "overseas_vn", _("Người Việt Nam định cư ở nước ngoài")


class EidLevel(models.IntegerChoices):
    """Mức độ định danh điện tử (NĐ 69/2024)."""

    NONE = 0, _("Chưa định danh")
    LEVEL_1 = 1, _("Mức độ 1")
    LEVEL_2 = 2, _("Mức độ 2")


class Scope(models.TextChoices):
    """Phạm vi đại diện."""

    FILE = "file", _("Nộp hồ sơ")
    RECEIVE_RESULT = "receive_result", _("Nhận kết quả")
