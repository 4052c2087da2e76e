"""What a person asks for: the words that matter, each with the official words for the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from procedures.search.words import code_in, words

LONGEST_QUERY = 300  # characters; people paste whole letters
_MOST_WORDS = 40
_SYNONYMS = Path(__file__).parent / "synonyms.txt"

Phrase = tuple[str, ...]

# What people wrap their question in. Only left out when something else remains.
_CHATTER = [
    tuple(words(phrase))
    for phrase in (
        "cần giấy gì",
        "cần giấy tờ gì",
        "cần những gì",
        "gồm những gì",
        "cần gì",
        "ở đâu",
        "như thế nào",
        "thế nào",
        "làm sao",
        "làm thế nào",
        "bao nhiêu",
        "bao lâu",
        "được không",
        "hay không",
        "là gì",
        "gì",
        "thủ tục",
        "thành phần hồ sơ",
        "hồ sơ",
        "thời gian",
        "tôi muốn hỏi",
        "muốn",
        "cho tôi",
        "tôi",
        "hỏi về",
        "xin",
        "phải",
        "thì",
        "của",
        "khi",
        "nào",
    )
]


@dataclass(frozen=True, slots=True)
class Query:
    """``groups`` are the parts of the question in order; each has what was typed and what else it may be called."""

    code: str
    groups: tuple[tuple[Phrase, ...], ...]

    @property
    def words(self) -> frozenset[str]:
        return frozenset(word for group in self.groups for phrase in group for word in phrase)

    @property
    def typed(self) -> Phrase:
        return tuple(word for group in self.groups for word in group[0])

    def __bool__(self) -> bool:
        return bool(self.code or self.groups)


def parse(text: str) -> Query:
    """Read a question of any length; what lies beyond `LONGEST_QUERY` is not read."""
    text = text[:LONGEST_QUERY]
    return Query(code_in(text), tuple(_groups(_without_chatter(words(text)[:_MOST_WORDS]))))


def _without_chatter(typed: list[str]) -> list[str]:
    for phrase in sorted(_CHATTER, key=len, reverse=True):
        if left := _without(typed, phrase):
            typed = left
    return typed


def _without(typed: list[str], phrase: Phrase) -> list[str]:
    left: list[str] = []
    at = 0
    while at < len(typed):
        if tuple(typed[at : at + len(phrase)]) == phrase:
            at += len(phrase)
        else:
            left.append(typed[at])
            at += 1
    return left


def _groups(typed: list[str]) -> list[tuple[Phrase, ...]]:
    """Cut the words into the longest phrases that have synonyms, and single words between them."""
    known = _synonyms()
    longest = max(map(len, known), default=1)
    groups: list[tuple[Phrase, ...]] = []
    at = 0
    while at < len(typed):
        for length in range(min(longest, len(typed) - at), 0, -1):
            phrase = tuple(typed[at : at + length])
            if phrase in known:
                groups.append((phrase, *known[phrase]))
                break
        else:
            length = 1
            groups.append(((typed[at],),))
        at += length
    return groups


@lru_cache(maxsize=1)
def _synonyms() -> dict[Phrase, tuple[Phrase, ...]]:
    known: dict[Phrase, tuple[Phrase, ...]] = {}
    for line in _SYNONYMS.read_text(encoding="utf-8").splitlines():
        said, found, official = line.partition("#")[0].partition("=")
        if found:
            known[tuple(words(said))] = tuple(tuple(words(one)) for one in official.split("|"))
    return known
