import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0009_finding"),
    ]

    operations = [
        migrations.AddField(
            model_name="procedureversion",
            name="eligibility",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="The check before filing: see procedures.eligibility.",
            ),
        ),
        migrations.AddField(
            model_name="component",
            name="result_of",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=32),
                blank=True,
                default=list,
                help_text="Codes of the procedures whose result it is: what the city has issued before is not asked again.",
                size=None,
            ),
        ),
    ]
