"""Keyset pages over real rows: users ordered by their last login, which may be missing and may be shared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from core.pagination import CappedCount, capped_count, keyset

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 2, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def users():
    """37 rows: logins shared by five each, microseconds apart, and seven rows without a login."""
    rows = [
        User(
            username=f"u{n:02}",
            display_name=f"{n % 3}",
            last_login=START + timedelta(microseconds=n // 5) if n < 30 else None,
        )
        for n in range(37)
    ]
    User.objects.bulk_create(rows)
    return User.objects.filter(username__startswith="u")


def walk(queryset, order, *, size=4):
    """Go to the last page and back to the first; return the names seen on the way there and the pages back."""
    seen, page = [], keyset(queryset, order=order, size=size)
    pages = [page]
    while page.later:
        page = keyset(queryset, order=order, after=page.later, size=size)
        pages.append(page)
    for each in pages:
        seen += [user.username for user in each.rows]
    back = [page]
    while page.earlier:
        page = keyset(queryset, order=order, before=page.earlier, size=size)
        back.append(page)
    return seen, pages, back


@pytest.mark.parametrize(
    "order",
    [
        ("pk",),
        ("-pk",),
        ("last_login",),
        ("-last_login",),
        ("display_name", "-last_login"),
        ("-display_name", "last_login", "pk"),
        ("-display_name", "-username"),
    ],
)
def test_every_row_is_seen_once_in_the_order_of_the_database(users, order):
    complete = order if "pk" in order[-1] else (*order, "-pk" if order[-1].startswith("-") else "pk")

    seen, pages, back = walk(users, order)

    assert seen == list(users.order_by(*complete).values_list("username", flat=True))
    assert [len(page.rows) for page in pages] == [4] * 9 + [1]
    assert back[-1].rows == pages[0].rows
    assert back[-1].earlier == ""


def test_going_back_shows_the_page_before(users):
    first = keyset(users, order=("last_login",), size=4)
    second = keyset(users, order=("last_login",), after=first.later, size=4)
    third = keyset(users, order=("last_login",), after=second.later, size=4)

    back = keyset(users, order=("last_login",), before=third.earlier, size=4)

    assert back.rows == second.rows


def test_the_first_page_has_nothing_before_and_the_last_nothing_after(users):
    _, pages, _ = walk(users, ("last_login",))

    assert (pages[0].earlier, pages[-1].later) == ("", "")


def test_rows_of_values_are_paged_too(users):
    rows = users.values("pk", "username", "last_login")

    first = keyset(rows, order=("-last_login",), size=20)
    second = keyset(rows, order=("-last_login",), after=first.later, size=20)

    assert len({row["username"] for row in first.rows + second.rows}) == 37


def test_a_row_that_vanished_or_came_does_not_shift_the_next_page(users):
    first = keyset(users, order=("pk",), size=10)
    users.filter(pk__in=[user.pk for user in first.rows]).delete()

    second = keyset(users, order=("pk",), after=first.later, size=10)

    assert [user.username for user in second.rows] == [f"u{n}" for n in range(10, 20)]


@pytest.mark.parametrize("cursor", ["", "nonsense", "a:b", "W10:x" * 50, "\x00"])
def test_a_bad_cursor_leads_to_the_first_page(users, cursor):
    assert keyset(users, order=("pk",), after=cursor, size=5).rows == list(users.order_by("pk")[:5])


def test_a_cursor_of_another_order_leads_to_the_first_page(users):
    other = keyset(users, order=("-username",), size=5).later

    assert keyset(users, order=("pk",), after=other, size=5).rows == list(users.order_by("pk")[:5])


def test_a_cursor_that_leads_nowhere_leads_to_the_first_page(users):
    cursor = keyset(users, order=("pk",), size=30).later

    few = users.filter(username__lt="u10")

    assert len(keyset(few, order=("pk",), after=cursor, size=30).rows) == 10


def test_a_page_costs_one_query_and_skips_nothing(users, django_assert_num_queries):
    cursor = keyset(users, order=("last_login",), size=5).later

    with django_assert_num_queries(1), CaptureQueriesContext(connection) as queries:
        keyset(users, order=("last_login",), after=cursor, size=5)

    assert "OFFSET" not in queries[0]["sql"]
    assert "COUNT" not in queries[0]["sql"]


def test_an_order_that_does_not_exist_is_refused_by_name(users):
    with pytest.raises(FieldDoesNotExist, match="no_such"):
        keyset(users, order=("no_such",))


def test_a_count_stops_at_its_cap(users):
    assert capped_count(users) == CappedCount(37, is_capped=False)
    assert capped_count(users, cap=37) == CappedCount(37, is_capped=False)
    assert capped_count(users, cap=10) == CappedCount(10, is_capped=True)


def test_a_capped_count_reads_as_more_than():
    with translation.override("vi"):
        assert str(CappedCount(1000, is_capped=True)) == "hơn 1.000"
        assert str(CappedCount(37, is_capped=False)) == "37"
