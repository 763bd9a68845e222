"""How much was handed in on a day, by a person and for a department: what the limits of uploads count."""

from django.conf import settings
from django.db import models

from budgets.models.regions import Department


class UploadCount(models.Model):
    """The files of one day (Beijing's), of one person or of one department; also of those that were not kept in the end."""

    day = models.DateField("日期")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="人员", related_name="+", null=True, blank=True
    )
    department = models.ForeignKey(
        Department, models.CASCADE, verbose_name="部门", related_name="+", null=True, blank=True
    )
    files = models.PositiveIntegerField("文件数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "上传计数"
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["day", "person"], name="one_upload_count_per_person_and_day"),
            models.UniqueConstraint(
                fields=["day", "department"], name="one_upload_count_per_department_and_day"
            ),
            models.CheckConstraint(
                name="upload_count_has_one_owner",
                condition=models.Q(person=None, department__isnull=False)
                | models.Q(person__isnull=False, department=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.person or self.department}"
