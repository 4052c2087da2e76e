"""What is said of a value that a document cannot hold: the problem and its mend, in the language of the page."""

from __future__ import annotations

from typing import Any

from django.core import validators
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.errors import Text

_EVERYWHERE: dict[str, Text] = {
    "required": _("Thiếu mục này. Hãy ghi vào."),
    "null": _("Mục này để trống. Hãy ghi vào, hoặc bỏ cả mục."),
    "blank": _("Mục này để trống. Hãy ghi vào."),
    "not_a_list": _("Phải là danh sách, mỗi dòng bắt đầu bằng dấu gạch ngang."),
    "not_a_dict": _("Phải là các mục con dạng “tên: giá trị”."),
    "max_length": _("Có nhiều hơn {max_length}. Hãy bớt đi."),
    "max_string_length": _("Số này quá dài. Hãy kiểm tra lại."),
    "max_digits": _("Số có nhiều nhất {max_digits} chữ số. Hãy kiểm tra lại."),
    "max_decimal_places": _("Số có nhiều nhất {max_decimal_places} chữ số sau dấu phẩy."),
    "max_whole_digits": _("Số có nhiều nhất {max_whole_digits} chữ số trước dấu phẩy. Hãy kiểm tra lại."),
}
_INVALID: tuple[tuple[type[Any], Text], ...] = (
    (
        serializers.RegexField,
        _("Chỉ gồm chữ không dấu, số, dấu chấm và gạch ngang, bắt đầu bằng chữ hoặc số."),
    ),
    (serializers.URLField, _("Phải là địa chỉ trang, ví dụ https://dichvucong.gov.vn/.")),
    (serializers.CharField, _("Phải là chữ. Số, yes, no, true hay false thì đặt trong ngoặc kép.")),
    (serializers.IntegerField, _("Phải là số nguyên, ví dụ 15000.")),
    (serializers.DecimalField, _("Phải là số, ví dụ 3 hoặc 0.5.")),
    (serializers.BooleanField, _("Phải là true hoặc false.")),
    (serializers.DateField, _("Phải là ngày dạng năm-tháng-ngày, ví dụ 2026-03-31.")),
    (serializers.BaseSerializer, _("Phải là các mục con dạng “tên: giá trị”.")),
)
_LIMITS: tuple[tuple[type[Any], Text], ...] = (
    (validators.MaxLengthValidator, _("Dài quá %(limit_value)d ký tự. Hãy viết ngắn hơn.")),
    (validators.MaxValueValidator, _("Lớn nhất là %(limit_value)s. Hãy ghi số nhỏ hơn.")),
    (validators.MinValueValidator, _("Nhỏ nhất là %(limit_value)s. Hãy ghi số lớn hơn.")),
    (validators.ProhibitNullCharactersValidator, _("Có ký tự không đọc được (mã 0). Hãy xóa ký tự đó.")),
)


def speak(field: Any) -> None:
    """Give a field, and all below it, what they say of wrong values."""
    field.error_messages.update(_EVERYWHERE)
    invalid = next((text for kind, text in _INVALID if isinstance(field, kind)), None)
    if invalid is not None:
        field.error_messages["invalid"] = invalid
    if isinstance(field, serializers.ChoiceField):
        known = ", ".join(str(one) for one in field.choices)
        field.error_messages["invalid_choice"] = format_lazy(
            "{}{}", _("Không dùng được “{input}”. Dùng một trong: "), known
        )
    for one in field.validators:
        limit: Any = next((text for kind, text in _LIMITS if isinstance(one, kind)), None)
        if isinstance(one, validators.RegexValidator):
            limit = invalid
        if limit is not None:
            one.message = limit
    for below in _below(field):
        speak(below)


def _below(field: Any) -> list[Any]:
    if isinstance(field, serializers.Serializer):
        return list(field.fields.values())
    return [field.child] if getattr(field, "child", None) is not None else []
