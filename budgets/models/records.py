"""Records of the annex tables: organisations, goals and indicators, projects, procurement, fixed assets."""

from django.db import models

from budgets.domain.terms import AssetItem
from budgets.models.disclosures import Disclosure
from budgets.models.fields import NumberField, OptionalAmountField, PositionField


class Record(models.Model):
    """A row of an annex table; rows print in the order of `position`."""

    disclosure = models.ForeignKey(Disclosure, models.CASCADE, verbose_name="部门预算公开")
    position = PositionField()

    class Meta:
        abstract = True


class Organization(Record):
    """A row of 部门机构设置情况."""

    name = models.CharField("单位名称", max_length=120)
    nature = models.CharField("单位性质", max_length=60, blank=True)
    rank = models.CharField("单位规格", max_length=60, blank=True)
    funding = models.CharField("经费保障形式", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "机构设置"
        ordering = ["disclosure", "position", "id"]
        default_related_name = "organizations"

    def __str__(self) -> str:
        return self.name


class Goal(Record):
    """A 绩效目标表 of one project: its goals line by line, and its indicators."""

    project = models.CharField("项目名称", max_length=200)
    goals = models.TextField("绩效目标", blank=True, help_text="一行一条。")

    class Meta:
        verbose_name = verbose_name_plural = "绩效目标"
        ordering = ["disclosure", "position", "id"]
        default_related_name = "goals"

    def __str__(self) -> str:
        return self.project


class Indicator(models.Model):
    """One 绩效指标; 指标值 is comparator + value + unit and prints back word for word."""

    goal = models.ForeignKey(Goal, models.CASCADE, verbose_name="绩效目标", related_name="indicators")
    position = PositionField()
    dimension = models.CharField("一级指标", max_length=60, blank=True)
    aspect = models.CharField("二级指标", max_length=60, blank=True)
    name = models.CharField("三级指标", max_length=120)
    description = models.TextField("指标描述", blank=True)
    comparator = models.CharField("比较", max_length=20, blank=True)
    value = models.CharField("指标值", max_length=60, blank=True)
    unit = models.CharField("计量单位", max_length=30, blank=True)
    basis = models.TextField("指标值确定依据", blank=True)
    result = models.CharField("完成值", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "绩效指标"
        ordering = ["goal", "position", "id"]

    def __str__(self) -> str:
        return self.name


class Project(Record):
    """A budget project (项目), with its amount (yuan) when it is known."""

    name = models.CharField("项目名称", max_length=200)
    amount = OptionalAmountField("金额（元）")
    goals = models.TextField("绩效目标", blank=True, help_text="一行一条。")

    class Meta:
        verbose_name = verbose_name_plural = "项目"
        ordering = ["disclosure", "position", "id"]
        default_related_name = "projects"

    def __str__(self) -> str:
        return self.name


class ProcurementItem(Record):
    """A row of 政府采购预算; amounts in yuan. 合计 is derived from the seven sources."""

    project = models.CharField("项目名称", max_length=200)
    project_funds = OptionalAmountField("项目资金")
    item = models.CharField("采购物品名称", max_length=200, blank=True)
    catalogue_number = models.CharField("政府采购目录序号", max_length=60, blank=True)
    unit_of_measure = models.CharField("计量单位", max_length=30, blank=True)
    quantity = NumberField("数量")
    unit_price = OptionalAmountField("单价")
    general_public = OptionalAmountField("一般公共预算拨款")
    government_fund = OptionalAmountField("基金预算拨款")
    state_capital = OptionalAmountField("国有资本经营预算拨款")
    special_account = OptionalAmountField("财政专户核拨")
    own_funds = OptionalAmountField("单位资金")
    fiscal_carry_over = OptionalAmountField("财政拨款结转结余")
    non_fiscal_carry_over = OptionalAmountField("非财政拨款结转结余")
    sme_share = OptionalAmountField("预留中小微企业份额")

    class Meta:
        verbose_name = verbose_name_plural = "政府采购"
        ordering = ["disclosure", "position", "id"]
        default_related_name = "procurement_items"

    def __str__(self) -> str:
        return f"{self.project} {self.item}".strip()


class PurchasedService(Record):
    """A row of 政府购买服务; amounts in yuan. 合计 is derived from the four sources."""

    project = models.CharField("项目名称", max_length=200)
    item = models.CharField("购买服务内容", max_length=200, blank=True)
    catalogue_number = models.CharField("指导性目录编码", max_length=60, blank=True)
    general_public = OptionalAmountField("一般公共预算拨款")
    government_fund = OptionalAmountField("政府性基金预算拨款")
    state_capital = OptionalAmountField("国有资本经营预算拨款")
    own_funds = OptionalAmountField("单位资金")

    class Meta:
        verbose_name = verbose_name_plural = "政府购买服务"
        ordering = ["disclosure", "position", "id"]
        default_related_name = "purchased_services"

    def __str__(self) -> str:
        return f"{self.project} {self.item}".strip()


class UnitRow(Record):
    """What one unit spends within a department's budget; amounts in yuan. 合计 is derived."""

    name = models.CharField("单位名称", max_length=120)
    code = models.CharField("单位代码", max_length=20, blank=True)
    basic = OptionalAmountField("基本支出")
    project = OptionalAmountField("项目支出")
    business = OptionalAmountField("经营支出")

    class Meta:
        verbose_name = verbose_name_plural = "各单位支出"
        ordering = ["disclosure", "position", "id"]
        default_related_name = "unit_rows"

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class AssetLine(models.Model):
    """A row of 固定资产占用情况表: quantity in the item's own measure, book value in yuan."""

    disclosure = models.ForeignKey(
        Disclosure, models.CASCADE, verbose_name="部门预算公开", related_name="asset_lines"
    )
    item = models.CharField("项目", max_length=20, choices=AssetItem.choices())
    quantity = NumberField("数量")
    book_value = OptionalAmountField("价值（元）")

    class Meta:
        verbose_name = verbose_name_plural = "固定资产"
        ordering = ["disclosure", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "item"],
                name="one_line_per_asset_item",
                violation_error_message="同一资产项目只能有一行。",
            ),
        ]

    def __str__(self) -> str:
        return AssetItem(self.item).label if self.item else "固定资产"
