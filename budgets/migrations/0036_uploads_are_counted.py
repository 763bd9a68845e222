"""What is handed in is counted, and files of batches have a size; that of those handed in before stays 0."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('budgets', '0034_beats'),
    ]

    operations = [
        migrations.AddField(
            model_name='batchfile',
            name='size',
            field=models.PositiveBigIntegerField(default=0, verbose_name='字节数'),
        ),
        migrations.CreateModel(
            name='UploadCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='日期')),
                ('files', models.PositiveIntegerField(default=0, verbose_name='文件数')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='budgets.department', verbose_name='部门')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='人员')),
            ],
            options={
                'verbose_name': '上传计数',
                'verbose_name_plural': '上传计数',
                'ordering': ['day', 'id'],
                'constraints': [models.UniqueConstraint(fields=('day', 'person'), name='one_upload_count_per_person_and_day'), models.UniqueConstraint(fields=('day', 'department'), name='one_upload_count_per_department_and_day'), models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', False), ('person', None)), models.Q(('department', None), ('person__isnull', False)), _connector='OR'), name='upload_count_has_one_owner')],
            },
        ),
    ]
