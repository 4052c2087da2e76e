from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Vai trò: what an officer may do at one agency (domain: actors, 2.3)."""

    ONE_STOP_OFFICER = "one_stop_officer", _("Cán bộ một cửa")
    SPECIALIST = "specialist", _("Chuyên viên")
    UNIT_LEADER = "unit_leader", _("Lãnh đạo đơn vị")
    SIGNER = "signer", _("Lãnh đạo ký")
    CLERK = "clerk", _("Văn thư")
    FEE_COLLECTOR = "fee_collector", _("Cán bộ thu phí, lệ phí")
    ACCOUNTANT = "accountant", _("Kế toán")
    AGENCY_HEAD = "agency_head", _("Thủ trưởng cơ quan")
    PROCEDURE_CONTROL_OFFICER = "procedure_control_officer", _("Cán bộ kiểm soát thủ tục hành chính")
    IOC_OPERATOR = "ioc_operator", _("Cán bộ Trung tâm điều hành thông minh")
    SYSTEM_ADMIN = "system_admin", _("Quản trị hệ thống")
    AUDITOR = "auditor", _("Kiểm toán viên hệ thống")


class AgencyKind(models.TextChoices):
    """Loại cơ quan: the two tiers since 1 July 2025, city with its departments and commune-level units."""

    CITY = "city", _("Cấp thành phố")
    DEPARTMENT = "department", _("Sở, ban, ngành")
    WARD = "ward", _("Phường")
    COMMUNE = "commune", _("Xã")
    SPECIAL_ZONE = "special_zone", _("Đặc khu")


COMMUNE_KINDS = (AgencyKind.WARD, AgencyKind.COMMUNE, AgencyKind.SPECIAL_ZONE)
"""Cấp xã: the kinds of unit with a people's committee of their own below the city."""
