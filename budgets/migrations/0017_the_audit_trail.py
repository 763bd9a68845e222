"""The audit trail, with triggers that refuse every change to it, on SQLite and PostgreSQL."""

from importlib import import_module

from django.db import migrations, models


EARLIER = import_module("budgets.migrations.0002_published_rows_stay_as_they_are")
REMARKS = import_module("budgets.migrations.0014_review_comments_and_signatures")
TRAIL = {
    # table: what an INSERT OR REPLACE would have to collide with
    "budgets_auditentry": (
        "id = NEW.id OR (region = NEW.region AND (number = NEW.number OR previous = NEW.previous))"
    ),
}
GUARDED = EARLIER.GUARDED | REMARKS.GUARDED | TRAIL  # every table that is guarded by now


def install(connection, guarded=GUARDED):
    """Put the guards on the tables."""
    EARLIER.install(connection, guarded)


def remove(connection, guarded=GUARDED):
    """Take the guards off: for a migration that must, and for tests that empty their database."""
    EARLIER.remove(connection, guarded)


def forwards(apps, schema_editor):
    install(schema_editor.connection, TRAIL)


def backwards(apps, schema_editor):
    remove(schema_editor.connection, TRAIL)


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0016_exports_of_a_year"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=6, unique=True, verbose_name="地区")),
                ("number", models.PositiveIntegerField(default=0, verbose_name="序号")),
                (
                    "entry",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000",
                        max_length=64,
                        verbose_name="链值",
                    ),
                ),
            ],
            options={
                "verbose_name": "审计链链头",
                "verbose_name_plural": "审计链链头",
            },
        ),
        migrations.CreateModel(
            name="AuditPending",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=6, verbose_name="地区")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="至")),
                ("username", models.CharField(blank=True, max_length=150, verbose_name="用户名")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="姓名")),
                ("role", models.CharField(blank=True, max_length=24, verbose_name="当时的角色")),
                ("address", models.CharField(blank=True, max_length=64, verbose_name="来自地址")),
                ("action", models.CharField(max_length=16, verbose_name="事项")),
                ("kind", models.CharField(blank=True, max_length=32, verbose_name="对象类别")),
                ("object_id", models.CharField(blank=True, max_length=32, verbose_name="对象编号")),
                ("about", models.CharField(blank=True, max_length=400, verbose_name="对象")),
                ("department", models.CharField(blank=True, max_length=12, verbose_name="部门编码")),
                ("change", models.TextField(default="{}", verbose_name="改动")),
                ("key", models.CharField(blank=True, db_index=True, max_length=200, verbose_name="合并")),
                ("held", models.TextField(blank=True, verbose_name="改动以前")),
                ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="合并到")),
            ],
            options={
                "verbose_name": "待入链的审计记录",
                "verbose_name_plural": "待入链的审计记录",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="job",
            name="address",
            field=models.CharField(blank=True, max_length=64, verbose_name="来自地址"),
        ),
        migrations.AddField(
            model_name="export",
            name="address",
            field=models.CharField(blank=True, max_length=64, verbose_name="来自地址"),
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=6, verbose_name="地区")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="至")),
                ("username", models.CharField(blank=True, max_length=150, verbose_name="用户名")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="姓名")),
                ("role", models.CharField(blank=True, max_length=24, verbose_name="当时的角色")),
                ("address", models.CharField(blank=True, max_length=64, verbose_name="来自地址")),
                ("action", models.CharField(max_length=16, verbose_name="事项")),
                ("kind", models.CharField(blank=True, max_length=32, verbose_name="对象类别")),
                ("object_id", models.CharField(blank=True, max_length=32, verbose_name="对象编号")),
                ("about", models.CharField(blank=True, max_length=400, verbose_name="对象")),
                ("department", models.CharField(blank=True, max_length=12, verbose_name="部门编码")),
                ("change", models.TextField(default="{}", verbose_name="改动")),
                ("number", models.PositiveIntegerField(verbose_name="序号")),
                ("previous", models.CharField(max_length=64, verbose_name="上一链值")),
                ("entry", models.CharField(max_length=64, verbose_name="链值")),
            ],
            options={
                "verbose_name": "审计日志",
                "verbose_name_plural": "审计日志",
                "ordering": ["region", "-number"],
                "indexes": [
                    models.Index(fields=["region", "at"], name="audit_by_time"),
                    models.Index(fields=["region", "username", "number"], name="audit_by_person"),
                    models.Index(fields=["region", "action", "number"], name="audit_by_action"),
                    models.Index(fields=["region", "department", "number"], name="audit_by_department"),
                    models.Index(fields=["kind", "object_id", "number"], name="audit_by_object"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "number"), name="one_audit_entry_per_number"),
                    models.UniqueConstraint(fields=("region", "previous"), name="audit_chain_does_not_fork"),
                ],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
