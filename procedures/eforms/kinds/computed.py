"""A value that is worked out from other answers and shown as one of the kinds that people type."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from procedures.eforms.expressions import Setting, Value, evaluate
from procedures.eforms.kinds.base import KINDS, Answer, Kind, kind
from procedures.eforms.kinds.numbers import plain_decimal
from procedures.eforms.schema import Field, FieldType

SHOWN_AS = (FieldType.TEXT, FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.DATE)


@kind(FieldType.COMPUTED)
class Computed(Kind):
    keys = frozenset({"value", "shown_as", "decimals", "in_words"})
    has_order = True
    may_be_fixed = False

    def read(self, field: Field, raw: Any) -> Answer:
        return None  # whatever is sent: only the form's own working counts

    def display(self, field: Field, answer: Any, language: str) -> str:
        return KINDS[field.shown_as].display(field, answer, language)

    def is_possible(self, field: Field, value: Any) -> bool:
        return isinstance(value, str | int)


def work_out(field: Field, setting: Setting) -> Answer:
    """Give the answer of a computed field as it is kept; None where it has no value."""
    if field.value is None:
        return None
    return _kept(field, evaluate(field.value, setting))


def _kept(field: Field, value: Value | None) -> Answer:
    if isinstance(value, Decimal):
        if field.shown_as in (FieldType.INTEGER, FieldType.MONEY):
            return int(value.to_integral_value(ROUND_HALF_UP))
        return plain_decimal(value.quantize(Decimal(1).scaleb(-field.decimals), ROUND_HALF_UP))
    if isinstance(value, date):
        return value.isoformat()
    return value
