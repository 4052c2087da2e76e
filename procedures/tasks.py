"""Background work on the catalogue: every task may run twice, or late."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from outbox.models import Heartbeat
from procedures import services
from procedures.search import counting, failures, index, meaning, phrases
from procedures.services import guides

log = logging.getLogger(__name__)

AT_ONCE_S = 60
"""How long titles are looked at before other work gets its turn."""
_LATELY = timedelta(seconds=45)


@shared_task(ignore_result=True)
def tick() -> None:
    """Publish, open and close what is due; what has come into force is found by its meaning at once."""
    if services.tick(at=timezone.now()):
        look_at_new_titles()


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


@shared_task(ignore_result=True)
def count_words() -> None:
    """Count the words of all titles anew, once a day."""
    counting.count_words()


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
