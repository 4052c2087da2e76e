"""Background work on the catalogue: every task may run twice, or late."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from procedures import services
from procedures.search import failures, index, meaning


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
