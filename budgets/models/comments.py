"""Review comments (审核意见) and what is answered to them: kept with the disclosure for ever, rows are only added."""

from django.conf import settings
from django.db import models

from budgets.domain.terms import Term
from budgets.models.disclosures import Disclosure


class Comment(models.Model):
    """What a reviewer or the bureau says on a cell, a row, a sentence or the whole. It is open until a Reply closes it.

    `place` is a value of `domain.places` as text; `submission` the number of the handing in that it speaks of.
    """

    disclosure = models.ForeignKey(
        Disclosure, models.PROTECT, verbose_name="部门预算公开", related_name="comments"
    )
    place = models.CharField("位置", max_length=600)
    text = models.TextField("意见")
    submission = models.PositiveIntegerField("对第几次提交")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="提出人", related_name="+"
    )
    role = models.CharField("当时的角色", max_length=24)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "审核意见"
        ordering = ["disclosure", "id"]

    def __str__(self) -> str:
        return f"{self.person}：{self.text[:24]}"


class ReplyKind(Term):
    """What a reply does."""

    ANSWER = "answer", "答复"
    CLOSE = "close", "关闭"


class Reply(models.Model):
    """An answer of the department, or the closing of a comment by who made it or by the bureau."""

    comment = models.ForeignKey(Comment, models.PROTECT, verbose_name="审核意见", related_name="replies")
    kind = models.CharField("事项", max_length=8, choices=ReplyKind.choices())
    text = models.TextField("内容", blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+"
    )
    role = models.CharField("当时的角色", max_length=24)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "意见的答复"
        ordering = ["comment", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment"], condition=models.Q(kind="close"), name="a_comment_is_closed_once"
            ),
            models.CheckConstraint(
                name="an_answer_says_something", condition=~models.Q(kind="answer", text="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {ReplyKind(self.kind).label}"
