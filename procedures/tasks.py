"""Background work on the catalogue: one service call a task."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from procedures import services


@shared_task(ignore_result=True)
def tick() -> None:
    """Publish, open and close what is due."""
    services.tick(at=timezone.now())
