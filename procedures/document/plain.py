"""Only what a file and the database can both hold: plain values, not too deep, each standing there once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Text

DEEPEST = 40
"""A result template, the deepest that anybody has written, has 8 levels."""
LARGEST = 10**15
MOST_VALUES = 200_000
"""The largest procedure of the national catalogue has under 2,000."""


class TooMuch(Exception):
    """There is more than any procedure has; nobody looks at the rest."""


def problems(raw: Any) -> dict[str, list[Text]]:
    """Give what no document may hold, by its path: another kind of value, an unreadable character, too much or too deep."""
    found: dict[str, list[Text]] = {}
    try:
        for count, (path, problem) in enumerate(_walk(raw, "", 0)):
            if problem:
                found.setdefault(path or "document", []).append(problem)
            if count > MOST_VALUES:
                raise TooMuch
    except TooMuch:
        found["document"] = [_("Tài liệu có quá nhiều mục. Hãy kiểm tra lại tệp.")]
    return found


def _walk(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """Give each value's path with its problem; empty where it is good."""
    if depth > DEEPEST:
        yield path, _("Các mục lồng nhau quá %d tầng. Hãy bỏ bớt tầng.") % DEEPEST
    elif isinstance(value, Mapping):
        yield path, ""
        for key, one in value.items():
            here = f"{path}.{key}" if path else str(key)
            if "\x00" in str(key):
                yield path, _unreadable()
            yield from _walk(one, here, depth + 1)
    elif isinstance(value, list | tuple):
        yield path, ""
        for at, one in enumerate(value):
            yield from _walk(one, f"{path}[{at}]", depth + 1)
    else:
        yield path, _problem(value)


def _problem(value: Any) -> str:
    if isinstance(value, str):
        return _unreadable() if "\x00" in value else ""
    if isinstance(value, bool | date | None):
        return ""
    if isinstance(value, Decimal) and not value.is_finite():
        return _("Đây không phải là số. Hãy ghi lại.")
    if isinstance(value, int | float | Decimal):
        # What is not a number lies between no two.
        return "" if -LARGEST < value < LARGEST else _("Số này quá lớn. Hãy kiểm tra lại.")
    return _("Không phải chữ, số, ngày, danh sách hay mục. Hãy viết lại.")


def _unreadable() -> str:
    return _("Có ký tự không đọc được (mã 0). Hãy xóa ký tự đó rồi gõ lại.")
