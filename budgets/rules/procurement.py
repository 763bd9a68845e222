"""Rules on government procurement: its rows, its total and parts in words, what should be in it (R15, R49, R50)."""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from budgets.domain.facts import ZERO
from budgets.domain.figures import shown
from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.ledgers import Procurement, Service
from budgets.domain.money import CENT, money
from budgets.domain.places import CellRef, Record, TablePlace, counted
from budgets.domain.quantities import UNITS
from budgets.rules.naming import KINDS, cost, goal_tables, told_procurement
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import figures_of, said

LAW = "《政府采购法》第二条"
FUNDS = (
    "general_public", "government_fund", "state_capital", "special_account", "own_funds", "fiscal_carry_over",
    "non_fiscal_carry_over",
)  # fmt: skip
SERVICE_FUNDS = ("general_public", "government_fund", "state_capital", "own_funds")
SERVICES = re.compile(r"服务|维护|运维|物业|保洁|租赁")
PLANNED = re.compile(r"拟(?:购置|采购|购买)")


def amount_of(row: Procurement) -> Decimal:
    """The 合计 of a row in yuan: the sum of its seven sources."""
    return sum((getattr(row, fund) or ZERO for fund in FUNDS), ZERO)


def _rows(case: Case) -> Iterator[tuple[int, Procurement, Record]]:
    """The rows of procurement with their number and place."""
    rows = case.ledger.procurements
    nth = counted([(row.project, row.item) for row in rows])
    for n, (row, of_that_name) in enumerate(zip(rows, nth, strict=True), 1):
        yield n, row, Record("procurement", row.project, row.item, of_that_name)


def _called(row: Procurement) -> str:
    return f"“{row.project}{'·' if row.item else ''}{row.item}”"


@rule("procurement-multiplies", Severity.ERROR, source=CATALOGUE, formula="政府采购金额合计＝数量×单价")
def procurement_multiplies(case: Case, report: Report) -> Found:
    """A row's amount is its quantity times its unit price, where both are given (R15)."""
    unit = case.table_set.unit
    for n, row, place in _rows(case):
        if (
            row.quantity is None
            or row.unit_price is None
            or (paid := amount_of(row)) == row.quantity * row.unit_price
        ):
            continue
        cost_ = row.quantity * row.unit_price
        tail = (
            abs(paid - cost_) <= case.table_set.quantum * (row.quantity + 1) / 2
        )  # the price may be rounded
        yield report(
            f"{_called(row)}的采购金额合计为 {money(paid, unit)}，数量 {row.quantity:f} × 单价 "
            f"{money(row.unit_price, unit)}＝{money(cost_, unit)}，{'尾差' if tail else '相差'} {money(paid - cost_, unit)}。"
            "请核对数量、单价与金额。",
            at=place,
            cells=[CellRef("procurement", str(n), "total")],
            severity=Severity.WARNING if tail else None,
        )


@rule(
    "procurement-reserve-within",
    Severity.ERROR,
    source="《政府采购促进中小企业发展管理办法》",
    formula="预留中小微企业份额 ≤ 政府采购金额合计",
)
def procurement_reserve_within(case: Case, report: Report) -> Found:
    """What is reserved for small firms is part of a row's amount (R15)."""
    unit = case.table_set.unit
    for n, row, place in _rows(case):
        if row.sme_share is not None and row.sme_share > (paid := amount_of(row)):
            yield report(
                f"{_called(row)}预留中小微企业份额 {money(row.sme_share, unit)}，大于采购金额合计 {money(paid, unit)}，"
                f"多 {money(row.sme_share - paid, unit)}。请核对。",
                at=place,
                cells=[CellRef("procurement", str(n), "sme_share"), CellRef("procurement", str(n), "total")],
            )


@rule(
    "services-within-project",
    Severity.WARNING,
    source=CATALOGUE,
    formula="同一项目的政府购买服务金额之和 ≤ 项目金额",
)
def services_within_project(case: Case, report: Report) -> Found:
    """Services that a project buys are paid from the project's money, where that is known."""
    unit = case.table_set.unit
    known: dict[str, Decimal] = defaultdict(Decimal)
    for project in case.ledger.projects:
        if project.amount is not None:
            known[project.name] += project.amount
    paid: dict[str, Decimal] = defaultdict(Decimal)
    first: dict[str, Service] = {}
    for row in case.ledger.services:
        first.setdefault(row.project, row)
        paid[row.project] += sum((getattr(row, fund) or ZERO for fund in SERVICE_FUNDS), ZERO)
    for name, amount in paid.items():
        if name in known and amount > known[name]:
            place = Record("service", name, first[name].item)
            yield report(
                f"“{name}”的政府购买服务金额之和 {money(amount, unit)}，大于项目金额 {money(known[name], unit)}，"
                f"多 {money(amount - known[name], unit)}。请核对。",
                at=place,
                meant=(place, Record("project", name)),
            )


@rule(
    "procurement-within-project",
    Severity.WARNING,
    source=CATALOGUE,
    formula="同一项目的政府采购金额之和 ≤ 项目预算资金",
)
def procurement_within_project(case: Case, report: Report) -> Found:
    """What a project buys is paid from the project's money (R15)."""
    unit = case.table_set.unit
    rows: dict[str, list[Procurement]] = defaultdict(list)
    places: dict[str, list[Record]] = defaultdict(list)
    for _, row, place in _rows(case):
        rows[row.project].append(row)
        places[row.project].append(place)
    for project, bought in rows.items():
        funds = [row.project_funds for row in bought if row.project_funds is not None]
        paid = sum(map(amount_of, bought), ZERO)
        # Some print the project's whole money beside each of its rows, some the part of each row.
        if funds and paid > sum(funds, ZERO):
            yield report(
                f"“{project}”的政府采购金额之和 {money(paid, unit)}，大于项目预算资金 {money(sum(funds, ZERO), unit)}，"
                f"多 {money(paid - sum(funds, ZERO), unit)}。请核对或说明原因。",
                at=places[project][0],
                meant=places[project],
            )


@rule(
    "procurement-parts-add-up", Severity.ERROR, source=CATALOGUE, formula="文中政府采购预算＝货物＋工程＋服务"
)
def procurement_parts_add_up(case: Case, report: Report) -> Found:
    """Goods, works and services in words add up to the procurement budget that the same paragraph says (R49)."""
    unit = case.table_set.unit
    for whole, parts in told_procurement(case):
        quantity = whole.quantity
        listed = sum((one.quantity.yuan for one in parts), ZERO)
        if gap := quantity.yuan - listed:
            tail = abs(gap) <= CENT * UNITS[quantity.unit] * (len(KINDS) + 1) / 2
            yield report(
                f"{whole.quote}与货物、工程、服务之和 {money(listed, unit)}{'有尾差' if tail else '不符'}，"
                f"相差 {money(gap, unit)}。请核对。",
                at=whole.place,
                severity=Severity.WARNING if tail else None,
            )


@rule(
    "planned-purchases-procured",
    Severity.ERROR,
    source=LAW,
    formula="文中拟购置资产的金额 ≤ 政府采购预算合计",
)
def planned_purchases_procured(case: Case, report: Report) -> Found:
    """Assets that the words say will be bought are in the procurement budget (R50)."""
    figure = case.once(figures_of).known.get("procurement")
    unit = case.table_set.unit
    for one in said(case) if figure else ():
        if figure and one.own and PLANNED.search(one.quantity.called) and one.quantity.yuan > figure.yuan:
            yield report(
                f"{one.quote}大于{figure.label} {shown(figure, unit)}，多 {money(one.quantity.yuan - figure.yuan, unit)}。"
                "请编列政府采购预算，或改正文字。",
                at=one.place,
                cells=[figure.cell],
            )


@rule("services-are-procured", Severity.WARNING, source=LAW, formula="服务、维护类项目列入政府采购预算")
def services_are_procured(case: Case, report: Report) -> Found:
    """Projects that buy services or maintenance appear in the procurement budget."""
    if case.ledger.procurements:
        return
    bought = [
        (f"“{goal.project}” {money(cap, case.table_set.unit)}", place)
        for goal, place in goal_tables(case)
        if SERVICES.search(goal.project) and (cap := cost(goal) or ZERO) > Decimal(0)
    ]
    if bought:
        yield report(
            f"政府采购预算为 0.00，名称属于服务或维护的项目有：{'、'.join(name for name, _ in bought)}。"
            "请核对是否应编列政府采购预算，或说明原因。",
            at=TablePlace("procurement"),
            meant=(TablePlace("procurement"), *(place for _, place in bought)),
        )
