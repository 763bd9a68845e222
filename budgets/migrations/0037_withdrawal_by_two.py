"""Withdrawal by two persons. The column of the regions makes their table anew on SQLite, so its index is guarded again."""

import importlib

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SEARCH = importlib.import_module("budgets.migrations.0026_search_index")


def guard(apps, schema_editor):
    SEARCH.guard(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('budgets', '0036_uploads_are_counted'),
    ]

    operations = [
        migrations.AddField(
            model_name='disclosure',
            name='withdrawal_asked_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请撤回人'),
        ),
        migrations.AddField(
            model_name='disclosure',
            name='withdrawal_reason',
            field=models.TextField(blank=True, editable=False, verbose_name='申请撤回的原因'),
        ),
        migrations.AddField(
            model_name='disclosure',
            name='withdrawal_revision',
            field=models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name='申请撤回时的版本'),
        ),
        migrations.AddField(
            model_name='disclosure',
            name='withdrawal_scope',
            field=models.CharField(blank=True, editable=False, max_length=8, verbose_name='申请撤下的版本'),
        ),
        migrations.AddField(
            model_name='region',
            name='withdrawal_confirmed',
            field=models.BooleanField(default=False, help_text='打开后，财政局一人申请撤回并写明原因，由另一人确认才撤下；确认以前公开的内容不变。', verbose_name='撤回公开要由另一人确认'),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='logentry',
            name='action',
            field=models.CharField(choices=[('create', '新建'), ('intake', '导入文件'), ('undo', '撤销导入'), ('submit', '提交'), ('recall', '收回'), ('return', '退回'), ('agree', '部门审核同意'), ('approve', '批准'), ('schedule', '定时公开'), ('unschedule', '撤回定时'), ('publish', '公开'), ('correct', '启动更正'), ('ask', '申请更正'), ('decline', '不予更正'), ('ask_withdraw', '申请撤回公开'), ('keep', '不予撤回'), ('withdraw', '撤回公开'), ('delete', '删除草稿'), ('restore', '恢复草稿')], max_length=12, verbose_name='事项'),
        ),
    ]
