"""Conditions over a form's answers that stand outside the form: when a paper is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.errors import InvalidInput
from procedures.eforms.asking import Asked, setting
from procedures.eforms.conditions import TRUE, Condition, holds
from procedures.eforms.entries import Reader
from procedures.eforms.logic import Known, read_condition
from procedures.eforms.schema import Schema


def condition_on(schema: Schema, raw: Mapping[str, Any]) -> Condition:
    """Read a condition that may name every question of a form; an empty one always holds.

    :raises InvalidInput: with every problem under its path, such as ``condition.field``.
    """
    if not raw:
        return TRUE
    reader = Reader()
    condition = read_condition(reader, raw, "condition", Known(dict(schema.fields)))
    if reader.problems:
        raise InvalidInput(reader.problems)
    return condition


def is_called_for(schema: Schema, raw: Mapping[str, Any], now: Asked, *, today: date | None = None) -> bool:
    """Say whether the answers that count fulfil a condition (see `condition_on`)."""
    return holds(condition_on(schema, raw), setting(schema, now.answers, today))
