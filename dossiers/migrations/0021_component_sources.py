import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

SOURCES = [
    ("data_population_db", "Cơ sở dữ liệu quốc gia về dân cư"),
    ("data_identity_card", "Dữ liệu căn cước"),
    ("data_business_register", "Dữ liệu đăng ký doanh nghiệp"),
    ("data_business_household", "Dữ liệu đăng ký hộ kinh doanh"),
    ("data_ehealth", "Sổ sức khỏe điện tử"),
    ("data_other_register", "Cơ sở dữ liệu chuyên ngành khác"),
    ("vault_item", "Kho dữ liệu cá nhân"),
    ("result_repository", "Kho kết quả của thành phố"),
    ("vneid_document", "Giấy tờ trên VNeID"),
    ("certified_ecopy", "Bản sao chứng thực điện tử"),
    ("upload_signed", "Tệp có chữ ký số của người nộp"),
    ("upload_plain", "Ảnh chụp, bản quét"),
    ("paper_original", "Bản chính giấy"),
    ("paper_copy", "Bản sao giấy"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0020_loss_incidents"),
        ("procedures", "0010_eligibility"),
        ("results_vault", "0002_number_once_a_year"),
    ]

    operations = [
        migrations.AddField(
            model_name="dossiercomponent",
            name="source",
            field=models.CharField(blank=True, choices=SOURCES, default="", editable=False, max_length=24),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="dossiercomponent",
            name="origin",
            field=models.CharField(blank=True, default="", editable=False, max_length=500),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="dossiercomponent",
            name="result",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reused_in",
                to="results_vault.result",
            ),
        ),
        migrations.AddField(
            model_name="dossiercomponent",
            name="source_fields",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=32), default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            model_name="dossiercomponent",
            name="taken_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="dossiercomponent",
            name="valid_to",
            field=models.DateField(editable=False, null=True),
        ),
    ]
