"""Every page that a person gets, in Chromium on a phone and on a desk: accessible, fitting, without complaints.

Each page is opened by somebody who may, about a dossier in the first state in which it is there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Page as BrowserPage

from danang_portal.local import fonts
from dossiers.states import Status
from tests.permissions.desk_lists import LISTS
from tests.permissions.test_matrix import PAGES, Page, sees
from tests.permissions.world import (
    HEAD,
    LEADER,
    MOMENTS,
    ONE_STOP,
    OWNER,
    SPECIALIST,
    World,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PICTURES = os.environ.get("SCREENSHOTS", "")
LANGUAGES = os.environ.get("SCREENSHOT_LANGUAGES", "vi").split(",")
WIDTHS = (360, 1280)

NOT_A_PAGE = {
    "dossiers:status",
    "dossiers:file",
    "dossiers:paper",
    "dossiers:acknowledgement",
    "api_dossiers:detail",
    "api_dossiers:events",
    "desk:paper",
    "desk:component",
    "desk:supplement_file",
    "desk:draft_file",
    "desk:progress",
    "desk:register_export",
    "desk:register_workbook",
    "desk:register_volume",
    "desk:return_document",
}
"""Files, data, and pieces that a page fetches."""
MANY_FACED = {"desk:dossier", "dossiers:detail"}
FACES = {Status.SUBMITTED, Status.PROCESS_SUPPLEMENT, Status.AWAITING_PAYMENT, Status.COMPLETED}
"""States in which the page of a dossier itself is looked at; all of them where pictures are wanted."""

PEOPLES = [
    "dossiers:mine",
    "dossiers:track",
    "notifications:list",
    "results_vault:mine",
    "results_vault:verify",
    "citizens:account",
    "home",
]
Visit = tuple[str, str, str]
"""Who, under what name, which address."""


@pytest.fixture
def built(world_with_commits: World, settings: Any) -> World:
    """Serve static files from their sources, so that no collectstatic is needed."""
    fonts.build(Path(portal_settings.STATE_DIR) / "fonts")
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return world_with_commits


@pytest.fixture
def world_with_commits(transactional_db: None, settings: Any, tmp_path: Path) -> World:
    """The world of the other tests, seen by the server in its own thread as well."""
    settings.MEDIA_ROOT = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return World()


def of_dossiers(world: World, side: str) -> Iterator[Visit]:
    pages = [page for page in PAGES if page.method == "GET" and page.side == side and page.then == 200]
    # What some pages need first would change what others show, so they come last.
    for page in sorted(pages, key=lambda page: page.first is not None):
        if page.name in NOT_A_PAGE:
            continue
        moments = sorted(page.when, key=MOMENTS.index)
        shown = moments[:1]
        if page.name in MANY_FACED:
            shown = [one for one in moments if PICTURES or one in FACES]
        for state in shown:
            dossier = world.dossiers[OWNER, state]
            if page.first is not None:
                page.first(world, dossier)
            yield opener(page, state), f"{page.name}-{state}", world.address(page.name, dossier)


def opener(page: Page, state: str) -> str:
    if page.side == "applicants":
        return OWNER
    able = page.now or page.may or {ONE_STOP, SPECIALIST}
    likely = (SPECIALIST, ONE_STOP, LEADER, *sorted(able))
    return next(one for one in likely if one in able and sees(one, of=OWNER, state=state, side="desk"))


def of_lists(world: World) -> Iterator[Visit]:
    for page in LISTS:
        if page.method == "GET" and page.name not in NOT_A_PAGE:
            who = next(one for one in (ONE_STOP, LEADER, HEAD, *sorted(page.gets)) if one in page.gets)
            yield who, page.name, page.address(world)
    yield SPECIALIST, "desk:queue of a specialist", reverse("desk:queue")
    yield ONE_STOP, "desk:find found", reverse("desk:find") + "?q=Trần Thị Chủ"
    yield HEAD, "desk:find nothing", reverse("desk:find") + "?q=Không có ai"
    yield OWNER, "empty results", reverse("dossiers:mine") + "?nhom=da-xong&q=khong-co"
    yield OWNER, "not found", "/khong-co/"
    for name in PEOPLES:
        yield OWNER, name, reverse(name)
    yield OWNER, "notifications:detail", reverse("notifications:detail", args=[world.notices[OWNER].pk])
    yield OWNER, "results_vault:detail", reverse("results_vault:detail", args=[world.results[OWNER].token])


def look_at(visits: Iterable[Visit], *, world: World, url: str) -> list[str]:
    """Open each page once and look at it in both widths; give what is wrong."""
    visits = list(visits)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        problems: list[str] = []
        for language in LANGUAGES:
            people: dict[str, BrowserContext] = {}
            for who, name, address in visits:
                if who not in people:
                    people[who] = signed_in(browser, world, who, url, language)
                problems += wrong_with(people[who], url + address, f"{name}-{language}")
            for context in people.values():
                context.close()
        browser.close()
    return problems


def signed_in(browser: Browser, world: World, who: str, url: str, language: str) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": WIDTHS[0], "height": 800}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    session = world.clients[who].cookies[portal_settings.SESSION_COOKIE_NAME].value
    cookies = {
        portal_settings.SESSION_COOKIE_NAME: session,
        portal_settings.LANGUAGE_COOKIE_NAME: language,
    }
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    return context


def wrong_with(context: BrowserContext, address: str, name: str) -> list[str]:
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.goto(address, wait_until="load")
    problems = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        problems += [f"{name}, {width} px: {one}" for one in seen_on(page)]
        keep(page, name, width)
    page.close()
    return problems + [f"{name}: {one}" for one in complaints if "404 (Not Found)" not in one]


def seen_on(page: BrowserPage) -> Iterator[str]:
    # Frames show PDF files in the browser's own viewer, which is not ours to judge.
    for one in Axe().run(page, options={"iframes": False}).response["violations"]:
        yield f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        yield f"{wide} px too wide"
    html = page.content()
    if "<c-" in html or "{%" in html or "{{" in html:
        yield "template code was sent to the browser"


def keep(page: BrowserPage, name: str, width: int) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name.replace(':', '-')}-{width}.png", full_page=True)


@pytest.mark.parametrize("side", ["applicants", "desk"])
def test_every_page_about_a_dossier(built: World, live_server: Any, side: str):
    problems = look_at(of_dossiers(built, side), world=built, url=live_server.url)

    assert not problems, "\n".join(problems)


def test_every_list_and_office_page(built: World, live_server: Any):
    problems = look_at(of_lists(built), world=built, url=live_server.url)

    assert not problems, "\n".join(problems)
