from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from outbox import services

log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def relay() -> None:
    """Drain due messages in batches; called after commits and, for what was missed, by beat."""
    while services.relay(at=timezone.now()) == services.BATCH:
        pass


@shared_task(ignore_result=True)
def beat() -> None:
    services.beat(name="worker", at=timezone.now())


@shared_task(ignore_result=True)
def forget_old_deliveries() -> None:
    services.forget_old_deliveries(at=timezone.now())


def hint_relay() -> None:
    """Ask a worker to relay now. A broker that is away costs nothing: the sweep finds the rows."""
    try:
        relay.apply_async(retry=False, expires=60)
    except (OSError, OperationalError) as problem:
        log.warning("outbox hint not sent", extra={"problem": repr(problem)})
