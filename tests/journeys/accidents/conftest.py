"""A portal of its own for accidents: it looks for lost work every few seconds, not every half minute."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from danang_portal.local.stack import Stack, throwaway_stack
from tests.journeys.office import Office
from tests.simulators.mail import MailServer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let them run beside the other journeys: these wait more than they work."""
    for item in items:
        if "accidents" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("accidents"))


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    quick = {"MAIL_CLAIM_S": "4", "SWEEP_EVERY_S": "2", "FORGOTTEN_AFTER_S": "4"}
    with throwaway_stack(overrides=quick) as running:
        yield running


@pytest.fixture(scope="session")
def office(stack: Stack) -> Office:
    return Office(stack)


@pytest.fixture
def mail(stack: Stack) -> Iterator[MailServer]:
    server = MailServer(0, stack.mailbox_url)
    yield server
    server.control(reset=True)
