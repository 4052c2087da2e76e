"""A statement that is kept gives what the ORM gives, whoever asks and whatever happens to the connection."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Q

from accounts.models import User
from core.kept_statements import ANY_ID, ANY_TEXT, Statement, statement

pytestmark = pytest.mark.django_db


def by_name() -> Statement:
    found = User.objects.filter(Q(username=ANY_TEXT) | Q(username__startswith="100%")).exclude(
        is_active=False
    )
    return statement(found.order_by("username").values_list("username", "is_active"))


def named(*names: str) -> None:
    for name in names:
        User.objects.create(username=name)


def test_each_one_who_asks_gets_their_own():
    named("an", "binh")
    asked = by_name()

    assert [asked.rows({ANY_TEXT: name}) for name in ("an", "binh", "an", "nobody", "o'brien %s")] == [
        [("an", True)],
        [("binh", True)],
        [("an", True)],
        [],
        [],
    ]


def test_what_does_not_change_stays_in_the_text_with_its_signs():
    named("100% an", "100x")

    assert by_name().rows({ANY_TEXT: ""}) == [("100% an", True)]


def test_the_plan_is_kept_with_the_connection_and_made_anew_with_another(django_assert_num_queries):
    asked = by_name()
    asked.rows({ANY_TEXT: "an"})
    with django_assert_num_queries(1):
        asked.rows({ANY_TEXT: "binh"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'kept_accounts_user%%'")
        assert cursor.fetchone()[0] >= 1

    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (0,)
        assert other.prepared == set()  # type: ignore[attr-defined]
    other.close()


def test_behind_a_pooler_nothing_is_kept(monkeypatch):
    named("an")
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    asked = statement(User.objects.filter(username=ANY_TEXT, email="").values_list("username"))

    before = set(connection.prepared)  # type: ignore[attr-defined]
    assert asked.rows({ANY_TEXT: "an"}) == [("an",)]
    assert connection.prepared == before  # type: ignore[attr-defined]


def test_a_statement_that_can_find_nothing_asks_nothing(django_assert_num_queries):
    nothing = statement(User.objects.filter(pk__in=[]).values_list("pk"))

    with django_assert_num_queries(0):
        assert nothing.rows({ANY_ID: 1}) == []


@pytest.mark.django_db(transaction=True)
def test_a_column_that_has_another_type_since_is_read_all_the_same():
    named("an")
    asked = statement(User.objects.filter(username=ANY_TEXT).values_list("display_name"))
    assert asked.rows({ANY_TEXT: "an"}) == [("",)]
    try:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_user ALTER display_name TYPE text")

        assert [asked.rows({ANY_TEXT: "an"}) for _ in range(2)] == [[("",)], [("",)]]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_user ALTER display_name TYPE varchar(200)")
