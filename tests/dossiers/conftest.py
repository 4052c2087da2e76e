from __future__ import annotations

import pytest

from core import scanner
from core.scanner import Outcome
from tests.design.conftest import open_page, unhashed_static  # noqa: F401
from tests.dossiers.filing_kit import answers_with


@pytest.fixture
def clean_scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    """A virus scanner that finds nothing."""
    monkeypatch.setattr(scanner, "scan", answers_with(Outcome.CLEAN))
