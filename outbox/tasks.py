from __future__ import annotations

import logging
from time import monotonic

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from outbox import services

log = logging.getLogger(__name__)

LEFT_ALONE_S = 10.0  # a filing must not wait for a broker that was away a moment ago
_broker_away_until = 0.0


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
    """Ask a worker to relay now; a broker that is away is left alone for a while, and the sweep finds the rows."""
    global _broker_away_until
    if monotonic() < _broker_away_until:
        return
    try:
        relay.apply_async(retry=False, expires=60)
    except (OSError, OperationalError) as problem:
        _broker_away_until = monotonic() + LEFT_ALONE_S
        log.warning("outbox hint not sent", extra={"problem": repr(problem)})
