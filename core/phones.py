"""Telephone numbers as people type them."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"[\s.()-]")
_NUMBER = re.compile(r"(?:\+84|0)[0-9]{9,10}")


def plain_number(text: str) -> str | None:
    """Give a number without what people write between its digits; None if it is none.

    A number of Viet Nam has ten or eleven digits and begins with 0, or with +84 in place of it.
    """
    number = _BETWEEN.sub("", text)
    return number if _NUMBER.fullmatch(number) else None
