"""Background work on the catalogue: every task may run twice, or late."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from outbox.models import Heartbeat
from procedures import services
from procedures.search import index, meaning, phrases


@shared_task(ignore_result=True)
def tick() -> None:
    """Publish, open and close what is due."""
    services.tick(at=timezone.now())


log = logging.getLogger(__name__)

AT_ONCE_S = 60
"""How long titles are looked at before other work gets its turn."""
_LATELY = timedelta(seconds=45)


@shared_task(ignore_result=True)
def look_at_new_titles() -> None:
    """Learn the phrases of new papers, what new titles mean and how their words are written, where any have come."""
    phrases.learn_missing()
    if not meaning.missing():
        return
    if meaning.compute_missing(seconds=AT_ONCE_S):
        look_at_new_titles.apply_async(countdown=1)
    else:
        index.learn_spellings()


def ask_for_meanings() -> bool:
    """Ask a worker to look at new titles now; whether the broker took it. Without that, the next round finds them."""
    try:
        look_at_new_titles.apply_async(retry=False)
    except (OSError, OperationalError) as problem:
        log.warning("titles not handed to a worker", extra={"problem": repr(problem)})
        return False
    return True


def is_a_worker_there(*, at: datetime) -> bool:
    """Say whether a worker has shown itself lately."""
    return Heartbeat.objects.filter(name="worker", beaten_at__gte=at - _LATELY).exists()
