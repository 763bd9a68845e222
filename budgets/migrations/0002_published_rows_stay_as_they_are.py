"""Triggers that refuse every change to publications and to the workflow log, on SQLite and PostgreSQL."""

from django.db import migrations

GUARDED = {
    # table: what an INSERT OR REPLACE would have to collide with
    "budgets_publication": (
        "id = NEW.id OR chain_entry = NEW.chain_entry"
        " OR (department_id = NEW.department_id AND chain_previous = NEW.chain_previous)"
        " OR (department_id = NEW.department_id AND fiscal_year = NEW.fiscal_year"
        " AND stage = NEW.stage AND revision = NEW.revision)"
    ),
    "budgets_logentry": "id = NEW.id",
}
REFUSAL = "published rows and log entries are never changed or deleted"

SQLITE_GUARDS = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END;
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {collision}) BEGIN SELECT RAISE(ABORT, '{refusal}'); END;
"""
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION budgets_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRES_GUARDS = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION budgets_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION budgets_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
"""
GUARDS = {
    "sqlite": ("_no_update", "_no_delete", "_no_replace"),
    "postgresql": ("_no_change", "_no_truncate"),
}


def run(connection, script):
    """Run each statement of a script; a trigger body with semicolons is one statement on SQLite."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in script.split("END;"):
                if statement.strip():
                    cursor.execute(f"{statement}END")
        else:
            cursor.execute(script)


def install(connection, guarded=GUARDED):
    """Put the guards on every guarded table."""
    if connection.vendor == "postgresql":
        run(connection, POSTGRES_FUNCTION.format(refusal=REFUSAL))
    template = SQLITE_GUARDS if connection.vendor == "sqlite" else POSTGRES_GUARDS
    for table, collision in guarded.items():
        run(connection, template.format(table=table, refusal=REFUSAL, collision=collision))


def remove(connection, guarded=GUARDED):
    """Take the guards off: for a migration that must, and for tests that empty their database."""
    on_table = "" if connection.vendor == "sqlite" else " ON {table}"
    with connection.cursor() as cursor:
        for table in guarded:
            for guard in GUARDS[connection.vendor]:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}{guard}{on_table.format(table=table)}")


def forwards(apps, schema_editor):
    install(schema_editor.connection)


def backwards(apps, schema_editor):
    remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("budgets", "0001_portal")]
    operations = [migrations.RunPython(forwards, backwards)]
