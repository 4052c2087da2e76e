"""How somebody is reached: telephone and e-mail."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.phones import plain_number
from procedures.eforms.kinds.base import Answer, Kind, WrongAnswer, kind
from procedures.eforms.kinds.texts import within_length
from procedures.eforms.schema import Field, FieldType


@kind(FieldType.PHONE)
class Phone(Kind):
    keys = frozenset({"max_length"})
    length = 20

    def read_text(self, field: Field, text: str) -> Answer:
        number = plain_number(text)
        if number is None:
            raise WrongAnswer(
                _("Số điện thoại chưa đúng. Hãy nhập 10 số bắt đầu bằng 0, ví dụ 0905 123 456.")
            )
        return number


@kind(FieldType.EMAIL)
class Email(Kind):
    keys = frozenset({"max_length"})
    length = 254

    def read_text(self, field: Field, text: str) -> Answer:
        try:
            validate_email(text)
        except ValidationError:
            raise WrongAnswer(_("Thư điện tử chưa đúng. Hãy nhập theo mẫu ten@tenmien.vn.")) from None
        return within_length(field, text)
