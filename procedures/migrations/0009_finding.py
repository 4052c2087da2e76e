from collections import defaultdict
from pathlib import Path

import django.db.models.deletion
import yaml
from django.db import migrations, models
from django.utils import timezone

from procedures.search.words import words

SEEDS = Path(__file__).parents[1] / "life_events.yaml"
LONGEST = 160

GUARD = """
CREATE TRIGGER procedures_care_event_append_only BEFORE UPDATE OR DELETE ON procedures_careevent
    FOR EACH ROW EXECUTE FUNCTION procedures_refuse_change();
"""
UNGUARD = "DROP TRIGGER procedures_care_event_append_only ON procedures_careevent;"


def enter_life_events(apps, schema_editor):
    """Enter the life events that a portal starts with; from then on people look after them."""
    event, step = (apps.get_model("procedures", name) for name in ("LifeEvent", "LifeEventStep"))
    for position, seed in enumerate(yaml.safe_load(SEEDS.read_text(encoding="utf-8")), start=1):
        steps = seed.pop("steps")
        made = event.objects.create(**seed, position=10 * position)
        step.objects.bulk_create(
            step(event=made, position=number, **one) for number, one in enumerate(steps, start=1)
        )


def group_questions(apps, schema_editor):
    """Make one row of the questions that have the same words; what has none says nothing."""
    question, per_day = (apps.get_model("procedures", name) for name in ("FailedSearch", "FailedSearchDay"))
    same = defaultdict(list)
    for row in question.objects.order_by("-last_at"):
        same[" ".join(words(row.text))[:LONGEST]].append(row)
    for key, rows in same.items():
        question.objects.filter(pk__in=[row.pk for row in (rows[1:] if key else rows)]).delete()
        if key:
            newest = rows[0]
            newest.key = key
            newest.times = sum(row.times for row in rows)
            newest.first_at = min(row.first_at for row in rows)
            newest.save()
            day = timezone.localtime(newest.last_at).date()
            per_day.objects.create(question=newest, day=day, times=newest.times)
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the column is altered next


class Migration(migrations.Migration):
    """What makes procedures easy to find and is looked after by people: life events, questions, synonyms, their log."""

    dependencies = [("procedures", "0008_search_speed")]

    operations = [
        migrations.CreateModel(
            name="LifeEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="địa chỉ")),
                ("title", models.CharField(max_length=80, verbose_name="tên sự kiện")),
                ("title_en", models.CharField(blank=True, max_length=80, verbose_name="tên tiếng Anh")),
                ("lede", models.CharField(max_length=240, verbose_name="một câu giới thiệu")),
                (
                    "lede_en",
                    models.CharField(
                        blank=True, max_length=240, verbose_name="câu giới thiệu bằng tiếng Anh"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[("citizen", "Người dân"), ("enterprise", "Doanh nghiệp, hộ kinh doanh")],
                        max_length=12,
                        verbose_name="dành cho",
                    ),
                ),
                (
                    "icon",
                    models.CharField(
                        choices=[
                            ("baby", "em bé"),
                            ("heart-handshake", "trái tim"),
                            ("house", "ngôi nhà"),
                            ("hard-hat", "mũ bảo hộ"),
                            ("car", "xe"),
                            ("briefcase", "cặp"),
                            ("graduation-cap", "mũ tốt nghiệp"),
                            ("hand-coins", "bàn tay"),
                            ("stethoscope", "ống nghe"),
                            ("users", "mọi người"),
                            ("user", "một người"),
                            ("map-pin", "ghim bản đồ"),
                            ("globe", "địa cầu"),
                            ("building-2", "tòa nhà"),
                            ("landmark", "công sở"),
                            ("wallet", "ví"),
                            ("file-text", "giấy tờ"),
                            ("badge-check", "huy hiệu"),
                            ("hourglass", "đồng hồ cát"),
                            ("stamp", "con dấu"),
                            ("refresh-cw", "đổi mới"),
                        ],
                        max_length=32,
                        verbose_name="hình",
                    ),
                ),
                (
                    "said",
                    models.CharField(
                        blank=True,
                        help_text="Các cách nói cách nhau bằng dấu |. Ai tìm một trong các cách nói này sẽ thấy sự kiện.",
                        max_length=500,
                        verbose_name="người dân gọi là",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="thứ tự")),
                ("is_shown", models.BooleanField(default=True, verbose_name="hiện trên cổng")),
                ("edits", models.PositiveIntegerField(default=0, editable=False)),
                ("edited_by", models.CharField(blank=True, editable=False, max_length=200)),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AddField(
            model_name="failedsearch",
            name="key",
            field=models.CharField(max_length=160, null=True),
        ),
        migrations.AddField(
            model_name="failedsearch",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Chưa xử lý"),
                    ("answered", "Đã có lời đáp"),
                    ("not_ours", "Không thuộc cổng này"),
                ],
                default="open",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="failedsearch",
            name="state_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="failedsearch",
            name="state_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="searchsynonym",
            name="both_ways",
            field=models.BooleanField(default=False, verbose_name="hai chiều"),
        ),
        migrations.AddField(
            model_name="searchsynonym",
            name="edited_by",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="searchsynonym",
            name="edits",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="failedsearch",
            name="text",
            field=models.CharField(max_length=160),
        ),
        migrations.CreateModel(
            name="CareEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("synonym", "Từ đồng nghĩa"),
                            ("life_event", "Sự kiện"),
                            ("question", "Câu hỏi"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "Thêm"),
                            ("changed", "Sửa"),
                            ("removed", "Xóa"),
                            ("undone", "Hoàn tác"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
                ("actor_user_id", models.PositiveBigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=200)),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "-id"], name="procedures_care_events")],
            },
        ),
        migrations.CreateModel(
            name="FailedSearchDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("times", models.PositiveIntegerField(default=1)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="procedures.failedsearch",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["day"], name="procedures_failed_by_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("question", "day"), name="procedures_failed_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="LifeEventStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=32, verbose_name="mã thủ tục")),
                ("why", models.CharField(max_length=240, verbose_name="vì sao cần")),
                (
                    "why_en",
                    models.CharField(blank=True, max_length=240, verbose_name="vì sao cần, tiếng Anh"),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="procedures.lifeevent",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("event", "code"), name="procedures_event_code")
                ],
            },
        ),
        migrations.RunPython(group_questions, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="failedsearch",
            name="key",
            field=models.CharField(max_length=160, unique=True),
        ),
        migrations.RunPython(enter_life_events, migrations.RunPython.noop, elidable=False),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
