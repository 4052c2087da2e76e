"""Raise what is due. One statement a batch, by index; no dossier is loaded, and no row is held for long."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from supervision.kinds import SUPERSEDED_BY
from supervision.models import Alert

BATCH = 500

TOPIC = "alert."
"""Begins the topic of a raised alert, its kind ends it. Payload: dossier_id, alert_id, stage."""

# Several sweeps may run at once: each takes rows that no other has, and what was raised before is not raised again.
_RAISE = """
    WITH due AS (
        SELECT id FROM supervision_watch WHERE at < %(at)s ORDER BY at, id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
    ), taken AS (
        DELETE FROM supervision_watch AS watch USING due WHERE watch.id = due.id
        RETURNING watch.dossier_id, kind, stage, subject_id, agency_id, handler_id, limit_at
    ), raised AS (
        INSERT INTO supervision_alert (
            dossier_id, kind, stage, subject_id, agency_id, handler_id, limit_at, state, raised_at, tell_at, deliveries
        )
        SELECT dossier_id, kind, stage, subject_id, agency_id, handler_id, limit_at, 'raised', %(at)s, %(at)s, 0
        FROM taken
        ON CONFLICT DO NOTHING
        RETURNING id, dossier_id, kind, stage
    ), told AS (
        INSERT INTO outbox_message (topic, key, payload, created_at, next_try_at, attempts, last_error)
        SELECT %(topic)s || kind, 'dossier ' || dossier_id,
               jsonb_build_object('dossier_id', dossier_id, 'alert_id', id, 'stage', stage), %(at)s, %(at)s, 0, ''
        FROM raised
    )
    SELECT (SELECT count(*) FROM taken), array_agg(id), array_agg(DISTINCT kind) FROM raised
"""


def sweep(*, at: datetime) -> int:
    """Raise every alert whose moment has passed at ``at``; give how many were raised."""
    raised = 0
    while True:
        taken, new = _sweep_batch(at=at)
        raised += new
        if taken < BATCH:
            return raised


@transaction.atomic
def _sweep_batch(*, at: datetime) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, {"at": at, "batch": BATCH, "topic": TOPIC})
        taken, ids, kinds = cursor.fetchone()
    for earlier, later in SUPERSEDED_BY.items():
        if kinds and later in kinds:
            overtaken = Alert.objects.filter(pk__in=ids, kind=later).values("dossier")
            Alert.objects.filter(kind=earlier, dossier__in=overtaken).resolve(at=at)
    return taken, len(ids or ())
