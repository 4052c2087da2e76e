from django.db import migrations, models

ENDED_BY = """(
    SELECT action FROM dossiers_dossierevent AS event
    WHERE event.dossier_id = dossier.id AND event.to_status IN ('intake_refused', 'completed', 'stopped')
      AND event.from_status <> event.to_status
    ORDER BY seq DESC LIMIT 1
)"""

CLOSE_WHAT_NOBODY_WAITS_FOR = f"""
    UPDATE dossiers_opinion AS question SET closed_at = dossier.completed_at, closed_with = COALESCE({ENDED_BY}, '')
    FROM dossiers_dossier AS dossier
    WHERE dossier.id = question.dossier_id AND dossier.completed_at IS NOT NULL AND question.answered_at IS NULL;
    UPDATE dossiers_verification AS question SET closed_at = dossier.completed_at, closed_with = COALESCE({ENDED_BY}, '')
    FROM dossiers_dossier AS dossier
    WHERE dossier.id = question.dossier_id AND dossier.completed_at IS NOT NULL AND question.finished_at IS NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0012_shipments'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='verification',
            name='dossiers_one_open_verification',
        ),
        migrations.RemoveIndex(
            model_name='opinion',
            name='dossiers_opinions_open',
        ),
        migrations.RemoveIndex(
            model_name='opinion',
            name='dossiers_opinions_due',
        ),
        migrations.AddField(
            model_name='obligation',
            name='cancelled_with',
            field=models.CharField(blank=True, editable=False, max_length=24),
        ),
        migrations.AddField(
            model_name='opinion',
            name='closed_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='opinion',
            name='closed_with',
            field=models.CharField(blank=True, editable=False, max_length=24),
        ),
        migrations.AddField(
            model_name='opinion',
            name='reminded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='supplementrequest',
            name='closed_with',
            field=models.CharField(blank=True, editable=False, max_length=24),
        ),
        migrations.AddField(
            model_name='verification',
            name='closed_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='verification',
            name='closed_with',
            field=models.CharField(blank=True, editable=False, max_length=24),
        ),
        migrations.AddIndex(
            model_name='opinion',
            index=models.Index(condition=models.Q(('answered_at', None), ('closed_at', None)), fields=['agency', 'due_at', 'id'], name='dossiers_opinions_open'),
        ),
        migrations.AddIndex(
            model_name='opinion',
            index=models.Index(condition=models.Q(('answered_at', None), ('closed_at', None)), fields=['due_at'], name='dossiers_opinions_due'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.CheckConstraint(condition=models.Q(('answered_at', None), ('closed_at', None), _connector='OR'), name='dossiers_opinion_ends_once'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None), ('finished_at', None)), fields=('dossier',), name='dossiers_one_open_verification'),
        ),
        migrations.RunSQL(CLOSE_WHAT_NOBODY_WAITS_FOR, migrations.RunSQL.noop),
    ]
