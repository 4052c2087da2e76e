"""Whole numbers in Vietnamese words, as papers repeat an amount of money."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu", "tỷ")


def in_words(number: int) -> str:
    """Write a number that is not negative: 1505000 is "một triệu năm trăm linh năm nghìn"."""
    if number == 0:
        return _DIGITS[0]
    billions, rest = divmod(number, 10**9)
    parts = []
    if billions:
        parts.append(f"{in_words(billions)} tỷ")
    for place in (2, 1, 0):
        group = rest // 1000**place % 1000
        if group:
            parts.append(f"{_group(group, is_first=not parts)} {_GROUPS[place]}".strip())
    return " ".join(parts)


def _group(number: int, *, is_first: bool) -> str:
    """Write 1 to 999; behind other groups the hundreds are said even if there are none."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = []
    if hundreds or not is_first:
        words.append(f"{_DIGITS[hundreds]} trăm")
    if tens == 0:
        if ones:
            words += ["linh", _DIGITS[ones]] if words else [_DIGITS[ones]]
    else:
        words.append("mười" if tens == 1 else f"{_DIGITS[tens]} mươi")
        if ones:
            words.append(_after_tens(tens, ones))
    return " ".join(words)


def _after_tens(tens: int, ones: int) -> str:
    if ones == 5:
        return "lăm"
    if ones == 1 and tens > 1:
        return "mốt"
    return _DIGITS[ones]
