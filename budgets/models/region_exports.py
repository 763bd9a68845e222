"""What the bureau takes along of a region's year: made by a worker, kept for thirty days, then made anew on request."""

from datetime import timedelta

from django.db import models

from budgets.domain.terms import Term
from budgets.models.jobs import Work
from budgets.models.regions import Region

KEPT = timedelta(days=30)


class ExportKind(Term):
    """What is made of a year."""

    BOOK = "book", "部门预算公开汇编（PDF）"
    TABLES = "tables", "汇总表（PDF）"
    ARCHIVE = "archive", "各部门文件（ZIP）"
    SITE = "site", "公开网站（ZIP）"  # of the whole region, whatever the year


class Export(Work):
    """One such file. `wanted` narrows it: the file's kind and the disclosures of an archive, the set of the tables."""

    kind = models.CharField("内容", max_length=12, choices=ExportKind.choices())
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="地区", related_name="exports")
    fiscal_year = models.PositiveSmallIntegerField("预算年度")
    wanted = models.JSONField("要求", default=dict, blank=True)
    done = models.PositiveIntegerField("已完成", default=0)
    of = models.PositiveIntegerField("共", default=0)
    size = models.PositiveBigIntegerField("字节数", default=0)

    class Meta(Work.Meta):
        verbose_name = verbose_name_plural = "导出"

    def __str__(self) -> str:
        return f"{self.region.name}{self.fiscal_year}年{ExportKind(self.kind).label}"

    @property
    def progress(self) -> str:
        """How far it is, in words; blank when there is nothing to say yet."""
        if self.waits_long:
            return "还在排队；几分钟后仍没有开始，请联系管理员"
        return f"{self.done}／{self.of}" if self.of else ""
