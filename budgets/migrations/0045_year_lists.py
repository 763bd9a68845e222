"""What the lists of a region's year read of each version stands in one row: filled from what was published."""

from datetime import date

from django.db import migrations, models

KEPT = (
    "department", "stage", "revision", "published_on", "state__status", "state__approved_on", "state__withdrawn_on",
    "state__table_set", "state__figures", "payload_hash", "pk",
)  # fmt: skip


def fill(apps, schema_editor):
    """As publishing.year_sums lists, with the models of this moment; a year at a time."""
    publications = apps.get_model("budgets", "Publication").objects
    for kept in apps.get_model("budgets", "YearSum").objects.all():
        year = publications.filter(department__region=kept.region_id, fiscal_year=kept.fiscal_year).order_by("pk")
        kept.listed = [
            [value.isoformat() if isinstance(value, date) else value for value in row]
            for row in year.values_list(*KEPT)
        ]
        kept.save()


class Migration(migrations.Migration):

    dependencies = [
        ('budgets', '0041_goal_costs'),
    ]

    operations = [
        migrations.AddField(
            model_name='yearsum',
            name='listed',
            field=models.JSONField(default=list, verbose_name='清单'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
