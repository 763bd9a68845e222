"""Subject codes (政府收支分类科目): one list per fiscal year, and what became of the codes of the year before, as data."""

from django.core.validators import RegexValidator
from django.db import models

from budgets.domain.classification import Confidence
from budgets.domain.terms import Term

subject_code = RegexValidator(r"\A[0-9]{3}(?:[0-9]{2}){0,2}\Z", "科目编码是 3、5 或 7 位数字。")

event_code = RegexValidator(r"\A3021[56]\Z", "这里只填 30215 会议费和 30216 培训费。")


class Scheme(Term):
    """Which classification a code belongs to."""

    FUNCTION = "function", "支出功能分类"
    ECONOMIC = "economic", "部门预算支出经济分类"
    GOVERNMENT_ECONOMIC = "government_economic", "政府预算支出经济分类"


class Subject(models.Model):
    """One code of one fiscal year."""

    LEVELS = [(1, "类"), (2, "款"), (3, "项")]

    fiscal_year = models.PositiveSmallIntegerField("预算年度")
    scheme = models.CharField("分类", max_length=24, choices=Scheme.choices())
    code = models.CharField("科目编码", max_length=7, validators=[subject_code])
    name = models.CharField("科目名称", max_length=120)
    level = models.PositiveSmallIntegerField("级次", choices=LEVELS)
    parent_code = models.CharField("上级编码", max_length=5, blank=True)
    budget = models.CharField("所属预算", max_length=24, blank=True)
    confidence = models.CharField(
        "核对程度", max_length=8, choices=Confidence.choices(), default=Confidence.HIGH.value
    )
    basic_group = models.CharField("基本支出归类", max_length=12, blank=True)
    government_code_administrative = models.CharField("对应政府经济科目（行政）", max_length=5, blank=True)
    government_code_institution = models.CharField("对应政府经济科目（事业）", max_length=5, blank=True)
    active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "科目"
        ordering = ["fiscal_year", "scheme", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "scheme", "code"],
                name="one_subject_per_year_and_code",
                violation_error_message="该年度已有这个科目编码。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class SubjectMove(models.Model):
    """From `fiscal_year` on a code stands for an older one; see `domain.crosswalk`."""

    fiscal_year = models.PositiveSmallIntegerField("预算年度", help_text="从这一年起用新编码。")
    scheme = models.CharField(
        "分类", max_length=24, choices=[(s.value, s.label) for s in (Scheme.FUNCTION, Scheme.ECONOMIC)]
    )
    old_code = models.CharField("原编码", max_length=7, validators=[subject_code])
    new_code = models.CharField("新编码", max_length=7, validators=[subject_code])

    class Meta:
        verbose_name = verbose_name_plural = "科目对照"
        ordering = ["fiscal_year", "scheme", "old_code", "new_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "scheme", "old_code", "new_code"], name="one_move_per_year_and_codes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}年 {self.old_code} → {self.new_code}"
