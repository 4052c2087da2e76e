from django.db import migrations

SEAL = """
CREATE FUNCTION procedures_keep_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- What may still happen to a published version: its place in life, its doors, and columns made from others.
    free text[] := ARRAY['status', 'effective_to', 'is_fileable', 'online_level', 'opens_at', 'closes_at',
        'published_on_national_db_on', 'name_words', 'name_sort', 'title_search', 'body_search', 'updated_at'];
BEGIN
    IF OLD.is_sealed AND (TG_OP = 'DELETE' OR to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free) THEN
        RAISE EXCEPTION 'a published version does not change: % of version % refused', TG_OP, OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER procedures_version_sealed BEFORE UPDATE OR DELETE ON procedures_procedureversion
    FOR EACH ROW WHEN (OLD.is_sealed) EXECUTE FUNCTION procedures_keep_sealed();

CREATE FUNCTION procedures_keep_sealed_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.version_id] WHEN 'DELETE' THEN ARRAY[OLD.version_id]
        ELSE ARRAY[OLD.version_id, NEW.version_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM procedures_procedureversion WHERE id = ANY(touched) AND is_sealed) THEN
        RAISE EXCEPTION 'a published version does not change: % of % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION procedures_keep_sealed_fee() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.channel_id] WHEN 'DELETE' THEN ARRAY[OLD.channel_id]
        ELSE ARRAY[OLD.channel_id, NEW.channel_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM procedures_submissionchannel channel
            JOIN procedures_procedureversion version ON version.id = channel.version_id
            WHERE channel.id = ANY(touched) AND version.is_sealed) THEN
        RAISE EXCEPTION 'a published version does not change: % of % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER procedures_fee_sealed BEFORE INSERT OR UPDATE OR DELETE ON procedures_feeline
    FOR EACH ROW EXECUTE FUNCTION procedures_keep_sealed_fee();

CREATE FUNCTION procedures_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of versions is append-only: % refused', TG_OP USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER procedures_version_event_append_only BEFORE UPDATE OR DELETE ON procedures_versionevent
    FOR EACH ROW EXECUTE FUNCTION procedures_refuse_change();
"""

PARTS = ("submissionchannel", "component", "legalbasis", "resulttype", "workflowstep", "procedurelink")
for part in PARTS:
    SEAL += f"""
CREATE TRIGGER procedures_{part}_sealed BEFORE INSERT OR UPDATE OR DELETE ON procedures_{part}
    FOR EACH ROW EXECUTE FUNCTION procedures_keep_sealed_part();
"""

UNDO = """
DROP TRIGGER procedures_version_event_append_only ON procedures_versionevent;
DROP TRIGGER procedures_fee_sealed ON procedures_feeline;
DROP TRIGGER procedures_version_sealed ON procedures_procedureversion;
"""
for part in PARTS:
    UNDO += f"DROP TRIGGER procedures_{part}_sealed ON procedures_{part};\n"
UNDO += """
DROP FUNCTION procedures_refuse_change();
DROP FUNCTION procedures_keep_sealed_fee();
DROP FUNCTION procedures_keep_sealed_part();
DROP FUNCTION procedures_keep_sealed();
"""


class Migration(migrations.Migration):
    """A published version never changes, and the database itself says so."""

    dependencies = [("procedures", "0005_versions")]
    operations = [migrations.RunSQL(SEAL, UNDO)]
