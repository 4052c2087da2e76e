from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from procedures.search.words import words

SYNONYMS = Path(__file__).parents[1] / "search" / "synonyms.txt"


def enter_synonyms(apps, schema_editor):
    """Enter the synonyms that a portal starts with; from then on people look after them."""
    synonym = apps.get_model("procedures", "SearchSynonym")
    rows = {}
    for line in SYNONYMS.read_text(encoding="utf-8").splitlines():
        said, found, official = line.partition("#")[0].partition("=")
        if found:
            key = " ".join(words(said))
            rows.setdefault(key, synonym(said=said.strip(), key=key, official=official.strip()))
    synonym.objects.bulk_create(rows.values())


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0006_seal"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchMemory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(default=0)),
                ("spellings", models.BinaryField(default=bytes)),
            ],
        ),
        migrations.CreateModel(
            name="SearchSynonym",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("said", models.CharField(max_length=120, verbose_name="cách nói thường ngày")),
                (
                    "key",
                    models.CharField(
                        editable=False,
                        help_text="The words of `said` as they are compared.",
                        max_length=120,
                        unique=True,
                    ),
                ),
                (
                    "official",
                    models.CharField(
                        help_text="Nhiều cách gọi cách nhau bằng dấu |, cách hay dùng nhất đứng đầu.",
                        max_length=500,
                        verbose_name="cách gọi trong danh mục",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TitleMeaning",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="meaning",
                        serialize=False,
                        to="procedures.procedureversion",
                    ),
                ),
                ("text_digest", models.CharField(max_length=64)),
                ("direction", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="FailedSearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=160, unique=True)),
                ("times", models.PositiveIntegerField(default=1)),
                (
                    "found",
                    models.PositiveIntegerField(
                        help_text="How many procedures the last one who asked was shown."
                    ),
                ),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["-last_at"], name="procedures_failed_last")],
            },
        ),
        migrations.RunPython(enter_synonyms, migrations.RunPython.noop, elidable=False),
    ]
