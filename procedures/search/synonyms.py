"""What people call things, and what the catalogue calls them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from procedures.models import SearchSynonym
from procedures.search.words import bare, marked, words, written

Phrase = tuple[str, ...]

BETWEEN = "|"
ONE_WAY, BOTH_WAYS = "=", "<=>"
_HEAD = "# said = official | official; said <=> official: each stands for all others."

_GLUE = frozenset(("bi", "cua", "cho", "tai", "o", "thi"))  # "tiền bị cháy" is "tiền cháy"


class Synonyms:
    """Phrases of everyday language, compared without marks, each with its official ones as they are written.

    A phrase of one word is compared with its marks: "đò" is a boat, "đo" is to measure.
    """

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self._official: dict[Phrase, tuple[Phrase, ...]] = {}
        self._marked: dict[str, str] = {}
        for said, official in lines:
            row = tuple(written(said))
            plain = tuple(map(bare, row))
            phrases = (tuple(written(one)) for one in official.split(BETWEEN))
            self._official[plain] = tuple(phrase for phrase in phrases if phrase)
            if len(row) == 1:
                self._marked[plain[0]] = marked(row[0])
        self.words = frozenset(word for phrase in self._official for word in phrase)
        self._longest = max(map(len, self._official), default=0)

    def longest_at(self, row: Phrase, at: int) -> tuple[int, tuple[Phrase, ...]]:
        """Give the longest known phrase that begins at a place: how many words it takes, and its official phrases."""
        places = [at]
        for place in range(at + 1, len(row)):
            if len(places) == self._longest:
                break
            if bare(row[place]) not in _GLUE:
                places.append(place)
        for last in range(min(self._longest, len(row) - at), 0, -1):
            phrase = tuple(bare(word) for word in row[at : at + last])
            if (official := self._known(phrase, row[at])) is not None:
                return last, official
            if last <= len(places) and places[last - 1] - at >= last:
                phrase = tuple(bare(row[place]) for place in places[:last])
                if (official := self._known(phrase, row[at])) is not None:
                    return places[last - 1] - at + 1, official
        return 0, ()

    def _known(self, phrase: Phrase, first: str) -> tuple[Phrase, ...] | None:
        if len(phrase) == 1 and self._marked.get(phrase[0]) != marked(first):
            return None
        return self._official.get(phrase)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: what is said, the official phrases between `BETWEEN`, and whether each stands for all others."""

    said: str
    official: str
    both_ways: bool = False

    @property
    def key(self) -> str:
        return key(self.said)

    @property
    def phrases(self) -> list[str]:
        return [phrase for phrase in (part.strip() for part in self.official.split(BETWEEN)) if phrase]

    def as_line(self) -> str:
        """Give the row as it stands in the text file."""
        sign = BOTH_WAYS if self.both_ways else ONE_WAY
        return f"{self.said} {sign} {f' {BETWEEN} '.join(self.phrases)}"


def key(said: str) -> str:
    """Give the words of a phrase as they are compared; two phrases with one key are the same."""
    return " ".join(words(said))


def of(entries: Iterable[Entry]) -> Synonyms:
    """Give the synonyms of some rows; what several rows say of one phrase is joined."""
    said: dict[str, str] = {}
    official: dict[str, dict[str, None]] = {}

    def learn(phrase: str, others: Iterable[str]) -> None:
        if plain := key(phrase):
            said.setdefault(plain, phrase)
            official.setdefault(plain, {}).update(dict.fromkeys(others))

    rows = [entry for entry in entries if entry.phrases]
    for entry in rows:
        learn(entry.said, entry.phrases)
    for entry in rows:
        if entry.both_ways:
            for phrase in entry.phrases:
                learn(phrase, [entry.said, *(one for one in entry.phrases if one != phrase)])
    return Synonyms((said[plain], f" {BETWEEN} ".join(others)) for plain, others in official.items())


def entries() -> list[Entry]:
    """Give the rows of the database, by what is said."""
    rows = SearchSynonym.objects.order_by("key").values_list("said", "official", "both_ways")
    return [Entry(*row) for row in rows]


def stored(*, instead: Mapping[str, str] | None = None) -> Synonyms:
    """Give the synonyms of the database.

    :param instead: by what is said, official phrases to be tried in place of those that are stored; empty: none.
    """
    rows = {entry.key: entry for entry in entries()}
    rows |= {key(said): Entry(said, official) for said, official in (instead or {}).items()}
    return of(rows.values())


def as_text(rows: Iterable[Entry]) -> str:
    """Give rows as the text file that `read` takes."""
    return "".join(f"{line}\n" for line in (_HEAD, *(entry.as_line() for entry in rows)))


def read(text: str) -> tuple[list[Entry], dict[int, str]]:
    """Read the text file: the rows, and by number the lines that are none, as they stand there."""
    rows: list[Entry] = []
    strange: dict[int, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        told = line.partition("#")[0].strip()
        if not told:
            continue
        sign = BOTH_WAYS if BOTH_WAYS in told else ONE_WAY
        said, found, official = told.partition(sign)
        if found and said.strip() and official.strip():
            rows.append(Entry(said.strip(), official.strip(), sign == BOTH_WAYS))
        else:
            strange[number] = told
    return rows, strange
