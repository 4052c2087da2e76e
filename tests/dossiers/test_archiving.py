"""What is archived by itself is found by an index, the longest rested first."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from dossiers.models import Dossier
from dossiers.services import archiving
from dossiers.states import PaymentState, Status
from tests.factories import NINE, DossierFactory

pytestmark = pytest.mark.django_db

REST = timedelta(days=settings.ARCHIVE_AFTER_DAYS)
LATER = NINE + REST + timedelta(days=100)


def rested(status: Status, *, since: datetime) -> Dossier:
    dossier = DossierFactory.create(reach=status)
    column = "returned_at" if status == Status.RETURNED else "completed_at"
    Dossier.objects.filter(pk=dossier.pk).update(**{column: since})
    return dossier


def test_each_status_rests_for_its_time_and_the_longest_rested_comes_first():
    second = rested(Status.RETURNED, since=LATER - REST)
    first = rested(Status.RETURNED, since=LATER - REST - timedelta(days=1))
    rested(Status.RETURNED, since=LATER - REST + timedelta(minutes=1))
    stopped = rested(Status.STOPPED, since=LATER - REST)
    uncollected = rested(Status.COMPLETED, since=LATER - archiving.UNCOLLECTED_FOR)
    rested(Status.COMPLETED, since=LATER - archiving.UNCOLLECTED_FOR + timedelta(minutes=1))

    assert archiving.due(at=LATER) == [first.pk, second.pk, stopped.pk, uncollected.pk]
    assert archiving.due(at=LATER, limit=3) == [first.pk, second.pk, stopped.pk]


def test_what_is_owed_back_or_led_elsewhere_stays():
    owed = rested(Status.STOPPED, since=NINE)
    mirrored = rested(Status.RETURNED, since=NINE)
    Dossier.objects.filter(pk=owed.pk).update(payment_state=PaymentState.REFUND_DUE)
    Dossier.objects.filter(pk=mirrored.pk).update(is_mirror=True)

    assert archiving.due(at=LATER) == []


@pytest.mark.parametrize(
    ("status", "since", "index"),
    [
        (Status.RETURNED, "returned_at", "dossiers_returned_rest"),
        (Status.STOPPED, "completed_at", "dossiers_stopped_rest"),
        (Status.COMPLETED, "completed_at", "dossiers_uncollected_rest"),
    ],
)
def test_the_rested_are_read_off_a_partial_index_in_its_order(status, since, index):
    with connection.cursor() as cursor:
        # An empty table is read faster without an index, or by one of another purpose and sorted.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = archiving.resting(status=status, since=since, until=LATER)[:500].explain()

    assert f"using {index}" in plan
    assert "Sort" not in plan
