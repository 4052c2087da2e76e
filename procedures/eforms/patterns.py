"""Patterns for answers, and how long they may take: one that can be matched in very many ways stops a server.

Python's `re` tries every way to divide a text among the repeats of a pattern and cannot be interrupted, so that whoever
writes a pattern decides how long an answer of forty letters occupies a worker. The ways are counted here before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as codes  # type: ignore[attr-defined]  # where `re` itself has them
from re import _parser as grammar  # type: ignore[attr-defined]  # what `re` itself reads patterns with
from typing import Any

from django.utils.translation import gettext as _

MOST_WAYS = 10**7
"""Some tenths of a second."""
LONGEST = 300

Item = tuple[Any, Any]


class TooSlow(ValueError):
    """A pattern that could take very long; its text says what to do."""


def compiled(text: str, *, length: int) -> re.Pattern[str]:
    """Read a pattern for answers of up to ``length`` letters.

    :raises re.error, OverflowError, RecursionError: it is no pattern.
    :raises TooSlow: it is too long, or an answer could be matched in too many ways.
    """
    if len(text) > LONGEST:
        raise TooSlow(_("dài quá %d ký tự") % LONGEST)
    pattern = re.compile(text)
    if _ways(grammar.parse(text), length) > MOST_WAYS:
        raise TooSlow(
            _("có phần lặp lồng nhau hoặc nhiều phần lặp không giới hạn; hãy ghi số lần, ví dụ {1,20}")
        )
    return pattern


def _ways(items: Iterable[Item], length: int) -> int:
    """Count in how many ways a text of a length can be divided among items in a row, at the most."""
    ways = 1
    for one in items:
        ways = min(ways * _of_item(one, length), MOST_WAYS + 1)
    return ways


def _of_item(item: Item, length: int) -> int:
    what, said = item
    if what in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        least, most, body = said
        most = min(int(most), length)
        inner = _ways(body, length)
        shortest, longest = body.getwidth()
        spans = max(1, most - min(least, most) + 1)
        if most <= 1 or (inner == 1 and shortest == longest):
            return spans * inner
        if _is_marked_off(list(body)):
            return spans * inner
        return min(max(2, inner) ** most, MOST_WAYS + 1)
    if what is codes.SUBPATTERN:
        return _ways(said[-1], length)
    if what is codes.BRANCH:
        branches = list(said[1])
        starts = [_first(one) for one in branches]
        each = [_ways(one, length) for one in branches]
        return max(each) if None not in starts and len(set(starts)) == len(starts) else sum(each)
    if what in (codes.ASSERT, codes.ASSERT_NOT):
        return _ways(said[1], length)
    if what is codes.ATOMIC_GROUP:
        return _ways(said, length)
    # What refers to an earlier group may try each of its ways anew.
    return MOST_WAYS + 1 if what in (codes.GROUPREF, codes.GROUPREF_EXISTS) else 1


def _first(items: Iterable[Item]) -> int | None:
    """Give the letter that a branch begins with; None where it may begin with several."""
    for what, said in items:
        return int(said) if what is codes.LITERAL else None
    return None


def _is_marked_off(body: list[Item]) -> bool:
    """Say whether each turn of a repeat begins or ends with a letter that nothing else in it takes: “ [A-Z]+”."""
    while len(body) == 1 and body[0][0] is codes.SUBPATTERN:
        body = list(body[0][1][-1])
    for mark, rest in ((body[:1], body[1:]), (body[-1:], body[:-1])):
        if mark and mark[0][0] is codes.LITERAL and not any(_takes(one, mark[0][1]) for one in rest):
            return True
    return False


def _takes(item: Item, letter: int) -> bool:
    what, said = item
    if what is codes.LITERAL:
        return bool(said == letter)
    if what is codes.RANGE:
        return bool(said[0] <= letter <= said[1])
    if what is codes.CATEGORY:
        return bool(_CATEGORIES[said].match(chr(letter))) if said in _CATEGORIES else True
    if what is codes.IN:
        return any(_takes(one, letter) for one in said)
    if what in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        return any(_takes(one, letter) for one in said[2])
    if what is codes.SUBPATTERN:
        return any(_takes(one, letter) for one in said[-1])
    return True  # whatever else there is: rather refused than waited for


_CATEGORIES = {
    codes.CATEGORY_DIGIT: re.compile(r"\d"),
    codes.CATEGORY_SPACE: re.compile(r"\s"),
    codes.CATEGORY_WORD: re.compile(r"\w"),
}
