"""A document as the rules look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from core.vietnamese import fold
from procedures import eforms
from procedures.eforms.schema import Field, Schema
from procedures.trying.applicants import Trial
from procedures.trying.findings import Finding


@dataclass(frozen=True)
class Draft:
    """``document`` is parsed, so every entry is there; ``schema`` is its e-form.

    ``codes`` are those of its procedures that the catalogue knows; None: nobody has looked.
    """

    document: Mapping[str, Any]
    schema: Schema
    today: date
    codes: frozenset[str] | None = None

    @classmethod
    def of(cls, document: Mapping[str, Any], *, today: date, codes: frozenset[str] | None = None) -> Draft:
        """:raises InvalidInput: the e-form is broken."""
        return cls(document, eforms.parse(document["eform"]), today, codes)

    @cached_property
    def trial(self) -> Trial:
        return Trial(self.schema, self.today)

    @property
    def is_online(self) -> bool:
        """Somebody is to file it online: it has a form, or says so."""
        return bool(self.schema) or self.document["online"]["level"] != "information_only"

    def rows(self, part: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Give the rows of a list with their paths."""
        for at, row in enumerate(self.document[part]):
            yield f"{part}[{at}]", row

    def questions(self) -> Iterator[tuple[str, Field]]:
        """Give everything on the form with its path, columns of tables and groups too."""
        for name, one in self.schema.fields.items():
            yield f"eform.{name}", one
            for column in one.fields:
                yield f"eform.{name}.{column.name}", column


Rule = Callable[[Draft], Iterator[Finding]]


def says(text: str, *words: str) -> str:
    """Give the first of the words that stands in a text, marks and case aside; empty where none does."""
    folded = f" {fold(text)} "
    return next((word for word in words if fold(word) in folded), "")
