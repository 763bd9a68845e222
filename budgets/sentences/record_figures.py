"""What the records of a ledger say that no table adds up: projects, those with goals, kinds of procurement, counts of assets."""

from collections.abc import Iterator
from decimal import Decimal

from budgets.domain.facts import ZERO
from budgets.domain.figures import Known
from budgets.domain.ledgers import Ledger
from budgets.domain.places import CellRef
from budgets.domain.terms import AssetItem

PROJECT = "项目"
GOAL_MONEY = "绩效目标项目金额"
RECORDS = "records"  # the table key of what no table prints but the records say


def with_goals(ledger: Ledger) -> list[tuple[str, Decimal | None]]:
    """The projects that have goals, by their goal tables where there are any, with their money in yuan if it is known."""
    money = {project.name: project.amount for project in ledger.projects}
    tables = [goal.project for goal in ledger.goals]
    names = dict.fromkeys(tables or [project.name for project in ledger.projects if project.goals])
    return [(name, money.get(name)) for name in names]


def record_figures(ledger: Ledger, unit: str) -> Iterator[Known]:
    """What the records say that no table adds up: projects, those with goals, kinds of procurement, counts of assets."""

    def known(label: str, number: Decimal, of: str = unit) -> Known:
        return Known("", label, number, CellRef(RECORDS, label, ""), of)

    goals = with_goals(ledger)
    yield known("绩效目标项目数", Decimal(len(goals)), "")
    amounts = [amount for _, amount in goals]
    if None not in amounts:
        yield known(GOAL_MONEY, sum((amount for amount in amounts if amount), ZERO))
    yield known("项目数", Decimal(len(ledger.projects)), "")
    for project in ledger.projects:
        yield known(f"{PROJECT}/{project.name}", project.amount or ZERO)
    counted = {asset.item: asset.quantity or ZERO for asset in ledger.assets}
    yield known("车辆数", Decimal(counted.get(AssetItem.VEHICLES, ZERO)), "")
    yield known("大型设备数", Decimal(counted.get(AssetItem.MAJOR_EQUIPMENT, ZERO)), "")
    yield known(
        "政府采购预算合计", sum((amount for row in ledger.procurements for amount in _paid(row)), ZERO)
    )
    yield known("固定资产总额", sum((a.book_value or ZERO for a in ledger.assets if a.item in COUNTED), ZERO))
    kinds = {"A": "货物", "B": "工程", "C": "服务"}  # 政府采购品目分类目录: the letter before the number
    for letter, kind in kinds.items():
        bought = [row for row in ledger.procurements if row.catalogue_number.upper().startswith(letter)]
        paid = sum((amount for row in bought for amount in _paid(row)), ZERO)
        yield known(f"政府采购{kind}", paid)


COUNTED = (AssetItem.BUILDINGS, AssetItem.VEHICLES, AssetItem.MAJOR_EQUIPMENT, AssetItem.OTHER)
SOURCES = (
    "general_public", "government_fund", "state_capital", "special_account", "own_funds", "fiscal_carry_over",
    "non_fiscal_carry_over",
)  # fmt: skip


def _paid(row: object) -> Iterator[Decimal]:
    yield from (amount for name in SOURCES if (amount := getattr(row, name)) is not None)
