"""An address in the two tiers since 1 July 2025: house and street, ward or commune, province or city.

Kept as ``{"city": "48", "ward": "20242", "street": "12 Trần Phú"}``: codes of `procedures.eforms.units`.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from procedures.eforms import units
from procedures.eforms.kinds.base import Answer, Kind, WrongAnswer, kind, plain_text, wrong_type
from procedures.eforms.kinds.texts import within_length
from procedures.eforms.schema import Field, FieldType

PARTS = ("street", "ward", "city")


@kind(FieldType.ADDRESS)
class Address(Kind):
    keys = frozenset({"max_length"})
    length = 200

    def read(self, field: Field, raw: Any) -> Answer:
        if not isinstance(raw, dict):
            return super().read(field, raw)
        if set(raw) - set(PARTS) or not all(isinstance(part, str) or part is None for part in raw.values()):
            raise wrong_type()
        typed = {part: " ".join(plain_text(raw.get(part) or "").split()) for part in PARTS}
        if not typed["street"] and not typed["ward"]:
            return None
        return _address(field, typed)

    def read_text(self, field: Field, text: str) -> Answer:
        """Read one line: 12 Trần Phú, phường Hải Châu, thành phố Đà Nẵng."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        city = units.OUR_CITY
        if len(parts) > 1 and (found := units.named(parts[-1])):
            city = found[0].code
            parts.pop()
        if len(parts) < 2:
            raise WrongAnswer(_("Hãy ghi số nhà, đường, rồi phường hoặc xã, rồi tỉnh hoặc thành phố."))
        return _address(field, {"street": ", ".join(parts[:-1]), "ward": parts[-1], "city": city})

    def missing(self, field: Field) -> str:
        return _("Hãy nhập số nhà, đường và chọn phường, xã.")

    def display(self, field: Field, answer: Any, language: str) -> str:
        if not isinstance(answer, dict):
            return str(answer)
        known = units.units()
        parts = [str(answer.get(part) or "") for part in PARTS]
        shown = [parts[0], *(known[code].name if code in known else code for code in parts[1:])]
        return ", ".join(part for part in shown if part)

    def is_possible(self, field: Field, value: Any) -> bool:
        return False  # only whether it is filled can be asked


def _address(field: Field, typed: dict[str, str]) -> dict[str, str]:
    """Find the units that were named. :raises WrongAnswer: one is missing, unknown or may be several."""
    cities = units.named(typed["city"] or units.OUR_CITY)
    if len(cities) != 1:
        raise WrongAnswer(_("Hãy chọn tỉnh hoặc thành phố trong danh sách."))
    (city,) = cities
    if not typed["ward"]:
        raise WrongAnswer(_("Hãy chọn phường, xã của địa chỉ."))
    wards = units.named(typed["ward"], within=city.code)
    if not wards:
        raise WrongAnswer(
            _(
                "%(city)s không có phường, xã nào tên “%(ward)s”. Hãy dùng tên sau ngày 01/7/2025 và chọn trong danh sách."
            )
            % {"city": city.name, "ward": typed["ward"][:60]}
        )
    if len(wards) > 1:
        raise WrongAnswer(
            _("Có nhiều nơi tên này: %s. Hãy ghi rõ phường hay xã, có dấu.")
            % ", ".join(ward.name for ward in wards)
        )
    if not typed["street"]:
        raise WrongAnswer(_("Hãy ghi số nhà và đường, hoặc thôn, tổ dân phố."))
    return {"city": city.code, "ward": wards[0].code, "street": within_length(field, typed["street"])}
