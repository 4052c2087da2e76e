"""Background work on trials: ids in, one service call. The row says what is left to do."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from core.actor import Actor
from designer import trials
from designer.models import Trial
from procedures import services
from procedures.models import ProcedureVersion
from procedures.tasks import ask_for_meanings


@shared_task(ignore_result=True)
def go_on(*, trial_id: int) -> None:
    """Do a part of a trial; where more is left, ask for the next part."""
    if trials.go_on(trial_id=trial_id, at=timezone.now()):
        go_on.apply_async(kwargs={"trial_id": trial_id}, retry=False)


def begin(*, version_id: int, kind: str, actor: Actor, at: datetime) -> Trial:
    """Ask for a trial, as `trials.start`, and hint a worker after the commit; a lost hint is found by the sweep."""
    trial = trials.start(version_id=version_id, kind=kind, actor=actor, at=at)
    if not trial.is_finished:
        hint = partial(go_on.apply_async, kwargs={"trial_id": trial.pk}, retry=False)
        transaction.on_commit(hint, robust=True)
    return trial


def publish(*, version_id: int, actor: Actor, at: datetime) -> ProcedureVersion:
    """Publish, as `procedures.services.publish`, and have a worker learn the new title, so that people find it at once.

    A lost hint costs some minutes: the worker looks for new titles by itself.
    """
    version = services.publish(version_id=version_id, actor=actor, at=at)
    transaction.on_commit(ask_for_meanings, robust=True)
    return version


@shared_task(ignore_result=True)
def take_up_forgotten() -> None:
    """Go on with the trials whose hint was lost or whose worker died."""
    for trial_id in trials.forgotten(at=timezone.now()):
        go_on.apply_async(kwargs={"trial_id": trial_id}, retry=False)


@shared_task(ignore_result=True)
def forget_old_trials() -> None:
    trials.forget_old(at=timezone.now())
