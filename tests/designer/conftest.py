from __future__ import annotations

from tests.dossiers.conftest import clean_scanner  # noqa: F401
