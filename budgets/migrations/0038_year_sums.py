"""What is public of each region's year, counted and added up, for the first page: filled from what stands."""

import django.db.models.deletion
from django.db import migrations, models

from budgets.domain.key_figures import SPENT, read, sums
from budgets.publishing.containing import inside


def fill(apps, schema_editor):
    """As publishing.year_sums adds up, with the models of this moment."""
    publications, departments, year_sums = (
        apps.get_model("budgets", name).objects for name in ("Publication", "Department", "YearSum")
    )
    years = publications.order_by("department__region", "fiscal_year")
    for region, year in list(years.values_list("department__region", "fiscal_year").distinct()):
        current = publications.filter(department__region=region, fiscal_year=year, state__status="current")
        rows = list(current.order_by().values_list("department", "stage", "state__figures"))
        there = {key for key, _, _ in rows}
        within = inside(departments.filter(region=region), there)
        added = sums(read(figures) for key, stage, figures in rows if stage == "budget" and key not in within)
        spent = added.get(SPENT)
        year_sums.create(
            region_id=region, fiscal_year=year, departments=len(there),
            spent=spent.amount if spent else None, budgets=spent.of if spent else 0,
        )  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ('budgets', '0037_withdrawal_by_two'),
    ]

    operations = [
        migrations.CreateModel(
            name='YearSum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='预算年度')),
                ('departments', models.PositiveIntegerField(default=0, verbose_name='已公开部门数')),
                ('spent', models.DecimalField(decimal_places=2, max_digits=20, null=True, verbose_name='本年支出（元）')),
                ('budgets', models.PositiveIntegerField(default=0, verbose_name='合计的部门数')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='year_sums', to='budgets.region', verbose_name='地区')),
            ],
            options={
                'verbose_name': '年度合计',
                'verbose_name_plural': '年度合计',
                'ordering': ['region', '-fiscal_year'],
                'constraints': [models.UniqueConstraint(fields=('region', 'fiscal_year'), name='one_sum_per_region_and_year')],
            },
        ),
        migrations.AddIndex(
            model_name='publicationstate',
            index=models.Index(fields=['status', 'publication'], name='standing_by_number'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
