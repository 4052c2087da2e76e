"""Mã số doanh nghiệp, mã số thuế: ten digits, the last of which checks the others, and three more for a branch."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"[\s.]")
_SHAPE = re.compile(r"([0-9]{10})(?:-?([0-9]{3}))?")
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def check_digit(first_nine: str) -> int:
    """Give the tenth digit; 10 where no code begins so."""
    return 10 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_nine, strict=True)) % 11


def plain_code(text: str) -> str | None:
    """Give a code as it is written, 0100109106 or with its branch 0100109106-001; None if it has not that shape."""
    found = _SHAPE.fullmatch(_BETWEEN.sub("", text))
    if found is None:
        return None
    return "-".join(part for part in found.groups() if part)


def is_right(code: str) -> bool:
    """Say whether the check digit of a `plain_code` fits; a branch is never number 000."""
    return check_digit(code[:9]) == int(code[9]) and code[10:] != "-000"
