from __future__ import annotations

from django.db import migrations, models

MARK = """
UPDATE dossiers_steprecord AS step SET is_at_work = true
FROM (
    SELECT DISTINCT ON (dossier_id) dossier_id, id, "group" FROM dossiers_steprecord
    WHERE finished_at IS NULL ORDER BY dossier_id, id
) AS first, dossiers_dossier AS dossier
WHERE first.dossier_id = step.dossier_id AND dossier.id = step.dossier_id AND step.finished_at IS NULL
  AND (step.id = first.id OR step."group" = first."group")
  AND dossier.status NOT IN ('completed', 'returned', 'stopped', 'archived')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_calendar_history"),
        ("dossiers", "0014_further_supplements_and_identity"),
    ]

    operations = [
        migrations.AddField(
            model_name="steprecord",
            name="is_at_work",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunSQL(MARK, reverse_sql=migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="steprecord",
            index=models.Index(
                condition=models.Q(("is_at_work", True), ("officer__isnull", False)),
                fields=["officer", "due_at", "id"],
                name="dossiers_steps_of_officer",
            ),
        ),
        migrations.AddIndex(
            model_name="steprecord",
            index=models.Index(
                condition=models.Q(("is_at_work", True), ("officer", None)),
                fields=["agency", "role", "due_at", "id"],
                name="dossiers_steps_of_role",
            ),
        ),
    ]
