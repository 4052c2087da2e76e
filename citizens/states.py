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


class AccessPurpose(models.TextChoices):
    """Mục đích xem dữ liệu cá nhân, in the words that its owner reads."""

    PROCESS_DOSSIER = "process_dossier", _("Giải quyết hồ sơ của bạn")
    READ_COMPONENT = "read_component", _("Mở giấy tờ trong hồ sơ của bạn")
    READ_PERSONAL_ID = "read_personal_id", _("Xem số định danh cá nhân của bạn")
    READ_RESULT = "read_result", _("Xem kết quả của bạn")
    INSPECT_RESULT = "inspect_result", _("Kiểm tra kết quả của bạn khi thi hành công vụ")
    ANSWER_INQUIRY = "answer_inquiry", _("Xác minh theo yêu cầu của cơ quan có thẩm quyền")
    SUPERVISE = "supervise", _("Kiểm tra, giám sát việc giải quyết")
