"""Who vouches for a disclosure before it is handed in: 保密审查 and 负责人审签; of an old document, where it was published."""

from django.db import models

from budgets.models.disclosures import Disclosure


class SignOff(models.Model):
    """The two signatures of one disclosure, entered by its department while it may be edited.

    A document that was published before carries date and place of that publication instead.
    """

    disclosure = models.OneToOneField(
        Disclosure, models.CASCADE, verbose_name="部门预算公开", related_name="sign_off"
    )
    secrecy_by = models.CharField("审查人", max_length=60, blank=True)
    secrecy_on = models.DateField("审查日期", null=True, blank=True)
    secrecy_basis = models.TextField("审查依据和结论", max_length=500, blank=True)
    signed_by = models.CharField("负责人姓名", max_length=60, blank=True)
    signed_post = models.CharField("职务", max_length=60, blank=True)
    signed_on = models.DateField("审签日期", null=True, blank=True)
    before_on = models.DateField("原公开日期", null=True, blank=True)
    before_at = models.CharField("原公开位置", max_length=300, blank=True)
    # The version of the disclosure that the two signatures vouch for: what is changed afterwards is signed again.
    of_version = models.PositiveIntegerField("签的是第几次修改", default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "保密审查和审签"

    def __str__(self) -> str:
        return f"{self.disclosure} 保密审查和审签"

    @property
    def lines(self) -> list[str]:
        """What stands there, a line each; what is blank is left out."""
        checked = [self.secrecy_by, _day(self.secrecy_on), self.secrecy_basis.rstrip("。")]
        signed = [
            f"{self.signed_by}{f'（{self.signed_post}）' * bool(self.signed_post)}",
            _day(self.signed_on),
        ]
        before = [_day(self.before_on), self.before_at]
        told = (("保密审查", checked), ("负责人审签", signed), ("原公开", before))
        return [f"{name}：{'，'.join(filter(None, words))}" for name, words in told if any(words)]


def _day(day: object) -> str:
    return str(day) if day else ""
