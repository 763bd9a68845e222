"""名单导入: an Excel list of departments and people that somebody handed in, and what was made of it."""

from django.conf import settings
from django.db import models

from budgets.models.regions import Region


class RosterImport(models.Model):
    """A list as it was read (`importing.rosters`, as JSON). Nothing of it counts until it is confirmed."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="地区", related_name="roster_imports")
    name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    roster = models.JSONField("名单")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="导入人", related_name="+"
    )
    at = models.DateTimeField("上传时间", auto_now_add=True)
    confirmed_at = models.DateTimeField("导入时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    # What was made and changed (`workflow.roster_plans.Made`, as JSON): undoing goes by it.
    made = models.JSONField("导入结果", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "名单导入"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.region} {self.name}"
