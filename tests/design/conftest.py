"""Pages of the design system in Debian's Chromium, against Django's live server."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.core.cache import caches
from playwright.sync_api import Page, sync_playwright

from danang_portal.local import fonts

OpenPage = Callable[..., AbstractContextManager[tuple[Page, list[str]]]]


@pytest.fixture
def unhashed_static(settings) -> Iterator[None]:
    """Serve static files from their sources, so that the design tests need no collectstatic.

    Parts of pages that are kept name their files, and are forgotten before and after.
    """
    fonts.build(Path(portal_settings.STATE_DIR) / "fonts")
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    caches["fragments"].clear()
    yield
    caches["fragments"].clear()


@pytest.fixture
def open_page(unhashed_static, live_server) -> OpenPage:
    """Give ``open_page(path, width=…)``: a loaded page and what the browser complained about so far."""

    @contextmanager
    def opened(path: str, *, width: int = 1280) -> Iterator[tuple[Page, list[str]]]:
        # Playwright's event loop must be gone before the database fixtures clean up: hence no longer-lived fixture.
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = browser.new_page(viewport={"width": width, "height": 800}, locale="vi-VN")
            complaints: list[str] = []
            page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
            page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
            page.goto(live_server.url + path)
            page.wait_for_load_state("networkidle")
            yield page, complaints
            browser.close()

    return opened
