"""What citizens ask about a published number (公众提问), what is answered, and where each question stands.

Questions are no part of a disclosure: nothing of them is in a payload, a file or a hash. Only what is PUBLISHED is read by
the public pages (`public`); who asked is never kept: an address for replies goes with the decision, the rest after a day.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from budgets.domain.terms import Stage, Term
from budgets.models.regions import Department

LONGEST_QUESTION = 500
LONGEST_ANSWER = 2000
LONGEST_REASON = 500
EMAIL_KEPT = timedelta(days=90)
SOURCE_KEPT = timedelta(days=1)


class QuestionState(Term):
    """Where a question stands."""

    WAITING = "waiting", "待答复"
    ANSWERED = "answered", "待公开"
    PUBLISHED = "published", "已答复"
    REFUSED = "refused", "不予公开"


PRIVATE_OF_A_QUESTION = ("email", "source")  # no public page reads these
DECIDED = (QuestionState.PUBLISHED.value, QuestionState.REFUSED.value)


class Questions(models.QuerySet["Question"]):
    """Questions by who may read them."""

    def public(self) -> "Questions":
        """Those that everybody reads, the latest answer first, without what leads to who asked."""
        rows = self.filter(state=QuestionState.PUBLISHED).defer(*PRIVATE_OF_A_QUESTION)
        return rows.order_by("-decided_at", "-pk")


class Question(models.Model):
    """One question about the number at `cell` (domain.addresses) of a disclosure, as it was printed when it was asked."""

    department = models.ForeignKey(Department, models.PROTECT, verbose_name="部门", related_name="questions")
    fiscal_year = models.PositiveSmallIntegerField("预算年度")
    stage = models.CharField("类别", max_length=8, choices=Stage.choices())
    revision = models.PositiveIntegerField("问的是第几版")
    cell = models.CharField("位置", max_length=120)
    printed = models.CharField("问的数", max_length=400)  # its names and the number, in words
    text = models.TextField("问题")
    email = models.EmailField("回复邮箱", blank=True, editable=False)
    source = models.CharField("来源", max_length=64, blank=True, editable=False)  # keyed hash of the address
    asked_at = models.DateTimeField("提问时间")
    state = models.CharField(
        "状态", max_length=10, choices=QuestionState.choices(), default=QuestionState.WAITING.value
    )
    answer = models.TextField("答复", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="答复人",
        related_name="+",
        null=True,
        blank=True,
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="办理人",
        related_name="+",
        null=True,
        blank=True,
    )
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)
    reason = models.TextField("退回或不予公开的原因", blank=True)

    objects = Questions.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公众提问"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["department", "fiscal_year", "stage", "state", "cell", "-decided_at"],
                name="questions_of_a_number",
            ),
            models.Index(
                fields=["department", "fiscal_year", "stage", "state", "-decided_at"],
                name="questions_of_a_disclosure",
            ),
            models.Index(fields=["department", "state"], name="questions_by_state"),
            models.Index(
                fields=["source", "asked_at"], name="questions_of_a_source", condition=~Q(source="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_public_question_is_answered", condition=~Q(state="published", answer="")
            ),
            models.CheckConstraint(
                name="a_refused_question_has_a_reason", condition=~Q(state="refused", reason="")
            ),
            models.CheckConstraint(
                name="no_email_of_what_is_decided", condition=~Q(state__in=DECIDED) | Q(email="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department.name}{self.fiscal_year}年{Stage(self.stage).label} 第 {self.pk} 号公众提问"

    @property
    def decided(self) -> bool:
        return self.state in DECIDED

    @property
    def base(self) -> str:
        """Where the disclosure is public: /130225/483/2023/budget/."""
        return f"/{self.department.region.code}/{self.department.code}/{self.fiscal_year}/{self.stage}/"
