"""Words of a disclosure: chapters, captions as published, and explanations of findings."""

from django.conf import settings
from django.db import models

from budgets.models.disclosures import Disclosure
from budgets.models.fields import PositionField


class Narrative(models.Model):
    """One chapter of the narrative (情况说明): plain text, a paragraph a line."""

    disclosure = models.ForeignKey(
        Disclosure, models.CASCADE, verbose_name="部门预算公开", related_name="narratives"
    )
    position = PositionField()
    key = models.SlugField("标识", max_length=60)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("正文", blank=True, help_text="一段一行。单独一行的 [[表：…]] 放置附表。")
    reread = models.TextField(
        "要再读的句子", blank=True, default="", editable=False
    )  # of `workflow.rereading`

    class Meta:
        verbose_name = verbose_name_plural = "情况说明"
        ordering = ["disclosure", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "key"],
                name="one_chapter_per_key",
                violation_error_message="同一章只能有一份。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Wording(models.Model):
    """A caption that differs from the standard one, keyed by its place in the table."""

    disclosure = models.ForeignKey(
        Disclosure, models.CASCADE, verbose_name="部门预算公开", related_name="wordings"
    )
    place = models.CharField("位置", max_length=160)
    caption = models.CharField("表中文字", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "表中用语"
        ordering = ["disclosure", "place"]
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "place"], name="one_wording_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.place}：{self.caption}"


class Explanation(models.Model):
    """The department's words on one WARNING, tied to the finding by its key."""

    disclosure = models.ForeignKey(
        Disclosure, models.CASCADE, verbose_name="部门预算公开", related_name="explanations"
    )
    finding_key = models.CharField("提示标识", max_length=500)
    rule = models.CharField("规则", max_length=80)
    message = models.TextField("提示内容")
    text = models.TextField("说明")
    public = models.BooleanField("随公开件公布", default=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="说明人",
        related_name="+",
        null=True,
        blank=True,
    )
    at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "提示说明"
        ordering = ["disclosure", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "finding_key"],
                name="one_explanation_per_finding",
                violation_error_message="这条提示已有说明。",
            ),
        ]

    def __str__(self) -> str:
        return self.message
