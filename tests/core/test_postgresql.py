"""A kept connection is found alive or dead without a question to the server."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> Iterator[BaseDatabaseWrapper]:
    """A connection beside that of the test, as a request leaves it behind."""
    other = connection.copy()
    other.ensure_connection()
    yield other
    other.close()


def statements_of(other: BaseDatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT query FROM pg_stat_activity WHERE pid = %s", [other.connection.info.backend_pid]
        )
        return str(cursor.fetchone()[0])


def end(other: BaseDatabaseWrapper) -> None:
    """End the server's side of a connection and wait until it is gone."""
    pid = other.connection.info.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert cursor.fetchone()[0]
    time.sleep(0.05)


def test_a_living_connection_is_known_without_asking(kept):
    before = statements_of(kept)

    assert kept.is_usable()
    assert statements_of(kept) == before != "SELECT 1"


def test_a_connection_whose_server_has_ended_is_dead_and_the_next_request_gets_another(kept):
    end(kept)

    assert not kept.is_usable()

    kept.health_check_enabled, kept.health_check_done = True, False
    kept.close_if_health_check_failed()
    with kept.cursor() as cursor:
        cursor.execute("SELECT 2")
        assert cursor.fetchone() == (2,)


def test_a_connection_that_was_closed_is_dead(kept):
    kept.connection.close()

    assert not kept.is_usable()


def test_after_an_error_the_server_is_asked(kept):
    kept.errors_occurred = True

    assert kept.is_usable()
    assert statements_of(kept) == "SELECT 1"
