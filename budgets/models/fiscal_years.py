"""A region's year (预算年度) as its finance bureau opens it: table sets, dates of approval, texts to start from, the lock."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from budgets.models.regions import Department, Region

FIRST, LAST = 2000, 2099


class FiscalYear(models.Model):
    """A year that the bureau of a region opened; departments start their disclosures in open years alone.

    `approved_on` is the date of approval (批复日期) of all departments that have none of their own in DepartmentYear;
    None when the bureau named none. While `locked_at` is set, departments change and hand in nothing of the year.
    """

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="地区", related_name="fiscal_years")
    fiscal_year = models.PositiveSmallIntegerField(
        "预算年度", validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)]
    )
    table_set = models.CharField("表样", max_length=40)
    approved_on = models.DateField("批复日期", null=True, blank=True)
    # Every saved change adds one; a form that carries an older number is refused.
    version = models.PositiveIntegerField("修改序号", default=1)
    opened_at = models.DateTimeField("开放时间")
    # None for a year that had disclosures before years were opened.
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="开放人",
        related_name="+",
        null=True,
        blank=True,
    )
    locked_at = models.DateTimeField("锁定时间", null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="锁定人",
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = verbose_name_plural = "预算年度"
        ordering = ["region", "-fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "fiscal_year"],
                name="one_fiscal_year_per_region",
                violation_error_message="本地区已开放这个年度。",
            ),
            models.CheckConstraint(
                name="year_is_locked_by_somebody",
                condition=models.Q(locked_at__isnull=True, locked_by__isnull=True)
                | models.Q(locked_at__isnull=False, locked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region}{self.fiscal_year}年度"

    @property
    def locked(self) -> bool:
        return self.locked_at is not None

    @property
    def lock_told(self) -> str:
        """The lock in words, as departments read it; blank without one."""
        if self.locked_at is None:
            return ""
        when = f"{timezone.localtime(self.locked_at):%Y-%m-%d %H:%M}"
        return (
            f"{self.fiscal_year}年度已由财政局锁定（{when} {self.locked_by}），"
            "内容不能改动和提交。要改动，先由财政局解除锁定。"
        )


class DepartmentYear(models.Model):
    """What of a year is otherwise for one department; a blank is as for all."""

    year = models.ForeignKey(FiscalYear, models.CASCADE, verbose_name="预算年度", related_name="departments")
    department = models.ForeignKey(Department, models.CASCADE, verbose_name="部门", related_name="years")
    table_set = models.CharField("表样", max_length=40, blank=True)
    approved_on = models.DateField("批复日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "部门年度"
        ordering = ["year", "department"]
        constraints = [
            models.UniqueConstraint(fields=["year", "department"], name="one_department_year_per_department")
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.year}"


class ChapterText(models.Model):
    """The text that the bureau gives a chapter of a year to start from, for disclosures of one table set."""

    year = models.ForeignKey(FiscalYear, models.CASCADE, verbose_name="预算年度", related_name="texts")
    table_set = models.CharField("表样", max_length=40)
    chapter = models.SlugField("章", max_length=60)
    text = models.TextField("起草文字")

    class Meta:
        verbose_name = verbose_name_plural = "起草文字"
        ordering = ["year", "table_set", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "table_set", "chapter"], name="one_text_per_chapter_and_table_set"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.chapter}"
