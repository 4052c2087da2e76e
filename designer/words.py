"""Values of a document as people read them: labels instead of keys, days as they are written here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from rest_framework import serializers

from procedures.document.shape import Document

_TOKEN = re.compile(r"[^.\[\]]+")


def shape_at(path: str) -> Any:
    """Find the serializer field behind a path of the document; None inside free mappings, such as the e-form."""
    shape: Any = Document()
    for token in _TOKEN.findall(path):
        if isinstance(shape, serializers.ListSerializer | serializers.ListField):
            if token.isdecimal():
                shape = shape.child
                continue
            return None
        if isinstance(shape, serializers.Serializer):
            shape = shape.fields.get(token)
        elif isinstance(shape, serializers.DictField):
            shape = shape.child
        else:
            return None
    return shape


def label_of(path: str) -> str:
    """Name the last entry of a path."""
    return str(getattr(shape_at(path), "label", None) or path)


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
        separator = "\n\n" if value and isinstance(value[0], Mapping) else "\n"
        return separator.join(said(one, child) for one in value)
    return str(value)


def _lines(value: Mapping[str, Any], shape: Any) -> list[str]:
    fields = shape.fields if isinstance(shape, serializers.Serializer) else {}
    lines = []
    for key, one in value.items():
        field = fields.get(key)
        text = said(one, field if field is not None else getattr(shape, "child", None))
        if not text:
            continue
        label = str(getattr(field, "label", None) or key)
        if "\n" in text:
            lines.append(f"{label}:")
            lines.extend(f"    {line}" for line in text.split("\n"))
        else:
            lines.append(f"{label}: {text}")
    return lines
