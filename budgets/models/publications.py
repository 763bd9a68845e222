"""What is public: frozen publications, where each stands, and what is served at an address."""

from django.conf import settings
from django.db import models

from budgets.domain.terms import Stage, Term
from budgets.models.disclosures import Disclosure
from budgets.models.regions import Department, Region


class Publication(models.Model):
    """One public version (公开版本). No row is ever changed or deleted: database triggers refuse it."""

    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="部门", related_name="publications"
    )
    disclosure = models.ForeignKey(
        Disclosure, models.PROTECT, verbose_name="部门预算公开", related_name="publications"
    )
    fiscal_year = models.PositiveSmallIntegerField("预算年度")
    stage = models.CharField("类别", max_length=8, choices=Stage.choices())
    revision = models.PositiveIntegerField("修订号")
    payload = models.BinaryField("公开内容")
    payload_hash = models.CharField("内容 SHA-256", max_length=64)
    checks = models.BinaryField("核对清单", null=True, editable=False)  # none before there were certificates
    chain_previous = models.CharField("上一链值", max_length=64)
    chain_entry = models.CharField("链值", max_length=64, unique=True)
    public_reason = models.TextField("公开原因", blank=True)
    published_on = models.DateField("公开日期")
    published_at = models.DateTimeField("公开时间")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="提交人", related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="批准人", related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="公开人", related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "公开版本"
        ordering = ["-fiscal_year", "department", "stage", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "fiscal_year", "stage", "revision"], name="one_publication_per_revision"
            ),
            # One successor per entry: the chain of a department cannot fork.
            models.UniqueConstraint(fields=["department", "chain_previous"], name="chain_does_not_fork"),
            models.CheckConstraint(
                name="publication_submitter_does_not_approve",
                condition=~models.Q(submitted_by=models.F("approved_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department.name} {self.title} r{self.revision}"

    @property
    def title(self) -> str:
        """The name without the department: 2023年部门预算."""
        return f"{self.fiscal_year}年{Stage(self.stage).label}"

    @property
    def content(self) -> bytes:
        """The payload's exact bytes on every database."""
        return bytes(self.payload)

    @property
    def frozen_checks(self) -> bytes:
        """The exact bytes of its certificate; blank where none was frozen."""
        return bytes(self.checks or b"")


class PublicationStatus(Term):
    """Where a publication stands beside its frozen content."""

    CURRENT = "current", "现行"
    SUPERSEDED = "superseded", "已更正"
    WITHDRAWN = "withdrawn", "已撤回"


class PublicationState(models.Model):
    """What may change about a publication: its standing, a missing PDF, and its text for the search."""

    publication = models.OneToOneField(
        Publication, models.PROTECT, primary_key=True, verbose_name="公开版本", related_name="state"
    )
    status = models.CharField(
        "状态",
        max_length=12,
        choices=PublicationStatus.choices(),
        default=PublicationStatus.CURRENT.value,
        db_index=True,
    )
    withdrawn_reason = models.TextField("撤回原因（公开）", blank=True)
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    pdf_pending = models.BooleanField("PDF 待生成", default=False)
    # What lists and the search of the public pages read, so that they never open a payload: see publishing/listing.py.
    text = models.TextField("检索文字", blank=True)
    approved_on = models.DateField("批复日期", null=True, blank=True)
    total = models.DecimalField("收入总计（元）", max_digits=18, decimal_places=2, null=True, blank=True)
    # Every figure by which it is listed and compared, as domain.key_figures keeps them, and of which form they are.
    figures = models.JSONField("主要数", default=dict, blank=True)
    table_set = models.CharField("表样", max_length=40, blank=True)
    contact = models.CharField("联系方式", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公开状态"
        ordering = ["publication"]
        # What was published last and stands is walked to, not sorted out of all that stands.
        indexes = [models.Index(fields=["status", "publication"], name="standing_by_number")]

    def __str__(self) -> str:
        return PublicationStatus(self.status).label


class YearSum(models.Model):
    """What is public of a region's year, for the lists: kept by publishing.year_sums, in the transaction of what changes it.

    Who needs the sums alone defers `listed`, some 60 KB for sixty departments.
    """

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="地区", related_name="year_sums")
    fiscal_year = models.PositiveSmallIntegerField("预算年度")
    departments = models.PositiveIntegerField("已公开部门数", default=0)  # none where all was withdrawn
    spent = models.DecimalField("本年支出（元）", max_digits=20, decimal_places=2, null=True)
    budgets = models.PositiveIntegerField("合计的部门数", default=0)
    listed = models.JSONField(
        "清单", default=list
    )  # what lists read of each version, as year_sums.KEPT names it

    class Meta:
        verbose_name = verbose_name_plural = "年度合计"
        ordering = ["region", "-fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["region", "fiscal_year"], name="one_sum_per_region_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.region.name}{self.fiscal_year}年度"


class SearchEntry(models.Model):
    """A publication that stands, by the grams (domain.word_grams) of its words: what the search walks, newest year first.

    Written and deleted with the standing, in one transaction (publishing.word_index). The database itself keeps the
    index over `grams`: an FTS5 table by triggers on SQLite, a GIN index on PostgreSQL.
    """

    # The year before the number of the publication (`publishing.word_index.key_of`): the order of what is found.
    id = models.BigIntegerField(primary_key=True)
    publication = models.OneToOneField(
        Publication, models.PROTECT, verbose_name="公开版本", related_name="search_entry"
    )
    grams = models.TextField("检索词元")

    class Meta:
        verbose_name = verbose_name_plural = "检索条目"

    def __str__(self) -> str:
        return str(self.publication)


class Release(models.Model):
    """The pointer of one address (department, year, stage) to the built files that are served there."""

    department = models.ForeignKey(Department, models.PROTECT, verbose_name="部门", related_name="releases")
    fiscal_year = models.PositiveSmallIntegerField("预算年度")
    stage = models.CharField("类别", max_length=8, choices=Stage.choices())
    # Folder below PUBLISHED_ROOT/releases.
    name = models.CharField("文件版本", max_length=80)
    at = models.DateTimeField("生效时间")

    class Meta:
        verbose_name = verbose_name_plural = "公开地址"
        ordering = ["department", "-fiscal_year", "stage"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "fiscal_year", "stage"], name="one_release_per_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department.name} {self.fiscal_year} {self.name}"
