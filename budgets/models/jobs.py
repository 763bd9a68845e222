"""Work that goes on in the background, with its outcome in words for the person who asked for it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from budgets.domain.terms import Term
from budgets.models.disclosures import Disclosure
from budgets.models.intake import Intake

LONG_WAIT = timedelta(seconds=20)  # a worker looks for work every second


class JobKind(Term):
    """What is to be done."""

    PUBLISH = "publish", "公开"
    PREVIEW = "preview", "生成预览 PDF"
    PDF = "pdf", "补生成 PDF"
    READ = "read", "读取文件"
    AHEAD = "ahead", "提前生成文件"


class JobState(Term):
    """Where a job stands."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


class Work(models.Model):
    """What a worker does for a person: where it stands, and how it ended in words."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+"
    )
    # Where the person asked from: what the worker does for them is told in the audit trail with it.
    address = models.CharField("来自地址", max_length=64, blank=True)
    state = models.CharField(
        "状态", max_length=12, choices=JobState.choices(), default=JobState.QUEUED.value, db_index=True
    )
    message = models.TextField("结果", blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    queued_at = models.DateTimeField("提出时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    # The worker says every few seconds that it is still at it; one that was silent for longer is dead.
    beat_at = models.DateTimeField("最近活动", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-id"]

    @property
    def finished(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)

    @property
    def waits_long(self) -> bool:
        """True when no worker has taken it up, though one looks for work every second."""
        return self.state == JobState.QUEUED and timezone.now() - self.queued_at > LONG_WAIT


class Jobs(models.QuerySet["Job"]):
    """Jobs, and those of them that the person waits for."""

    def publishing(self) -> "Jobs":
        """Publications under way: asked for, not finished, and not waiting for their minute."""
        its_minute = models.Q(due_at__lte=timezone.now(), due_at=models.F("disclosure__publish_at"))
        begun = models.Q(due_at=None) | its_minute
        return self.filter(begun, kind=JobKind.PUBLISH, state__in=(JobState.QUEUED, JobState.RUNNING))


class Job(Work):
    """One job on one disclosure. `version` is what the person saw when asking for it; it begins at `due_at`, if any."""

    kind = models.CharField("事项", max_length=12, choices=JobKind.choices())
    disclosure = models.ForeignKey(
        Disclosure, models.CASCADE, verbose_name="部门预算公开", related_name="jobs"
    )
    version = models.PositiveIntegerField("修改序号")
    intake = models.ForeignKey(
        Intake, models.CASCADE, verbose_name="文件", related_name="jobs", null=True, blank=True
    )
    due_at = models.DateTimeField("不早于", null=True, blank=True)

    objects = Jobs.as_manager()

    class Meta(Work.Meta):
        verbose_name = verbose_name_plural = "后台任务"

    def __str__(self) -> str:
        return f"{JobKind(self.kind).label}：{self.disclosure}"

    @property
    def progress(self) -> str:
        """How far a job is that is not finished, to follow what it does; blank when there is nothing to say yet."""
        if self.intake is not None and self.intake.pages:
            return f"，已读 {self.intake.pages_read}／{self.intake.pages} 页"
        if self.waits_long:
            return "，还在排队；可以先做别的，几分钟后仍没有开始，请联系管理员"
        return ""
