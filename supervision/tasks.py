"""Background work on alerts. The rows say what is left to do; every task may run twice, or late."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from notifications import tasks as mail
from supervision.services import sweeping, telling, watching


@shared_task(ignore_result=True)
def sweep() -> None:
    """Raise what is due, and tell whose turn has come."""
    sweeping.sweep(at=timezone.now())
    if telling.tell(at=timezone.now()):
        mail.hint()


@shared_task(ignore_result=True)
def renew_unwatched() -> None:
    """Find open dossiers that nobody watches."""
    watching.renew_unwatched(at=timezone.now())


@shared_task(ignore_result=True)
def write_morning_letters() -> None:
    if telling.write_morning_letters(at=timezone.now()):
        mail.hint()
