"""One entry as a control on a page, and its value there and back."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.widgets import PlainSelect
from designer.parts import Control, Entry, Key


def control(entry: Entry) -> forms.Field:
    """Make the control of an entry."""
    common: dict[str, Any] = {
        "label": entry.label,
        "required": entry.required,
        "help_text": entry.hint,
        "template_name": "designer/_field.html",
    }
    if entry.required:
        common["error_messages"] = {"required": _("Hãy điền mục này.")}
    marked = {"data-refresh": ""} if entry.refreshes else {}
    match entry.control:
        case Control.CHOICE:
            return forms.ChoiceField(**common, choices=entry.choices, widget=PlainSelect(marked))
        case Control.SEVERAL:
            return forms.MultipleChoiceField(
                **common, choices=entry.choices, widget=forms.CheckboxSelectMultiple
            )
        case Control.NUMBER:
            return forms.IntegerField(**common, widget=forms.NumberInput({"inputmode": "numeric"}))
        case Control.DECIMAL:
            widget = forms.TextInput({"inputmode": "decimal", "class": "designer-short"})
            return forms.DecimalField(**common, localize=True, max_digits=12, widget=widget)
        case Control.FLAG:
            return forms.BooleanField(**{**common, "required": False})
        case Control.DAY:
            day = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            return forms.DateField(**common, widget=day, input_formats=["%Y-%m-%d"])
        case Control.LINES:
            common["help_text"] = entry.hint or _("Mỗi dòng một mục.")
            return forms.CharField(**common, widget=forms.Textarea({"rows": 3}))
        case Control.KEPT:
            return forms.CharField(required=False, widget=forms.HiddenInput)
        case Control.LONG:
            rows = 2 if entry.most and entry.most <= 2_000 else 5
            return forms.CharField(
                **common, strip=False, max_length=entry.most or None, widget=forms.Textarea({"rows": rows})
            )
    return forms.CharField(**common, max_length=entry.most or None)


def as_data(entry: Entry, cleaned: Any) -> Any:
    """Give what was typed as the document keeps it."""
    if cleaned in (None, "", []):
        return deepcopy(entry.empty)
    match entry.control:
        case Control.DAY:
            return cleaned.isoformat()
        case Control.DECIMAL:
            whole = cleaned == cleaned.to_integral_value()
            return int(cleaned) if whole else float(cleaned)
        case Control.LINES:
            return [line.strip() for line in cleaned.splitlines() if line.strip()]
        case Control.LONG:
            return cleaned.replace("\r\n", "\n")
    return cleaned


def as_text(entry: Entry, value: Any) -> str | None:
    """Give a kept value as the control shows it; None where it shows nothing."""
    if entry.control is Control.FLAG:
        return "on" if value else None
    if value is None:
        return ""
    if entry.control is Control.LINES:
        return "\n".join(value)
    if entry.control is Control.DECIMAL:
        return number_format(Decimal(str(value)).normalize(), use_l10n=True, force_grouping=False)
    return str(value)


def name_of(key: Key) -> str:
    """Name the control of a key within its part."""
    return "-".join(key)


def joined(prefix: str, name: str) -> str:
    """Name a control within the row in which it stands."""
    return f"{prefix}-{name}" if prefix else name


def got_at(value: Any, key: Key) -> Any:
    """Give the value under a key; None where there is none."""
    for one in key:
        if not isinstance(value, Mapping):
            return None
        value = value.get(one)
    return value


def put_at(value: dict[str, Any], key: Key, given: Any) -> None:
    """Put a value under a key, making what lies between."""
    for one in key[:-1]:
        value = value.setdefault(one, {})
    value[key[-1]] = given
