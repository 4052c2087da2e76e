from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION dossiers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER dossiers_event_append_only BEFORE UPDATE OR DELETE ON dossiers_dossierevent
    FOR EACH ROW EXECUTE FUNCTION dossiers_refuse_change();
CREATE TRIGGER dossiers_event_no_truncate BEFORE TRUNCATE ON dossiers_dossierevent
    FOR EACH STATEMENT EXECUTE FUNCTION dossiers_refuse_change();
"""

UNDO = """
DROP TRIGGER dossiers_event_no_truncate ON dossiers_dossierevent;
DROP TRIGGER dossiers_event_append_only ON dossiers_dossierevent;
DROP FUNCTION dossiers_refuse_change();
"""


class Migration(migrations.Migration):
    """History is append-only, and the database itself says so."""

    dependencies = [("dossiers", "0001_initial")]
    operations = [migrations.RunSQL(APPEND_ONLY, UNDO)]
