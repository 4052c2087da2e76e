"""Start what the tests stand on: a throw-away database and broker, unless the environment names its own.

It happens at import, because settings are read before any fixture runs, and in the controller only: xdist's
workers inherit the addresses, and each takes a part for itself.
"""

from __future__ import annotations

import atexit
import contextlib
import os
from pathlib import Path
from urllib.parse import urlsplit

import django
import pytest

from danang_portal.local import assets
from danang_portal.local.browser import apt_line, missing_packages
from danang_portal.local.environment import fill_in, local_environment
from danang_portal.local.servers import Servers
from danang_portal.local.throwaway import throwaway_folder

ground = contextlib.ExitStack()
atexit.register(ground.close)

worker = os.environ.get("PYTEST_XDIST_WORKER")
if worker is None:
    assets.compile_translations()
    state = ground.enter_context(throwaway_folder())
    servers = ground.enter_context(Servers(state, throwaway=True))
    os.environ["STATE_DIR"] = str(state)
    fill_in(os.environ, servers.environment() | local_environment(state))
else:
    # What one worker counts, keeps or empties is no other worker's: files by folder, cache by number.
    state = Path(os.environ["STATE_DIR"]) / worker
    os.environ["STATE_DIR"] = str(state)
    os.environ["REDIS_URL"] = (
        urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{int(worker[2:]) + 1}").geturl()
    )
(state / "static").mkdir(parents=True, exist_ok=True)

# Pages are rendered without collecting and hashing the static files first.
os.environ.setdefault("STATICFILES_BACKEND", "django.contrib.staticfiles.storage.StaticFilesStorage")
# The model of meanings takes long to look at titles; tests of it turn it on.
os.environ.setdefault("SEARCH_BY_MEANING", "0")
os.environ["DJANGO_SETTINGS_MODULE"] = "danang_portal.settings"
django.setup()
# An xdist worker that inherits the name would read the settings before it comes here.
del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a browser where there is none; never silently on a build server."""
    if item.get_closest_marker("browser") and (missing := missing_packages()):
        reason = f"There is no browser to drive. As administrator: {apt_line(*missing)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let tests with real commits empty the tables, which the history's guard refuses in every other place."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE dossiers_dossierevent DISABLE TRIGGER dossiers_event_no_truncate")


@pytest.fixture(autouse=True)
def search_looks_again() -> None:
    """What the search knew of the catalogue of one test is not there in the next."""
    from procedures.search import memory, titles

    memory.forget()
    titles.current.forget()
