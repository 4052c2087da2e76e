"""The glossary is complete: what the code names, the page explains."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agencies.states import Role
from dossiers.states import Action, Form, Status
from results_vault.states import ResultStatus
from supervision.states import AlertKind, AlertState

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (Path(__file__).resolve().parent.parent / "docs" / "glossary.md").read_text().splitlines()
    if line.startswith("|") and not set(line) <= set("|- ")
]
IDENTIFIERS = {name for row in ROWS for name in re.findall(r"`([a-z_]+)`", row[1])}


ENUMS = [Status, Action, Form, Role, ResultStatus, AlertKind, AlertState]


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_every_member_has_a_row(enum):
    assert set(enum.values) - IDENTIFIERS == set()


def test_every_row_has_a_term_an_identifier_and_a_meaning():
    assert [row for row in ROWS if len(row) != 3 or not all(row)] == []
