from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0009_bundles_and_mirrors")]

    operations = [
        migrations.AddField(
            model_name="obligation",
            name="reminded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="opinion",
            name="documents",
            field=models.ManyToManyField(related_name="+", to="dossiers.dossiercomponent"),
        ),
    ]
