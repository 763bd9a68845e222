"""What the rules found in a disclosure, counted and kept, so that a whole county can be shown without checking it again."""

from django.db import models

from budgets.models.disclosures import Disclosure


class Rehearsal(models.Model):
    """The findings of one disclosure by rule. It holds while `basis`, a digest of all that they depend on, is the same."""

    disclosure = models.OneToOneField(
        Disclosure, models.CASCADE, verbose_name="部门预算公开", related_name="rehearsal"
    )
    basis = models.CharField("所依据的内容摘要", max_length=64)
    # By rule: open errors and warnings, explained warnings, advice (workflow.rehearsing.Counts).
    counts = models.JSONField("各规则的检查结果", default=dict)
    blank = models.BooleanField("还没有填", default=False)
    transcribed = models.BooleanField("照录原件", default=False)
    at = models.DateTimeField("检查时间")

    class Meta:
        verbose_name = verbose_name_plural = "公开检查预演"

    def __str__(self) -> str:
        return str(self.disclosure)
