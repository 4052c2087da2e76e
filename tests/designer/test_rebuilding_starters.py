"""Starter services are built anew from nothing by a scripted administrator, in the designer's pages alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies import demo
from core import pdf
from designer import dry_run, trials
from designer.models import Trial
from designer.states import TrialState
from dossiers.states import Form
from procedures import document, starters
from procedures.models import ProcedureVersion
from procedures.states import VersionStatus
from tests.designer.administrator import rebuild
from tests.dossiers.conftest import clean_scanner  # noqa: F401  (fixture)
from tests.factories import NINE

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("clean_scanner"),
    pytest.mark.skipif(not pdf.is_available(), reason="pango is not installed"),
]

# fmt: off
SERVICES = (
    "1.000656",         # death: a rule between answers, a renewal relation
    "1.003650",         # fishing boats: seven papers, six of them under a condition
    "1.004859",         # corrections of civil status: an age decides what is asked
    "1.013225",         # building: the longest form
    "1.014062",         # identity cards of children: a page that is asked by age
    "2.000635",         # extracts: what other services name for a new copy
    "2.000930.before",  # leaving the mediation board, as it was
    "2.000930",         # … and as it is
    "2.001583",         # companies: fees that differ by channel, groups that repeat
    "9.200001",         # the postal licence: a table, several papers
)
# fmt: on


@pytest.fixture(autouse=True)
def city(db: None, settings: Any, tmp_path: Path) -> None:
    """The agencies of the demonstration, with their people and seals."""
    settings.SIGNING_DIR = tmp_path / "signing"
    demo.load(at=NINE, password="mot-mat-khau-dai")


@pytest.fixture(autouse=True)
def papers_are_composed_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every paper is composed; that files are made of them is `test_dry_run`'s to see, and takes long."""
    perform = dry_run.perform
    monkeypatch.setattr(
        dry_run, "perform", lambda *todo, made, **more: perform(*todo, made={*Form.values}, **more)
    )


@pytest.mark.parametrize("name", SERVICES)
def test_a_starter_service_is_built_from_nothing_and_opened(keeper: Client, name: str) -> None:
    said = document.from_yaml((starters.FOLDER / f"{name}.yaml").read_bytes())

    administrator = rebuild(said, client=keeper)

    version = ProcedureVersion.objects.get(procedure__code=said["code"])
    assert document.differences(said, document.of_version(version)) == []
    for kind in ("lint", "dry_run"):
        administrator.open(f"{administrator.root}thu/")
        administrator.send(administrator.form(f".//input[@name='kind' and @value='{kind}']"))
        trial = Trial.objects.latest("pk")
        while trials.go_on(trial_id=trial.pk, at=timezone.now()):
            pass
        trial.refresh_from_db()
        assert (trial.kind, trial.state, trial.red) == (kind, TrialState.DONE, 0), trial.findings
    for move in ("duyet", "cong-bo", "mo-nhan"):
        administrator.open(administrator.root)
        administrator.send(administrator.form(f"contains(@action, '/{move}/')"))
    version.refresh_from_db()
    assert (version.status, version.is_fileable) == (VersionStatus.PUBLISHED, True)
