"""Background work on trials: ids in, one service call. The row says what is left to do."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from designer import trials


@shared_task(ignore_result=True)
def go_on(*, trial_id: int) -> None:
    """Do a part of a trial; where more is left, ask for the next part."""
    if trials.go_on(trial_id=trial_id, at=timezone.now()):
        go_on.apply_async(kwargs={"trial_id": trial_id}, retry=False)


@shared_task(ignore_result=True)
def take_up_forgotten() -> None:
    """Go on with the trials whose hint was lost or whose worker died."""
    for trial_id in trials.forgotten(at=timezone.now()):
        go_on.apply_async(kwargs={"trial_id": trial_id}, retry=False)


@shared_task(ignore_result=True)
def forget_old_trials() -> None:
    trials.forget_old(at=timezone.now())
