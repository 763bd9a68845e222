"""A department's disclosure of one year and stage while it is worked on, and the log of each step."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from budgets.domain.terms import Stage, Term
from budgets.models.fields import AmountField
from budgets.models.fiscal_years import FiscalYear
from budgets.models.regions import Department


class Status(Term):
    """Where a disclosure stands; only drafts and returned ones can be edited."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已批准"
    PUBLISHED = "published", "已公开"
    WITHDRAWN = "withdrawn", "已撤回"


class Standing(models.Manager["Disclosure"]):
    """The disclosures that were not deleted; a deleted one is found nowhere but where it can be brought back."""

    def get_queryset(self) -> models.QuerySet["Disclosure"]:
        return super().get_queryset().filter(deleted_at=None)


class Disclosure(models.Model):
    """One department, fiscal year and stage: the draft from which each public version is made."""

    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="部门", related_name="disclosures"
    )
    fiscal_year = models.PositiveSmallIntegerField(
        "预算年度", validators=[MinValueValidator(2000), MaxValueValidator(2099)]
    )
    stage = models.CharField("类别", max_length=8, choices=Stage.choices(), default=Stage.BUDGET.value)
    table_set = models.CharField("表样", max_length=40, default="hebei_2023")
    status = models.CharField(
        "状态", max_length=12, choices=Status.choices(), default=Status.DRAFT.value, editable=False
    )
    # Every saved change adds one; a form that carries an older number is refused.
    version = models.PositiveIntegerField("修改序号", default=1, editable=False)
    narrative_title = models.CharField("情况说明标题", max_length=200, blank=True)
    lead = models.TextField("导语", blank=True)
    approved_on = models.DateField(
        "批复日期", null=True, blank=True, help_text="财政部门批复本部门预算的日期。"
    )
    contact = models.CharField("联系方式", max_length=200, blank=True)
    assets_as_of = models.DateField("资产截止日期", null=True, blank=True)
    # Typed where the table set prints it beside “三公”经费; with 事业单位 it is less than 公用经费.
    agency_running_costs = AmountField("机关运行经费")
    # The tables of a document published in the past, as JSON of domain.documents.Sheet: they print as they were.
    given = models.TextField("照录的报表", blank=True, editable=False)
    # What of that document was not taken over, an entry a line.
    left_out = models.TextField("没有照录的内容", blank=True, editable=False)
    states_no_money = models.BooleanField(
        "本部门本年度没有收入和支出",
        default=False,
        help_text="各表都是空表、确实没有收入和支出的，请勾选；有金额的不要勾选。",
    )
    correction_reason = models.TextField("更正原因（公开）", blank=True, editable=False)

    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="提交人",
        related_name="submitted_disclosures",
        null=True,
        blank=True,
        editable=False,
    )
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True, editable=False)
    submitted_hash = models.CharField("提交内容摘要", max_length=64, blank=True, editable=False)
    # The department's own reviewer, before the bureau's turn where the region wants it; void once it goes back.
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="同意人",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    agreed_at = models.DateTimeField("同意时间", null=True, blank=True, editable=False)
    agreed_hash = models.CharField("同意内容摘要", max_length=64, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="批准人",
        related_name="approved_disclosures",
        null=True,
        blank=True,
        editable=False,
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True, editable=False)
    approved_hash = models.CharField("批准内容摘要", max_length=64, blank=True, editable=False)
    returned_reason = models.TextField("退回原因", blank=True, editable=False)
    # The minute at which what was approved becomes public, and who asked for it; until then it can be taken back.
    publish_at = models.DateTimeField("公开时间", null=True, blank=True, editable=False, db_index=True)
    publish_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="公开经办人",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    # The release that was built ahead for it, as publishing.releases names it; nothing points there yet.
    built_release = models.CharField("提前生成的文件版本", max_length=80, blank=True, editable=False)
    # Why the department asks for a correction of what is public, until the bureau opens it or declines.
    correction_asked = models.TextField("申请更正的原因", blank=True, editable=False)
    # A withdrawal that waits for a second person of the bureau, where the region wants one: who asked, why, of which
    # versions (a scope of workflow.withdrawing) and what the latest version was then.
    withdrawal_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="申请撤回人",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    withdrawal_reason = models.TextField("申请撤回的原因", blank=True, editable=False)
    withdrawal_scope = models.CharField("申请撤下的版本", max_length=8, blank=True, editable=False)
    withdrawal_revision = models.PositiveIntegerField(
        "申请撤回时的版本", null=True, blank=True, editable=False
    )
    # A draft that nobody submitted may be deleted; what it held is kept for some days (workflow.deleting).
    deleted_at = models.DateTimeField("删除时间", null=True, blank=True, editable=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="删除人",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("最近变动", auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="最近变动人",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    objects = Standing()
    with_deleted: models.Manager["Disclosure"] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "部门预算公开"
        ordering = ["-fiscal_year", "department", "stage"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "fiscal_year", "stage"],
                condition=Q(deleted_at=None),
                name="one_disclosure_per_department_year_stage",
                violation_error_message="本部门已有这个年度的预算公开。",
            ),
            models.CheckConstraint(
                name="submitter_does_not_approve",
                condition=Q(submitted_by__isnull=True)
                | Q(approved_by__isnull=True)
                | ~Q(submitted_by=F("approved_by")),
                violation_error_message="提交人不能批准自己提交的内容。",
            ),
            models.CheckConstraint(
                name="agreed_by_another_to_what_was_submitted",
                condition=Q(agreed_by__isnull=True, agreed_hash="")
                | (
                    Q(agreed_by__isnull=False, submitted_by__isnull=False, agreed_hash=F("submitted_hash"))
                    & ~Q(agreed_hash="")
                    & ~Q(submitted_by=F("agreed_by"))
                ),
                violation_error_message="同意的是所提交的内容，提交人不能同意自己提交的内容。",
            ),
            models.CheckConstraint(
                name="only_what_was_public_is_asked_to_be_corrected",
                condition=Q(correction_asked="") | Q(status__in=["published", "withdrawn"]),
                violation_error_message="只有公开过的内容才能申请更正。",
            ),
            models.CheckConstraint(
                name="approved_means_by_whom_and_what",
                condition=~Q(status__in=["approved", "published"])
                | (Q(approved_by__isnull=False, submitted_by__isnull=False) & ~Q(approved_hash="")),
                violation_error_message="已批准的内容必须有提交人、批准人和内容摘要。",
            ),
            models.CheckConstraint(
                name="submitted_means_by_whom",
                condition=~Q(status="submitted") | (Q(submitted_by__isnull=False) & ~Q(submitted_hash="")),
                violation_error_message="已提交的内容必须有提交人和内容摘要。",
            ),
            models.CheckConstraint(
                name="scheduled_means_approved_and_by_whom",
                condition=Q(publish_at__isnull=True) | Q(status="approved", publish_asked_by__isnull=False),
                violation_error_message="定了公开时间的内容必须已批准，并有公开经办人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department.name} {self.title}"

    @property
    def title(self) -> str:
        """The name without the department: 2023年部门预算."""
        return f"{self.fiscal_year}年{Stage(self.stage).label}"

    @property
    def state_label(self) -> str:
        """The state in words; a draft that corrects what was published is called so."""
        correcting = self.status == Status.DRAFT and self.correction_reason
        return "更正中" if correcting else Status(self.status).label

    @property
    def editable(self) -> bool:
        """True while rows and words may change; an approved or published disclosure refuses edits."""
        return self.status in (Status.DRAFT, Status.RETURNED)

    @property
    def year_lock(self) -> FiscalYear | None:
        """The year of this disclosure when its bureau locked it: departments change nothing of it. Asks the database."""
        years = FiscalYear.objects.filter(region__departments=self.department_id, locked_at__isnull=False)
        return years.filter(fiscal_year=self.fiscal_year).select_related("locked_by").first()


class Action(Term):
    """What the log records."""

    CREATE = "create", "新建"
    INTAKE = "intake", "导入文件"
    UNDO = "undo", "撤销导入"
    SUBMIT = "submit", "提交"
    RECALL = "recall", "收回"
    RETURN = "return", "退回"
    AGREE = "agree", "部门审核同意"
    APPROVE = "approve", "批准"
    SCHEDULE = "schedule", "定时公开"
    UNSCHEDULE = "unschedule", "撤回定时"
    PUBLISH = "publish", "公开"
    CORRECT = "correct", "启动更正"
    ASK = "ask", "申请更正"
    DECLINE = "decline", "不予更正"
    ASK_WITHDRAWAL = "ask_withdraw", "申请撤回公开"
    KEEP = "keep", "不予撤回"
    WITHDRAW = "withdraw", "撤回公开"
    DELETE = "delete", "删除草稿"
    RESTORE = "restore", "恢复草稿"


class LogEntry(models.Model):
    """One step of the workflow: who did what, when and why. Rows are only ever added (database triggers)."""

    disclosure = models.ForeignKey(
        Disclosure, models.PROTECT, verbose_name="部门预算公开", related_name="log"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+"
    )
    role = models.CharField("当时的角色", max_length=24, blank=True)
    action = models.CharField("事项", max_length=12, choices=Action.choices())
    reason = models.TextField("说明", blank=True)
    version = models.PositiveIntegerField("修改序号")
    content_hash = models.CharField("内容摘要", max_length=64, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["disclosure", "id"]

    def __str__(self) -> str:
        return f"{self.person} {Action(self.action).label}"
