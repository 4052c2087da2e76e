"""The structure of a personal identification number (số định danh cá nhân), so that a slip of the finger is found.

Twelve digits (NĐ 70/2024, and the code tables of TT 07/2016/TT-BCA): three of the province, or of the foreign country,
where the birth was registered; one of century and sex; two of the year of birth; six at random. There is no check
digit: a number that reads well may still be nobody's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

_BETWEEN = re.compile(r"[\s.\-]")
# The 63 provinces of the table of 2016; those of July 2025 keep codes among these.
PROVINCES = frozenset(
    [
        "001",
        "002",
        "004",
        "006",
        "008",
        "010",
        "011",
        "012",
        "014",
        "015",
        "017",
        "019",
        "020",
        "022",
        "024",
        "025",
        "026",
        "027",
        "030",
        "031",
        "033",
        "034",
        "035",
        "036",
        "037",
        "038",
        "040",
        "042",
        "044",
        "045",
        "046",
        "048",
        "049",
        "051",
        "052",
        "054",
        "056",
        "058",
        "060",
        "062",
        "064",
        "066",
        "067",
        "068",
        "070",
        "072",
        "074",
        "075",
        "077",
        "079",
        "080",
        "082",
        "083",
        "084",
        "086",
        "087",
        "089",
        "091",
        "092",
        "093",
        "094",
        "095",
        "096",
    ]
)
COUNTRIES = range(101, 400)
"""Codes of the countries where a citizen's birth may have been registered; the table ends below 400."""


class WrongNumber(ValueError):
    """The text cannot be a personal identification number; its own words say why and what to do."""


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """What a number says of its holder. ``sex`` is "male" or "female", as `citizens.identity` writes it."""

    digits: str
    place: str
    sex: str
    birth_year: int


def parse(text: str, *, today: date) -> PersonalNumber:
    """Read a number as people type it, spaces and dots included.

    :raises WrongNumber: in words for the person who typed it.
    """
    digits = _BETWEEN.sub("", text)
    if re.fullmatch(r"[0-9]{9}", digits):
        raise WrongNumber(
            _("Đây là số chứng minh nhân dân cũ. Hãy nhập 12 chữ số in trên thẻ căn cước hoặc trong VNeID.")
        )
    if not re.fullmatch(r"[0-9]{12}", digits):
        raise WrongNumber(_("Số định danh cá nhân có đúng 12 chữ số. Hãy nhập lại như in trên thẻ căn cước."))
    place = digits[:3]
    if place not in PROVINCES and int(place) not in COUNTRIES:
        raise WrongNumber(
            _("Ba chữ số đầu (%s) không phải mã tỉnh hay mã nước nào. Hãy so lại với thẻ căn cước.") % place
        )
    # Digit 4: 0 and 1 are men and women born in 1900–1999, 2 and 3 in 2000–2099, and so on.
    century, female = divmod(int(digits[3]), 2)
    birth_year = 1900 + 100 * century + int(digits[4:6])
    if birth_year > today.year:
        raise WrongNumber(
            _("Chữ số thứ 4 đến thứ 6 (%s) chỉ năm sinh chưa đến. Hãy so lại với thẻ căn cước.") % digits[3:6]
        )
    return PersonalNumber(digits, place, "female" if female else "male", birth_year)
