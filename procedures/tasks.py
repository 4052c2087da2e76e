"""Background work on the catalogue: every task may run twice, or late."""

from __future__ import annotations

from functools import partial

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from procedures import services
from procedures.search import failures, index, meaning
from procedures.services import guides


@shared_task(ignore_result=True)
def tick() -> None:
    """Publish, open and close what is due."""
    services.tick(at=timezone.now())


@shared_task(ignore_result=True)
def look_at_new_titles() -> None:
    """Learn what new titles mean and how their words are written, where any have come since the last look."""
    if meaning.compute_missing():
        index.learn_spellings()


@shared_task(ignore_result=True)
def forget_old_questions() -> None:
    """Forget questions that found little, once they have been kept long enough."""
    failures.forget_old(at=timezone.now())


@shared_task(ignore_result=True)
def prepare_guide(*, guide_id: int) -> None:
    guides.prepare(guide_id=guide_id, at=timezone.now())


def hint_guide(guide_id: int) -> None:
    """Ask a worker to look at a guide after the commit; a lost hint is found by the sweep."""
    hint = partial(prepare_guide.apply_async, kwargs={"guide_id": guide_id}, retry=False)
    transaction.on_commit(hint, robust=True)


@shared_task(ignore_result=True)
def prepare_waiting_guides() -> None:
    """Look at the guides whose hint was lost, or for which the scanner was away."""
    for guide_id in guides.waiting():
        prepare_guide.apply_async(kwargs={"guide_id": guide_id}, retry=False)
