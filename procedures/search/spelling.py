"""What a person meant to write: missing marks put back, and words that nobody writes so taken as near ones.

Both are one question, answered as a whole: which row of words, each one that the typed word may stand for, is the
likeliest to stand side by side? The catalogue itself, with the synonyms, says which words stand side by side.
"""

from __future__ import annotations

import json
import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from procedures.search.words import bare, has_marks, written

START = "^"
MOST_PAIRS = 60_000
_SPELLINGS_OF_A_WORD = 8
_NEAR_WORDS = 24
_SHORTEST_TYPO = 3
_SHORTEST_RARE = 4
_RARE = 2e-6  # of all sightings: three of the national catalogue's
_DOUBT = 30.0  # how many sightings outweigh what is known of a word alone
_NEAR_COST = math.log(40)  # an edit is this unlikely beside the word as typed
_UNSEEN = 1e-7
_LETTERS = "abcdeghiklmnopqrstuvxy"
# What is left of "giấy", "được" when the keyboard did not turn keys into marks: "giaays", "dduwowcj".
_KEYS = (("dd", "d"), ("aa", "a"), ("aw", "a"), ("ee", "e"), ("oo", "o"), ("ow", "o"), ("uw", "u"))
_TONE_KEYS = "sfrxj"


@dataclass(frozen=True, slots=True)
class Meant:
    """``words`` are as the catalogue writes them; ``corrected`` says that one of them is another word than typed."""

    words: tuple[str, ...]
    corrected: bool


class Spellings:
    """How words are written, and which words follow which.

    :param words: sightings of each written word.
    :param pairs: sightings of two written words side by side, as "one other"; `START` stands before the first.
    """

    def __init__(self, words: dict[str, int], pairs: dict[str, int]) -> None:
        self._pairs = pairs
        self._all = max(sum(words.values()), 1)
        self._followed: Counter[str] = Counter()
        for pair, times in pairs.items():
            self._followed[pair.partition(" ")[0]] += times
        self._of: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for word, times in sorted(words.items(), key=lambda item: (-item[1], item[0])):
            spelt = self._of[bare(word)]
            if len(spelt) < _SPELLINGS_OF_A_WORD:
                spelt.append((word, times))

    def __bool__(self) -> bool:
        return bool(self._of)

    def knows(self, word: str) -> bool:
        """Say whether a word without marks is known at all."""
        return word in self._of

    def meant(self, text: str, *, right: Container[str] = (), correct: bool = True) -> Meant:
        """Say what a text means.

        :param right: words without marks that are right as they are, though the catalogue has none of them.
        :param correct: take other unknown words as near known ones.
        """
        typed = written(text)
        if not self or not typed:
            return Meant(tuple(typed), False)
        with_marks = has_marks(text)
        best: dict[str, tuple[float, tuple[str, ...]]] = {START: (0.0, ())}
        for word in typed:
            following: dict[str, tuple[float, tuple[str, ...]]] = {}
            slipped = correct and bare(word) not in right
            for candidate, cost in self._candidates(word, with_marks=with_marks, correct=slipped):
                last = candidate.rpartition(" ")[2]
                score, path = max(
                    (self._score(before, candidate) + known, row) for before, (known, row) in best.items()
                )
                if last not in following or score - cost > following[last][0]:
                    following[last] = (score - cost, (*path, *candidate.split()))
            best = following
        row = max(best.values())[1]
        return Meant(row, [bare(word) for word in row] != [bare(word) for word in typed])

    def _candidates(self, word: str, *, with_marks: bool, correct: bool) -> list[tuple[str, float]]:
        plain = bare(word)
        if plain in self._of:
            if with_marks and (word != plain or len(self._of[plain]) > 1):
                return [(word, 0.0)]
            as_typed = [(spelt, 0.0) for spelt, _times in self._of[plain]]
            if correct and self._is_rare(plain):
                return as_typed + self._slips(plain)
            return as_typed
        # Whoever set the marks looked at the word; it is one that the catalogue does not have.
        if not correct or word != plain or len(plain) < _SHORTEST_TYPO or not plain.isalpha():
            return [(word, 0.0)]
        found = self._slips(plain)
        found += [(" ".join(halves), _NEAR_COST) for halves in self._halves(plain)]
        return found or [(word, 0.0)]

    def _is_rare(self, plain: str) -> bool:
        """Say whether a known word is seen so seldom that it is likelier a slip: "khía", for whoever types "khia sinh"."""
        if len(plain) < _SHORTEST_RARE or not plain.isalpha():
            return False
        return sum(times for _spelt, times in self._of[plain]) <= _RARE * self._all

    def _slips(self, plain: str) -> list[tuple[str, float]]:
        near = sorted(self._near(plain), key=lambda one: -self._of[one[0]][0][1] / one[1])[:_NEAR_WORDS]
        return [(spelt, math.log(cost)) for one, cost in near for spelt, _times in self._of[one][:3]]

    def _near(self, word: str) -> Iterator[tuple[str, float]]:
        """Give known words within one slip of the fingers, and how unlikely the slip is."""
        keys = word
        for two, one in _KEYS:
            keys = keys.replace(two, one)
        for candidate in dict.fromkeys((keys.rstrip(_TONE_KEYS), keys)):
            if candidate != word and candidate in self._of:
                yield candidate, 2.0
        seen = {word}
        for candidate in _edits(word):
            if candidate not in seen and candidate in self._of:
                seen.add(candidate)
                yield candidate, 40.0

    def _halves(self, word: str) -> Iterator[tuple[str, str]]:
        """Give two known words that were written as one, where the catalogue has them side by side."""
        for at in range(2, len(word) - 1):
            for left, _times in self._of.get(word[:at], ())[:4]:
                for right, _more in self._of.get(word[at:], ())[:4]:
                    if f"{left} {right}" in self._pairs:
                        yield left, right

    def _score(self, before: str, candidate: str) -> float:
        score = 0.0
        for word in candidate.split():
            seen = self._pairs.get(f"{before} {word}", 0)
            alone = next((times for spelt, times in self._of.get(bare(word), ()) if spelt == word), 0)
            chance = (seen + _DOUBT * (alone / self._all + _UNSEEN)) / (self._followed[before] + _DOUBT)
            score += math.log(chance)
            before = word
        return score


def learn(texts: Iterable[tuple[str, int]]) -> bytes:
    """Count the words and pairs of texts, each with how much it counts, and give them packed for `unpack`."""
    words: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for text, weight in texts:
        row = written(text)
        for word in row:
            words[word] += weight
        for before, after in pairwise((START, *row)):
            pairs[f"{before} {after}"] += weight
    kept = {pair: times for pair, times in pairs.most_common(MOST_PAIRS) if times > 1}
    return zlib.compress(json.dumps([words, kept], ensure_ascii=False).encode())


def unpack(packed: bytes) -> Spellings:
    """Give what `learn` packed; of nothing, spellings that know nothing and change nothing."""
    words, pairs = json.loads(zlib.decompress(packed)) if packed else ({}, {})
    return Spellings(words, pairs)


def _edits(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        left, right = word[:at], word[at:]
        if right:
            yield left + right[1:]
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        for letter in _LETTERS:
            if right:
                yield left + letter + right[1:]
            yield left + letter + right
