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
    ]
