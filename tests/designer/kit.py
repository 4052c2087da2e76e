"""What the tests of trying a draft share: a good service, faults planted in it, a city in which it stands."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from agencies.states import Role
from core.actor import Actor, ActorKind, Grant
from designer import dry_run
from designer.models import Trial
from designer.states import TrialKind, TrialState
from procedures import document, services
from procedures.models import ProcedureVersion
from procedures.trying.findings import Finding
from tests.factories import AgencyFactory
from tests.procedures.test_lint import GOOD, question, step, upload

__all__ = [
    "GOOD",
    "KEEPER",
    "draft_of",
    "dry",
    "good",
    "played",
    "question",
    "rules",
    "step",
    "tried",
    "upload",
]

KEEPER = Actor(
    kind=ActorKind.OFFICER,
    display_name="Cán bộ kiểm soát (minh họa)",
    officer_id=1,
    grants=frozenset({Grant(Role.PROCEDURE_CONTROL_OFFICER, 1)}),
)


def good(change: Callable[[dict[str, Any]], Any] | None = None) -> dict[str, Any]:
    """Give the parsed document of a good service, after a change."""
    said = copy.deepcopy(GOOD)
    if change is not None:
        change(said)
    return document.parse(said)


def draft_of(said: dict[str, Any], *, at: datetime | None = None) -> ProcedureVersion:
    return services.bring_in(document=said, actor=KEEPER, at=at or timezone.now())


def played(said: dict[str, Any], *ways: str) -> list[dry_run.Outcome]:
    """Play a document's ways, or only these."""
    at = timezone.now()
    todo = dry_run.programme(said, at=at)
    made: set[str] = set()
    outcomes = []
    for number, (way, _who) in enumerate(todo.plays):
        if not ways or way in ways:
            outcome = dry_run.perform(todo, number, at=at, made=made)
            made |= {one["form"] for one in outcome.papers if one["file"]}
            outcomes.append(outcome)
    return outcomes


def dry(said: dict[str, Any], *ways: str) -> list[Finding]:
    """Give all findings of a dry run of a document."""
    AgencyFactory.create()
    found = list(dry_run.programme(said, at=timezone.now()).findings)
    for outcome in played(said, *ways):
        found += outcome.findings
    return found


def rules(found: list[Finding], *, only_red: bool = True) -> set[str]:
    return {one.rule for one in found if one.is_red or not only_red}


def tried(version: ProcedureVersion, kind: str = TrialKind.DRY_RUN, **found: Any) -> Trial:
    """A trial of the present revision that has come to its end."""
    at = timezone.now()
    options = {"state": TrialState.DONE, "queued_at": at, "beaten_at": at, "finished_at": at, **found}
    return Trial.objects.create(version=version, revision=version.revision, kind=kind, **options)
