import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0007_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="searchmemory",
            name="meanings",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="PaperPhrases",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="phrases",
                        serialize=False,
                        to="procedures.procedureversion",
                    ),
                ),
                ("pairs", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["pairs"], name="procedures_paper_phrases")
                ],
            },
        ),
    ]
