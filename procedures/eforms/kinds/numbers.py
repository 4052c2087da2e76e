"""Whole numbers, decimals and amounts of money, typed with the separators of either language."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from procedures.eforms.kinds.base import Answer, Kind, WrongAnswer, kind, plain_text
from procedures.eforms.kinds.words import in_words
from procedures.eforms.schema import Field, FieldType

_BIGGEST = 2**53 - 1  # the largest whole number that JSON readers agree on
_THOUSANDS = re.compile(r"(?<=\d)[ .,\u00a0](?=\d{3}(?:\D|$))")
_KEPT = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,12})?")
_CURRENCY = re.compile(r"\s*(?:đồng|vnđ|vnd|₫|đ)\.?$", re.IGNORECASE)


def grouped(number: int | Decimal, language: str) -> str:
    """Write a number with its thousands set apart: 1.234,5 in Vietnamese, 1,234.5 in English."""
    english = f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"
    return english if language == "en" else english.translate(str.maketrans(",.", ".,"))


def bounded(field: Field, value: Decimal | int) -> None:
    """:raises WrongAnswer: the number is outside the field's bounds."""
    if field.min is not None and value < field.min:
        raise WrongAnswer(_("Phải từ %s trở lên. Hãy nhập lại.") % grouped(field.min, "vi"))
    if field.max is not None and value > field.max:
        raise WrongAnswer(_("Phải từ %s trở xuống. Hãy nhập lại.") % grouped(field.max, "vi"))


@kind(FieldType.INTEGER)
class Whole(Kind):
    keys = frozenset({"min", "max"})
    has_order = True

    def read_text(self, field: Field, text: str) -> Answer:
        digits = _THOUSANDS.sub("", text)
        if not re.fullmatch(r"-?[0-9]{1,16}", digits) or abs(int(digits)) > _BIGGEST:
            raise WrongAnswer(_("Phải là số nguyên. Hãy chỉ nhập các chữ số."))
        value = int(digits)
        bounded(field, value)
        return value

    def display(self, field: Field, answer: Any, language: str) -> str:
        return grouped(answer, language) if isinstance(answer, int) else str(answer)

    def is_possible(self, field: Field, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)


@kind(FieldType.MONEY)
class Money(Whole):
    """An amount in đồng, which has no smaller part."""

    keys = frozenset({"min", "max", "in_words"})

    def read_text(self, field: Field, text: str) -> Answer:
        digits = _THOUSANDS.sub("", _CURRENCY.sub("", text))
        if not re.fullmatch(r"[0-9]{1,16}", digits) or int(digits) > _BIGGEST:
            raise WrongAnswer(_("Không đọc được số tiền này. Hãy nhập số đồng bằng chữ số, ví dụ 1.500.000."))
        value = int(digits)
        bounded(field, value)
        return value

    def missing(self, field: Field) -> str:
        return _("Hãy nhập số tiền bằng chữ số, ví dụ 1.500.000.")

    def display(self, field: Field, answer: Any, language: str) -> str:
        if not isinstance(answer, int):
            return str(answer)
        shown = f"{grouped(answer, language)} {'VND' if language == 'en' else 'đồng'}"
        return f"{shown} ({in_words(answer)} đồng)" if field.in_words else shown

    def as_typed(self, field: Field, answer: Any) -> Any:
        return grouped(answer, "vi") if isinstance(answer, int) and not isinstance(answer, bool) else answer


@kind(FieldType.DECIMAL)
class Fraction(Kind):
    """A number with decimals, kept as text so that it stays exact."""

    keys = frozenset({"min", "max", "decimals"})
    has_order = True

    def read(self, field: Field, raw: Any) -> Answer:
        if isinstance(raw, float):  # a JSON number; its shortest form is what was meant
            return self.read_text(field, plain_text(repr(raw)))
        return super().read(field, raw)

    def read_text(self, field: Field, text: str) -> Answer:
        value = _decimal(field, text)
        if value is None:
            raise WrongAnswer(_("Không đọc được số này. Hãy viết phần lẻ sau dấu phẩy, ví dụ 12,5."))
        if -value.normalize().as_tuple().exponent > field.decimals:  # type: ignore[operator]  # a finite number
            raise WrongAnswer(_("Tối đa %d chữ số sau dấu phẩy. Hãy làm tròn rồi nhập lại.") % field.decimals)
        bounded(field, value)
        return plain_decimal(value)

    def display(self, field: Field, answer: Any, language: str) -> str:
        return grouped(Decimal(answer), language) if _is_kept(answer) else str(answer)

    def is_possible(self, field: Field, value: Any) -> bool:
        return (isinstance(value, int) and not isinstance(value, bool)) or _is_kept(value)

    def as_typed(self, field: Field, answer: Any) -> Any:
        return answer.replace(".", ",") if _is_kept(answer) else answer


def _is_kept(answer: Any) -> bool:
    return isinstance(answer, str) and bool(_KEPT.fullmatch(answer))


def plain_decimal(value: Decimal) -> str:
    """Write a decimal as it is kept: 12.5, without an exponent and without zeros at the end."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _decimal(field: Field, text: str) -> Decimal | None:
    """Read 1.234,5 and 1234,5 as Vietnamese is written, 1234.5 and 1,234.5 as English is.

    A lone comma parts the decimals, a lone point too, unless three digits follow it in a field that has fewer
    decimals: 1.500 is written for one thousand five hundred.
    """
    text = text.replace("\u00a0", "").replace(" ", "")
    marks = [character for character in text if character in ",."]
    if len(marks) > 1 and marks[-1] != marks[-2]:
        thousands, decimal_mark = marks[0], marks[-1]
    elif len(marks) > 1 or (marks == ["."] and field.decimals < 3 and re.search(r"\.[0-9]{3}$", text)):
        thousands, decimal_mark = marks[0], ""
    else:
        thousands, decimal_mark = "", "".join(marks)
    whole, mark, part = text.rpartition(decimal_mark) if decimal_mark else (text, "", "")
    if thousands:
        if not re.fullmatch(rf"-?[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+", whole):
            return None
        whole = whole.replace(thousands, "")
    plain = f"{whole}.{part}" if mark else whole
    return Decimal(plain) if re.fullmatch(r"-?[0-9]{1,16}(\.[0-9]{1,12})?", plain) else None
