"""Rules between functional items, economic items and “三公”经费 (domain rules R28, R29, R31, R32)."""

from collections.abc import Iterable
from decimal import Decimal

from ..domain.facts import ZERO, Slice, total, where
from ..domain.findings import Case, CellRef, Found, Report, Severity, rule
from ..domain.places import money
from ..domain.terms import BasicKind, Family, Fund, ThreePublicItem, Use

BASIC = where(family=Family.BASIC_EXPENDITURE)
GENERAL_BASIC = where(family=Family.EXPENDITURE, fund=Fund.GENERAL_PUBLIC, use=Use.BASIC)
DEFAULT_KIND = {"301": BasicKind.PERSONNEL, "303": BasicKind.PERSONNEL, "302": BasicKind.RUNNING_COSTS}
THREE_PUBLIC_SUBJECTS = (
    (ThreePublicItem.OFFICIAL_HOSPITALITY, "30217"),
    (ThreePublicItem.VEHICLE_RUNNING, "30231"),
)
SAME_PURPOSE = (  # functional items that pay for an economic item, with the reader's words for both
    (("2080505",), ("30108",)),
    (("2080506",), ("30109",)),
    (("2101101", "2101102"), ("30110",)),
    (("2101103",), ("30111",)),
    (("2210201",), ("30113",)),
    (("2080501", "2080502"), ("30301", "30302")),
)


def _sum(case: Case, inside: Slice) -> Decimal:
    return total(case.ledger.facts, inside) or ZERO


def _names(case: Case, codes: Iterable[str], scheme: str) -> str:
    return "、".join(f"{code} {case.subjects.name(code, scheme)}" for code in codes)


@rule(
    "kind-of-basic-expenditure",
    Severity.WARNING,
    source="《政府收支分类科目》部门预算支出经济分类",
    formula="301、303 类计入人员经费，302 类计入公用经费",
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
    for item, code in THREE_PUBLIC_SUBJECTS:
        printed = _sum(case, where(family=Family.THREE_PUBLIC, item=item))
        paid = _sum(case, BASIC & where(economic=code))
        if printed < paid:
            unit = case.table_set.unit
            yield report(
                f"“三公”经费表的{item.label}为 {money(printed, unit)}，小于基本支出中 {code} 的 {money(paid, unit)}，"
                f"少 {money(paid - printed, unit)}。请核对两处金额。",
                cells=[
                    CellRef("three_public", item.value, "total"),
                    CellRef("basic_expenditure", code, "total"),
                ],
            )


@rule(
    "function-pays-economic",
    Severity.WARNING,
    source="《政府收支分类科目》",
    formula="养老、医疗、住房公积金、离退休等功能科目的基本支出＝对应的经济科目",
)
def function_pays_economic(case: Case, report: Report) -> Found:
    """Functional items with one purpose equal the economic items that they pay for (R31)."""
    unit = case.table_set.unit
    for functions, economics in SAME_PURPOSE:
        spent = _sum(case, GENERAL_BASIC & where(function=functions))
        paid = _sum(case, BASIC & where(economic=economics))
        if spent != paid:
            yield report(
                f"{_names(case, functions, 'function')}的基本支出为 {money(spent, unit)}，"
                f"{_names(case, economics, 'economic')}为 {money(paid, unit)}，相差 {money(spent - paid, unit)}。"
                "请核对，如口径不同请说明。",
                cells=[
                    *(CellRef("general_public_expenditure", code, "basic") for code in functions),
                    *(CellRef("basic_expenditure", code, "total") for code in economics),
                ],
                key=functions[0],
            )


@rule(
    "no-project-under-administration",
    Severity.WARNING,
    source="《政府收支分类科目》行政运行：反映行政单位的基本支出",
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
