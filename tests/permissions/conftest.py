from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from tests.dossiers.conftest import clean_scanner  # noqa: F401
from tests.permissions.world import World


@pytest.fixture(scope="package")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The rows are made once for all these tests and taken back at their end; each test takes back its own changes."""
    options: dict[str, Any] = {
        "MEDIA_ROOT": tmp_path_factory.mktemp("files"),
        "PASSWORD_HASHERS": [
            "django.contrib.auth.hashers.MD5PasswordHasher"
        ],  # quick: no password here is secret
        # Counts nothing, so that the limits on look-ups do not stop the test.
        "CACHES": {
            **settings.CACHES,
            "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
        },
    }
    refusals = logging.getLogger("django.request")  # thousands of them are what is asked for
    refusals.setLevel(logging.ERROR)
    with django_db_blocker.unblock(), override_settings(**options), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
    refusals.setLevel(logging.NOTSET)
