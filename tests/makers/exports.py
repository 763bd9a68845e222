"""Invented exports of budget systems in three layouts, each with the layout that a bureau would map for it."""

import io
from collections.abc import Sequence
from decimal import Decimal

from openpyxl import Workbook, load_workbook

from budgets.domain.facts import Fact
from budgets.domain.families import FISCAL
from budgets.domain.terms import BasicKind, Family, Flow, Fund, Origin, Use
from budgets.importing.exports.export_layouts import (
    AMOUNT,
    FAMILIES,
    ExportColumn,
    ExportLayout,
    ExportSheet,
    Tells,
)

OWN, OTHER = ("483", "乐亭县行政审批局"), ("484", "另一局")


def book(**sheets: Sequence[Sequence[object]]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append([float(value) if isinstance(value, Decimal) else value for value in row])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def of(facts: Sequence[Fact], family: Family) -> list[Fact]:
    return [fact for fact in facts if fact.family is family]


def told(facts: Sequence[Fact], layout: ExportLayout) -> set[Fact]:
    """The facts that an export tells: of the families that its columns give; the rest is typed."""
    families = {
        family
        for sheet in layout.sheets
        for column in sheet.columns
        if column.holds == AMOUNT
        for family in FAMILIES[column.tells]
    }
    return {fact for fact in facts if fact.family in families}


FUNDS = {
    Fund.GENERAL_PUBLIC: "111 一般公共预算资金",
    Fund.GOVERNMENT_FUND: "121 政府性基金预算资金",
    Fund.STATE_CAPITAL: "131 国有资本经营预算资金",
    Fund.NON_FISCAL: "141 单位资金",
}
USES = {
    Use.BASIC: "基本支出",
    Use.PROJECT: "特定目标类项目",
    Use.BUSINESS: "事业单位经营支出",
    Use.TO_SUPERIOR: "上缴上级支出",
    Use.TO_AFFILIATES: "对附属单位补助支出",
}
ORIGINS = {origin: origin.label for origin in Origin}
FLOWS = {flow: flow.label for flow in Flow}


def words(**columns: dict) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (holds, said, f"{holds}={term.value}")
        for holds, terms in columns.items()
        for term, said in terms.items()
    )


def long_layout(facts: Sequence[Fact]) -> tuple[bytes, ExportLayout]:
    """A row an amount, in 元, each dimension in a column of its own; several units in one file."""
    spent = [
        [*OWN, f"{f.function} 某项", FUNDS[f.fund], USES[f.use], "某项目", f.amount]
        for f in of(facts, Family.EXPENDITURE)
    ]
    strange = [*OTHER, "2010301 行政运行", FUNDS[Fund.GENERAL_PUBLIC], USES[Use.BASIC], "", 99]
    received = [[*OWN, f.function, ORIGINS[f.origin], f.amount] for f in of(facts, Family.REVENUE)]
    basic = [[*OWN, f.economic, f.kind.label, f.amount] for f in of(facts, Family.BASIC_EXPENDITURE)]
    public = [[*OWN, f.item.label, FUNDS[f.fund], f.amount] for f in of(facts, Family.THREE_PUBLIC)]
    funds = [[*OWN, FUNDS[f.fund], FLOWS[f.flow], f.amount] for f in of(facts, Family.FUND)]
    unit = (ExportColumn("单位代码", "unit"), ExportColumn("单位"))
    money = "指标金额（元）"

    def sheet(name: str, tells: Tells, *columns: tuple[str, str]) -> ExportSheet:
        middle = tuple(ExportColumn(heading, holds) for heading, holds in columns)
        return ExportSheet(name, (*unit, *middle, ExportColumn(money, "amount", tells)))

    layout = ExportLayout(
        (
            sheet(
                "支出",
                Tells.EXPENDITURE,
                ("功能科目", "function"),
                ("资金性质", "fund"),
                ("支出类型", "use"),
                ("项目", ""),
            ),
            sheet("收入", Tells.REVENUE, ("功能科目", "function"), ("来源", "origin")),
            sheet("基本", Tells.BASIC_EXPENDITURE, ("部门经济", "economic"), ("分类", "kind")),
            sheet("三公", Tells.THREE_PUBLIC, ("事项", "item"), ("资金性质", "fund")),
            sheet("资金", Tells.FUND, ("资金性质", "fund"), ("收支", "flow")),
        ),
        words(
            fund=FUNDS,
            use=USES,
            origin=ORIGINS,
            flow=FLOWS,
            kind={kind: kind.label for kind in BasicKind},
            item={f.item: f.item.label for f in of(facts, Family.THREE_PUBLIC)},
        ),
    )
    content = book(
        支出明细=[["2023年支出指标"], [c.heading for c in layout.sheets[0].columns], *spent, strange],
        收入明细=[[c.heading for c in layout.sheets[1].columns], *received],
        基本=[[c.heading for c in layout.sheets[2].columns], *basic],
        三公=[[c.heading for c in layout.sheets[3].columns], *public],
        资金=[[c.heading for c in layout.sheets[4].columns], *funds],
    )
    return content, layout


def crossed(
    facts: Sequence[Fact], named_by: Sequence[str], across: str, values: Sequence
) -> list[list[object]]:
    """A row for each of the names, an amount in 万元 below each value across."""
    rows: dict[tuple, dict] = {}
    for fact in facts:
        key = tuple(getattr(fact, name) for name in named_by)
        rows.setdefault(key, {})[getattr(fact, across)] = fact.amount / 10_000
    return [[*key, *(cells.get(value) for value in values)] for key, cells in rows.items()]


def wide_layout(facts: Sequence[Fact]) -> tuple[bytes, ExportLayout]:
    """Amounts in 万元 below the funds, uses, origins and kinds; totals and rows of classes among them."""

    def columns(holds: str, values: Sequence, tells: Tells) -> tuple[ExportColumn, ...]:
        return tuple(
            ExportColumn(f"金额·{value.label}", "amount", tells, f"{holds}={value.value}", "万元")
            for value in values
        )

    fund_terms = [*FISCAL, Fund.NON_FISCAL]
    spent = [
        [code, USES[use], *rest]
        for code, use, *rest in crossed(
            of(facts, Family.EXPENDITURE), ("function", "use"), "fund", fund_terms
        )
    ]
    received = crossed(of(facts, Family.REVENUE), ("function",), "origin", list(Origin))
    basic = crossed(of(facts, Family.BASIC_EXPENDITURE), ("economic",), "kind", list(BasicKind))
    public = [
        [f"{item.label}", *rest]
        for item, *rest in crossed(of(facts, Family.THREE_PUBLIC), ("item",), "fund", FISCAL)
    ]
    flows = [
        [FUNDS[fund], *rest] for fund, *rest in crossed(of(facts, Family.FUND), ("fund",), "flow", list(Flow))
    ]
    layout = ExportLayout(
        (
            ExportSheet("支", (ExportColumn("编码", "function"), ExportColumn("类型", "use"), *columns("fund", fund_terms, Tells.EXPENDITURE))),
            ExportSheet("收", (ExportColumn("编码", "function"), *columns("origin", list(Origin), Tells.REVENUE))),
            ExportSheet("经", (ExportColumn("经济", "economic"), *columns("kind", list(BasicKind), Tells.BASIC_EXPENDITURE))),
            ExportSheet("公", (ExportColumn("费用", "item"), *columns("fund", FISCAL, Tells.THREE_PUBLIC))),
            ExportSheet("资", (ExportColumn("性质", "fund"), *columns("flow", list(Flow), Tells.FUND))),
        ),
        words(use=USES, fund=FUNDS, item={f.item: f.item.label for f in of(facts, Family.THREE_PUBLIC)}),
    )  # fmt: skip
    heads = [
        (
            [*("" for c in sheet.columns if c.holds != "amount"), "金额"],
            [c.heading.split("·")[-1] for c in sheet.columns],
        )
        for sheet in layout.sheets
    ]
    bodies = [_with_sums(spent, 2), _with_sums(received, 1), _with_sums(basic, 1), public, flows]
    content = book(
        **{s.name: [*head, *rows] for s, head, rows in zip(layout.sheets, heads, bodies, strict=True)}
    )
    return _merged(
        content, [len(s.columns) for s in layout.sheets], [s.holding("amount")[0] for s in layout.sheets]
    ), layout


def _with_sums(rows: list[list], names: int) -> list[list]:
    """The rows under a total and a row for each class, as systems print them."""
    width = len(rows[0]) if rows else names

    def added(some: list[list]) -> list:
        return [sum((row[c] or 0 for row in some), Decimal(0)) or None for c in range(names, width)]

    out: list[list] = [["合计", *[None] * (names - 1), *added(rows)]] if rows else []
    for start in sorted({row[0][:3] for row in rows}):
        inside = [row for row in rows if row[0].startswith(start)]
        out += [[start, *[None] * (names - 1), *added(inside)], *inside]
    return out


def _merged(content: bytes, widths: list[int], firsts: list[int]) -> bytes:
    workbook = load_workbook(io.BytesIO(content))
    for sheet, width, first in zip(workbook.worksheets, widths, firsts, strict=True):
        if width - first > 1:
            sheet.merge_cells(start_row=1, end_row=1, start_column=first + 1, end_column=width)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def joint_layout(facts: Sequence[Fact]) -> tuple[bytes, ExportLayout]:
    """One list of all money with code and name in a cell and income by its fund; what else there is follows or is its own sheet."""
    spent = [
        [f"{OWN[0]}-{OWN[1]}", f"[{f.function}]某项", FUNDS[f.fund], USES[f.use], f.amount, None]
        for f in of(facts, Family.EXPENDITURE)
    ]
    received = [
        [f"{OWN[0]}-{OWN[1]}", f"[{f.function}]某项", "", ORIGINS[f.origin], None, f.amount]
        for f in of(facts, Family.REVENUE)
    ]
    strange = [
        f"{OTHER[0]}-{OTHER[1]}",
        "[2010301]行政运行",
        FUNDS[Fund.GENERAL_PUBLIC],
        USES[Use.BASIC],
        5,
        None,
    ]
    _, rest = long_layout(facts)
    layout = ExportLayout(
        (
            ExportSheet("支", (
                ExportColumn("预算单位", "unit"), ExportColumn("科目", "function"), ExportColumn("资金", "fund"),
                ExportColumn("类别", "use"), ExportColumn("支出数", "amount", Tells.EXPENDITURE), ExportColumn("备注"),
            )),
            ExportSheet("收", (
                ExportColumn("预算单位", "unit"), ExportColumn("科目", "function"), ExportColumn("收入项目", "origin"),
                ExportColumn("收入数", "amount", Tells.REVENUE),
            )),
            *rest.sheets[2:],
        ),
        rest.words,
    )  # fmt: skip
    sheets = {
        "支": [
            ["预算单位", "科目", "资金", "类别", "支出数", "备注"],
            strange,
            *[[*row[:5], "备注"] for row in spent],
        ],
        "收": [
            ["预算单位", "科目", "收入项目", "收入数"],
            *[[row[0], row[1], row[3], row[5]] for row in received],
        ],
    }
    basic = [[*OWN, f.economic, f.kind.label, f.amount] for f in of(facts, Family.BASIC_EXPENDITURE)]
    public = [[*OWN, f.item.label, FUNDS[f.fund], f.amount] for f in of(facts, Family.THREE_PUBLIC)]
    funds = [[*OWN, FUNDS[f.fund], FLOWS[f.flow], f.amount] for f in of(facts, Family.FUND)]
    for sheet, rows in zip(rest.sheets[2:], (basic, public, funds), strict=True):
        sheets[sheet.name] = [[c.heading for c in sheet.columns], *rows]
    return book(**sheets), layout


LAYOUTS = {"long": long_layout, "wide": wide_layout, "joint": joint_layout}
