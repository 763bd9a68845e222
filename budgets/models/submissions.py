"""What was handed to the finance bureau, each time: the content as it then stood, so that the next one can be held against it."""

from django.conf import settings
from django.db import models

from budgets.models.disclosures import Disclosure


class Submission(models.Model):
    """One handing in (提交). `payload` is the canonical content that was submitted (domain.snapshots); rows are only added."""

    disclosure = models.ForeignKey(
        Disclosure, models.PROTECT, verbose_name="部门预算公开", related_name="submissions"
    )
    number = models.PositiveIntegerField("第几次提交")
    payload = models.BinaryField("提交内容")
    payload_hash = models.CharField("提交内容摘要", max_length=64)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="提交人", related_name="+"
    )
    at = models.DateTimeField("提交时间")

    class Meta:
        verbose_name = verbose_name_plural = "提交记录"
        ordering = ["disclosure", "number"]
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "number"], name="one_submission_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.disclosure} 第 {self.number} 次提交"

    @property
    def content(self) -> bytes:
        """The payload's exact bytes on every database."""
        return bytes(self.payload)
