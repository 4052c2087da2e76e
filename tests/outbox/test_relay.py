"""A message is written with its cause and taken once by each subscriber."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from outbox import services, tasks
from outbox.models import Delivery, Message
from tests.factories import NINE

TOPIC = "test.happened"


@pytest.fixture(autouse=True)
def _own_subscribers(monkeypatch):
    monkeypatch.setattr(services, "_subscribers", {TOPIC: {}})


def heard_by(name: str, function) -> None:
    services._subscribers[TOPIC][name] = function


def publish(at: datetime = NINE) -> Message:
    with transaction.atomic():
        return services.publish(topic=TOPIC, key="k", payload={"n": 1}, at=at)


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        services.publish(topic=TOPIC, key="k", payload={}, at=NINE)


@pytest.mark.django_db
def test_each_subscriber_takes_a_message_once_and_then_it_is_gone():
    seen: list[str] = []
    heard_by("a", lambda message: seen.append("a"))
    heard_by("b", lambda message: seen.append("b"))
    publish()

    assert services.relay(at=NINE) == 1
    assert services.relay(at=NINE) == 0
    assert (seen, Message.objects.count(), Delivery.objects.count()) == (["a", "b"], 0, 2)


@pytest.mark.django_db
def test_a_failing_subscriber_is_tried_again_later_and_the_others_are_not_repeated():
    seen: list[str] = []
    broken = [True]

    def fail(message: Message) -> None:
        if broken[0]:
            raise RuntimeError("partner away")
        seen.append("late")

    heard_by("fails", fail)
    heard_by("works", lambda message: seen.append("works"))
    publish()

    services.relay(at=NINE)
    assert seen == ["works"]
    message = Message.objects.get()
    assert (message.attempts, message.next_try_at) == (1, NINE + services.FIRST_RETRY)
    assert "partner away" in message.last_error

    broken[0] = False
    assert services.relay(at=NINE) == 0
    services.relay(at=NINE + timedelta(seconds=6))
    assert (seen, Message.objects.count()) == (["works", "late"], 0)


@pytest.mark.django_db(transaction=True)
def test_relays_at_the_same_time_deliver_each_message_once():
    seen: list[int] = []
    heard_by("a", lambda message: seen.append(message.pk))
    sent = {publish().pk for _ in range(40)}

    def drain() -> None:
        try:
            while services.relay(at=NINE):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=drain) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seen) == sorted(sent)


def test_a_broker_that_is_away_is_left_alone_for_a_while(monkeypatch):
    waited: list[float] = []

    def refuse(**options: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.relay, "apply_async", refuse)
    monkeypatch.setattr(tasks, "time", SimpleNamespace(sleep=waited.append))

    tasks.ask_a_worker()

    assert waited == [tasks.LEFT_ALONE_S]


@pytest.mark.django_db
def test_what_a_transaction_has_published_is_handed_out_inside_it():
    seen: list[str] = []
    heard_by("one", lambda message: seen.append(message.key))
    heard_by("two", lambda message: 1 // 0)

    with transaction.atomic():
        for key in ("A", "B", "A"):
            services.publish(topic=TOPIC, key=key, payload={}, at=NINE)
        problems = services.relay_within(keys=["A"], at=NINE)

    assert seen == ["A", "A"]
    assert [problem.split(":")[0] for problem in problems] == ["two", "two"]
    assert list(Message.objects.values_list("key", flat=True)) == ["B"]


@pytest.mark.django_db(transaction=True)
def test_handing_out_inside_needs_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        services.relay_within(keys=["A"], at=NINE)
