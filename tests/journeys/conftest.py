"""The whole portal in real processes, and people at browsers of two widths."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from danang_portal.local.stack import Stack, throwaway_stack
from tests.journeys.visitor import Visitor

PHONE, DESK = 360, 1280
FAILED = pytest.StashKey[bool]()
FAILURES = Path("var/failures")
"""Where a failed journey leaves a picture of what each person saw last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the journeys on one worker: they share one running portal."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.stack)
            item.add_marker(pytest.mark.xdist_group("journeys"))


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with throwaway_stack() as running:
        yield running


@pytest.fixture(scope="session")
def accounts(stack: Stack) -> dict[str, str]:
    """Passwords and passcodes of the demo accounts, by login or personal number."""
    return {row["login"]: row["password"] for row in json.loads(stack.accounts_file.read_text())}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield opened
        opened.close()


Comes = Callable[..., Visitor]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def comes(request: pytest.FixtureRequest, stack: Stack, browser: Browser) -> Iterator[Comes]:
    """Give ``comes(name, width=…)``: somebody sits down at a browser."""
    visitors: list[Visitor] = []

    def come(name: str, *, width: int = DESK) -> Visitor:
        visitors.append(Visitor(browser, stack.url, width=width, name=name))
        return visitors[-1]

    yield come
    for visitor in visitors:
        if request.node.stash.get(FAILED, False):
            FAILURES.mkdir(parents=True, exist_ok=True)
            visitor.page.screenshot(path=FAILURES / f"{visitor.name}-{visitor.width}.png", full_page=True)
            print(f"{visitor.name} was at {visitor.page.url}; see {FAILURES}")
        visitor.context.close()
