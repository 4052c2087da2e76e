"""What a change of the synonyms would do to a question: the results now and then, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from procedures.models import ProcedureVersion
from procedures.search import find, knowledge, synonyms
from procedures.search.synonyms import Entry

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One result. ``was`` is its place before the change, counted from 1; 0: it was not among those shown."""

    code: str
    name: str
    was: int
    is_fileable: bool


@dataclass(frozen=True, slots=True)
class Trial:
    question: str
    before: list[Line]
    after: list[Line]

    @property
    def is_same(self) -> bool:
        return [one.code for one in self.before] == [one.code for one in self.after]


def trial(question: str, new: Entry | None, *, instead_of: str = "") -> Trial:
    """Ask a question with the synonyms as they are, and with one row more, or in place of another.

    :param new: the row to be tried; none: the other one is gone.
    :param instead_of: the key of the row in whose place it stands.
    """
    entries = [one for one in synonyms.entries() if one.key != instead_of]
    if new is not None:
        entries = [*(one for one in entries if one.key != new.key), new]
    before = _asked(question)
    with knowledge.trying(synonyms.of(entries)):
        after = _asked(question)
    versions = _versions({*before, *after})
    places = {pk: place for place, pk in enumerate(before, start=1)}
    return Trial(question, _lines(before, versions, places), _lines(after, versions, places))


def _asked(question: str) -> list[int]:
    return list(find.find(question).ids[:SHOWN])


def _versions(ids: Iterable[int]) -> dict[int, ProcedureVersion]:
    rows = ProcedureVersion.objects.filter(pk__in=list(ids)).select_related("procedure")
    return rows.only("name", "short_name", "is_fileable", "procedure__code").in_bulk()


def _lines(ids: list[int], versions: dict[int, ProcedureVersion], places: dict[int, int]) -> list[Line]:
    return [
        Line(
            versions[pk].procedure.code,
            versions[pk].short_name or versions[pk].name,
            places.get(pk, 0),
            versions[pk].is_fileable,
        )
        for pk in ids
        if pk in versions
    ]
