from django.db import migrations, models

import dossiers.states


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0008_register")]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="is_bundle",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="A parent: it moves on by itself with its children.",
            ),
        ),
        migrations.AddField(
            model_name="dossier",
            name="leading_system",
            field=models.CharField(
                blank=True, editable=False, max_length=120, verbose_name="hệ thống xử lý chính", default=""
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="dossiercomponent",
            name="given_as",
            field=models.CharField(
                choices=dossiers.states.GivenAs.choices,
                default="file",
                max_length=16,
                verbose_name="hình thức giấy tờ",
            ),
        ),
        migrations.AddField(
            model_name="dossiercomponent",
            name="original_kept",
            field=models.BooleanField(
                default=False,
                help_text="The original was taken in, and goes back with the result (NĐ 61/2018, art. 20).",
                verbose_name="giữ bản chính",
            ),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_mirror", True)),
                fields=("leading_system", "external_code"),
                name="dossiers_mirrored_once",
            ),
        ),
    ]
