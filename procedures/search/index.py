"""What is indexed of a version: a small vector for its titles, a large one for its text.

Titles decide almost every search and their vector stays small enough to be ranked; the text is a second stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import Value

from core.vietnamese import sort_key
from procedures.models import Component, ProcedureVersion, ResultType, SearchSynonym
from procedures.search import memory, phrases, spelling, synonyms
from procedures.search.memory import Part
from procedures.search.words import words
from procedures.states import VersionStatus

SORTED_CHARACTERS = 200  # names go up to a thousand characters; an index row may not
_TEXT_WORDS = 8_000
_TITLE, _SAID = 8, 6  # how much they count beside the long texts, when spellings are learnt
_READ_IN_FULL = 5_000  # versions; more teach nothing new
_TEXT_START, _ROW_START = 5_000, 300  # characters


def columns(*, name: str, short_name: str, sector: str, body: Iterable[str]) -> dict[str, Any]:
    """Give the search and order columns of a version. The two vectors are SQL expressions, to be written once."""
    return {
        "name_words": " ".join(words(f"{name} {short_name}")),
        "name_sort": sort_key(name[:SORTED_CHARACTERS]),
        "title_search": _vector(f"{name} {short_name}", "A") + _vector(sector, "C"),
        "body_search": _vector(" ".join(body), "D"),
    }


def refresh(version: ProcedureVersion) -> None:
    """Write the columns anew after the version, its papers or its results have changed."""
    ProcedureVersion.objects.filter(pk=version.pk).update(
        **columns(
            name=version.name,
            short_name=version.short_name,
            sector=version.sector.name if version.sector else "",
            body=_body_of(version),
        )
    )
    phrases.keep(version)
    if version.status == VersionStatus.PUBLISHED:
        memory.has_changed(Part.TITLES)


def learn_spellings() -> None:
    """Learn anew how words are written and which stand side by side. Takes seconds: after an import, in a task."""
    memory.keep_spellings(spelling.learn(_texts()))


def _texts() -> Iterator[tuple[str, int]]:
    """Give texts of current versions and the synonyms, each with how much it counts."""
    for said, official in SearchSynonym.objects.values_list("said", "official"):
        yield said, _SAID
        for phrase in official.split(synonyms.BETWEEN):
            yield phrase, _SAID
    current = ProcedureVersion.objects.current().order_by("pk")
    columns = ("name", "sector__name", "execution_sequence", "eligibility_conditions")
    for name, sector, sequence, conditions in current.values_list(*columns)[:_READ_IN_FULL].iterator():
        yield name, _TITLE
        yield sector or "", _TITLE
        yield sequence[:_TEXT_START], 1
        yield conditions[:_TEXT_START], 1
    for name in current.values_list("name", flat=True)[_READ_IN_FULL:].iterator():
        yield name, _TITLE
    for model in (Component, ResultType):
        rows = model.objects.filter(version__current_of__isnull=False).order_by("pk")
        for name in rows.values_list("name", flat=True)[: 20 * _READ_IN_FULL].iterator():
            yield name[:_ROW_START], 1


def tell_planner() -> None:
    """Let the planner see a catalogue that has just grown: until it does, a search may take seconds."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE procedures_procedure, procedures_procedureversion, procedures_paperphrases")


def _body_of(version: ProcedureVersion) -> list[str]:
    return [
        *(result.name for result in version.result_types.all()),
        version.guidance,
        version.authority,
        version.execution_sequence,
        version.eligibility_conditions,
        *(component.name for component in version.components.all()),
    ]


def _vector(text: str, weight: str) -> SearchVector:
    return SearchVector(Value(" ".join(words(text)[:_TEXT_WORDS])), config="simple", weight=weight)
