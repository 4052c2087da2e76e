from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionStatus(models.TextChoices):
    """Tình trạng của một phiên bản thủ tục."""

    DRAFT = "draft", _("Bản thảo")
    APPROVED = "approved", _("Đã duyệt")
    PUBLISHED = "published", _("Đã công bố")
    SUPERSEDED = "superseded", _("Đã thay thế")
    ABOLISHED = "abolished", _("Đã bãi bỏ")


class Level(models.TextChoices):
    """Cấp thực hiện."""

    COMMUNE = "commune", _("Cấp xã")
    PROVINCE = "province", _("Cấp tỉnh")
    MINISTRY = "ministry", _("Cấp bộ")
    OTHER = "other", _("Cơ quan khác")


class ApplicantCategory(models.TextChoices):
    """Đối tượng thực hiện."""

    CITIZEN = "citizen", _("Công dân Việt Nam")
    OVERSEAS_VIETNAMESE = "overseas_vietnamese", _("Người Việt Nam định cư ở nước ngoài")
    FOREIGNER = "foreigner", _("Người nước ngoài")
    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    FOREIGN_INVESTED_ENTERPRISE = "foreign_invested_enterprise", _("Doanh nghiệp có vốn đầu tư nước ngoài")
    COOPERATIVE = "cooperative", _("Hợp tác xã")
    ORGANISATION = "organisation", _("Tổ chức")
    OTHER = "other", _("Đối tượng khác")


class Channel(models.TextChoices):
    """Cách thức thực hiện."""

    ONLINE = "online", _("Trực tuyến")
    COUNTER = "counter", _("Trực tiếp")
    POST = "post", _("Dịch vụ bưu chính")


class DurationUnit(models.TextChoices):
    WORKING_DAY = "working_day", _("ngày làm việc")
    WORKING_HOUR = "working_hour", _("giờ làm việc")
    DAY = "day", _("ngày")
    HOUR = "hour", _("giờ")
    MONTH = "month", _("tháng")


class FeeKind(models.TextChoices):
    FEE = "fee", _("Phí")
    CHARGE = "charge", _("Lệ phí")


class OnlineLevel(models.TextChoices):
    """Mức độ cung cấp dịch vụ trực tuyến (NĐ 224/2026, điều 14)."""

    FULL_ONLINE = "full_online", _("Toàn trình")
    PARTIAL_ONLINE = "partial_online", _("Một phần")
    INFORMATION_ONLY = "information_only", _("Cung cấp thông tin")


class CompetentAgencyRule(models.TextChoices):
    """How the agency that decides is found."""

    NOT_SET = "not_set", _("Chưa xác định")
    FIXED = "fixed", _("Một cơ quan cố định")
    COMMUNE_OF_CHOICE = "commune_of_choice", _("Phường, xã do người nộp chọn")


class ComponentKind(models.TextChoices):
    FORM = "form", _("Tờ khai")
    IDENTITY = "identity", _("Giấy tờ tùy thân")
    EVIDENCE = "evidence", _("Giấy tờ chứng minh")
    PRIOR_RESULT = "prior_result", _("Kết quả đã cấp")
    PHOTO = "photo", _("Ảnh")


class StepKind(models.TextChoices):
    """Loại bước trong quy trình nội bộ."""

    RECEIVE = "receive", _("Tiếp nhận")
    EXAMINE = "examine", _("Thẩm định")
    SIGN = "sign", _("Ký")
    ISSUE = "issue", _("Cấp số, phát hành")
