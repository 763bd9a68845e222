"""The entry grids, declared: which rows a person types, in the layout of which printed table."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from budgets.domain.classification import LENGTHS
from budgets.domain.families import FAMILIES, FISCAL
from budgets.domain.terms import Family, Flow, Fund
from budgets.models import (
    LINES,
    AssetLine,
    Goal,
    Indicator,
    Organization,
    ProcurementItem,
    Project,
    PurchasedService,
    UnitRow,
)

FUND_FIELDS = {f"fund_{n}": fund.value for n, fund in enumerate(FISCAL, 1)}


@dataclass(frozen=True, slots=True)
class Grid:
    """One entry page.

    `table` is the printed table or annex whose heads and rows it takes; `row` names the model field that says which
    row it is (a code, or a fixed line); `fields` maps printed columns to model fields where their names differ.
    """

    key: str
    label: str
    model: type[Model]
    table: str
    row: str = ""
    fixed: tuple[tuple[str, str], ...] = ()
    scheme: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    closed: frozenset[tuple[str, str]] = frozenset()  # (row, column) that never holds money

    def field(self, column: str) -> str:
        """The model field that a printed column shows."""
        if self.scheme and column == "code":
            return self.row
        return dict(self.fields).get(column, column)

    @property
    def lengths(self) -> tuple[int, ...]:
        """The digits of codes that nest on the page, those of its rows last; none for a page without codes."""
        nesting = LENGTHS[self.scheme] if self.scheme else ()
        family = getattr(self.model, "FAMILY", None)
        by_class = self.scheme and family and FAMILIES[Family(family)].by_class
        return nesting[:1] if by_class else nesting

    @property
    def fixed_rows(self) -> bool:
        """True when the rows are given and only their cells are typed."""
        return bool(self.row) and not self.scheme


def _lines(
    family: Family, label: str, table: str, *, key: str = "", fund: Fund | None = None, **more: Any
) -> Grid:
    """The grid of a family's rows: named by its code or its given lines, of one fund where each has a page."""
    shape = FAMILIES[family]
    fixed = (("fund", fund.value),) if fund else ()
    (row,) = (name for name in shape.named_by if name not in dict(fixed))
    key = key or "-".join((family.value, *dict(fixed).values()))
    return Grid(key, label, LINES[family], table, row=row, fixed=fixed, scheme=shape.code, **more)


def _expenditure(fund: Fund, table: str, hint: str) -> Grid:
    return _lines(Family.EXPENDITURE, f"支出明细（{fund.label}）", table, fund=fund, hint=hint)


GRIDS = (
    _lines(Family.REVENUE, "收入明细", "revenue", hint="按功能分类科目（项）逐行填写各来源的收入，合计和上级科目自动得出。"),
    _expenditure(Fund.GENERAL_PUBLIC, "general_public_expenditure", "按功能分类科目（项）填写，上级科目和合计自动得出。"),
    _expenditure(Fund.GOVERNMENT_FUND, "government_fund_expenditure", "没有政府性基金预算的，留空即可，公开时空表列示。"),
    _expenditure(Fund.STATE_CAPITAL, "state_capital_expenditure", "没有国有资本经营预算的，留空即可，公开时空表列示。"),
    _expenditure(Fund.NON_FISCAL, "expenditure", "财政专户管理资金、事业收入等非财政拨款资金安排的支出。"),
    _lines(
        Family.BASIC_EXPENDITURE, "基本支出", "basic_expenditure",
        hint="按部门预算支出经济分类（款）填写一般公共预算基本支出。",
    ),
    _lines(
        Family.BASIC_BY_CLASS, "分类的基本支出", "balance",
        hint="收支总表按类分列人员经费和公用经费。一类一行，合计应等于支出明细中该类的基本支出。",
    ),
    _lines(
        Family.THREE_PUBLIC, "“三公”经费", "three_public",
        fields=tuple(FUND_FIELDS.items()), hint="小计和合计自动得出。",
    ),
    _lines(
        Family.EVENTS, "会议费和培训费", "",
        hint="30215 会议费、30216 培训费各一行，含项目支出中的部分。",
    ),
    _lines(
        Family.FUND, "资金收支与结转", "", key="funds",
        closed=frozenset({
            (Fund.NON_FISCAL.value, "current_year"),
            *((fund.value, flow.value) for fund in FISCAL for flow in (Flow.SURPLUS_USED, Flow.DISTRIBUTED)),
        }),
        hint="每种资金：本年财政拨款收入加年初结转，应等于本年支出加年末结转。",
    ),
    *(
        _lines(
            Family.FUND_ITEM, f"收支与结转（{fund.label}）", f"{fund.value}_expenditure", fund=fund,
            hint="按科目填写本年收入和年初、年末结转；支出在支出明细中填写，这里自动得出。",
        )
        for fund in FISCAL[1:]
    ),
    *(
        _lines(
            Family.BUDGETED, f"支出预算数（{fund.label}）", f"{fund.value}_expenditure", fund=fund,
            hint="年初预算数取自公开的部门预算；决算数在支出明细中填写。",
        )
        for fund in FISCAL
    ),
    _lines(
        Family.THREE_PUBLIC_BUDGETED, "“三公”经费预算数", "",
        hint="取自公开的本年部门预算；本平台有已公开预算的，已经填好。",
    ),
    Grid("organizations", "机构设置", Organization, "organization"),
    Grid("projects", "项目", Project, "", hint="预算安排的项目；绩效目标一行一条。"),
    Grid("procurement", "政府采购", ProcurementItem, "procurement", hint="没有政府采购预算的，留空即可，公开时空表列示。"),
    Grid("services", "政府购买服务", PurchasedService, "services", hint="没有政府购买服务预算的，留空即可，公开时空表列示。"),
    Grid("unit_rows", "各单位支出", UnitRow, "unit_rows", hint="本部门预算所含的单位，本级和下属各一行；合计应等于本部门的支出。"),
    Grid("fixed_assets", "固定资产", AssetLine, "fixed_assets", row="item", hint="资产总额自动得出。"),
)  # fmt: skip

GOALS = Grid(
    "goals", "绩效目标", Goal, "",
    hint="每个项目一张绩效目标表。项目名称从项目表里选，或者在下面按项目一次建好，再进各表填写目标和指标。",
)  # fmt: skip
INDICATORS = Grid("indicators", "绩效指标", Indicator, "goal")
BY_KEY = {grid.key: grid for grid in GRIDS}
