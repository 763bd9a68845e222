"""The identities of three small tables, each told in full: what is tied, in which order, and what is left untied."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from budgets.domain.classification import Subjects
from budgets.domain.composing import compose
from budgets.domain.documents import ColumnKind
from budgets.domain.facts import NOTHING, where
from budgets.domain.identities import Identity, Kind, amounts, broken, identities
from budgets.domain.ledgers import Ledger
from budgets.domain.places import CellRef
from budgets.domain.tables import Amount, Balance, Field, Line, Lines, Meet, Table, TableSet, Tree
from budgets.domain.terms import Family, Origin, Use
from budgets.tablesets import get
from tests.makers.facts import small_budget

SPENDING, REVENUE = (where(family=family) for family in (Family.EXPENDITURE, Family.REVENUE))
BASIC, PROJECT = where(use=Use.BASIC), where(use=Use.PROJECT)
CAPTION = Field("name", "项目", ColumnKind.CAPTION)
SPENT = Table(
    1,
    "spent",
    "支出表",
    Tree("function"),
    (
        CAPTION,
        Amount("total", "合计", parts=("basic", "project")),
        Amount("basic", "基本支出", BASIC),
        Amount("project", "项目支出", PROJECT),
    ),
    where=SPENDING,
)
KINDS = Table(
    2,
    "kinds",
    "分类表",
    Lines(
        (
            Line("basic", "基本支出", BASIC),
            Line("schools", "教育支出", where(function="205")),
            Line("both", "合计", NOTHING, parts=("basic", "schools")),
        )
    ),
    (CAPTION, Amount("amount", "预算数")),
    where=SPENDING,
)
SIDES = Table(
    3,
    "sides",
    "收支表",
    Balance(
        (Line("fees", "事业收入", REVENUE & where(origin=Origin.SERVICE)),),
        (Line("basic", "基本支出", SPENDING & BASIC), Line("project", "项目支出", SPENDING & PROJECT)),
        ((Line("in", "收入合计", REVENUE, parts=("fees",)), Line("out", "支出合计", SPENDING, parts=("basic", "project"))),),
    ),
    (CAPTION, Amount("revenue", "收入"), Field("use", "项目", ColumnKind.CAPTION, side=1), Amount("spent", "支出", side=1)),
)  # fmt: skip
ALL = {table.key: table for table in (SPENT, KINDS, SIDES)}


def a_set(*keys: str, meets: tuple[Meet, ...] = ()) -> TableSet:
    tables = tuple(ALL[key] for key in keys)
    return TableSet("x", "甲省", "元", D("0.01"), tables, (), (), (), meets, "", "")


def cells(table: str, rows: str, columns: str = "amount") -> list[CellRef]:
    return [CellRef(table, row, column) for row in rows.split() for column in columns.split()]


def spent(rows: str) -> list[CellRef]:
    return cells("spent", rows, "total basic project")


def tied(kind: Kind, left: str, right: str) -> Identity:
    """An identity of cells as table.row.column; of columns of one row, or of rows of one column."""
    one, others = (tuple(CellRef(*name.split("/")) for name in side.split()) for side in (left, right))
    return Identity(kind, one, others)


def test_a_row_is_tied_across_and_a_code_to_the_codes_right_below():
    rows = ("total", "201", "20103", "2010301", "2010302", "208")
    found = identities(a_set("spent"), spent(" ".join(rows)))
    across = [
        tied(Kind.COLUMNS, f"spent/{row}/total", f"spent/{row}/basic spent/{row}/project") for row in rows
    ]
    below = {"total": ("201", "208"), "201": ("20103",), "20103": ("2010301", "2010302")}
    down = [
        tied(Kind.CHILDREN, f"spent/{row}/{column}", " ".join(f"spent/{code}/{column}" for code in codes))
        for row, codes in below.items()
        for column in ("total", "basic", "project")
    ]
    assert found == [*across, *down]


def test_the_total_of_no_rows_is_nothing():
    found = identities(a_set("spent"), cells("spent", "total", "basic"))
    assert [each for each in found if each.kind is Kind.CHILDREN] == [
        tied(Kind.CHILDREN, f"spent/total/{column}", "") for column in ("total", "basic", "project")
    ]


def test_a_sum_of_lines_and_a_line_that_no_fact_can_reach():
    printed = cells("kinds", "basic schools both")
    assert identities(a_set("kinds"), printed) == [
        tied(Kind.LINES, "kinds/both/amount", "kinds/basic/amount kinds/schools/amount"),
        tied(Kind.BLANK, "kinds/both/amount", ""),
    ]
    assert identities(a_set("kinds"), printed[:2]) == []  # a line that is not printed sums nothing


def test_each_side_of_a_balance_has_its_lines_and_padding_is_blank():
    printed = [*cells("sides", "fees in left.2", "revenue"), *cells("sides", "basic project out", "spent")]
    assert identities(a_set("sides"), printed) == [
        tied(Kind.LINES, "sides/in/revenue", "sides/fees/revenue"),
        tied(Kind.LINES, "sides/out/spent", "sides/basic/spent sides/project/spent"),
        tied(Kind.BLANK, "sides/left.2/revenue", ""),
    ]
    more = [*printed, *cells("sides", "right.1", "spent")]
    assert identities(a_set("sides"), more)[-1] == tied(Kind.BLANK, "sides/right.1/spent", "")


def same(found: list[Identity]) -> list[Identity]:
    return [each for each in found if each.kind is Kind.SAME]


def test_one_number_in_several_tables_is_tied_to_the_first_of_them():
    printed = [*spent("total 208"), *cells("kinds", "basic"), *cells("sides", "basic project", "spent")]
    assert same(identities(a_set("spent", "kinds", "sides"), printed)) == [
        tied(Kind.SAME, "spent/total/basic", "kinds/basic/amount"),
        tied(Kind.SAME, "spent/total/basic", "sides/basic/spent"),
        tied(Kind.SAME, "spent/total/project", "sides/project/spent"),
    ]


def test_what_a_table_without_rows_would_spell_out_is_nothing():
    assert same(identities(a_set("spent", "kinds"), cells("kinds", "basic"))) == [
        tied(Kind.SAME, "kinds/basic/amount", "")
    ]


def in_units(spent_in: str, kinds_in: str, sides_in: str = "") -> TableSet:
    tables = (replace(SPENT, unit=spent_in), replace(KINDS, unit=kinds_in), replace(SIDES, unit=sides_in))
    return replace(a_set("spent"), tables=tables)


@pytest.mark.parametrize(
    ("units", "tied_to"),
    [
        (("", "万元", "元"), ("spent/total/basic", "sides/basic/spent")),
        (("万元", "", "元"), ("kinds/basic/amount", "sides/basic/spent")),
        (("万元", "万元", ""), ("spent/total/basic", "kinds/basic/amount")),
    ],
)
def test_in_another_unit_the_same_number_is_rounded_and_not_tied(units, tied_to):
    printed = [*spent("total"), *cells("kinds", "basic"), *cells("sides", "basic", "spent")]
    assert same(identities(in_units(*units), printed)) == [tied(Kind.SAME, *tied_to)]


def test_nor_is_it_spelled_out_in_another_unit():
    printed = [*spent("total 2050101"), *cells("kinds", "schools")]
    assert same(identities(in_units("", "万元"), printed)) == []
    assert same(identities(in_units("万元", "万元"), printed)) == [
        tied(Kind.SAME, "kinds/schools/amount", "spent/2050101/total")
    ]


@pytest.mark.parametrize(
    ("rows", "spelled"),
    [
        ("total 2050101 2050102 208", "spent/2050101/total spent/2050102/total"),
        ("total 20501 2050101 2050102", "spent/20501/total"), ("total 204 208", ""), ("2050101", "spent/2050101/total"),
    ],
)  # fmt: skip
def test_a_number_by_code_is_tied_to_the_rows_that_spell_it_out(rows, spelled):
    found = same(identities(a_set("spent", "kinds"), [*spent(rows), *cells("kinds", "schools")]))
    assert found == [tied(Kind.SAME, "kinds/schools/amount", spelled)]


def test_where_the_code_has_a_row_of_its_own_that_row_is_the_number():
    printed = [*spent("total 205 2050101"), *cells("kinds", "schools")]
    assert same(identities(a_set("spent", "kinds"), printed)) == [
        tied(Kind.SAME, "spent/205/total", "kinds/schools/amount")
    ]


def test_a_number_of_several_codes_is_not_spelled_out():
    line = Line("schools", "教育和科技", where(function=("205", "206")))
    declared = replace(a_set("spent"), tables=(SPENT, replace(KINDS, rows=Lines((line,)))))
    assert same(identities(declared, [*spent("2050101 2060101"), *cells("kinds", "schools")])) == []


def test_what_is_spelled_out_stands_in_the_order_in_which_it_is_printed():
    """Two numbers by code, of which the later column comes first in the other table."""
    lines = Lines((Line("projects", "项目", PROJECT), Line("all", "支出"), Line("basics", "基本", BASIC)))
    declared = replace(a_set("spent"), tables=(replace(KINDS, rows=lines), SPENT))
    found = same(identities(declared, [*cells("kinds", "projects basics"), *spent("201 208")]))
    assert found == [
        tied(Kind.SAME, f"kinds/{line}/amount", f"spent/201/{column} spent/208/{column}")
        for line, column in (("projects", "project"), ("basics", "basic"))
    ]


MEET = Meet("m", "收支相抵", (REVENUE,), (SPENDING & BASIC, SPENDING & PROJECT), "《预算法》", "请核对")


def met(rows: str, *more: CellRef) -> list[Identity]:
    found = identities(a_set("spent", "sides", meets=(MEET,)), [*spent(rows), *more])
    return [each for each in found if each.kind is Kind.MEETS]


def test_families_meet_in_the_cells_that_print_them_with_what_the_rule_says():
    revenue = CellRef("sides", "in", "revenue")
    total = tuple(CellRef("spent", "total", column) for column in ("basic", "project"))
    assert met("total 201", revenue) == [
        Identity(Kind.MEETS, (revenue,), total, "收支相抵", "《预算法》", "请核对")
    ]
    spelled = tuple(
        CellRef("spent", code, column) for column in ("basic", "project") for code in ("201", "208")
    )
    assert [each.right for each in met("201 20103 208", revenue)] == [spelled]
    assert met("total 201") == []  # nothing prints the revenue


def test_what_an_identity_lacks_and_which_do_not_hold():
    identity = tied(Kind.LINES, "t/whole/x", "t/a/x t/b/x")
    whole, a, b = (cell for cell, _ in identity.terms())
    assert [sign for _, sign in identity.terms()] == [1, -1, -1]
    assert identity.gap({whole: D(5), a: D(2)}) == 3
    assert identity.gap({}) == 0
    holds = {whole: D(5), a: D(2), b: D(3)}
    assert broken([identity], holds) == []
    assert broken([identity, tied(Kind.SAME, "t/a/x", "t/b/x")], holds) == [tied(Kind.SAME, "t/a/x", "t/b/x")]


@pytest.mark.parametrize("key", ["hebei_2023", "shanghai_2023"])
def test_the_amounts_of_sheets_are_their_money_cells_blank_ones_as_zero(key):
    ledger = Ledger(key, "130225", "乐亭县", "483", "某局", 2023, facts=small_budget())
    sheets = compose(get(key), ledger, Subjects()).tables
    found = amounts(sheets)
    money = [c for sheet in sheets for c in sheet.columns if c.kind is ColumnKind.AMOUNT for _ in sheet.rows]
    assert len(found) == len(money)
    assert {ref.column for ref in found if ref.table == sheets[0].key} == {
        column.key for column in sheets[0].columns if column.kind is ColumnKind.AMOUNT
    }
    assert D(0) in found.values() and None not in found.values()
    printed = {cell.amount for sheet in sheets for row in sheet.rows for cell in row.cells} - {None}
    assert set(found.values()) - {D(0)} <= printed
