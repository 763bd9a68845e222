"""Leaf rows that mirror the base tables: the only place an amount (yuan) is typed, shaped as `domain.families` says."""

from django.db import models
from django.db.models import Q

from budgets.domain.families import FAMILIES
from budgets.domain.terms import Family, Fund, ThreePublicItem
from budgets.models.disclosures import Disclosure
from budgets.models.fields import AmountField
from budgets.models.subjects import event_code, subject_code


class Line(models.Model):
    """A row of amounts in yuan of one family of facts; `AMOUNTS` names its amount fields in printed order."""

    FAMILY: Family
    AMOUNTS: tuple[str, ...] = ()

    disclosure = models.ForeignKey(Disclosure, models.CASCADE, verbose_name="部门预算公开")

    class Meta:
        abstract = True

    @property
    def blank(self) -> bool:
        """True when every amount of the row is zero: it adds nothing to any table."""
        return not any(getattr(self, name) for name in self.AMOUNTS)


class RevenueLine(Line):
    """One functional item of 收入总表, with an amount per origin."""

    FAMILY = Family.REVENUE
    AMOUNTS = FAMILIES[FAMILY].amounts

    function = models.CharField("功能分类科目编码", max_length=7, validators=[subject_code])
    fiscal_appropriation = AmountField("财政拨款收入")
    special_account = AmountField("财政专户管理资金收入")
    service = AmountField("事业收入")
    business = AmountField("事业单位经营收入")
    superior_subsidy = AmountField("上级补助收入")
    affiliate_remittance = AmountField("附属单位上缴收入")
    other = AmountField("其他收入")
    brought_forward = AmountField("上年结转")
    general_public = AmountField("一般公共预算拨款收入")
    government_fund = AmountField("政府性基金预算拨款收入")
    state_capital = AmountField("国有资本经营预算拨款收入")

    class Meta:
        verbose_name = verbose_name_plural = "收入明细"
        ordering = ["disclosure", "function", "id"]
        default_related_name = "revenue_lines"
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "function"],
                name="one_revenue_line_per_item",
                violation_error_message="同一科目只能有一行收入。",
            ),
        ]

    def __str__(self) -> str:
        return f"收入 {self.function or '（不分科目）'}"


class ExpenditureLine(Line):
    """One functional item within one fund: the only place its amounts (yuan) are typed."""

    FAMILY = Family.EXPENDITURE
    AMOUNTS = FAMILIES[FAMILY].amounts

    function = models.CharField("功能分类科目编码", max_length=7, validators=[subject_code])
    fund = models.CharField("资金性质", max_length=16, choices=Fund.choices())
    basic = AmountField("基本支出")
    project = AmountField("项目支出")
    business = AmountField("经营支出")
    to_superior = AmountField("上缴上级支出")
    to_affiliates = AmountField("对附属单位补助支出")
    reserve = AmountField("单位预留机动经费")

    class Meta:
        verbose_name = verbose_name_plural = "支出明细"
        ordering = ["disclosure", "function", "fund", "id"]
        default_related_name = "expenditure_lines"
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "function", "fund"],
                name="one_line_per_item_and_fund",
                violation_error_message="同一科目、同一资金性质只能有一行支出。",
            ),
            models.CheckConstraint(
                name="fiscal_money_has_basic_and_project_only",
                condition=Q(fund=Fund.NON_FISCAL.value) | Q(business=0, to_superior=0, to_affiliates=0),
                violation_error_message="财政拨款只有基本支出和项目支出；经营、上缴上级、对附属单位补助支出属非财政拨款资金。",
            ),
        ]

    def __str__(self) -> str:
        return f"支出 {self.function} {Fund(self.fund).label if self.fund else ''}"


class BasicExpenditureLine(Line):
    """One economic item of the general public basic expenditure (基本支出表)."""

    FAMILY = Family.BASIC_EXPENDITURE
    AMOUNTS = FAMILIES[FAMILY].amounts

    economic = models.CharField("部门预算支出经济分类科目编码", max_length=5, validators=[subject_code])
    personnel = AmountField("人员经费")
    running_costs = AmountField("公用经费")

    class Meta:
        verbose_name = verbose_name_plural = "基本支出明细"
        ordering = ["disclosure", "economic", "id"]
        default_related_name = "basic_expenditure_lines"
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "economic"],
                name="one_line_per_economic_item",
                violation_error_message="同一经济分类科目只能有一行基本支出。",
            ),
        ]

    def __str__(self) -> str:
        return f"基本支出 {self.economic}"


class BasicByClassLine(Line):
    """The basic expenditure of one 类 of all funds, as a 收支总表 with columns for 人员 and 公用 prints it."""

    FAMILY = Family.BASIC_BY_CLASS
    AMOUNTS = FAMILIES[FAMILY].amounts

    function = models.CharField("功能分类科目编码（类）", max_length=3, validators=[subject_code])
    personnel = AmountField("人员经费")
    running_costs = AmountField("公用经费")

    class Meta:
        verbose_name = verbose_name_plural = "分类的基本支出"
        ordering = ["disclosure", "function", "id"]
        default_related_name = "basic_by_class_lines"
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "function"],
                name="one_line_per_class",
                violation_error_message="同一类只能有一行基本支出。",
            ),
        ]

    def __str__(self) -> str:
        return f"基本支出 {self.function}"


class ThreePublicLine(Line):
    """One 三公 item with an amount per fiscal fund."""

    FAMILY = Family.THREE_PUBLIC
    AMOUNTS = FAMILIES[FAMILY].amounts

    item = models.CharField("项目", max_length=24, choices=ThreePublicItem.choices())
    general_public = AmountField("一般公共预算")
    government_fund = AmountField("政府性基金预算")
    state_capital = AmountField("国有资本经营预算")

    class Meta:
        verbose_name = verbose_name_plural = "“三公”经费明细"
        ordering = ["disclosure", "id"]
        default_related_name = "three_public_lines"
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "item"],
                name="one_line_per_three_public_item",
                violation_error_message="同一“三公”经费项目只能有一行。",
            ),
        ]

    def __str__(self) -> str:
        return ThreePublicItem(self.item).label if self.item else "“三公”经费"


class FundLine(Line):
    """One fund: this year's fiscal revenue, opening and closing balance."""

    FAMILY = Family.FUND
    AMOUNTS = FAMILIES[FAMILY].amounts

    fund = models.CharField("资金性质", max_length=16, choices=Fund.choices())
    current_year = AmountField("本年财政拨款收入")
    brought_forward = AmountField("年初结转结余")
    carried_forward = AmountField("年末结转结余")
    surplus_used = AmountField("使用非财政拨款结余")
    distributed = AmountField("结余分配")

    class Meta:
        verbose_name = verbose_name_plural = "资金收支与结转"
        ordering = ["disclosure", "id"]
        default_related_name = "fund_lines"
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "fund"],
                name="one_line_per_fund",
                violation_error_message="同一资金性质只能有一行。",
            ),
            models.CheckConstraint(
                name="non_fiscal_money_is_no_appropriation",
                condition=~Q(fund=Fund.NON_FISCAL.value) | Q(current_year=0),
                violation_error_message="非财政拨款资金没有本年财政拨款收入。",
            ),
            models.CheckConstraint(
                name="fiscal_money_has_no_surplus_to_use",
                condition=Q(fund=Fund.NON_FISCAL.value) | Q(surplus_used=0, distributed=0),
                violation_error_message="使用非财政拨款结余和结余分配只属于非财政拨款资金。",
            ),
        ]

    def __str__(self) -> str:
        return Fund(self.fund).label if self.fund else "资金"


class BudgetedLine(Line):
    """What was budgeted for one functional item within one fund, printed beside what was spent."""

    FAMILY = Family.BUDGETED
    AMOUNTS = FAMILIES[FAMILY].amounts

    function = models.CharField("功能分类科目编码", max_length=7, validators=[subject_code])
    fund = models.CharField("资金性质", max_length=16, choices=Fund.choices())
    initial = AmountField("年初预算数")
    adjusted = AmountField("调整预算数")

    class Meta:
        verbose_name = verbose_name_plural = "支出预算数"
        ordering = ["disclosure", "function", "fund", "id"]
        default_related_name = "budgeted_lines"
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "function", "fund"],
                name="one_budgeted_line_per_item_and_fund",
                violation_error_message="同一科目、同一资金性质只能有一行预算数。",
            ),
        ]

    def __str__(self) -> str:
        return f"支出预算数 {self.function} {Fund(self.fund).label if self.fund else ''}"


class ThreePublicBudgetedLine(Line):
    """What was budgeted for one 三公 item, printed beside what was spent."""

    FAMILY = Family.THREE_PUBLIC_BUDGETED
    AMOUNTS = FAMILIES[FAMILY].amounts

    item = models.CharField("项目", max_length=24, choices=ThreePublicItem.choices())
    initial = AmountField("年初预算数")
    adjusted = AmountField("调整预算数")

    class Meta:
        verbose_name = verbose_name_plural = "“三公”经费预算数"
        ordering = ["disclosure", "id"]
        default_related_name = "three_public_budgeted_lines"
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "item"],
                name="one_budgeted_line_per_three_public_item",
                violation_error_message="同一“三公”经费项目只能有一行预算数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{ThreePublicItem(self.item).label if self.item else '“三公”经费'}预算数"


class FundItemLine(Line):
    """One functional item of a 政府性基金 or 国有资本经营 fund: this year's revenue, opening and closing balance."""

    FAMILY = Family.FUND_ITEM
    AMOUNTS = FAMILIES[FAMILY].amounts

    function = models.CharField("功能分类科目编码", max_length=7, validators=[subject_code])
    fund = models.CharField("资金性质", max_length=16, choices=Fund.choices())
    current_year = AmountField("本年收入")
    brought_forward = AmountField("年初结转和结余")
    carried_forward = AmountField("年末结转和结余")

    class Meta:
        verbose_name = verbose_name_plural = "分科目的资金收支与结转"
        ordering = ["disclosure", "function", "fund", "id"]
        default_related_name = "fund_item_lines"
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "function", "fund"],
                name="one_fund_item_line_per_item_and_fund",
                violation_error_message="同一科目、同一资金性质只能有一行收支。",
            ),
            models.CheckConstraint(
                name="fund_items_are_of_funds_told_by_item",
                condition=Q(fund__in=[Fund.GOVERNMENT_FUND.value, Fund.STATE_CAPITAL.value]),
                violation_error_message="只有政府性基金预算和国有资本经营预算按科目填写收支与结转。",
            ),
        ]

    def __str__(self) -> str:
        return f"{Fund(self.fund).label if self.fund else '资金'} {self.function}"


class EventLine(Line):
    """会议费 or 培训费 of all expenditure, with an amount per fiscal fund, as regions print it beside “三公”经费."""

    FAMILY = Family.EVENTS
    AMOUNTS = FAMILIES[FAMILY].amounts

    economic = models.CharField("部门预算支出经济分类科目编码", max_length=5, validators=[event_code])
    general_public = AmountField("一般公共预算")
    government_fund = AmountField("政府性基金预算")
    state_capital = AmountField("国有资本经营预算")

    class Meta:
        verbose_name = verbose_name_plural = "会议费和培训费"
        ordering = ["disclosure", "economic", "id"]
        default_related_name = "event_lines"
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "economic"],
                name="one_line_per_event",
                violation_error_message="会议费、培训费各只能有一行。",
            ),
        ]

    def __str__(self) -> str:
        return f"会议费和培训费 {self.economic}"


class ByEconomicLine(Line):
    """General public expenditure of one functional item for one economic item, 类 or 款 as the form's columns are."""

    FAMILY = Family.BY_ECONOMIC
    AMOUNTS = FAMILIES[FAMILY].amounts

    function = models.CharField("功能分类科目编码", max_length=7, validators=[subject_code])
    economic = models.CharField("部门预算支出经济分类科目编码", max_length=5, validators=[subject_code])
    basic = AmountField("基本支出")
    project = AmountField("项目支出")

    class Meta:
        verbose_name = verbose_name_plural = "分经济分类的支出"
        ordering = ["disclosure", "economic", "function", "id"]
        default_related_name = "by_economic_lines"
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "function", "economic"],
                name="one_line_per_item_and_economic_item",
                violation_error_message="同一功能分类科目、同一经济分类科目只能有一行。",
            ),
        ]

    def __str__(self) -> str:
        return f"支出 {self.function} {self.economic}"


# The line model of each family; a family that is one amount is a field of the disclosure.
LINES: dict[Family, type[Line]] = {
    model.FAMILY: model
    for model in (
        RevenueLine,
        ExpenditureLine,
        BasicExpenditureLine,
        BasicByClassLine,
        ThreePublicLine,
        FundLine,
        BudgetedLine,
        ThreePublicBudgetedLine,
        FundItemLine,
        EventLine,
        ByEconomicLine,
    )
}
