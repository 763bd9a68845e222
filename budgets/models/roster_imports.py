"""Lists that somebody handed in, and what was made of them: 名单导入 of departments and people, 科目导入 of a year's codes."""

from django.conf import settings
from django.db import models

from budgets.models.regions import Region


class ListImport(models.Model):
    """A list as it was read (`importing.rosters`, as JSON). Nothing of it counts until it is confirmed."""

    name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    roster = models.JSONField("名单")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="导入人", related_name="+"
    )
    at = models.DateTimeField("上传时间", auto_now_add=True)
    confirmed_at = models.DateTimeField("导入时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    # What was made and changed (`Made` of `workflow.roster_taking` or `MadeSubjects` of `subject_taking`, as JSON): undoing goes by it.
    made = models.JSONField("导入结果", default=dict, blank=True)

    class Meta:
        abstract = True


class RosterImport(ListImport):
    """A list of departments and people."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="地区", related_name="roster_imports")

    class Meta:
        verbose_name = verbose_name_plural = "名单导入"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.region} {self.name}"


class SubjectImport(ListImport):
    """A list of subject codes of one fiscal year; `whole` when what it does not name is out of use."""

    fiscal_year = models.PositiveSmallIntegerField("预算年度")
    whole = models.BooleanField("完整的科目表", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "科目导入"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.fiscal_year}年科目 {self.name}"
