from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.working_time import TIME_ZONE
from dossiers import figures
from dossiers.models import ClockInterval, Dossier
from dossiers.states import Outcome, Status
from procedures.beside import ProcedureFigures
from procedures.models import ProcedureVersion
from tests.factories import DossierFactory, VersionFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=TIME_ZONE)
NIGHT = datetime(2026, 3, 20, 2, 30, tzinfo=TIME_ZONE)


@pytest.fixture
def version() -> ProcedureVersion:
    return VersionFactory.create()


def done(version: ProcedureVersion, hours: float, **more: Any) -> Dossier:
    """A dossier that was processed in so many hours of one morning or day, and was due after four of them."""
    dossier = DossierFactory.create(procedure_version=version)
    start = MONDAY
    said: dict[str, Any] = {
        "status": Status.COMPLETED,
        "submitted_at": start,
        "accepted_at": start,
        "completed_at": start + timedelta(hours=hours),
        "due_at": start + timedelta(hours=3),
        "outcome": Outcome.GRANTED,
    } | more
    Dossier.objects.filter(pk=dossier.pk).update(**said)
    ClockInterval.objects.create(dossier=dossier, started_at=start, stopped_at=said["completed_at"])
    return dossier


def counted(version: ProcedureVersion) -> ProcedureFigures:
    figures.compute(at=NIGHT)
    return ProcedureFigures.objects.get(procedure=version.procedure)


def test_times_are_real_working_hours_by_channel_and_only_from_enough_dossiers(
    version: ProcedureVersion, settings: Any
):
    settings.FIGURES_FROM_DOSSIERS = 4
    for hours in (1, 2, 2.5, 3, 3.25):
        done(version, hours)
    for _number in range(3):
        done(version, 1, channel="counter")

    row = counted(version)

    assert (row.filed, row.processed, row.on_time) == (8, 8, 7)
    assert row.times == [{"channel": "online", "dossiers": 5, "half": 2.5, "most": 3.0, "nearly_all": 3.25}]


def test_the_clock_stands_still_at_noon_and_while_the_applicant_is_asked(
    version: ProcedureVersion, settings: Any
):
    settings.FIGURES_FROM_DOSSIERS = 1
    dossier = done(version, 9)
    ClockInterval.objects.filter(dossier=dossier).delete()
    for begin, end in ((0, 2), (7, 9)):
        ClockInterval.objects.create(
            dossier=dossier,
            started_at=MONDAY + timedelta(hours=begin),
            stopped_at=MONDAY + timedelta(hours=end),
        )

    assert counted(version).times[0]["half"] == 4.0


def test_what_was_withdrawn_mirrored_or_long_ago_says_nothing(version: ProcedureVersion):
    done(version, 1, outcome=Outcome.WITHDRAWN)
    done(version, 1, is_mirror=True, leading_system="x", external_code="1")
    long_ago = MONDAY - timedelta(days=500)
    done(version, 1, submitted_at=long_ago, accepted_at=long_ago, completed_at=long_ago + timedelta(hours=1))

    row = counted(version)

    assert (row.filed, row.processed) == (1, 0)


def test_a_new_promise_after_an_apology_is_late_all_the_same(version: ProcedureVersion):
    done(version, 3, is_rescheduled=True, original_due_at=MONDAY + timedelta(hours=1))

    assert counted(version).on_time == 0


def test_drafts_that_lie_untouched_count_as_dropped(version: ProcedureVersion):
    for days in (2, 10, 20):
        draft = DossierFactory.create(procedure_version=version)
        then = NIGHT - timedelta(days=days)
        Dossier.objects.filter(pk=draft.pk).update(created_at=then, updated_at=then)

    row = counted(version)

    assert (row.begun, row.dropped) == (3, 2)


def test_counting_twice_says_the_same_and_what_is_over_is_taken_away(version: ProcedureVersion):
    done(version, 1)
    assert counted(version).processed == counted(version).processed == 1

    figures.compute(at=NIGHT + timedelta(days=800))

    assert not ProcedureFigures.objects.exists()


def test_the_page_shows_what_was_counted_without_looking_at_a_dossier(
    version: ProcedureVersion, client: Client, settings: Any
):
    settings.FIGURES_FROM_DOSSIERS = 3
    for hours in (1, 2, 3):
        done(version, hours)
    few = VersionFactory.create()
    done(few, 1)
    figures.compute(at=NIGHT)
    address = reverse("procedures:detail", args=[version.procedure.code])
    client.get(address)

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        page = client.get(address).content.decode()
    small = client.get(reverse("procedures:detail", args=[few.procedure.code])).content.decode()

    assert not [one for one in asked if "dossiers_dossier" in one["sql"]]
    assert "Thực tế giải quyết" in page
    assert "trong 2 giờ làm việc" in page
    assert "không phải thời hạn theo luật" in page
    assert "20/03/2026" in page
    assert "Chưa đủ 3 hồ sơ" in small


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.1, "1 giờ làm việc"), (7.2, "8 giờ làm việc"), (8.1, "1,5 ngày làm việc"), (24, "3 ngày làm việc")],
)
def test_nobody_is_promised_too_much(hours: float, words: str):
    from procedures.standing import working_words

    assert working_words(hours) == words
