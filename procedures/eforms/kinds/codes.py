"""Numbers that name somebody: personal identification number, code of an organisation, tax code."""

from __future__ import annotations

import re
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from citizens import organisation_codes, personal_numbers
from procedures.eforms.kinds.base import Answer, Kind, WrongAnswer, kind
from procedures.eforms.schema import Field, FieldType


def _personal_number(text: str) -> str:
    """:raises WrongAnswer: by its structure it cannot be one."""
    try:
        return personal_numbers.parse(text, today=timezone.localdate()).digits
    except personal_numbers.WrongNumber as problem:
        raise WrongAnswer(str(problem)) from None


@kind(FieldType.PERSONAL_NUMBER)
class PersonalNumber(Kind):
    def read_text(self, field: Field, text: str) -> Answer:
        return _personal_number(text)

    def missing(self, field: Field) -> str:
        return _("Hãy nhập 12 chữ số của số định danh cá nhân.")

    def display(self, field: Field, answer: Any, language: str) -> str:
        return str(answer)


def _organisation_code(text: str) -> str:
    """:raises WrongAnswer: it has not the shape, or the check digit does not fit."""
    code = organisation_codes.plain_code(text)
    if code is None:
        raise WrongAnswer(
            _(
                "Mã số có 10 chữ số, chi nhánh thêm 3 chữ số sau dấu gạch ngang. Hãy so lại với giấy chứng nhận."
            )
        )
    if not organisation_codes.is_right(code):
        raise WrongAnswer(
            _(
                "Chữ số kiểm tra không khớp, có thể gõ nhầm một chữ số. Hãy so lại từng số với giấy chứng nhận."
            )
        )
    return code


@kind(FieldType.ORGANISATION_CODE)
class OrganisationCode(Kind):
    def read_text(self, field: Field, text: str) -> Answer:
        return _organisation_code(text)

    def missing(self, field: Field) -> str:
        return _("Hãy nhập mã số, ví dụ 0100109106.")


@kind(FieldType.TAX_CODE)
class TaxCode(OrganisationCode):
    """A tax code: of an organisation, or since 1 July 2025 a person's identification number (TT 86/2024/TT-BTC)."""

    def read_text(self, field: Field, text: str) -> Answer:
        digits = re.sub(r"[\s.\-]", "", text)
        return _personal_number(text) if re.fullmatch(r"[0-9]{12}", digits) else _organisation_code(text)
