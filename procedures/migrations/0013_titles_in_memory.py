from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0012_guides"),
    ]

    operations = [
        migrations.AddField(
            model_name="searchmemory",
            name="titles",
            field=models.PositiveIntegerField(default=0),
        ),
        # Zero says that nobody tells of changes yet.
        migrations.RunSQL("UPDATE procedures_searchmemory SET titles = 1", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="procedureversion",
            index=models.Index(
                models.F("sector"),
                models.OrderBy(models.F("is_fileable"), descending=True),
                models.F("name_sort"),
                models.F("id"),
                condition=models.Q(("status", "published")),
                name="procedures_related",
            ),
        ),
    ]
