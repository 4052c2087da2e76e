from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.core.mail import get_connection

from notifications import services
from notifications.models import EmailDelivery, Notice
from outbox import services as outbox
from tests.factories import NINE
from tests.simulators import mail as simulator
from tests.simulators.mail import MailServer


@pytest.fixture(scope="session")
def mail_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with simulator.started(tmp_path_factory.mktemp("mail")) as server:
        yield server


@pytest.fixture
def mail_server(mail_process: MailServer, settings) -> MailServer:
    """The real mail simulator, empty and well, as the portal's mail server."""
    mail_process.control(reset=True)
    mail_process.control(clear=True)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", mail_process.smtp_port, 2
    return mail_process


@dataclass
class Worker:
    """What the worker does, one step at a time, at a time that the test sets."""

    now: datetime = field(default=NINE)

    def relay(self) -> None:
        outbox.relay(at=self.now)

    def send(self, *, after: timedelta = timedelta(0)) -> int:
        """Send everything that is due; give how many letters were tried."""
        self.now += after
        connection = get_connection()
        tried = 0
        while services.send_next(at=self.now, connection=connection):
            tried += 1
        connection.close()
        return tried


@pytest.fixture
def worker() -> Worker:
    return Worker()


def notices() -> list[Notice]:
    return list(Notice.objects.order_by("pk"))


def only_letter() -> EmailDelivery:
    return EmailDelivery.objects.get()
