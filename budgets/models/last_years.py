"""Last year's amounts as the forms of a region print them beside this year's."""

from django.db import models

from budgets.models.disclosures import Disclosure
from budgets.models.fields import AmountField


class LastYearLine(models.Model):
    """One amount (yuan) of last year: the table, the column and the row of this year that it stands beside."""

    disclosure = models.ForeignKey(Disclosure, models.CASCADE, verbose_name="部门预算公开")
    table = models.CharField("表", max_length=64)
    column = models.CharField("栏", max_length=64)
    row = models.CharField("科目编码或项目", max_length=64)
    amount = AmountField("上年数")

    class Meta:
        verbose_name = verbose_name_plural = "上年数"
        ordering = ["disclosure", "table", "column", "row", "id"]
        default_related_name = "last_year_lines"
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "table", "column", "row"],
                name="one_amount_of_last_year_per_cell",
                violation_error_message="同一行只能有一个上年数。",
            ),
        ]

    def __str__(self) -> str:
        return f"上年数 {self.row}"
