"""Many files handed in together by the finance bureau: each read on its own, with what became of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from budgets.domain.terms import Term
from budgets.models.disclosures import Disclosure
from budgets.models.intake import Intake
from budgets.models.regions import Department, Region


class Batch(models.Model):
    """Files that one person handed in at one time for the departments of a region."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="地区", related_name="batches")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", related_name="+"
    )
    transcribed = models.BooleanField("照录原件", default=False)
    at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "批量导入"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.region} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class FileState(Term):
    """Where a file of a batch stands."""

    QUEUED = "queued", "等待读取"
    READING = "reading", "正在读取"
    READ = "read", "已读"
    CHOSEN = "chosen", "等待导入"
    TAKING = "taking", "正在导入"


class Verdict(Term):
    """What a file that was read is found to be."""

    FITS = "fits", "对得上"
    DIFFERS = "differs", "不一致"
    UNKNOWN = "unknown", "认不出"
    DOUBLE = "double", "重复"
    TAKEN = "taken", "已导入"


class BatchFile(models.Model):
    """One file: whose it is, what stands against it and what to do, and the draft that it became."""

    batch = models.ForeignKey(Batch, models.CASCADE, verbose_name="批次", related_name="files")
    position = models.PositiveIntegerField("序号")
    file = models.FileField("文件", upload_to="intake/%Y/%m/", max_length=200)
    name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("字节数", default=0)
    state = models.CharField(
        "进度", max_length=8, choices=FileState.choices(), default=FileState.QUEUED.value, db_index=True
    )
    verdict = models.CharField("结果", max_length=8, choices=Verdict.choices(), blank=True)
    reason = models.TextField("原因", blank=True)
    remedy = models.TextField("怎么办", blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="部门", related_name="+", null=True, blank=True
    )
    fiscal_year = models.PositiveSmallIntegerField("预算年度", null=True, blank=True)
    table_set = models.CharField("表样", max_length=40, blank=True)
    # What was read, as JSON (importing.taken), until the file is in a draft.
    taken = models.TextField("读出的内容", blank=True)
    disclosure = models.ForeignKey(
        Disclosure, models.SET_NULL, verbose_name="部门预算公开", related_name="+", null=True, blank=True
    )
    intake = models.ForeignKey(
        Intake, models.SET_NULL, verbose_name="导入", related_name="+", null=True, blank=True
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="确认人",
        related_name="+",
        null=True,
        blank=True,
    )
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    beat_at = models.DateTimeField("最近活动", null=True, blank=True)  # as that of a job

    class Meta:
        verbose_name = verbose_name_plural = "批量导入的文件"
        ordering = ["batch", "position"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="one_file_per_position")]

    def __str__(self) -> str:
        return self.name
