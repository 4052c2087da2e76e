"""Publish, subscribe, relay."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from outbox.models import Delivery, Heartbeat, Message

log = logging.getLogger(__name__)

Subscriber = Callable[[Message], None]

BATCH = 200
FIRST_RETRY = timedelta(seconds=5)
LAST_RETRY = timedelta(hours=1)
DELIVERIES_KEPT = timedelta(days=30)

_subscribers: dict[str, dict[str, Subscriber]] = defaultdict(dict)
_after_publish: list[Callable[[], None]] = []


def subscribe(*topics: str) -> Callable[[Subscriber], Subscriber]:
    """Register a function for topics. It runs in a transaction of its own, at least once, its effect once.

    A subscriber writes rows of its own app; whatever talks to a partner is a task started after the commit.
    """

    def register(function: Subscriber) -> Subscriber:
        for topic in topics:
            _subscribers[topic][f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return register


def after_publish(hint: Callable[[], None]) -> None:
    """Set what is called after a commit that published something: a hint only, the rows are the truth."""
    if hint not in _after_publish:
        _after_publish.append(hint)


def publish(*, topic: str, key: str, payload: dict[str, Any], at: datetime) -> Message:
    """Write a message with its cause.

    :param key: what it is about, such as a tracking number, for whoever reads the table. :param at: when it happened.
    :raises django.db.transaction.TransactionManagementError: outside a transaction, where the message could be
        lost or tell of something that never happened.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("publish() belongs in the transaction of its cause")
    message = Message.objects.create(topic=topic, key=key, payload=payload, created_at=at, next_try_at=at)
    for hint in _after_publish:
        transaction.on_commit(hint, robust=True)
    return message


def relay(*, at: datetime, limit: int = BATCH) -> int:
    """Hand due messages to their subscribers; give the number of messages seen.

    Several relays may run at once: each locks the rows it works on and skips those of the others.
    """
    seen = 0
    while seen < limit and _relay_one(at=at):
        seen += 1
    return seen


@transaction.atomic
def _relay_one(*, at: datetime) -> bool:
    message = Message.objects.due(at=at).select_for_update(skip_locked=True).first()
    if message is None:
        return False
    problems = _hand_out(message, at=at)
    if problems:
        message.attempts += 1
        message.next_try_at = at + min(FIRST_RETRY * 2 ** min(message.attempts - 1, 12), LAST_RETRY)
        message.last_error = "\n".join(problems)[:4000]
        message.save(update_fields=["attempts", "next_try_at", "last_error"])
    else:
        message.delete()
    return True


def relay_within(*, keys: Collection[str], at: datetime) -> list[str]:
    """Hand what the running transaction has published under these keys to its subscribers; give what failed.

    For a trial that is rolled back afterwards: no relay will ever see its messages. What subscribers put off until the
    commit does not happen.

    :raises django.db.transaction.TransactionManagementError: outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "relay_within() belongs in the transaction that is played"
        )
    problems: list[str] = []
    while message := Message.objects.filter(key__in=keys).order_by("pk").first():
        problems += _hand_out(message, at=at)
        message.delete()
    return problems


def _hand_out(message: Message, *, at: datetime) -> list[str]:
    """Hand a message to those who have not taken it; give what failed."""
    taken = set(Delivery.objects.filter(message_id=message.pk).values_list("subscriber", flat=True))
    problems = []
    for name, function in _subscribers[message.topic].items():
        if name in taken:
            continue
        try:
            with transaction.atomic():
                Delivery.objects.create(message_id=message.pk, subscriber=name, delivered_at=at)
                function(message)
        except Exception as problem:  # one subscriber's defect must not stop the others
            log.exception("outbox subscriber failed", extra={"subscriber": name, "topic": message.topic})
            problems.append(f"{name}: {problem!r}")
    return problems


def beat(*, name: str, at: datetime) -> None:
    """Note a sign of life of a background process."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": at})


def forget_old_deliveries(*, at: datetime) -> int:
    """Delete the marks of deliveries older than 30 days; give their number."""
    return Delivery.objects.filter(delivered_at__lt=at - DELIVERIES_KEPT).delete()[0]
