"""Values of a document as people read them: labels instead of keys, days as they are written here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from core.errors import Text
from procedures.document.shape import shape
from procedures.eforms.labels import KIND_LABELS
from procedures.states import Channel

#: Keys of the e-form and of result templates, which have no serializer, in the order in which they are read.
_FREE: dict[str, Text] = {
    "label": gettext_lazy("câu hỏi, nhãn"),
    "title": gettext_lazy("tiêu đề"),
    "type": gettext_lazy("loại"),
    "name": gettext_lazy("mã"),
    "id": gettext_lazy("mã trang"),
    "required": gettext_lazy("bắt buộc"),
    "label_en": gettext_lazy("câu hỏi, nhãn tiếng Anh"),
    "title_en": gettext_lazy("tiêu đề tiếng Anh"),
    "intro": gettext_lazy("lời dẫn"),
    "intro_en": gettext_lazy("lời dẫn tiếng Anh"),
    "hint": gettext_lazy("hướng dẫn"),
    "hint_en": gettext_lazy("hướng dẫn tiếng Anh"),
    "help": gettext_lazy("giải thích thêm"),
    "help_en": gettext_lazy("giải thích thêm tiếng Anh"),
    "example": gettext_lazy("ví dụ"),
    "example_en": gettext_lazy("ví dụ tiếng Anh"),
    "prefill": gettext_lazy("lấy từ"),
    "readonly": gettext_lazy("không cho sửa"),
    "show_when": gettext_lazy("chỉ hỏi khi"),
    "show_if": gettext_lazy("chỉ hỏi khi"),
    "choices": gettext_lazy("lựa chọn"),
    "min": gettext_lazy("ít nhất"),
    "max": gettext_lazy("nhiều nhất"),
    "max_length": gettext_lazy("số ký tự nhiều nhất"),
    "value": gettext_lazy("cách tính, giá trị"),
    "field": gettext_lazy("câu hỏi"),
    "equals": gettext_lazy("bằng"),
    "not_equals": gettext_lazy("khác"),
    "in": gettext_lazy("là một trong"),
    "filled": gettext_lazy("đã trả lời"),
    "all": gettext_lazy("mọi điều"),
    "any": gettext_lazy("một trong các điều"),
    "not": gettext_lazy("không phải"),
    "problem": gettext_lazy("lời báo khi sai"),
    "problem_en": gettext_lazy("lời báo khi sai tiếng Anh"),
    "rules": gettext_lazy("quy tắc"),
    "component": gettext_lazy("thành phần"),
    "pages": gettext_lazy("trang"),
    "sections": gettext_lazy("phần"),
    "fields": gettext_lazy("các mục"),
    "paragraphs": gettext_lazy("các đoạn văn"),
    "signature_title": gettext_lazy("chức danh người ký"),
}
_ORDER = {key: at for at, key in enumerate(_FREE)}
_VALUES: dict[str, Text] = {
    **dict(Channel.choices),
    **{str(kind): label for kind, label in KIND_LABELS.items()},
}
_TOKEN = re.compile(r"[^.\[\]]+")


def shape_at(path: str) -> Any:
    """Find the serializer field behind a path of the document; None inside free mappings, such as the e-form."""
    found: Any = shape()
    for token in _TOKEN.findall(path):
        if isinstance(found, serializers.ListSerializer | serializers.ListField):
            if token.isdecimal():
                found = found.child
                continue
            return None
        if isinstance(found, serializers.Serializer):
            found = found.fields.get(token)
        elif isinstance(found, serializers.DictField):
            found = found.child
        else:
            return None
    return found


def trail(label: str) -> str:
    """Say the way to a difference in words throughout: keys and channels have labels as well."""
    parts = label.split(" › ")
    return " › ".join(str(_FREE.get(one) or _VALUES.get(one) or one) for one in parts)


def said(value: Any, shape: Any = None) -> str:
    """Say a value of the document in words; several lines for a row or a part."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(shape, serializers.ChoiceField):
        return str(shape.choices.get(value, value))
    if isinstance(shape, serializers.DateField):
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, int | float):
        return number_format(value, use_l10n=True, force_grouping=True)
    if isinstance(value, Mapping):
        return "\n".join(_lines(value, shape))
    if isinstance(value, list):
        child = getattr(shape, "child", None)
        if all(isinstance(one, str) for one in value) and child is None:
            return ", ".join(value)
        separator = "\n\n" if isinstance(value[0], Mapping) else "\n"
        return separator.join(said(one, child) for one in value)
    return str(value)


def _lines(value: Mapping[str, Any], shape: Any) -> list[str]:
    fields = shape.fields if isinstance(shape, serializers.Serializer) else {}
    given = (
        # Not in the order of the value: a document that was kept in the database has lost its own.
        [(key, value[key]) for key in (*fields, *(set(value) - set(fields))) if key in value]
        if fields
        else sorted(value.items(), key=lambda pair: _ORDER.get(pair[0], len(_ORDER)))
    )
    lines = []
    for key, one in given:
        field = fields.get(key)
        text = said(one, field if field is not None else getattr(shape, "child", None))
        if key == "type" and not fields:
            text = str(_VALUES.get(text, text))
        if not text:
            continue
        label = str(getattr(field, "label", None) or _FREE.get(key) or key)
        if "\n" in text:
            lines.append(f"{label}:")
            lines.extend(f"    {line}" for line in text.split("\n"))
        else:
            lines.append(f"{label}: {text}")
    return lines
