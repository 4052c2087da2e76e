"""The worker is killed, for real, while it sends a letter."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg2
import pytest

from danang_portal.local.folders import REPO
from danang_portal.local.stack import Stack, throwaway_stack
from tests.simulators.mail import MailServer

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("killed-worker")]

ADDRESS = "bi-ngat@example.vn"
FILE_A_DOSSIER = f"""
import django
django.setup()
from django.utils import timezone
from dossiers.states import Status
from tests.factories import DossierFactory, walk
dossier = DossierFactory.create(contact_email="{ADDRESS}")
walk(dossier, Status.SUBMITTED, at=timezone.now())
"""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with throwaway_stack(overrides={"MAIL_CLAIM_S": "4"}) as running:
        yield running


def state_of_the_letter(stack: Stack) -> str:
    with psycopg2.connect(stack.env["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT state FROM notifications_emaildelivery WHERE address = %s", [ADDRESS])
        row = cursor.fetchone()
    return row[0] if row else ""


def wait_for(stack: Stack, state: str, *, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while state_of_the_letter(stack) != state:
        assert time.monotonic() < end, f"still {state_of_the_letter(stack)!r}, not {state!r}"
        time.sleep(0.1)


def test_a_worker_killed_while_it_sends_loses_nothing_and_no_mailbox_shows_it_twice(stack):
    mail = MailServer(0, stack.mailbox_url)
    mail.control(stage="data", delay_s=5, times=1)
    environment = {**stack.env, "DJANGO_SETTINGS_MODULE": "danang_portal.settings"}
    filing = subprocess.Popen([sys.executable, "-c", FILE_A_DOSSIER], cwd=REPO, env=environment)
    wait_for(stack, "sending")

    stack.kill("worker", signal.SIGKILL)
    assert state_of_the_letter(stack) == "sending"
    stack.restart("worker")
    assert filing.wait(30) == 0

    wait_for(stack, "sent")
    assert len(mail.messages(to=ADDRESS)) == 1
