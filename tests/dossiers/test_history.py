"""History is append-only and a changed, removed or reordered event is found."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from dossiers import history
from dossiers.models import Dossier, DossierEvent
from dossiers.states import Status
from tests.factories import DossierFactory

pytestmark = pytest.mark.django_db


def breaches() -> list[history.Breach]:
    return list(history.verify(history.Verification()))


def tamper(sql: str, *values: int) -> None:
    """Do what only somebody who owns the database could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.parametrize(
    "statement", ["UPDATE dossiers_dossierevent SET note = 'x'", "DELETE FROM dossiers_dossierevent"]
)
def test_the_database_refuses_to_change_or_remove_an_event(statement):
    DossierFactory.create(reach=Status.SUBMITTED)

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_an_untouched_history_verifies():
    DossierFactory.create(reach=Status.RETURNED)
    DossierFactory.create()

    assert breaches() == []


@pytest.mark.parametrize(
    "change",
    [
        "note = 'khác'",
        "actor_name = 'Người khác'",
        "at = at + interval '1 microsecond'",
        'data = \'{"code": "H17.1-260302-9999"}\'',
        "to_status = 'stopped'",
        "ip = '10.0.0.1'",
    ],
)
def test_a_changed_event_is_found(change):
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)

    tamper(f"UPDATE dossiers_dossierevent SET {change} WHERE dossier_id = %s AND seq = 2", dossier.pk)

    assert breaches()[0] == history.Breach(dossier.pk, 2, "was changed")


def test_a_removed_event_is_found_the_last_one_too():
    first = DossierFactory.create(reach=Status.IN_PROCESS)
    last = DossierFactory.create(reach=Status.IN_PROCESS)

    tamper("DELETE FROM dossiers_dossierevent WHERE dossier_id = %s AND seq = 2", first.pk)
    tamper("DELETE FROM dossiers_dossierevent WHERE dossier_id = %s AND seq = 4", last.pk)

    assert {breach.dossier_id for breach in breaches()} == {first.pk, last.pk}


def test_a_history_that_is_gone_altogether_is_found():
    dossier = DossierFactory.create(reach=Status.RETURNED)

    tamper("DELETE FROM dossiers_dossierevent WHERE dossier_id = %s", dossier.pk)
    Dossier.objects.filter(pk=dossier.pk).update(history_head="", history_length=0)

    assert "the history ends in nothing" in breaches()[0].problem


def test_reordered_events_are_found():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)

    tamper("UPDATE dossiers_dossierevent SET seq = seq + 100 WHERE dossier_id = %s AND seq = 2", dossier.pk)
    tamper("UPDATE dossiers_dossierevent SET seq = 2 WHERE dossier_id = %s AND seq = 3", dossier.pk)
    tamper("UPDATE dossiers_dossierevent SET seq = 3 WHERE dossier_id = %s AND seq = 102", dossier.pk)

    assert breaches()


def test_a_status_written_past_the_history_is_found():
    dossier = DossierFactory.create(reach=Status.IN_PROCESS)

    Dossier.objects.filter(pk=dossier.pk).update(status=Status.SIGNED)

    assert "the history ends in in_process" in breaches()[0].problem


def test_the_command_prints_figures_and_fails_on_a_breach():
    dossier = DossierFactory.create(reach=Status.ACCEPTED)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE dossiers_dossierevent ENABLE TRIGGER USER")
    out = StringIO()

    call_command("verify_history", stdout=out)
    assert json.loads(out.getvalue().splitlines()[-1]) == {
        "dossiers": 1,
        "events": 2,
        "breaches": 0,
        "guard": True,
    }

    tamper("UPDATE dossiers_dossierevent SET note = 'khác' WHERE dossier_id = %s AND seq = 1", dossier.pk)
    with pytest.raises(CommandError):
        call_command("verify_history", stdout=StringIO())
    assert DossierEvent.objects.count() == 2
