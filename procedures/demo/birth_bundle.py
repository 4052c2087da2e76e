"""Liên thông: birth certificate, residence and health insurance of a small child with one filing, as demonstration data.

Modelled on 2.000986 of the national catalogue, which is published for the counter only and for authorities of before
July 2025; so the demonstration has a code of the house, and the published one stays as it is.
"""

from __future__ import annotations

from decimal import Decimal

from procedures.city_part import CityPart, Link, Upload
from procedures.demo import birth
from procedures.demo.birth_parts import CERTIFICATE_OF_BIRTH, PARTS
from procedures.demo.published import Published
from procedures.demo.questions import contact, known, page
from procedures.states import ApplicantCategory, CompetentAgencyRule, ComponentKind, Level

PUBLISHED = Published(
    code="9.100001",
    name=(
        "Thủ tục liên thông đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi (minh họa)"
    ),
    decision="Dữ liệu minh họa",
    ministry="Bộ Tư pháp",
    sector="Hộ tịch",
    level=Level.COMMUNE,
    categories=(ApplicantCategory.CITIZEN, ApplicantCategory.OVERSEAS_VIETNAMESE),
    sequence=(
        "Bước 1: Cha, mẹ nộp một bộ hồ sơ cho cả ba việc.\n"
        "Bước 2: Ba hồ sơ thành phần được giải quyết song song.\n"
        "Bước 3: Hồ sơ liên thông xong khi cả ba việc đã xong. Dữ liệu minh họa."
    ),
    working_days=Decimal(7),
    papers=((ComponentKind.EVIDENCE, CERTIFICATE_OF_BIRTH, 1, 0),),
    results=tuple(("", result.name) for part in PARTS for result in part.city_part.results),
    legal_bases=(("63/2024/NĐ-CP", "Thực hiện liên thông điện tử 02 nhóm thủ tục hành chính"),),
    authority="Ủy ban nhân dân cấp xã nơi cư trú của cha hoặc mẹ (minh họa)",
)

EFORM = {
    "pages": [
        page(
            "nguoi-yeu-cau",
            "Người yêu cầu",
            "Applicant",
            known("text", "ho_ten", "Họ, chữ đệm, tên", "Full name", "person.full_name"),
            *contact("person"),
        ),
        page("tre-em", "Trẻ em", "The child", *birth.child(), *birth.birth()),
        page("cha-me", "Cha, mẹ", "The parents", *birth.parents()),
        page(
            "cu-tru",
            "Cư trú và bảo hiểm y tế",
            "Residence and health insurance",
            *birth.residence(),
            *birth.household(),
            *birth.hospital(),
        ),
        page("cam-doan", "Cam đoan", "Declaration", birth.declared()),
    ]
}

CITY_PART = CityPart(
    short_name="Khai sinh, thường trú, bảo hiểm y tế cho trẻ (minh họa)",
    guidance=(
        "Nộp một lần cho cả ba việc tại phường, xã nơi cha hoặc mẹ cư trú. Biểu mẫu và quy trình nội bộ ở đây là dữ liệu "
        "minh họa."
    ),
    rule=CompetentAgencyRule.COMMUNE_OF_CHOICE,
    eform=EFORM,
    uploads=(Upload(CERTIFICATE_OF_BIRTH, hint="Do cơ sở y tế nơi trẻ sinh ra cấp.", max_pages=4),),
    steps=(),
    results=(),
    # The forms of the parts ask by the same names.
    links=tuple(Link(part.published.code, {name: name for name in part.fields}) for part in PARTS),
)
