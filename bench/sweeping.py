"""Sweep open dossiers for alerts, beside the bare statement that marks as many rows.

    python -m bench.sweeping DOSSIERS ROUNDS

Runs in the portal's own environment with a database of its own, whose tables are there and empty. Prints one JSON
object a measurement: what share of the dossiers had something due, and what that took (seconds). Twice as many
moments are watched as there are dossiers.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danang_portal.settings")
django.setup()

from django.db import connection
from django.utils import timezone

from agencies.models import Agency, Calendar
from agencies.states import AgencyKind
from citizens.models import Person
from dossiers.models import Dossier
from dossiers.states import Status
from procedures.models import Procedure, ProcedureVersion
from supervision.services import sweeping

SHARES = (0, 1, 10)
"""Thousandths of the dossiers that have something due."""
EVERYTHING = 1000
"""All of them at once, as after weeks without a sweep: swept once, since it takes minutes."""
AGENCIES = 94

# The reference: one table as narrow as can be, with the indexes that lists need.
_BARE = """
    CREATE TABLE bare_dossier (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text NOT NULL, procedure_id int NOT NULL,
        agency_id int NOT NULL, status smallint NOT NULL, channel smallint NOT NULL, sla smallint NOT NULL,
        received_at timestamptz NOT NULL, due_at timestamptz NOT NULL, closed_at timestamptz,
        applicant_id bigint NOT NULL, assignee_id int, version int NOT NULL DEFAULT 0, next_at timestamptz
    );
    INSERT INTO bare_dossier (
        code, procedure_id, agency_id, status, channel, sla, received_at, due_at, applicant_id, next_at
    )
    SELECT 'M-' || n, n %% 1800, n %% 94, n %% 6, 1, 0, now(), now() + interval '30 days' + n * interval '1 second',
           n %% 250000, now() + interval '1 day' * (1 + n %% 100)
    FROM generate_series(1, %(count)s) AS n;
    CREATE UNIQUE INDEX ON bare_dossier (code);
    CREATE INDEX ON bare_dossier (agency_id, status, due_at, id) WHERE status < 6;
    CREATE INDEX ON bare_dossier (applicant_id, id DESC);
    CREATE INDEX ON bare_dossier (due_at) WHERE status < 6;
    CREATE INDEX ON bare_dossier (next_at) WHERE status < 6
"""
_STATE = "CASE WHEN due_at < now() THEN 2 WHEN due_at < now() + interval '1 day' THEN 1 ELSE 0 END"
_ONE_STATEMENT = (
    f"UPDATE bare_dossier SET sla = {_STATE}, version = version + 1 WHERE status < 6 AND sla <> {_STATE}"
)
_BY_NEXT_CHANGE = (
    f"UPDATE bare_dossier SET sla = {_STATE}, version = version + 1, next_at = due_at"
    " WHERE status < 6 AND next_at <= now()"
)
_DISTURB = "UPDATE bare_dossier SET sla = 1, next_at = now() - interval '1 minute' WHERE id %% 1000 < %s"

_WATCHES = """
    INSERT INTO supervision_watch (dossier_id, kind, stage, subject_id, agency_id, limit_at, at)
    SELECT id, kind, 1, 0, competent_agency_id, now() + interval '30 days', now() + interval '29 days'
    FROM dossiers_dossier CROSS JOIN (VALUES ('near_due'), ('overdue')) AS planned (kind)
"""
_MAKE_DUE = """
    UPDATE supervision_watch SET at = now() - interval '1 minute'
    WHERE kind = 'near_due' AND dossier_id %% 1000 < %s
"""
_PUT_BACK = """
    INSERT INTO supervision_watch (dossier_id, kind, stage, subject_id, agency_id, limit_at, at)
    SELECT dossier_id, kind, stage, subject_id, agency_id, limit_at, now() + interval '29 days' FROM supervision_alert;
    TRUNCATE supervision_alert, outbox_message
"""

_WRITTEN = """
    SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables
    WHERE relname IN ('supervision_alert', 'supervision_watch', 'outbox_message', 'dossiers_dossier')
"""


def main(count: int, rounds: int) -> None:
    seed(count)
    for _round in range(rounds):
        for share in SHARES:
            print(json.dumps(measure(share)), flush=True)
    print(json.dumps(measure(EVERYTHING)), flush=True)


def seed(count: int) -> None:
    """Make so many open dossiers by copying one, each with two moments that are watched."""
    template = _template()
    agencies = list(Agency.objects.order_by("pk").values_list("pk", flat=True))
    # Nobody lists these dossiers: what only lists need would cost minutes.
    for (statement,) in _ask(
        "SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index"
        " WHERE indrelid = 'dossiers_dossier'::regclass AND NOT indisunique"
    ):
        _ask(statement)
    made: dict[str, str] = {
        "id": "%(id)s + n",
        "tracking_no": "'TN-' || n",
        "code": "'H17-' || n",
        "received_at_unit_id": "(%(agencies)s::bigint[])[1 + n %% %(places)s]",
        "competent_agency_id": "(%(agencies)s::bigint[])[1 + n %% %(places)s]",
    }
    columns = [field.column for field in Dossier._meta.concrete_fields if field.column]
    values = ", ".join(made.get(column, f"template.{column}") for column in columns)
    _ask(
        f"INSERT INTO dossiers_dossier ({', '.join(columns)}) SELECT {values}"
        " FROM dossiers_dossier AS template, generate_series(1, %(count)s) AS n WHERE template.id = %(id)s",
        {"id": template.pk, "agencies": agencies, "places": len(agencies), "count": count},
    )
    _ask("DELETE FROM dossiers_dossier WHERE id = %s", [template.pk])
    _ask(_WATCHES)
    _ask(_BARE, {"count": count})


def _template() -> Dossier:
    calendar = Calendar.objects.create(code="bench", name="Lịch để đo tốc độ")
    Agency.objects.bulk_create(
        Agency(code=f"B{n:03}", name=f"Phường {n} (minh họa)", kind=AgencyKind.WARD, calendar=calendar)
        for n in range(AGENCIES)
    )
    procedure = Procedure.objects.create(code="9.900000")
    person = Person.objects.create(full_name="Nguyễn Văn Đo (minh họa)")
    version = ProcedureVersion.objects.create(procedure=procedure, name="Thủ tục minh họa")
    now = timezone.now()
    return Dossier.objects.create(
        tracking_no="TN-0",
        procedure_version=version,
        owner_person=person,
        submitter=person,
        status=Status.IN_PROCESS,
        submitted_at=now,
        accepted_at=now,
        due_at=now + timedelta(days=30),
        original_due_at=now + timedelta(days=30),
        next_due_at=now + timedelta(days=30),
        form_data={"muc_dich": "minh họa"},
    )


def measure(share: int) -> dict[str, Any]:
    """Mark so many thousandths with the two bare statements, and sweep as many alerts."""
    bare, changed = _bare(_ONE_STATEMENT, share)
    by_index, changed_too = _bare(_BY_NEXT_CHANGE, share)
    _ask(_MAKE_DUE, [share])
    _rest()
    before = _written()
    batches: list[float] = []
    with connection.execute_wrapper(_timed(batches)):
        start = time.perf_counter()
        raised = sweeping.sweep(at=timezone.now())
        took = time.perf_counter() - start
    after = _written()
    written = {
        name: [new - old for new, old in zip(after[name], before[name], strict=True)] for name in after
    }
    _ask(_PUT_BACK)
    return {
        "share": share / 1000,
        "changed": [changed, changed_too],
        "one_statement": bare,
        "next_change": by_index,
        "sweep": took,
        "raised": raised,
        "longest_batch": max(batches, default=0.0),
        "written": written,
    }


def _bare(statement: str, share: int) -> tuple[float, int]:
    _ask(_DISTURB, [share])
    _rest()
    with connection.cursor() as cursor:
        start = time.perf_counter()
        cursor.execute(statement)
        return time.perf_counter() - start, cursor.rowcount


def _rest() -> None:
    """Let the server finish what earlier statements left behind."""
    for statement in ("VACUUM ANALYZE bare_dossier", "VACUUM ANALYZE supervision_watch", "CHECKPOINT"):
        _ask(statement)


def _timed(seconds: list[float]) -> Any:
    def run(execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(statement, values, many, context)
        finally:
            seconds.append(time.perf_counter() - start)

    return run


def _written() -> dict[str, list[int]]:
    """Return how many rows were inserted, updated and deleted in each table so far."""
    _ask("SELECT pg_stat_force_next_flush()")
    _ask("SELECT pg_stat_clear_snapshot()")
    return {name: list(counts) for name, *counts in _ask(_WRITTEN)}


def _ask(statement: str, values: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
