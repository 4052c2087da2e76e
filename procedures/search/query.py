"""What a person asks for: the words that matter, each with the official words for the same thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from procedures.search.knowledge import Knowledge
from procedures.search.synonyms import Phrase
from procedures.search.words import bare, code_in, has_marks, marked, written

LONGEST_QUERY = 500  # characters; people paste whole letters
CHATTER_WEIGHT = 0.15
_MOST_WORDS = 100
_CHATTER = Path(__file__).parent / "chatter.txt"


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a question: what was typed, then what else it may be called, all as they are written."""

    phrases: tuple[Phrase, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood. ``written`` is what it was taken to mean; ``corrected`` that this is not what was typed."""

    code: str
    groups: tuple[Group, ...]
    has_marks: bool = False
    written: Phrase = ()
    corrected: bool = False

    @property
    def words(self) -> frozenset[str]:
        """Give all words, without marks, the official ones among them; chatter only when there is nothing else."""
        telling = [group for group in self.groups if group.weight > CHATTER_WEIGHT] or self.groups
        return frozenset(bare(word) for group in telling for phrase in group.phrases for word in phrase)

    @property
    def typed(self) -> Phrase:
        return tuple(bare(word) for group in self.groups for word in group.phrases[0])

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Give all words that stand side by side, without marks: as they were typed, and as the catalogue says it."""
        rows = (self.written, self.official.split())
        return frozenset(pair for row in rows for pair in pairwise(map(bare, row)))

    @property
    def official(self) -> str:
        """Give the question in the words of the catalogue."""
        chosen = (group.phrases[1] if len(group.phrases) > 1 else group.phrases[0] for group in self.groups)
        return " ".join(word for phrase in chosen for word in phrase)

    def __bool__(self) -> bool:
        return bool(self.code or self.groups)


@lru_cache(maxsize=16)  # a page asks twice; few, as each keeps the knowledge it was read with
def parse(text: str, knowledge: Knowledge, *, correct: bool = True) -> Query:
    """Read a question of any length; what lies beyond `LONGEST_QUERY` is not read."""
    text = text[:LONGEST_QUERY]
    if code := code_in(text):
        return Query(code, ())
    typed = " ".join(written(text)[:_MOST_WORDS])
    meant = knowledge.spellings.meant(typed, right=knowledge.synonyms.words, correct=correct)
    groups = tuple(_groups(meant.words, knowledge))
    return Query("", groups, has_marks(text), meant.words, meant.corrected)


def _groups(row: Phrase, knowledge: Knowledge) -> Iterator[Group]:
    """Cut the words into the longest phrases that have synonyms, and single words between them."""
    chatter = _chatter_at(row)
    at = quiet = 0
    while at < len(row):
        quiet = max(quiet, at + chatter[at])
        length, official = knowledge.synonyms.longest_at(row, at)
        if length and length >= chatter[at]:
            yield Group((row[at : at + length], *official))
            at += length
        else:
            yield Group((row[at : at + 1],), CHATTER_WEIGHT if at < quiet else 1.0)
            at += 1


def _chatter_at(row: Phrase) -> list[int]:
    """Give for each place the number of words of the longest chatter that begins there.

    A word with marks is chatter only with those: "do" is, "đỏ" is not.
    """
    phrases, longest = _chatter()
    plain, with_marks = tuple(map(bare, row)), tuple(map(marked, row))

    def is_chatter(at: int, end: int) -> bool:
        return any(
            all(word in (said, as_said) for word, said, as_said in zip(with_marks[at:end], *one, strict=True))
            for one in phrases.get(plain[at:end], ())
        )

    return [
        next((size for size in range(min(longest, len(row) - at), 0, -1) if is_chatter(at, at + size)), 0)
        for at in range(len(row))
    ]


@lru_cache(maxsize=1)
def _chatter() -> tuple[dict[Phrase, list[tuple[Phrase, Phrase]]], int]:
    """Give all chatter without its marks, with the ways in which it is written: without marks, and with them."""
    lines = (line.partition("#")[0] for line in _CHATTER.read_text(encoding="utf-8").splitlines())
    found: dict[Phrase, list[tuple[Phrase, Phrase]]] = {}
    for phrase in map(written, filter(str.strip, lines)):
        plain = tuple(map(bare, phrase))
        found.setdefault(plain, []).append((plain, tuple(map(marked, phrase))))
    return found, max(map(len, found))
