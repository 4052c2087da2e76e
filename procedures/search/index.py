"""What is indexed of a version: a small vector for its titles, a large one for its text.

Titles decide almost every search and their vector stays small enough to be ranked; the text is a second stage.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from core.vietnamese import fold, sort_key
from procedures.models import ProcedureVersion
from procedures.search.words import words

SORTED_CHARACTERS = 200  # names go up to a thousand characters; an index row may not
_BODY_WORDS = 8_000


def columns(*, name: str, short_name: str, sector: str, body: Iterable[str]) -> dict[str, Any]:
    """Give the search and order columns of a version. The two vectors are SQL expressions, to be written once."""
    return {
        "name_fold": fold(name),
        "name_sort": sort_key(name[:SORTED_CHARACTERS]),
        "title_search": _vector(name, "A") + _vector(short_name, "B") + _vector(sector, "C"),
        "body_search": _vector(" ".join(body), "D"),
    }


def refresh(version: ProcedureVersion) -> None:
    """Write the columns anew after the version, its papers or its results have changed."""
    ProcedureVersion.objects.filter(pk=version.pk).update(
        **columns(
            name=version.name,
            short_name=version.short_name,
            sector=version.sector.name if version.sector else "",
            body=body_of(version),
        )
    )


def body_of(version: ProcedureVersion) -> list[str]:
    return [
        *(result.name for result in version.result_types.all()),
        version.guidance,
        version.authority,
        version.execution_sequence,
        version.eligibility_conditions,
        *(component.name for component in version.components.all()),
    ]


def _vector(text: str, weight: str) -> SearchVector:
    return SearchVector(Value(" ".join(words(text)[:_BODY_WORDS])), config="simple", weight=weight)
