"""The rule for one answer: what was typed becomes a JSON value, or a problem with its mend."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from core.phones import plain_number
from procedures.eforms.schema import Field, FieldType

Answer = str | int | bool | None

_TYPED_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_BIGGEST = 2**53 - 1  # the largest whole number that JSON readers agree on
_TICKED = {"on", "true", "1"}


class WrongAnswer(ValueError):
    """The answer cannot be taken; the text says why and how to mend it."""


def plain_text(raw: object) -> str:
    """Give text as it is stored: NFC, no control or direction marks, no white space at the ends."""
    return (
        _CONTROL.sub("", unicodedata.normalize("NFC", str(raw)))
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .strip()
    )


def read(field: Field, raw: Any) -> Answer:
    """Turn what was typed (text of a form, or a JSON value) into an answer; nothing typed is None.

    A box that is not ticked is False. Whether an answer is required is not asked here.

    :raises WrongAnswer: the answer does not fit the field.
    """
    if field.type is FieldType.CHECKBOX:
        return raw is True or (isinstance(raw, str) and raw.strip().lower() in _TICKED)
    if raw is None or isinstance(raw, bool | list | dict | float):
        if raw is None or raw == []:
            return None
        raise WrongAnswer(_("Câu trả lời không đúng kiểu. Hãy nhập lại."))
    if isinstance(raw, date):
        raw = (raw.date() if isinstance(raw, datetime) else raw).isoformat()
    text = plain_text(raw)
    if not text:
        return None
    return _READERS[field.type](field, text)


def _text(field: Field, text: str) -> str:
    if field.type is FieldType.TEXT:
        text = " ".join(text.split())
    if len(text) > field.max_length:
        raise WrongAnswer(
            _("Dài %(length)d ký tự, tối đa %(limit)d ký tự. Hãy viết ngắn hơn.")
            % {"length": len(text), "limit": field.max_length}
        )
    if field.pattern and not field.pattern.fullmatch(text):
        raise WrongAnswer(field.pattern_problem)
    return text


def _date(field: Field, text: str) -> str:
    if match := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _TYPED_DATE.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    else:
        raise WrongAnswer(_("Không đọc được ngày này. Hãy viết theo mẫu ngày/tháng/năm, ví dụ 31/12/1990."))
    try:
        value = date(year, month, day)
    except ValueError:
        raise WrongAnswer(_("Không có ngày này trong lịch. Hãy kiểm tra lại ngày, tháng và năm.")) from None
    if value.year < 1900:
        raise WrongAnswer(_("Năm phải từ 1900 trở đi. Hãy kiểm tra lại năm."))
    if field.not_future and value > timezone.localdate():
        raise WrongAnswer(_("Ngày này chưa đến. Hãy nhập ngày hôm nay hoặc một ngày đã qua."))
    return value.isoformat()


def _integer(field: Field, text: str) -> int:
    digits = re.sub(r"(?<=\d)[ .\u00a0](?=\d{3}(?:\D|$))", "", text)
    if not re.fullmatch(r"-?[0-9]{1,16}", digits) or abs(int(digits)) > _BIGGEST:
        raise WrongAnswer(_("Phải là số nguyên. Hãy chỉ nhập các chữ số."))
    value = int(digits)
    if field.min is not None and value < field.min:
        raise WrongAnswer(_("Phải từ %d trở lên. Hãy nhập lại.") % field.min)
    if field.max is not None and value > field.max:
        raise WrongAnswer(_("Phải từ %d trở xuống. Hãy nhập lại.") % field.max)
    return value


def _choice(field: Field, text: str) -> str:
    if text not in {choice.value for choice in field.choices}:
        raise WrongAnswer(_("Không có lựa chọn này. Hãy chọn một trong các mục được liệt kê."))
    return text


def _phone(field: Field, text: str) -> str:
    number = plain_number(text)
    if number is None:
        raise WrongAnswer(_("Số điện thoại chưa đúng. Hãy nhập 10 số bắt đầu bằng 0, ví dụ 0905 123 456."))
    return number


def _email(field: Field, text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise WrongAnswer(_("Thư điện tử chưa đúng. Hãy nhập theo mẫu ten@tenmien.vn.")) from None
    return _text(field, text)


_READERS: dict[FieldType, Callable[[Field, str], str | int]] = {
    FieldType.TEXT: _text,
    FieldType.TEXTAREA: _text,
    FieldType.DATE: _date,
    FieldType.INTEGER: _integer,
    FieldType.CHOICE: _choice,
    FieldType.PHONE: _phone,
    FieldType.EMAIL: _email,
}


def fitting(field: Field, raw: Any) -> Answer:
    """Give the answer, or None where `read` would refuse."""
    try:
        return read(field, raw)
    except WrongAnswer:
        return None


def is_given(answer: Answer) -> bool:
    """Say whether there is an answer that a required field accepts; zero is one."""
    return answer is not None and answer is not False


def missing(field: Field) -> str:
    """Say what to do about a required answer that is not there."""
    if field.type is FieldType.CHECKBOX:
        return _("Hãy đánh dấu vào ô này để tiếp tục.")
    if field.type is FieldType.CHOICE:
        return _("Hãy chọn một mục.")
    if field.type is FieldType.DATE:
        return _("Hãy nhập ngày, tháng, năm.")
    return _("Hãy điền mục này.")


def display(field: Field, answer: Any, language: str) -> str:
    """Give an answer as people read it, in Vietnamese or English; nothing for no answer."""
    if field.type is FieldType.CHECKBOX:
        yes, no = ("Yes", "No") if language == "en" else ("Có", "Không")
        return yes if answer is True else no
    if answer is None or answer == "":
        return ""
    if field.type is FieldType.CHOICE:
        for choice in field.choices:
            if choice.value == answer:
                return (language == "en" and choice.label_en) or choice.label
    if field.type is FieldType.DATE and (match := _ISO_DATE.fullmatch(str(answer))):
        year, month, day = match.groups()
        return f"{day}/{month}/{year}"
    if field.type is FieldType.INTEGER and isinstance(answer, int):
        return f"{answer:,}" if language == "en" else f"{answer:,}".replace(",", ".")
    return str(answer)
