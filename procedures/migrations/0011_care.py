import django.db.models.deletion
from django.db import migrations, models


# Flags of earlier imports: what was looked at is confirmed, and the same words are alike (procedures.importing.doubts).
FILL = """
UPDATE procedures_reviewflag SET
    state = CASE WHEN resolved_at IS NULL THEN 'open' ELSE 'confirmed' END,
    alike = encode(sha256(convert_to(
        reason || E'\\n' || regexp_replace(field, '\\[\\d+\\]', '[]', 'g') || E'\\n' || text, 'UTF8')), 'hex');
"""
KEEP = """
CREATE TRIGGER procedures_review_append_only BEFORE UPDATE OR DELETE ON procedures_reviewdecision
    FOR EACH ROW EXECUTE FUNCTION procedures_refuse_change();
CREATE TRIGGER procedures_answer_append_only BEFORE UPDATE OR DELETE ON procedures_sourceanswer
    FOR EACH ROW EXECUTE FUNCTION procedures_refuse_change();
"""
FREE = """
DROP TRIGGER procedures_answer_append_only ON procedures_sourceanswer;
DROP TRIGGER procedures_review_append_only ON procedures_reviewdecision;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0010_eligibility"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=64)),
                ("alike", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Chờ rà soát"),
                            ("skipped", "Để sau"),
                            ("asked", "Đã hỏi bộ, ngành"),
                            ("confirmed", "Đúng như nguồn"),
                            ("corrected", "Đã sửa"),
                        ],
                        max_length=12,
                    ),
                ),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("note", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("actor_user_id", models.PositiveBigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="SourceAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "keys",
                    models.JSONField(
                        default=list,
                        help_text="The ways to what was answered (procedures.document.merging).",
                    ),
                ),
                ("label", models.TextField()),
                ("is_accepted", models.BooleanField()),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("actor_user_id", models.PositiveBigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="SourceChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("changed", "Nội dung đã đổi"), ("abolished", "Không còn trong danh mục")],
                        default="changed",
                        max_length=12,
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("source", models.JSONField(default=dict)),
                (
                    "base",
                    models.JSONField(
                        default=dict,
                        help_text="What it said before; given back when a draft is thrown away.",
                    ),
                ),
                ("answered", models.JSONField(default=dict)),
                (
                    "doubts",
                    models.JSONField(
                        default=list, help_text="What cannot be trusted in the record: [path, reason, text]."
                    ),
                ),
                ("pending", models.PositiveIntegerField(default=0)),
                ("file_name", models.CharField(blank=True, max_length=255)),
                ("found_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="reviewflag",
            name="alike",
            field=models.CharField(default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="reviewflag",
            name="draft",
            field=models.ForeignKey(
                blank=True,
                help_text="The draft that holds the correction until it is published.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="corrections",
                to="procedures.procedureversion",
            ),
        ),
        migrations.AddField(
            model_name="reviewflag",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Chờ rà soát"),
                    ("skipped", "Để sau"),
                    ("asked", "Đã hỏi bộ, ngành"),
                    ("confirmed", "Đúng như nguồn"),
                    ("corrected", "Đã sửa"),
                ],
                default="open",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="reviewflag",
            index=models.Index(fields=["state", "id"], name="procedures_flag_states"),
        ),
        migrations.AddIndex(
            model_name="reviewflag",
            index=models.Index(fields=["alike"], name="procedures_flags_alike"),
        ),
        migrations.AddField(
            model_name="reviewdecision",
            name="flag",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="procedures.reviewflag",
            ),
        ),
        migrations.AddField(
            model_name="reviewdecision",
            name="procedure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="procedures.procedure"
            ),
        ),
        migrations.AddField(
            model_name="reviewdecision",
            name="undoes",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undone_by",
                to="procedures.reviewdecision",
            ),
        ),
        migrations.AddField(
            model_name="sourceanswer",
            name="version",
            field=models.ForeignKey(
                help_text="Where it was put.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procedures.procedureversion",
            ),
        ),
        migrations.AddField(
            model_name="sourcechange",
            name="procedure",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="source_change",
                to="procedures.procedure",
            ),
        ),
        migrations.AddField(
            model_name="sourceanswer",
            name="change",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="procedures.sourcechange",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewdecision",
            index=models.Index(fields=["procedure", "alike", "id"], name="procedures_decided_alike"),
        ),
        migrations.AddIndex(
            model_name="sourcechange",
            index=models.Index(
                condition=models.Q(("pending__gt", 0)),
                fields=["found_at", "id"],
                name="procedures_changes_pending",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, FREE),
    ]
