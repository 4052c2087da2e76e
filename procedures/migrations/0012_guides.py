import django.db.models.deletion
import procedures.beside
from django.db import migrations, models


LOG = """
CREATE TRIGGER procedures_event_append_only BEFORE UPDATE OR DELETE ON procedures_procedureevent
    FOR EACH ROW EXECUTE FUNCTION procedures_refuse_change();
"""
NO_LOG = "DROP TRIGGER procedures_event_append_only ON procedures_procedureevent;"
# The lock keeps a procedure from changing its catalogue while a version of it is being opened.
NEVER_FILED = """
CREATE FUNCTION procedures_refuse_filing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands_in text;
BEGIN
    SELECT catalogue INTO stands_in FROM procedures_procedure WHERE id = NEW.procedure_id FOR SHARE;
    IF stands_in = 'internal' THEN
        RAISE EXCEPTION 'an internal procedure is never filed: version % refused', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER procedures_never_filed BEFORE INSERT OR UPDATE OF is_fileable ON procedures_procedureversion
    FOR EACH ROW WHEN (NEW.is_fileable) EXECUTE FUNCTION procedures_refuse_filing();

CREATE FUNCTION procedures_keep_open_ones_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM procedures_procedureversion WHERE procedure_id = NEW.id AND is_fileable) THEN
        RAISE EXCEPTION 'a procedure that takes filings does not become internal: % refused', NEW.code
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER procedures_internal_is_closed BEFORE UPDATE OF catalogue ON procedures_procedure
    FOR EACH ROW WHEN (NEW.catalogue = 'internal') EXECUTE FUNCTION procedures_keep_open_ones_out();
"""
NO_NEVER_FILED = """
DROP TRIGGER procedures_internal_is_closed ON procedures_procedure;
DROP FUNCTION procedures_keep_open_ones_out();
DROP TRIGGER procedures_never_filed ON procedures_procedureversion;
DROP FUNCTION procedures_refuse_filing();
"""


class Migration(migrations.Migration):
    """Guides, obstacles and figures beside a procedure, and the catalogue that it stands in."""

    dependencies = [
        ('agencies', '0003_calendar_history'),
        ('procedures', '0011_care'),
    ]

    operations = [
        migrations.CreateModel(
            name='Blocker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('kind', models.CharField(choices=[('original_shown', 'Phải xuất trình bản chính'), ('identity', 'Phải chứng minh danh tính'), ('same_person', 'Phải đúng người nộp'), ('signing_at_office', 'Phải ký tại nơi tiếp nhận'), ('field_verification', 'Phải kiểm tra thực tế'), ('other', 'Vướng mắc khác')], max_length=20, verbose_name='vướng mắc')),
                ('legal_text', models.CharField(max_length=500, verbose_name='căn cứ pháp lý')),
                ('plan', models.TextField(verbose_name='cách gỡ')),
                ('planned_on', models.DateField(blank=True, null=True, verbose_name='ngày hoàn thành')),
                ('resolved_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Guide',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('kind', models.CharField(choices=[('sample', 'Hồ sơ mẫu'), ('video', 'Video hướng dẫn'), ('link', 'Liên kết')], max_length=8)),
                ('state', models.CharField(choices=[('waiting', 'Đang kiểm tra'), ('ready', 'Đang hiển thị'), ('refused', 'Không dùng được'), ('replaced', 'Đã thay'), ('withdrawn', 'Đã gỡ')], default='waiting', editable=False, max_length=12)),
                ('position', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=160, verbose_name='tên')),
                ('title_en', models.CharField(blank=True, max_length=160, verbose_name='tên tiếng Anh')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='địa chỉ')),
                ('transcript', models.TextField(blank=True, verbose_name='lời trong video')),
                ('captions', models.TextField(blank=True, help_text='WebVTT, as it is given to the browser.', verbose_name='phụ đề')),
                ('source', models.FileField(blank=True, upload_to=procedures.beside.guide_path)),
                ('file', models.FileField(blank=True, upload_to=procedures.beside.guide_path)),
                ('poster', models.FileField(blank=True, upload_to=procedures.beside.guide_path)),
                ('media_type', models.CharField(blank=True, max_length=64)),
                ('name', models.CharField(blank=True, help_text='Under which people save it.', max_length=120)),
                ('size', models.PositiveBigIntegerField(default=0, help_text='Bytes of what people get.')),
                ('pages', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('seconds', models.PositiveIntegerField(blank=True, null=True)),
                ('source_sha256', models.CharField(blank=True, max_length=64)),
                ('sha256', models.CharField(blank=True, help_text='Of what people get.', max_length=64)),
                ('problem', models.TextField(blank=True, help_text='Why it cannot be shown.')),
            ],
        ),
        migrations.CreateModel(
            name='ProcedureEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('guide_added', 'Thêm tài liệu hướng dẫn'), ('guide_ready', 'Hiển thị tài liệu hướng dẫn'), ('guide_refused', 'Tài liệu không dùng được'), ('guide_changed', 'Sửa tài liệu hướng dẫn'), ('guide_moved', 'Xếp lại tài liệu hướng dẫn'), ('guide_withdrawn', 'Gỡ tài liệu hướng dẫn'), ('blocker_added', 'Ghi vướng mắc'), ('blocker_changed', 'Sửa vướng mắc'), ('blocker_resolved', 'Gỡ xong vướng mắc'), ('catalogue_changed', 'Chuyển danh mục')], max_length=24)),
                ('at', models.DateTimeField()),
                ('actor_user_id', models.PositiveBigIntegerField(null=True)),
                ('actor_name', models.CharField(max_length=200)),
                ('reason', models.TextField(blank=True)),
                ('data', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='ProcedureFigures',
            fields=[
                ('procedure', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='figures', serialize=False, to='procedures.procedure')),
                ('computed_at', models.DateTimeField()),
                ('filed', models.PositiveIntegerField(default=0)),
                ('processed', models.PositiveIntegerField(default=0)),
                ('on_time', models.PositiveIntegerField(default=0)),
                ('times', models.JSONField(default=list)),
                ('supplemented', models.PositiveIntegerField(default=0)),
                ('begun', models.PositiveIntegerField(default=0)),
                ('dropped', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='procedure',
            name='catalogue',
            field=models.CharField(choices=[('administrative', 'Thủ tục hành chính'), ('public_utility', 'Dịch vụ sự nghiệp công'), ('non_onestop', 'Dịch vụ ngoài một cửa'), ('internal', 'Thủ tục hành chính nội bộ')], default='administrative', max_length=16, verbose_name='danh mục'),
        ),
        migrations.AddIndex(
            model_name='procedure',
            index=models.Index(condition=models.Q(('catalogue', 'administrative'), _negated=True), fields=['catalogue'], name='procedures_other_catalogues'),
        ),
        migrations.AddField(
            model_name='blocker',
            name='agency',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency', verbose_name='cơ quan chịu trách nhiệm'),
        ),
        migrations.AddField(
            model_name='blocker',
            name='procedure',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='blockers', to='procedures.procedure'),
        ),
        migrations.AddField(
            model_name='guide',
            name='procedure',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guides', to='procedures.procedure'),
        ),
        migrations.AddField(
            model_name='guide',
            name='replaces',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='procedures.guide'),
        ),
        migrations.AddField(
            model_name='procedureevent',
            name='procedure',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='procedures.procedure'),
        ),
        migrations.AddConstraint(
            model_name='blocker',
            constraint=models.UniqueConstraint(condition=models.Q(('resolved_at', None)), fields=('procedure', 'kind'), name='procedures_one_open_blocker_of_a_kind'),
        ),
        migrations.AddIndex(
            model_name='guide',
            index=models.Index(fields=['procedure', 'position', 'id'], name='procedures_guides_in_order'),
        ),
        migrations.AddIndex(
            model_name='guide',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['id'], name='procedures_guides_waiting'),
        ),
        migrations.AddConstraint(
            model_name='guide',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'link'), ('url', ''), _connector='XOR'), name='procedures_guide_link_has_url'),
        ),
        migrations.AddIndex(
            model_name='procedureevent',
            index=models.Index(fields=['procedure', '-id'], name='procedures_event_order'),
        ),
        migrations.RunSQL(LOG, NO_LOG),
        migrations.RunSQL(NEVER_FILED, NO_NEVER_FILED),
    ]
