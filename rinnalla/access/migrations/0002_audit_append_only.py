"""On PostgreSQL the database itself refuses to change or delete audit events."""

from django.db import migrations

TRIGGER = """
CREATE FUNCTION access_audit_append_only() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'audit events are append-only';
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER access_audit_append_only
BEFORE UPDATE OR DELETE ON access_auditevent
FOR EACH ROW EXECUTE FUNCTION access_audit_append_only();
"""


def add_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TRIGGER)


class Migration(migrations.Migration):
    dependencies = [("access", "0001_first")]
    operations = [migrations.RunPython(add_trigger, migrations.RunPython.noop)]
