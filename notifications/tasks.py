from __future__ import annotations

import logging

from celery import shared_task
from django.core.mail import get_connection
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications import services

log = logging.getLogger(__name__)


BATCH = 100


@shared_task(ignore_result=True)
def send_due() -> None:
    """Send due letters over one connection; called after a notice is written and, for what was missed, by beat."""
    connection = get_connection()
    try:
        for _ in range(BATCH):
            if not services.send_next(at=timezone.now(), connection=connection):
                return
    finally:
        connection.close()
    hint()


def hint() -> None:
    """Ask a worker to send now. A broker that is away costs nothing: the sweep finds the rows."""
    try:
        send_due.apply_async(retry=False, expires=60)
    except (OSError, OperationalError) as problem:
        log.warning("mail hint not sent", extra={"problem": repr(problem)})
