"""Trials of a draft: asked for, gone on with by a worker in parts, looked up.

The row says how far a trial has come. A part is claimed before it begins; whoever dies in it leaves a row of which
nothing is heard, and after `FORGOTTEN_AFTER` another worker goes on where the last finished piece ended.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from core.actor import Actor
from core.errors import Refusal
from core.outages import is_database_away
from designer import dry_run, rehearsal
from designer.dry_run.playing import told
from designer.models import UNFINISHED, Trial
from designer.states import TrialKind, TrialState
from procedures import document as documents
from procedures import policies
from procedures import selectors as catalogue
from procedures.models import ProcedureVersion
from procedures.states import VersionStatus
from procedures.trying.findings import Finding
from procedures.trying.lint import lint

log = structlog.get_logger(__name__)

FORGOTTEN_AFTER = timedelta(minutes=3)
"""A play of a dry run, and a batch of a rehearsal, are much shorter."""
PART_S = 90.0
"""After so many seconds a worker gives the trial back, so that no task comes near its time limit."""
KEPT = timedelta(days=90)
ERROR_LENGTH = 500


def start(*, version_id: int, kind: str, actor: Actor, at: datetime) -> Trial:
    """Ask for a trial of what the draft says now; a lint is done at once. One that is at work already is given back.

    :raises NotAllowed: the actor does not look after the catalogue.
    :raises ProcedureVersion.DoesNotExist: no such version.
    """
    policies.require_configure(actor)
    version = ProcedureVersion.objects.get(pk=version_id)
    same = {"version": version, "revision": version.revision, "kind": kind}
    try:
        with transaction.atomic():
            trial = Trial.objects.create(**same, asked_by=actor.display_name, queued_at=at, beaten_at=at)
    except IntegrityError:
        return Trial.objects.unfinished().filter(**same).get()
    if kind == TrialKind.LINT:
        go_on(trial_id=trial.pk, at=at)
        trial.refresh_from_db()
    return trial


def latest(version: ProcedureVersion) -> dict[str, Trial]:
    """Give the newest trial of each kind of the revision that the version has now."""
    trials = Trial.objects.filter(version=version, revision=version.revision).order_by("pk")
    return {one.kind: one for one in trials}


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of trial with its newest run of the present revision; ``is_needed`` for an approval without a reason."""

    kind: TrialKind
    trial: Trial | None
    is_needed: bool


def rows(version: ProcedureVersion, *, at: datetime) -> list[Row]:
    """Give the three kinds of trial of a version in their order. Two queries."""
    found = latest(version)
    had_dossiers = rehearsal.dossiers(version.procedure_id, at=at).exists()
    return [Row(kind, found.get(kind), kind != TrialKind.REHEARSAL or had_dossiers) for kind in TrialKind]


def go_on(*, trial_id: int, at: datetime) -> bool:
    """Do a part of a trial; say whether another part is left. Safe to repeat, also at the same time.

    A trial that breaks is marked so, with its problem; what it has brought so far stays.

    :raises Trial.DoesNotExist: no such trial.
    """
    trial = _claim(trial_id, at=at)
    if trial is None:
        return False
    try:
        with translation.override("vi"):
            said = said_by(trial.version, revision=trial.revision)
            return _PARTS[TrialKind(trial.kind)](trial, said)
    except Refusal as refusal:
        _end(trial, TrialState.FAILED, error=told(refusal))
    except Exception as problem:  # whatever the cause, people see that it failed and can ask again
        if is_database_away(problem):
            raise  # nobody has to do anything: the trial is taken up again
        log.exception("trial failed", trial_id=trial_id)
        _end(trial, TrialState.FAILED, error=f"{type(problem).__name__}: {problem}")
    return False


def forgotten(*, at: datetime, limit: int = 20) -> list[int]:
    """Give the trials whose hint was lost or whose worker died."""
    rows = Trial.objects.forgotten(before=at - FORGOTTEN_AFTER).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def forget_old(*, at: datetime, limit: int = 500) -> int:
    """Delete trials of versions that are no drafts, 90 days after their end, with their previews; give their number."""
    old = Trial.objects.filter(finished_at__lt=at - KEPT).exclude(version__status=VersionStatus.DRAFT)
    count = 0
    for trial in old.order_by("pk")[:limit]:
        trial.delete()
        for name in previews(trial).values():
            default_storage.delete(name)
        count += 1
    return count


def previews(trial: Trial) -> dict[str, str]:
    """Give the files that a dry run has kept: by the name in its address, the name on the disk."""
    return {
        name.rpartition("/")[2]: name
        for play in trial.report.get("plays", [])
        for paper in play["papers"]
        if (name := paper["file"])
    }


def said_by(version: ProcedureVersion, *, revision: int) -> dict[str, Any]:
    """Give the document that a revision of a version says."""
    kept = version.revisions.filter(number=revision).first()
    # Read anew: what was kept before the document got another part has that part's default.
    return documents.parse(kept.document) if kept is not None else documents.of_version(version)


# Parts


def _claim(trial_id: int, *, at: datetime) -> Trial | None:
    """Take a trial on; None where it has ended, or somebody is at it."""
    with transaction.atomic():
        trial = (
            Trial.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("version")
            .filter(pk=trial_id, state__in=UNFINISHED)
            .first()
        )
        if trial is None:
            return None
        if trial.state == TrialState.RUNNING and trial.beaten_at >= at - FORGOTTEN_AFTER:
            return None
        trial.state, trial.beaten_at = TrialState.RUNNING, at
        trial.started_at = trial.started_at or at
        trial.save(update_fields=["state", "beaten_at", "started_at"])
        return trial


def _lint(trial: Trial, said: Mapping[str, Any]) -> bool:
    trial.total = trial.done = 1
    _found(trial, lint(said, today=timezone.localdate(trial.started_at), codes=catalogue.known_codes(said)))
    _end(trial, TrialState.DONE)
    return False


def _dry_run(trial: Trial, said: Mapping[str, Any]) -> bool:
    todo = dry_run.programme(said, at=trial.started_at or timezone.now())
    if trial.total is None:
        trial.total = len(todo.plays)
        trial.report = {"applicants": todo.described(), "plays": [], "places": {}}
        _found(trial, todo.findings)
        trial.save(update_fields=["total", "report", "findings", "red"])
    until = time.monotonic() + PART_S
    while trial.done < len(todo.plays):
        made = {one["form"] for play in trial.report["plays"] for one in play["papers"] if one["file"]}
        outcome = dry_run.perform(todo, trial.done, at=timezone.now(), made=made - {"result"})
        if not _keep_play(trial, outcome):
            return False
        if trial.done < len(todo.plays) and time.monotonic() > until:
            return _give_back(trial)
    _found(trial, dry_run.never_filled(trial.report["places"]))
    _end(trial, TrialState.DONE)
    return False


def _keep_play(trial: Trial, outcome: dry_run.Outcome) -> bool:
    """Write down what a play has brought, unless another worker has taken the trial over."""
    stored = {
        name: default_storage.save(f"trials/{trial.pk}/{trial.done}-{name}", ContentFile(content))
        for name, content in outcome.files.items()
    }
    for paper in outcome.papers:
        paper["file"] = stored.get(paper["file"], "")
    trial.report["plays"].append(
        {
            "way": outcome.way,
            "label": str(dry_run.WAYS[outcome.way].label),
            "applicant": outcome.applicant,
            "lines": outcome.lines,
            "papers": outcome.papers,
            "messages": outcome.messages,
            "findings": [asdict(one) for one in outcome.findings],
            "seconds": round(outcome.seconds, 1),
        }
    )
    for place, is_filled in outcome.places.items():
        trial.report["places"][place] = trial.report["places"].get(place, False) or is_filled
    _found(trial, outcome.findings)
    if _moved(trial, by=1):
        return True
    for name in stored.values():
        default_storage.delete(name)
    return False


def _rehearsal(trial: Trial, said: Mapping[str, Any]) -> bool:
    judge = rehearsal.Rehearsal(said, trial.started_at or timezone.now())
    procedure_id = trial.version.procedure_id
    if trial.total is None:
        count = rehearsal.dossiers(procedure_id, at=judge.at).count()
        trial.total, trial.report = min(count, rehearsal.MOST), rehearsal.empty()
        trial.save(update_fields=["total", "report"])
    until = time.monotonic() + PART_S
    while trial.done < (trial.total or 0):
        before, judged = judge.batch(procedure_id, before=trial.report["before"])
        rehearsal.add(trial.report, before=before, judged=judged)
        if not _moved(trial, by=len(judged)):
            return False
        if before is None:
            break
        if trial.done < (trial.total or 0) and time.monotonic() > until:
            return _give_back(trial)
    _found(trial, rehearsal.findings(trial.report))
    _end(trial, TrialState.DONE)
    return False


_PARTS = {TrialKind.LINT: _lint, TrialKind.DRY_RUN: _dry_run, TrialKind.REHEARSAL: _rehearsal}


def _found(trial: Trial, findings: list[Finding]) -> None:
    """Add findings, each once: the red ones first, else in the order in which they came."""
    known = [asdict(one) for one in findings]
    everything = trial.findings + [one for one in known if one not in trial.findings]
    trial.findings = sorted(everything, key=lambda one: one["weight"] != "red")
    trial.red = sum(one["weight"] == "red" for one in trial.findings)


def _moved(trial: Trial, *, by: int) -> bool:
    """Save a finished piece; False where another worker has gone on meanwhile, whose work then counts."""
    was, trial.done, trial.beaten_at = trial.done, trial.done + by, timezone.now()
    mine = Trial.objects.filter(pk=trial.pk, state=TrialState.RUNNING, done=was)
    return bool(
        mine.update(
            done=trial.done,
            beaten_at=trial.beaten_at,
            report=trial.report,
            findings=trial.findings,
            red=trial.red,
        )
    )


def _give_back(trial: Trial) -> bool:
    mine = Trial.objects.filter(pk=trial.pk, state=TrialState.RUNNING, done=trial.done)
    return bool(mine.update(state=TrialState.QUEUED, beaten_at=timezone.now()))


def _end(trial: Trial, state: TrialState, *, error: str = "") -> None:
    now = timezone.now()
    Trial.objects.filter(pk=trial.pk, state=TrialState.RUNNING, done__lte=trial.done).update(
        state=state,
        finished_at=now,
        beaten_at=now,
        total=trial.total,
        done=trial.done,
        findings=trial.findings,
        red=trial.red,
        report=trial.report,
        error=error[:ERROR_LENGTH],
    )
