"""Regions (行政区划) and the departments (部门) that publish there."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from budgets.domain.same_words import same_words
from budgets.models.search_names import DepartmentWords, RegionWords

region_code = RegexValidator(r"\A[1-9][0-9]{5}\Z", "行政区划代码是六位数字（GB/T 2260）。")
# 1900-2099 would read as a year in the address of the region's lists.
unit_code = RegexValidator(
    r"\A(?!(?:19|20)[0-9]{2}\Z)[0-9]{2,12}\Z",
    "部门预算编码是 2 至 12 位数字，且不能是 1900 至 2099（会被当作年度）。",
)

MOST_RECALL_MINUTES = 60


# What a bureau decides for its region, in the order of the page 本地区办理设置.
SWITCHES = (
    "reviewer_agrees", "sign_offs_required", "recall_minutes", "withdrawal_confirmed", "second_factor_required", "population",
    "questions_open",
)  # fmt: skip


class Region(models.Model):
    """A county, city or province whose finance bureau runs this portal."""

    code = models.CharField("行政区划代码", max_length=6, unique=True, validators=[region_code])
    name = models.CharField("名称", max_length=60)
    callings = RegionWords("检索称呼")
    # A key of `tablesets.SETS`; blank is the first of them.
    table_set = models.CharField("表样", max_length=40, blank=True, help_text="新年度默认使用的公开表样。")
    recall_minutes = models.PositiveSmallIntegerField(
        "公开前可以撤回的分钟数",
        default=10,
        validators=[MaxValueValidator(MOST_RECALL_MINUTES)],
        help_text=f"按下“公开”以后过这么多分钟才对外公开，在此之前可以撤回。填 0 即按即公开，最多 {MOST_RECALL_MINUTES} 分钟。",
    )
    reviewer_agrees = models.BooleanField(
        "提交后先由部门审核人同意",
        default=False,
        help_text="部门审核人同意以后，财政局才能批准或退回。",
    )
    sign_offs_required = models.BooleanField(
        "提交前要有保密审查和负责人审签",
        default=False,
        help_text="部门没有填写这两项的，不能提交，也不能公开；照录以前公开件的，改填原公开日期和位置。",
    )
    withdrawal_confirmed = models.BooleanField(
        "撤回公开要由另一人确认",
        default=False,
        help_text="打开后，财政局一人申请撤回并写明原因，由另一人确认才撤下；确认以前公开的内容不变。",
    )
    second_factor_required = models.BooleanField(
        "财政局和审计人员必须两步登录",
        default=False,
        help_text="打开后，还没有设置的人下次打开管理端时先设置，再做别的事。",
    )

    population = models.PositiveIntegerField(
        "常住人口（人）",
        null=True,
        blank=True,
        help_text="填了以后，年度页面另给出按常住人口计算的人均支出。请用统计公报的最近一年，不填则不算。",
    )
    questions_open = models.BooleanField(
        "公众可以就公开的数提问",
        default=False,
        help_text="打开后，每个数的页面上有提问的表单：部门拟答复，财政局公开或者不予公开，公开的问答人人可见。不打开，只给出部门的联系方式。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "地区"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="an_hour_at_most_to_recall",
                condition=Q(recall_minutes__lte=MOST_RECALL_MINUTES),
                violation_error_message=f"公开前可以撤回的时间最多 {MOST_RECALL_MINUTES} 分钟。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department or budget unit that publishes its own disclosure."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="地区", related_name="departments")
    code = models.CharField("部门预算编码", max_length=12, validators=[unit_code])
    name = models.CharField("部门名称", max_length=120)
    name_words = DepartmentWords("检索词元")
    supervising_department = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="主管部门",
        related_name="units",
        null=True,
        blank=True,
    )
    includes_units = models.BooleanField(
        "预算含下属单位",
        default=False,
        help_text="本部门的公开件已包含以它为主管部门的单位；全县汇总时这些单位不再另计，以免重复。",
    )
    phone = models.CharField("公开咨询电话", max_length=60, blank=True)
    address = models.CharField("办公地址", max_length=200, blank=True)
    active = models.BooleanField("在用", default=True, help_text="撤销的部门不再编报，已公开的内容照常可查。")

    class Meta:
        verbose_name = verbose_name_plural = "部门"
        ordering = ["region", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "code"],
                name="one_department_per_code",
                violation_error_message="本地区已有这个部门预算编码。",
            ),
            models.CheckConstraint(
                name="unit_code_is_no_year",
                condition=~(Q(Exact(Length("code"), 4)) & Q(code__gte="1900", code__lte="2099")),
                violation_error_message="部门预算编码不能是 1900 至 2099（会被当作年度）。",
            ),
            models.CheckConstraint(
                name="department_does_not_supervise_itself",
                condition=Q(supervising_department__isnull=True) | ~Q(supervising_department=models.F("id")),
                violation_error_message="部门不能是自己的主管部门。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def clean(self) -> None:
        """No two departments in use in one region have the same name: citizens find them by it.

        A rule of the form, no constraint: names printed in what is public never change, so a region that has two
        of one name already must be able to keep them. Only a new or changed name (or a department that comes back
        into use) is held against the others.
        """
        super().clean()
        name = same_words(self.name)
        before = Department.objects.filter(pk=self.pk).first() if self.pk else None
        if before is not None and before.active >= self.active and before.name == self.name:
            return
        others = Department.objects.filter(region=self.region_id, active=True).exclude(pk=self.pk)
        same = [other for other in others if same_words(other.name) == name]
        if self.active and same:
            codes = "、".join(other.code for other in same)
            raise ValidationError(
                {"name": f"本地区已有同名的部门（编码 {codes}）。请写全称，或先停用那一个。"},
                code="same_name",
            )
