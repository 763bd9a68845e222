"""Rules between functional items, economic items and “三公”经费 (domain rules R28–R32)."""

from collections.abc import Iterable
from decimal import Decimal

from budgets.domain.facts import ZERO, Slice, where
from budgets.domain.findings import Severity
from budgets.domain.law import SCHEME
from budgets.domain.money import money
from budgets.domain.places import AmountRow, CellRef, TablePlace
from budgets.domain.terms import BasicKind, Family, Fund, ThreePublicItem, Use
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import figures_of

BASIC = where(family=Family.BASIC_EXPENDITURE)
GENERAL_BASIC = where(family=Family.EXPENDITURE, fund=Fund.GENERAL_PUBLIC, use=Use.BASIC)
DEFAULT_KIND = {
    "301": BasicKind.PERSONNEL,
    "303": BasicKind.PERSONNEL,
    "302": BasicKind.RUNNING_COSTS,
    "310": BasicKind.RUNNING_COSTS,
}
OVERSEAS = (ThreePublicItem.OVERSEAS_RESEARCH, ThreePublicItem.OVERSEAS_OTHER)
THREE_PUBLIC_SUBJECTS = (  # key, items of “三公”经费, economic item
    ("overseas_visits", OVERSEAS, "30212"),
    ("official_hospitality", (ThreePublicItem.OFFICIAL_HOSPITALITY,), "30217"),
    ("vehicle_running", (ThreePublicItem.VEHICLE_RUNNING,), "30231"),
    ("vehicle_purchase", (ThreePublicItem.VEHICLE_PURCHASE,), "31013"),
)
EVENTS = ("30215", "30216")
SAME_PURPOSE = (  # functional items that pay for an economic item, and for nothing else
    (("2080505",), ("30108",)),
    (("2080506",), ("30109",)),
    (("2101101", "2101102"), ("30110",)),
    (("2101103",), ("30111",)),
    (("2210201",), ("30113",)),
)
RETIRED = (("2080501", "2080502"), ("30301", "30302"))  # pays pensions, and the running costs of the retired


def _sum(case: Case, inside: Slice) -> Decimal:
    return case.facts.total(inside) or ZERO


def _names(case: Case, codes: Iterable[str], scheme: str) -> str:
    return "、".join(f"{code} {case.subjects.name(code, scheme)}" for code in codes)


@rule(
    "kind-of-basic-expenditure",
    Severity.WARNING,
    source=f"{SCHEME}部门预算支出经济分类",
    formula="301、303 类计入人员经费，302、310 类计入公用经费",
)
def kind_of_basic_expenditure(case: Case, report: Report) -> Found:
    """Economic classes are counted as 人员经费 or 公用经费 as is usual (R28)."""
    for category, usual in DEFAULT_KIND.items():
        other = next(kind for kind in BasicKind if kind is not usual)
        amount = _sum(case, BASIC & where(economic=category, kind=other))
        if amount:
            name = case.subjects.name(category, "economic")
            yield report(
                f"{category} {name}有 {money(amount, case.table_set.unit)}计入{other.label}，"
                f"通常计入{usual.label}。如属实请说明原因。",
                cells=[CellRef("basic_expenditure", category, other.value)],
            )


@rule(
    "three-public-covers-economic",
    Severity.WARNING,
    source="《财政预决算领域基层政务公开标准目录》“三公”经费",
    formula="“三公”经费分项 ≥ 基本支出中对应的经济分类科目",
)
def three_public_covers_economic(case: Case, report: Report) -> Found:
    """A “三公” item is at least its economic item in basic expenditure (R29)."""
    for key, items, code in THREE_PUBLIC_SUBJECTS:
        printed = _sum(case, where(family=Family.THREE_PUBLIC, item=items))
        paid = _sum(case, BASIC & where(economic=code))
        if printed < paid:
            unit = case.table_set.unit
            yield report(
                f"“三公”经费表的{case.once(figures_of).label(key)}为 {money(printed, unit)}，"
                f"小于基本支出中 {_names(case, (code,), 'economic')}的 {money(paid, unit)}，"
                f"少 {money(paid - printed, unit)}。请核对两处金额。",
                cells=[
                    *case.once(figures_of).cells(key),
                    CellRef("basic_expenditure", code, "total"),
                ],
                apart=key,
            )


@rule(
    "events-cover-economic",
    Severity.WARNING,
    source="《财政预决算领域基层政务公开标准目录》“三公”经费",
    formula="会议费、培训费 ≥ 基本支出中对应的经济分类科目",
)
def events_cover_economic(case: Case, report: Report) -> Found:
    """会议费 and 培训费 of all expenditure are at least those of basic expenditure, where a set prints them."""
    events = where(family=Family.EVENTS)
    if not case.table_set.prints(Family.EVENTS) and not _sum(case, events):
        return
    unit = case.table_set.unit
    for code in EVENTS:
        told, paid = _sum(case, events & where(economic=code)), _sum(case, BASIC & where(economic=code))
        if told < paid:
            yield report(
                f"{case.subjects.name(code, 'economic')}为 {money(told, unit)}，小于基本支出中 "
                f"{_names(case, (code,), 'economic')}的 {money(paid, unit)}，少 {money(paid - told, unit)}。请核对两处金额。",
                at=AmountRow(Family.EVENTS.value, code),
                cells=[CellRef("basic_expenditure", code, "total")],
            )


@rule(
    "three-public-within-fund",
    Severity.WARNING,
    source="《财政预决算领域基层政务公开标准目录》“三公”经费",
    formula="各项资金的“三公”经费 ≤ 该项资金的财政拨款支出",
)
def three_public_within_fund(case: Case, report: Report) -> Found:
    """“三公”经费 of a fund is part of what that fund pays (R30)."""
    unit = case.table_set.unit
    for fund in (Fund.GENERAL_PUBLIC, Fund.GOVERNMENT_FUND, Fund.STATE_CAPITAL):
        spent = _sum(case, where(family=Family.EXPENDITURE, fund=fund))
        public = _sum(case, where(family=Family.THREE_PUBLIC, fund=fund))
        if public > spent:
            yield report(
                f"{fund.label}安排的“三公”经费为 {money(public, unit)}，大于{fund.label}财政拨款支出 {money(spent, unit)}，"
                f"多 {money(public - spent, unit)}。请核对资金性质或说明原因。",
                at=TablePlace("three_public"),
                cells=[
                    *case.once(figures_of).cells("three_public"),
                    *case.once(figures_of).cells(f"{fund.value}_spent"),
                ],
                apart=fund.value,
            )


@rule(
    "function-pays-economic",
    Severity.WARNING,
    source=SCHEME,
    formula="养老、医疗、住房公积金等功能科目的基本支出＝对应的经济科目；离退休科目 ≥ 离休费、退休费",
)
def function_pays_economic(case: Case, report: Report) -> Found:
    """Functional items with one purpose equal the economic items that they pay for (R31)."""
    unit = case.table_set.unit
    for functions, economics in (*SAME_PURPOSE, RETIRED):
        spent = _sum(case, GENERAL_BASIC & where(function=functions))
        paid = _sum(case, BASIC & where(economic=economics))
        if spent < paid or (spent != paid and functions != RETIRED[0]):
            yield report(
                f"{_names(case, functions, 'function')}的基本支出为 {money(spent, unit)}，"
                f"{_names(case, economics, 'economic')}为 {money(paid, unit)}，相差 {money(spent - paid, unit)}。"
                "请核对，如口径不同请说明。",
                at=AmountRow(Family.EXPENDITURE, functions[0], Fund.GENERAL_PUBLIC, Use.BASIC),
                cells=[
                    *(CellRef("general_public_expenditure", code, "basic") for code in functions),
                    *(CellRef("basic_expenditure", code, "total") for code in economics),
                ],
            )


@rule(
    "no-project-under-administration",
    Severity.WARNING,
    source=f"{SCHEME}行政运行：反映行政单位的基本支出",
    formula="行政运行科目下没有项目支出",
)
def no_project_under_administration(case: Case, report: Report) -> Found:
    """行政运行 pays for basic operation; project money under it needs a word (R32)."""
    codes = sorted({f.function for f in case.ledger.facts if case.subjects.name(f.function) == "行政运行"})
    for code in codes:
        amount = _sum(case, where(family=Family.EXPENDITURE, function=code, use=Use.PROJECT))
        if amount:
            yield report(
                f"{code} 行政运行列有项目支出 {money(amount, case.table_set.unit)}。"
                "按科目说明，行政运行反映基本支出，项目支出一般列其他项级科目，请调整或说明原因。",
                cells=[CellRef("expenditure", code, "project")],
            )
