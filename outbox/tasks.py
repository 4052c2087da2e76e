from __future__ import annotations

import logging
import time

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from outbox import services
from outbox.hints import Hints

log = logging.getLogger(__name__)

GATHERED_S = 0.1
LEFT_ALONE_S = 10.0


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


def ask_a_worker() -> None:
    """Ask a worker to relay; a broker that is away is left alone for a while, and the sweep finds the rows."""
    try:
        relay.apply_async(retry=False, expires=60)
    except (OSError, OperationalError) as problem:
        log.warning("outbox hint not sent", extra={"problem": repr(problem)})
        time.sleep(LEFT_ALONE_S)


# A filing does not wait for the broker, and ten filings at once need one relay, not ten.
hint_relay = Hints(ask_a_worker, gathered_s=GATHERED_S).ask
