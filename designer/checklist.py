"""What the lint says of a version, as a list of things to mend, each with the way to its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.errors import InvalidInput, Text
from designer.sections import address_of, section_of
from procedures import selectors as catalogue
from procedures.models import ProcedureVersion
from procedures.trying.findings import red
from procedures.trying.lint import lint


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to mend."""

    is_red: bool
    text: str
    section: Text
    address: str
    rule: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """Red items first."""

    items: list[Item]

    @property
    def red(self) -> list[Item]:
        return [one for one in self.items if one.is_red]

    @property
    def amber(self) -> list[Item]:
        return [one for one in self.items if not one.is_red]


def checklist(version: ProcedureVersion, document: Mapping[str, Any], *, today: date) -> Checklist:
    """Ask the lint about a document of a version."""
    try:
        found = lint(document, today=today, codes=catalogue.known_codes(document))
    except InvalidInput as problem:
        found = [red("broken_form", f"eform.{path}", str(texts[0])) for path, texts in problem.errors.items()]
    return Checklist([_item(version, one.is_red, one.path, one.text, one.rule) for one in found])


def items_of(version: ProcedureVersion, findings: Iterable[Mapping[str, str]]) -> list[Item]:
    """Give what a trial has found as things to mend, in its order."""
    return [_item(version, one["weight"] == "red", one["path"], one["text"], one["rule"]) for one in findings]


def _item(version: ProcedureVersion, is_red: bool, path: str, text: str, rule: str) -> Item:
    section = section_of(path)
    return Item(is_red, text, section.label if section else "", address_of(version, path), rule)
