"""Demonstration agencies and officers.

The 94 commune-level units carry their official names (Resolution 1659/NQ-UBTVQH15, in force since 1 July 2025) and
area codes; the agency codes are fictional until the official catalogue is loaded. Officers are nobody: each name
says that it is an example.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from accounts.models import User
from agencies import services
from agencies.models import Agency, Calendar, Officer, OfficerRole
from agencies.states import AgencyKind, Role
from core.signing import PORTAL_KEY_ID, demo_ca
from core.vietnamese import sort_key
from core.working_time import official_days

UNITS_FILE = Path(__file__).parent / "data" / "communal_units.csv"
CITY_CODE = "H17.01"
HOTLINE = "1022"

DEPARTMENTS = {
    "H17.02": "Sở Tư pháp",
    "H17.03": "Sở Nội vụ",
    "H17.04": "Sở Tài chính",
    "H17.05": "Sở Xây dựng",
    "H17.06": "Sở Nông nghiệp và Môi trường",
    "H17.07": "Sở Khoa học và Công nghệ",
    "H17.08": "Sở Công Thương",
    "H17.09": "Sở Y tế",
    "H17.10": "Sở Giáo dục và Đào tạo",
    "H17.11": "Sở Văn hóa và Thể thao",
    "H17.12": "Sở Du lịch",
    "H17.13": "Sở Ngoại vụ",
    "H17.14": "Ban Quản lý Khu công nghệ cao và các Khu công nghiệp",
    "H17.15": "Công an thành phố Đà Nẵng",
    "H17.16": "Thuế thành phố Đà Nẵng",
    "H17.17": "Bảo hiểm xã hội thành phố Đà Nẵng",
}


@dataclass(frozen=True, slots=True)
class DemoOfficer:
    """One demonstration account. ``duty`` tells whoever plays it what it is for."""

    login: str
    name: str
    title: str
    agency_code: str
    roles: tuple[Role, ...]
    duty: str

    @property
    def place(self) -> str:
        """The last part of the login: which unit, in ASCII."""
        return self.login.rpartition(".")[2]

    @property
    def full_name(self) -> str:
        return f"{self.name} (minh họa)"

    @property
    def signing_key_id(self) -> str:
        return f"signer-{self.place}" if Role.SIGNER in self.roles else ""


def _staff(place: str, agency_code: str, unit: str, *, leader: str, head: str) -> list[DemoOfficer]:
    desk = (Role.ONE_STOP_OFFICER,)
    intake = "Tiếp nhận hoặc từ chối hồ sơ, trả kết quả"
    return [
        DemoOfficer(
            f"motcua1.{place}", f"Cán bộ một cửa 1 {unit}", "Cán bộ một cửa", agency_code, desk, intake
        ),
        DemoOfficer(
            f"motcua2.{place}", f"Cán bộ một cửa 2 {unit}", "Cán bộ một cửa", agency_code, desk, intake
        ),
        DemoOfficer(
            f"chuyenvien.{place}",
            f"Chuyên viên {unit}",
            "Chuyên viên",
            agency_code,
            (Role.SPECIALIST,),
            "Thụ lý hồ sơ, soạn dự thảo kết quả, trình ký",
        ),
        DemoOfficer(
            f"lanhdao.{place}",
            f"Lãnh đạo ký {unit}",
            leader,
            agency_code,
            (Role.UNIT_LEADER, Role.SIGNER),
            "Phân công xử lý, ký số hoặc trả lại dự thảo",
        ),
        DemoOfficer(
            f"vanthu.{place}",
            f"Văn thư {unit}",
            "Văn thư",
            agency_code,
            (Role.CLERK,),
            "Cấp số, đóng dấu số và phát hành kết quả",
        ),
        DemoOfficer(
            f"thutruong.{place}",
            f"Thủ trưởng {unit}",
            head,
            agency_code,
            (Role.AGENCY_HEAD,),
            "Theo dõi hồ sơ của cơ quan, xin lỗi và hẹn lại, dừng giải quyết",
        ),
        DemoOfficer(
            f"thuphi.{place}",
            f"Cán bộ thu phí {unit}",
            "Cán bộ thu phí, lệ phí",
            agency_code,
            (Role.FEE_COLLECTOR,),
            "Xác nhận đã nộp tiền tại bộ phận một cửa",
        ),
        DemoOfficer(
            f"ketoan.{place}",
            f"Kế toán {unit}",
            "Kế toán",
            agency_code,
            (Role.ACCOUNTANT,),
            "Xác nhận nghĩa vụ tài chính đã thực hiện",
        ),
        DemoOfficer(
            f"kiemsoat.{place}",
            f"Cán bộ kiểm soát thủ tục {unit}",
            "Cán bộ kiểm soát thủ tục hành chính",
            agency_code,
            (Role.PROCEDURE_CONTROL_OFFICER,),
            "Giữ lịch làm việc của đơn vị",
        ),
    ]


OFFICERS = [
    *_staff(
        "haichau",
        "H17.34.01",
        "phường Hải Châu",
        leader="Phó Chủ tịch UBND phường",
        head="Chủ tịch UBND phường",
    ),
    *_staff("soxaydung", "H17.05", "Sở Xây dựng", leader="Phó Giám đốc Sở", head="Giám đốc Sở"),
    *_staff("sokhcn", "H17.07", "Sở Khoa học và Công nghệ", leader="Phó Giám đốc Sở", head="Giám đốc Sở"),
    DemoOfficer(
        "kiemtra.soxaydung",
        "Người kiểm tra giao thông",
        "Thanh tra viên",
        "H17.05",
        (),
        "Quét mã QR trên phù hiệu, giấy phép vận tải khi kiểm tra; không xem hồ sơ",
    ),
    DemoOfficer(
        "kiemtra.sokhcn",
        "Người kiểm tra bưu chính",
        "Thanh tra viên",
        "H17.07",
        (),
        "Quét mã QR trên giấy phép bưu chính khi kiểm tra; không xem hồ sơ",
    ),
    DemoOfficer(
        "kiemsoat.thanhpho",
        "Cán bộ kiểm soát thủ tục",
        "Chuyên viên kiểm soát thủ tục hành chính",
        CITY_CODE,
        (Role.PROCEDURE_CONTROL_OFFICER,),
        "Rà soát danh mục thủ tục, theo dõi toàn thành phố, giữ lịch làm việc chung",
    ),
    DemoOfficer(
        "ioc.thanhpho",
        "Cán bộ điều hành thông minh",
        "Chuyên viên Trung tâm điều hành thông minh",
        CITY_CODE,
        (Role.IOC_OPERATOR,),
        "Theo dõi cảnh báo toàn thành phố",
    ),
    DemoOfficer(
        "quantri.thanhpho",
        "Quản trị hệ thống",
        "Quản trị viên",
        CITY_CODE,
        (Role.SYSTEM_ADMIN,),
        "Quản trị tài khoản; không đọc nội dung hồ sơ",
    ),
]


@transaction.atomic
def load(*, at: datetime, password: str) -> None:
    """Load calendar, agencies, officers and their demonstration signing keys. Safe and quick to repeat.

    :param at: now; certificates are valid from then.
    :param password: of every demonstration officer, at least 12 characters.
    """
    agencies = _load_agencies(_load_calendar())
    _load_officers(agencies, at=at, password=password)
    _issue_keys(agencies, at=at)


def _load_calendar() -> Calendar:
    calendar, _ = Calendar.objects.get_or_create(
        code="city", defaults={"name": "Lịch làm việc thành phố Đà Nẵng"}
    )
    services.enter_days(calendar_id=calendar.pk, days=official_days())
    return calendar


def _load_agencies(calendar: Calendar) -> dict[str, Agency]:
    city = Agency(
        code=CITY_CODE,
        name="Trung tâm Phục vụ hành chính công thành phố Đà Nẵng",
        kind=AgencyKind.CITY,
        one_stop_name="Trung tâm Phục vụ hành chính công thành phố Đà Nẵng",
    )
    departments = [
        Agency(code=code, name=name, kind=AgencyKind.DEPARTMENT, one_stop_name=f"Bộ phận Một cửa {name}")
        for code, name in DEPARTMENTS.items()
    ]
    rows = [city, *departments, *_communal_units()]
    for row in rows:
        row.calendar, row.phone, row.name_sort = calendar, HOTLINE, sort_key(row.name)
    Agency.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_sort", "kind", "area_code", "one_stop_name", "updated_at"],
    )
    return {agency.code: agency for agency in Agency.objects.filter(code__in=[row.code for row in rows])}


def _communal_units() -> list[Agency]:
    with UNITS_FILE.open(encoding="utf-8", newline="") as file:
        return [_communal_unit(row) for row in csv.DictReader(file)]


def _communal_unit(row: dict[str, str]) -> Agency:
    name = row["name"][:1].lower() + row["name"][1:]
    return Agency(
        code=row["code"],
        name=f"Ủy ban nhân dân {name}",
        kind=AgencyKind(row["kind"]),
        area_code=row["area_code"],
        one_stop_name=f"Trung tâm Phục vụ hành chính công {name}",
    )


def _load_officers(agencies: dict[str, Agency], *, at: datetime, password: str) -> None:
    hashed = _hashed(password)
    for demo in OFFICERS:
        user, _ = User.objects.update_or_create(
            username=demo.login,
            defaults={
                "display_name": demo.full_name,
                "email": f"{demo.login}@danang.example",
                "password": hashed,
                "is_active": True,
            },
        )
        officer, _ = Officer.objects.update_or_create(
            user=user,
            defaults={
                "full_name": demo.full_name,
                "title": demo.title,
                "signing_key_id": demo.signing_key_id,
            },
        )
        for role in demo.roles:
            OfficerRole.objects.get_or_create(
                officer=officer,
                agency=agencies[demo.agency_code],
                role=role,
                valid_to=None,
                defaults={"valid_from": at},
            )


def _hashed(password: str) -> str:
    """Hash the password once for all of them, and keep the hash that is there while it still fits.

    A hash costs a good part of a second, and a new one would end every session.
    """
    kept = User.objects.filter(username=OFFICERS[0].login).values_list("password", flat=True).first()
    return kept if kept and check_password(password, kept) else make_password(password)


def _issue_keys(agencies: dict[str, Agency], *, at: datetime) -> None:
    directory = settings.SIGNING_DIR
    demo_ca.ensure(directory, at=at)
    for demo in OFFICERS:
        if demo.signing_key_id:
            demo_ca.issue(
                directory,
                key_id=demo.signing_key_id,
                common_name=demo.full_name,
                organisation=agencies[demo.agency_code].name,
                kind="person",
                at=at,
            )
    for code in sorted({demo.agency_code for demo in OFFICERS if Role.CLERK in demo.roles}):
        agency = agencies[code]
        agency.seal_key_id = f"seal-{code}"
        agency.save(update_fields=["seal_key_id", "updated_at"])
        demo_ca.issue(
            directory,
            key_id=agency.seal_key_id,
            common_name=f"{agency.name} (minh họa)",
            organisation=agency.name,
            kind="agency",
            at=at,
        )
    demo_ca.issue(
        directory,
        key_id=PORTAL_KEY_ID,
        common_name="Cổng dịch vụ công Đà Nẵng (minh họa)",
        organisation="Thành phố Đà Nẵng",
        kind="portal",
        at=at,
    )
