"""What people call things, and what the catalogue calls them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from procedures.models import SearchSynonym
from procedures.search.words import bare, marked, words, written

Phrase = tuple[str, ...]

BETWEEN = "|"


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


def key(said: str) -> str:
    """Give the words of a phrase as they are compared; two phrases with one key are the same."""
    return " ".join(words(said))


def stored(*, instead: Mapping[str, str] | None = None) -> Synonyms:
    """Give the synonyms of the database.

    :param instead: by what is said, official phrases to be tried in place of those that are stored; empty: none.
    """
    lines = {
        one: (said, official)
        for one, said, official in SearchSynonym.objects.values_list("key", "said", "official")
    }
    lines |= {key(said): (said, official) for said, official in (instead or {}).items()}
    return Synonyms((said, official) for said, official in lines.values() if official.strip())
