"""What a region explains in its own words: a term of the portal worded differently, or one more."""

from django.db import models

from budgets.models.regions import Region

LONGEST_TERM = 300


class RegionTerm(models.Model):
    """A term of one region. `also` are other names, parted by 、; `source` is what the explanation is taken from."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="地区", related_name="terms")
    name = models.CharField("词语", max_length=40)
    also = models.CharField(
        "也写作", max_length=200, blank=True, help_text="文中的其他写法，用顿号分开，例如：公车、公务车。"
    )
    text = models.TextField("解释", help_text=f"用平常的话说，最多 {LONGEST_TERM} 个字。")
    source = models.CharField(
        "出处", max_length=120, help_text="公开在解释旁边，例如：《某某县预算公开办法》第三条。"
    )

    class Meta:
        verbose_name = verbose_name_plural = "本地区的词语解释"
        ordering = ["region", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="one_term_per_name",
                violation_error_message="本地区已有这个词语，请改原来的那一条。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def others(self) -> tuple[str, ...]:
        """The other names."""
        return tuple(name for each in self.also.split("、") if (name := each.strip()))
