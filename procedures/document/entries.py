"""Kinds of entries of a document, each with a default: one that is left out, or empty, has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

LONGEST_LIST = 500
MOST_VND = 10**12
LONGEST_TEXT = 120_000  # the longest text of the national catalogue has 113,000 characters


def text(label: Any = "", most: int = LONGEST_TEXT, **options: Any) -> serializers.CharField:
    """Make a text; one that may be left out is empty."""
    options.setdefault("required", False)
    options.setdefault("default", "")
    return serializers.CharField(
        label=label, allow_blank=not options["required"], max_length=most, trim_whitespace=False, **options
    )


def choice(choices: Any, label: Any = "", default: Any = "") -> serializers.ChoiceField:
    """Make a choice of one value; without a default it may be empty."""
    return serializers.ChoiceField(
        choices=choices, label=label, required=False, allow_blank=default == "", default=default
    )


def several(choices: Any, label: Any = "") -> serializers.ListField:
    """Make a choice of several values, kept in their order."""
    return serializers.ListField(
        child=serializers.ChoiceField(choices=choices), label=label, required=False, default=list
    )


def number(label: Any = "", most: int = 10_000, least: int = 0, **options: Any) -> serializers.IntegerField:
    """Make a whole number between ``least`` and ``most``; None where it is left out."""
    options.setdefault("required", False)
    options.setdefault("default", None)
    return serializers.IntegerField(label=label, allow_null=True, min_value=least, max_value=most, **options)


def flag(label: Any = "", default: bool = False) -> serializers.BooleanField:
    """Make a yes or no."""
    return serializers.BooleanField(label=label, required=False, default=default)


def day(label: Any = "") -> serializers.DateField:
    """Make a day, as 2026-03-31 in the file."""
    return serializers.DateField(label=label, required=False, allow_null=True, default=None)


class Strict(serializers.Serializer[Any]):
    """A part of the document that knows all its entries."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := [key for key in data if key not in self.fields]):
            known = ", ".join(self.fields)
            raise serializers.ValidationError(
                {str(key): [_("Không có mục này. Các mục được dùng: %s.") % known] for key in unknown}
            )
        return super().to_internal_value(data)


def list_of(part: Any, label: Any) -> Any:
    """Make a list of rows of one kind."""
    return part(many=True, label=label, required=False, default=list, max_length=LONGEST_LIST)
