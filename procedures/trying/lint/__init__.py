"""Finds in a document what will hurt people or officers, before anybody meets it.

Each rule is a function from a draft to findings, in a module of its subject; a new rule is written there and is
looked for at once. Rules read the parsed document only: they ask no database and change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from procedures.trying.findings import Finding
from procedures.trying.lint import (
    eligibility,
    english,
    fees,
    form,
    law,
    papers,
    results,
    times,
    wording,
    workflow,
)
from procedures.trying.lint.draft import Draft

_RULES = [
    rule
    for subject in (law, times, fees, form, papers, workflow, results, eligibility, wording, english)
    for rule in subject.RULES
]


def lint(document: Mapping[str, Any], *, today: date, codes: frozenset[str] | None = None) -> list[Finding]:
    """Give all findings of a parsed document, the red ones first, else in the order of the subjects.

    ``codes`` are those of its procedures that the catalogue knows (`procedures.selectors.known_codes`).

    :raises InvalidInput: the e-form in the document is broken.
    """
    draft = Draft.of(document, today=today, codes=codes)
    found = [one for rule in _RULES for one in rule(draft)]
    return sorted(found, key=lambda one: not one.is_red)


__all__ = ["lint"]
