"""The public's questions. The column of the regions makes their table anew on SQLite, so its index is guarded again."""

import importlib

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SEARCH = importlib.import_module("budgets.migrations.0026_search_index")


def guard(apps, schema_editor):
    SEARCH.guard(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('budgets', '0027_population_of_a_region'),
    ]

    operations = [
        migrations.AddField(
            model_name='region',
            name='questions_open',
            field=models.BooleanField(default=False, help_text='打开后，每个数的页面上有提问的表单：部门拟答复，财政局公开或者不予公开，公开的问答人人可见。不打开，只给出部门的联系方式。', verbose_name='公众可以就公开的数提问'),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='export',
            name='kind',
            field=models.CharField(choices=[('book', '部门预算公开汇编（PDF）'), ('tables', '汇总表（PDF）'), ('archive', '各部门文件（ZIP）'), ('site', '公开网站（ZIP）')], max_length=12, verbose_name='内容'),
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='预算年度')),
                ('stage', models.CharField(choices=[('budget', '部门预算'), ('final', '部门决算')], max_length=8, verbose_name='类别')),
                ('revision', models.PositiveIntegerField(verbose_name='问的是第几版')),
                ('cell', models.CharField(max_length=120, verbose_name='位置')),
                ('printed', models.CharField(max_length=400, verbose_name='问的数')),
                ('text', models.TextField(verbose_name='问题')),
                ('email', models.EmailField(blank=True, editable=False, max_length=254, verbose_name='回复邮箱')),
                ('source', models.CharField(blank=True, editable=False, max_length=64, verbose_name='来源')),
                ('asked_at', models.DateTimeField(verbose_name='提问时间')),
                ('state', models.CharField(choices=[('waiting', '待答复'), ('answered', '待公开'), ('published', '已答复'), ('refused', '不予公开')], default='waiting', max_length=10, verbose_name='状态')),
                ('answer', models.TextField(blank=True, verbose_name='答复')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='办理时间')),
                ('reason', models.TextField(blank=True, verbose_name='退回或不予公开的原因')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答复人')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='办理人')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='budgets.department', verbose_name='部门')),
            ],
            options={
                'verbose_name': '公众提问',
                'verbose_name_plural': '公众提问',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['department', 'fiscal_year', 'stage', 'state', 'cell', '-decided_at'], name='questions_of_a_number'), models.Index(fields=['department', 'fiscal_year', 'stage', 'state', '-decided_at'], name='questions_of_a_disclosure'), models.Index(fields=['department', 'state'], name='questions_by_state'), models.Index(condition=models.Q(('source', ''), _negated=True), fields=['source', 'asked_at'], name='questions_of_a_source')],
                'constraints': [models.CheckConstraint(condition=models.Q(('answer', ''), ('state', 'published'), _negated=True), name='a_public_question_is_answered'), models.CheckConstraint(condition=models.Q(('reason', ''), ('state', 'refused'), _negated=True), name='a_refused_question_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('published', 'refused')), _negated=True), ('email', ''), _connector='OR'), name='no_email_of_what_is_decided')],
            },
        ),
    ]
