"""初次设置: that the portal was set up, once."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from budgets.models.regions import Region


class FirstSetUp(models.Model):
    """The only row there can be: of two people who set up at the same moment, the second one's is refused."""

    only = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="地区", related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="管理员", related_name="+"
    )
    at = models.DateTimeField("设置时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "初次设置"
        constraints = [models.CheckConstraint(name="set_up_once", condition=Q(only=1))]

    def __str__(self) -> str:
        return f"{self.region} {self.person}"
