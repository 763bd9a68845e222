"""A publication keeps its certificate of checks; those published before have none. The column is added in place, so the guards stay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budgets", "0023_key_figures")]
    operations = [
        migrations.AddField(
            "publication", "checks", models.BinaryField("核对清单", null=True, editable=False)
        ),
    ]
