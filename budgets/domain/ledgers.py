"""One disclosure's facts, records and words: what the database holds, as plain values."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from budgets.domain.documents import Sheet
from budgets.domain.facts import Fact
from budgets.domain.terms import AssetItem, Comparator


@dataclass(frozen=True, slots=True)
class Organization:
    """A row of 部门机构设置情况."""

    name: str
    nature: str = ""  # 单位性质
    rank: str = ""  # 单位规格
    funding: str = ""  # 经费保障形式


@dataclass(frozen=True, slots=True)
class Indicator:
    """One 绩效指标. The 指标值 is kept in three parts and prints as comparator + value + unit, word for word."""

    dimension: str  # 一级指标
    aspect: str  # 二级指标
    name: str  # 三级指标
    description: str = ""
    comparator: str = Comparator.NONE  # a usual one, or words of the department's own
    value: str = ""
    unit: str = ""
    basis: str = ""  # 指标值确定依据
    result: str = ""  # 完成值, of accounts

    @property
    def target(self) -> str:
        return f"{self.comparator}{self.value}{self.unit}"


@dataclass(frozen=True, slots=True)
class Goal:
    """A 绩效目标表 of one project: its goals line by line, and its indicators."""

    project: str
    goals: tuple[str, ...] = ()
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """A budget project (项目), with its amount in yuan when it is known."""

    name: str
    amount: Decimal | None = None
    goals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Procurement:
    """A row of 政府采购预算; amounts in yuan, blank as None. 合计 is derived from the seven sources."""

    project: str
    project_funds: Decimal | None = None
    item: str = ""
    catalogue_number: str = ""
    unit_of_measure: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    general_public: Decimal | None = None
    government_fund: Decimal | None = None
    state_capital: Decimal | None = None
    special_account: Decimal | None = None
    own_funds: Decimal | None = None
    fiscal_carry_over: Decimal | None = None
    non_fiscal_carry_over: Decimal | None = None
    sme_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A row of 政府购买服务; amounts in yuan, blank as None. 合计 is derived from the four sources."""

    project: str
    item: str = ""  # 购买服务内容
    catalogue_number: str = ""  # 指导性目录编码
    general_public: Decimal | None = None
    government_fund: Decimal | None = None
    state_capital: Decimal | None = None
    own_funds: Decimal | None = None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What one unit spends within a department's budget, as a form with a row for each prints it; yuan, blank as None."""

    name: str
    code: str = ""  # 单位代码, by which the unit's own disclosure is found
    basic: Decimal | None = None
    project: Decimal | None = None
    business: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """A row of 固定资产占用情况表: quantity in the item's own measure, book value in yuan."""

    item: AssetItem
    quantity: Decimal | None = None
    book_value: Decimal | None = None


@dataclass(frozen=True, slots=True, order=True)
class LastYear:
    """An amount of last year, in yuan, by the cell of this year that it stands beside: table, key of the column and of the row.

    Only rows that are no sum of others have one.
    """

    table: str
    column: str
    row: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Narrative:
    """One chapter: plain text, a paragraph a line. `[[表：key]]` on a line of its own places an annex table."""

    key: str
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that one disclosure says, before any table is derived. Amounts are in yuan."""

    table_set: str
    region_code: str
    region_name: str
    unit_code: str
    unit_name: str
    year: int
    stage: str = "budget"
    facts: tuple[Fact, ...] = ()
    organizations: tuple[Organization, ...] = ()
    goals: tuple[Goal, ...] = ()
    projects: tuple[Project, ...] = ()
    procurements: tuple[Procurement, ...] = ()
    services: tuple[Service, ...] = ()
    unit_rows: tuple[UnitRow, ...] = ()
    assets: tuple[Asset, ...] = ()
    assets_as_of: date | None = None
    narrative_title: str = ""
    lead: str = ""
    narratives: tuple[Narrative, ...] = ()
    # Wording as published: "table/place" -> caption, see `wording.py`.
    wording: dict[str, str] = field(default_factory=dict)
    approved_on: date | None = None
    contact: str = ""
    # A document published in the past prints with its own cells (given sheets), whatever its leaf rows add up to.
    given: tuple[Sheet, ...] = ()
    left_out: tuple[str, ...] = ()  # what of that document was not taken over, in words
    last_year: tuple[LastYear, ...] = ()  # where the set prints columns of last year
    states_no_money: bool = False  # 本部门本年度没有收入和支出
