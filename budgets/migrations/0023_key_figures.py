"""The figures of what is public already, read from its frozen content."""

from django.db import migrations, models

from budgets.domain.key_figures import key_figures, stored
from budgets.domain.snapshots import loads


def fill(apps, schema_editor):
    """A row at a time, so that no memory grows with what was published; what has another schema stays without."""
    publications = apps.get_model("budgets", "Publication").objects
    states = apps.get_model("budgets", "PublicationState").objects
    for number in states.values_list("pk", flat=True):
        try:
            _, document = loads(bytes(publications.values_list("payload", flat=True).get(pk=number)))
        except (ValueError, KeyError):  # a row for a load test holds no document
            continue
        states.filter(pk=number).update(
            figures=stored(key_figures(document)), table_set=document.table_set, contact=document.contact
        )


class Migration(migrations.Migration):
    dependencies = [("budgets", "0022_signatures_of_a_version")]

    operations = [
        migrations.AddField(
            model_name="publicationstate",
            name="figures",
            field=models.JSONField(blank=True, default=dict, verbose_name="主要数"),
        ),
        migrations.AddField(
            model_name="publicationstate",
            name="table_set",
            field=models.CharField(blank=True, max_length=40, verbose_name="表样"),
        ),
        migrations.AddField(
            model_name="publicationstate",
            name="contact",
            field=models.CharField(blank=True, max_length=200, verbose_name="联系方式"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
