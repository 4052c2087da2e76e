"""Personal numbers and secrets never reach a log.

An identity number in a log is a breach waiting for a reader (Law 91/2025 on personal data), so the last step
before rendering masks it wherever it stands: in a message, a field, a nested value or a traceback.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

MASK = "***"
# 12 digits: personal identification number, as people write it too. 9 digits: the old identity card. A number may stand
# in a file's name (``cccd_…``) and after an escaped line end, where the letter before it is none.
IDENTITY_NUMBER = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=\\[nrt]))(?:[0-9]{12}|[0-9]{9}|[0-9]{3}(?: [0-9]{3}){3})(?![0-9A-Za-z])"
)
# What a stranger wrote is searched, an address of thousands of letters for one: no pattern may begin at each letter
# of a word and read on to its end, or the time grows with the square of the length.
JSON_WEB_TOKEN = re.compile(r"(?<![\w-])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?")
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+")
NAMED_SECRET = re.compile(
    r"(?i)((?:token|secret|password|passwd|otp|api[_-]?key|(?<=[?&])code)['\"]?\s*[=:]\s*['\"]?)[^\s&;,'\"}]{4,}"
)
SECRET_NAME = re.compile(
    r"(?i)(password|passwd|secret|token|authorization|cookie|session_?key|otp\b|api_?key|personal_id)"
)
# Made by the portal itself and free of personal data; a masked request id would be of no use.
PLAIN_FIELDS = frozenset({"timestamp", "level", "logger", "request_id", "task_id"})
PLAIN_TYPES = (bool, int, float, type(None), date, time, timedelta, UUID)
DEEPEST = 8


def mask(text: str) -> str:
    """Return a text with identity numbers (all but the last three digits) and secrets made unreadable."""
    text = JSON_WEB_TOKEN.sub(MASK, text)
    text = BEARER.sub(rf"\1 {MASK}", text)
    text = NAMED_SECRET.sub(rf"\1{MASK}", text)
    return IDENTITY_NUMBER.sub(lambda found: MASK + found.group()[-3:], text)


def mask_event(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask every value of a log event: a structlog processor, placed just before the renderer."""
    for name, value in event.items():
        if name.startswith("_") or name in PLAIN_FIELDS:  # underscore: structlog's own bookkeeping
            continue
        event[name] = MASK if SECRET_NAME.search(name) and value else _masked(value)
    return event


def _masked(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, PLAIN_TYPES):
        return value
    if depth < DEEPEST:
        if isinstance(value, Mapping):
            return {
                mask(str(name)): MASK if SECRET_NAME.search(str(name)) and item else _masked(item, depth + 1)
                for name, item in value.items()
            }
        if isinstance(value, list | tuple | set | frozenset):
            return [_masked(item, depth + 1) for item in value]
    # Anything else is rendered by its repr; better to mask that here than to trust every __repr__.
    return mask(repr(value))
