"""The three procedures after a birth that the bundle is made of, as demonstration data under codes of the house.

Decided by a ward or commune in all three: the demonstration has neither the police nor the social insurance as
agencies of their own, which decide residence and insurance in truth. The codes are not those of the national
catalogue, whose procedures stay as they are published.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from procedures.city_part import CityPart, Result, Upload
from procedures.demo import birth
from procedures.demo.published import Published
from procedures.demo.questions import Question, contact, page
from procedures.demo.workflow import four_steps
from procedures.states import ApplicantCategory, CompetentAgencyRule, ComponentKind, Level

CERTIFICATE_OF_BIRTH = "Giấy chứng sinh"
"""Named alike in the bundle: the file goes along."""


@dataclass(frozen=True, slots=True)
class Part:
    published: Published
    city_part: CityPart

    @property
    def fields(self) -> list[str]:
        """Name the questions of its form."""
        return [field["name"] for one in self.city_part.eform["pages"] for field in one["fields"]]


def _part(
    code: str,
    name: str,
    *,
    sector: str,
    ministry: str,
    days: str,
    examining: str,
    step: str,
    result: str,
    symbol: str,
    questions: list[Question],
    confirmed: list[str],
    uploads: tuple[Upload, ...] = (),
) -> Part:
    """Make a part of the bundle. ``days``: its time limit; ``examining``: of these, the specialist's step."""
    labels = {one["name"]: one["label"] for one in questions}
    others = (Decimal(days) - Decimal(examining)) / 3
    return Part(
        Published(
            code=code,
            name=f"Thủ tục {name[0].lower()}{name[1:]} cho trẻ em dưới 6 tuổi (minh họa)",
            decision="Dữ liệu minh họa",
            ministry=ministry,
            sector=sector,
            level=Level.COMMUNE,
            categories=(ApplicantCategory.CITIZEN, ApplicantCategory.OVERSEAS_VIETNAMESE),
            sequence="Bước 1: Nộp hồ sơ.\nBước 2: Cơ quan giải quyết.\nBước 3: Nhận kết quả. Dữ liệu minh họa.",
            working_days=Decimal(days),
            papers=tuple((ComponentKind.EVIDENCE, one.name, 1, 0) for one in uploads),
            results=(("", result),),
            legal_bases=(),
            authority="Ủy ban nhân dân cấp xã (minh họa)",
        ),
        CityPart(
            short_name=f"{name} (minh họa)",
            guidance="Thủ tục thành phần của hồ sơ liên thông sau khi sinh con. Dữ liệu minh họa.",
            rule=CompetentAgencyRule.COMMUNE_OF_CHOICE,
            eform={
                "pages": [
                    page("noi-dung", "Nội dung", "Content", *questions),
                    page("lien-he", "Liên hệ", "Contact", *contact("person")),
                    page("cam-doan", "Cam đoan", "Declaration", birth.declared()),
                ]
            },
            uploads=uploads,
            steps=four_steps(step, examining=Decimal(examining), others=others),
            results=(
                Result(
                    result,
                    symbol=symbol,
                    template={
                        "title": result.upper(),
                        "intro": "Xét hồ sơ liên thông sau khi sinh con (dữ liệu minh họa),",
                        "paragraphs": [f"{labels[one]}: {{{one}}}." for one in confirmed],
                        "fields": [
                            {"name": one, "label": labels[one], "required": True, "prefill": f"form.{one}"}
                            for one in confirmed
                        ],
                        "signature_title": "TM. ỦY BAN NHÂN DÂN",
                    },
                ),
            ),
        ),
    )


PARTS = (
    _part(
        "9.100002",
        "Đăng ký khai sinh",
        sector="Hộ tịch",
        ministry="Bộ Tư pháp",
        days="1",
        examining="0.25",
        step="Kiểm tra, ghi Sổ đăng ký khai sinh",
        result="Giấy khai sinh (minh họa)",
        symbol="UBND-KS",
        questions=[*birth.child(), *birth.birth(), *birth.parents()],
        confirmed=["ten_tre", "ngay_sinh_tre", "noi_sinh", "ten_me"],
        uploads=(Upload(CERTIFICATE_OF_BIRTH, max_pages=4),),
    ),
    _part(
        "9.100003",
        "Đăng ký thường trú",
        sector="Đăng ký, quản lý cư trú",
        ministry="Bộ Công an",
        days="7",
        examining="4",
        step="Thẩm tra nơi cư trú",
        result="Thông báo kết quả đăng ký thường trú (minh họa)",
        symbol="UBND-TTr",
        questions=[*birth.child(), *birth.residence(), *birth.household()],
        confirmed=["ten_tre", "noi_thuong_tru", "chu_ho"],
    ),
    _part(
        "9.100004",
        "Cấp thẻ bảo hiểm y tế",
        sector="Thực hiện chính sách bảo hiểm y tế",
        ministry="Bộ Tài chính",
        days="5",
        examining="2",
        step="Đối chiếu, cấp mã số bảo hiểm",
        result="Thẻ bảo hiểm y tế (minh họa)",
        symbol="UBND-BHYT",
        questions=[*birth.child(), *birth.residence(), *birth.hospital()],
        confirmed=["ten_tre", "ngay_sinh_tre", "noi_kham_benh"],
    ),
)
