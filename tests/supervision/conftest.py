from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from agencies.models import Agency, Officer
from agencies.services import enter_days
from core.actor import Actor
from core.working_time import official_days
from dossiers.models import Dossier
from outbox import services as outbox
from supervision.models import Alert
from supervision.services import sweeping, telling
from tests.factories import NINE, CalendarFactory


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still until the test moves it."""
    one = Clock()
    monkeypatch.setattr(timezone, "now", lambda: one.now)
    return one


@pytest.fixture
def official_calendar(db: None, clock: Clock) -> None:
    """The city's calendar with the holidays of 2025 and 2026."""
    enter_days(calendar_id=CalendarFactory.create().pk, days=official_days())


@dataclass
class Clock:
    """What the beat and the worker do, at a time that the test sets."""

    now: datetime = field(default=NINE)

    def work(self, at: datetime | None = None) -> None:
        """Relay messages, raise and tell what is due, and relay what that has published."""
        self.now = at or self.now
        self.relay()
        sweeping.sweep(at=self.now)
        telling.tell(at=self.now)
        self.relay()

    def relay(self) -> None:
        while outbox.relay(at=self.now):
            pass

    def walk(self, until: datetime, *, every: timedelta, before: Callable[[datetime], None]) -> None:
        """Work every so often until a moment; ``before`` each turn the test may do something."""
        while self.now <= until:
            before(self.now)
            self.work()
            self.now += every


def kinds(**chosen: object) -> list[str]:
    """Name the kinds of the chosen alerts in the order in which they were raised."""
    return list(Alert.objects.filter(**chosen).order_by("pk").values_list("kind", flat=True))


def give_address(actor: Actor, address: str) -> None:
    """Give the officer a mailbox."""
    user = Officer.objects.get(user=actor.user_id).user
    user.email = address
    user.save(update_fields=["email"])


def unit_of(dossier: Dossier) -> Agency:
    """Give the agency that received a dossier of these tests, and decides it."""
    assert dossier.received_at_unit is not None
    return dossier.received_at_unit
