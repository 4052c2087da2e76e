"""Titles of special cases: whoever does not ask for a special case is shown the plain one first."""

from __future__ import annotations

import re

from procedures.search.words import bare, words, written

Words = tuple[str, ...]

# fmt: off
_CIRCUMSTANCES = tuple(f" {' '.join(words(one))} " for one in (
    "có yếu tố nước ngoài", "người nước ngoài", "ở nước ngoài", "nước ngoài", "viên chức ngoại giao", "khu vực biên giới",
    "cơ quan đại diện", "lưu động", "liên thông", "trung ương", "cấp trung ương",
))
# What is done to something that is there already. The last word is the one that a question must hold to ask for it.
_CHANGES = tuple(tuple(words(one)) for one in (
    "cấp lại", "đăng ký lại", "công bố lại", "lại", "đổi", "cấp đổi", "sửa đổi", "thay đổi", "chuyển đổi", "điều chỉnh",
    "bổ sung", "gia hạn", "thu hồi", "chấm dứt", "tạm ngừng", "đình chỉ", "xóa", "hủy", "giải thể", "rút",
))
# fmt: on
_MOST_CIRCUMSTANCES = 2
_PLACE_OF_CHANGE = {phrase: place for place, phrase in enumerate(_CHANGES)}
_LONGEST_CHANGE = max(map(len, _CHANGES))
_OPENING = 4  # words in which a title says what is done
_OPENING_CHARACTERS = 80
_FIRST_CHANGE_BY = 3
_PART = re.compile(r"[,;(/]")
_PREFIX = ("thu", "tuc")


def change(title: str) -> str:
    """Give the word for the change with which a title begins; empty when it also does the plain thing, or only that.

    "Cấp lại giấy phép" is a change ("lai"), "Cấp, cấp lại giấy phép" is not.
    """
    opening = tuple(bare(word) for word in written(_PART.split(title, maxsplit=1)[0][:_OPENING_CHARACTERS]))
    if opening[:2] == _PREFIX:
        opening = opening[2:]
    opening = opening[:_OPENING]
    places = [
        place
        for at in range(min(_FIRST_CHANGE_BY, len(opening)))
        for size in range(1, _LONGEST_CHANGE + 1)
        if (place := _PLACE_OF_CHANGE.get(opening[at : at + size])) is not None
    ]
    return _CHANGES[min(places)][-1] if places else ""


def circumstances(padded_title: str, padded_question: str) -> int:
    """Count what a title presupposes and the question does not say; both are plain words between blanks."""
    missing = sum(phrase in padded_title and phrase not in padded_question for phrase in _CIRCUMSTANCES)
    return min(missing, _MOST_CIRCUMSTANCES)
