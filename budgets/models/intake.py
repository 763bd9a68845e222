"""Files handed in: the file itself, what was read in it, and the state before it was taken in, so that it can be undone."""

from django.conf import settings
from django.db import models

from budgets.models.disclosures import Disclosure


class Intake(models.Model):
    """One file for one disclosure. Nothing of the disclosure changes before it is confirmed (`confirmed_at`)."""

    disclosure = models.ForeignKey(
        Disclosure, models.CASCADE, verbose_name="部门预算公开", related_name="intakes"
    )
    file = models.FileField("文件", upload_to="intake/%Y/%m/", max_length=200)
    name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("字节数", default=0)
    transcribed = models.BooleanField("照录原件", default=False)
    pages_read = models.PositiveIntegerField("已读页数", default=0)
    pages = models.PositiveIntegerField("总页数", default=0)
    # What a worker read, as JSON (importing.taken); blank while it waits, and after it was confirmed.
    taken = models.TextField("读出的内容", blank=True)
    # The ledger as JSON before this file replaced it (domain.snapshots.ledger_dumps).
    before = models.TextField("导入前的内容", blank=True)
    # The ledger as JSON once this file was in it; a review holds the draft against it.
    after = models.TextField("导入后的内容", blank=True)
    report = models.JSONField("导入报告", default=dict, blank=True)
    accepted = models.BooleanField("有差异仍接受", default=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="导入人",
        related_name="+",
        null=True,
        blank=True,
    )
    at = models.DateTimeField("上传时间", auto_now_add=True)
    confirmed_at = models.DateTimeField("导入时间", null=True, blank=True)
    version_after = models.PositiveIntegerField("导入后的修改序号", default=0)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入文件"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.name
