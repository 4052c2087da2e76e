import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("citizens", "0003_names_by_words"),
        ("dossiers", "0021_component_sources"),
    ]

    operations = [
        migrations.AddField(
            model_name="dossiercomponent",
            name="issued_on",
            field=models.DateField(editable=False, null=True, verbose_name="ngày cấp"),
        ),
        migrations.CreateModel(
            name="VneidDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "register",
                    models.CharField(
                        choices=[
                            ("documents", "Giấy tờ tích hợp trên VNeID"),
                            ("health", "Sổ sức khỏe điện tử"),
                        ],
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="tên giấy tờ")),
                ("number", models.CharField(max_length=64, verbose_name="số")),
                ("issuer", models.CharField(max_length=200, verbose_name="nơi cấp")),
                ("issued_on", models.DateField(verbose_name="ngày cấp")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="có giá trị đến")),
                ("content", models.CharField(blank=True, max_length=500, verbose_name="nội dung")),
                ("shown_at", models.DateTimeField()),
                ("usable_until", models.DateTimeField(db_index=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vneid_documents",
                        to="citizens.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "giấy tờ xuất trình qua VNeID",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "register", "title", "number"), name="dossiers_vneid_document_once"
                    )
                ],
            },
        ),
    ]
