"""Every declared set is sound, and each kind of fault in a declaration is named with its set, table and line or column."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from budgets import checks, rules
from budgets.domain.classification import Subjects
from budgets.domain.declarations import faults
from budgets.domain.declared_sums import Flaw
from budgets.domain.facts import EVERYTHING, NOTHING, Fact, where
from budgets.domain.families import FISCAL
from budgets.domain.leaf_cells import leaves
from budgets.domain.ledgers import Ledger
from budgets.domain.tables import (
    Amount,
    Balance,
    ChapterWord,
    ColumnWord,
    Group,
    Line,
    Listing,
    Meet,
    TableSet,
)
from budgets.domain.terms import BasicKind, Family, Fund, Use
from budgets.tablesets import SETS

ANNEX = Listing(
    key="purchases",
    title="政府采购",
    source="procurements",
    columns=(Amount("total", "合计", parts=("general_public", "own_funds")), Amount("unit_price", "单价")),
)
HOME = ChapterWord("purchases", "政府采购", ("purchases",))


def of_columns(words: tuple[ColumnWord, ...], key: str, change: dict[str, object]) -> tuple[ColumnWord, ...]:
    return tuple(
        replace(word, columns=of_columns(word.columns, key, change))
        if isinstance(word, Group)
        else replace(word, **change)  # type: ignore[arg-type]
        if word.key == key
        else word
        for word in words
    )


def with_table(table_set: TableSet, named: str, **change: object) -> TableSet:
    tables = (replace(t, **change) if t.key == named else t for t in table_set.tables)  # type: ignore[arg-type]
    return replace(table_set, tables=tuple(tables))


def with_column(table_set: TableSet, table: str, column: str, **change: object) -> TableSet:
    return with_table(table_set, table, columns=of_columns(table_set.table(table).columns, column, change))


def with_line(table_set: TableSet, named: str, **change: object) -> TableSet:
    rows = table_set.table("balance").rows
    assert isinstance(rows, Balance)

    def mended(line: Line | None) -> Line | None:
        return replace(line, **change) if line and line.key == named else line  # type: ignore[arg-type]

    changed = replace(
        rows,
        left=tuple(map(mended, rows.left)),
        right=tuple(map(mended, rows.right)),
        foot=tuple((mended(a), mended(b)) for a, b in rows.foot),
    )
    return with_table(table_set, "balance", rows=changed)


def with_annex(table_set: TableSet, annex: Listing, *homes: ChapterWord) -> TableSet:
    return replace(table_set, annexes=(*table_set.annexes, annex), chapters=(*table_set.chapters, *homes))


def with_figure(table_set: TableSet, **change: str) -> TableSet:
    first, *others = table_set.figures
    return replace(table_set, figures=(replace(first, **change), *others))


SPOILT: dict[str, tuple[Callable[[TableSet], TableSet], Flaw, str]] = {
    "table twice": (lambda s: replace(s, tables=(*s.tables, replace(s.tables[0], number=99))), Flaw.TWICE, "表 balance"),
    "number twice": (lambda s: with_table(s, "balance", number=2), Flaw.TWICE, "表的编号 2"),
    "figure twice": (lambda s: replace(s, figures=(*s.figures, replace(s.figures[0], label="x"))), Flaw.TWICE, "数字 total_resources"),
    "label twice": (lambda s: with_figure(s, label="基本支出"), Flaw.TWICE, "数字的名称 基本支出"),
    "chapter twice": (lambda s: replace(s, chapters=(*s.chapters, replace(s.chapters[0], annexes=()))), Flaw.TWICE, "章 "),
    "meet twice": (lambda s: replace(s, meets=(*s.meets, s.meets[0])), Flaw.TWICE, "勾稽 fiscal-revenue-by-fund"),
    "column twice": (lambda s: with_column(s, "expenditure", "project", key="basic"), Flaw.TWICE, "表 expenditure，列 basic"),
    "line twice": (lambda s: with_line(s, "202", key="203"), Flaw.TWICE, "表 balance，右列行 203"),
    "column without name": (lambda s: with_column(s, "expenditure", "basic", caption=" "), Flaw.NAMELESS, "表 expenditure，列 basic"),
    "line without name": (lambda s: with_line(s, "208", caption=""), Flaw.NAMELESS, "表 balance，右列行 208"),
    "chapter without name": (lambda s: replace(s, chapters=(replace(s.chapters[0], title=""), *s.chapters[1:])), Flaw.NAMELESS, "章 "),
    "annex column without name": (lambda s: with_annex(s, replace(ANNEX, columns=of_columns(ANNEX.columns, "total", {"caption": ""})), HOME), Flaw.NAMELESS, "附表 purchases，列 total"),
    "part of a column": (lambda s: with_column(s, "expenditure", "total", parts=("basic", "projects")), Flaw.UNKNOWN, "表 expenditure，列 total"),
    "part is itself": (lambda s: with_column(s, "expenditure", "total", parts=("total",)), Flaw.UNKNOWN, "表 expenditure，列 total"),
    "part of a line": (lambda s: with_line(s, "total_uses", parts=("208", "fund_1")), Flaw.UNKNOWN, "表 balance，右列行 total_uses"),
    "column holds nothing": (lambda s: with_column(s, "general_public_expenditure", "basic", where=where(fund=Fund.STATE_CAPITAL)), Flaw.EMPTY, "表 general_public_expenditure，列 basic"),
    "column of a dimension that its family lacks": (lambda s: with_column(s, "expenditure", "basic", where=where(kind=BasicKind.PERSONNEL)), Flaw.EMPTY, "表 expenditure，列 basic"),
    "line holds nothing": (lambda s: with_line(s, "other", where=NOTHING), Flaw.EMPTY, "表 balance，左列行 other"),
    "blank line holds money": (lambda s: with_line(s, "other", always_blank=True), Flaw.EMPTY, "表 balance，左列行 other"),
    "meet holds nothing": (lambda s: replace(s, meets=(*s.meets, Meet("m", "m", (NOTHING,), (EVERYTHING,), "", ""))), Flaw.EMPTY, "勾稽 m"),
    "columns overlap": (lambda s: with_column(s, "expenditure", "total", parts=(), where=where(use=Use.PROJECT)), Flaw.OVERLAP, "表 expenditure，列 total"),
    "lines overlap": (lambda s: with_line(s, "total_uses", parts=()), Flaw.OVERLAP, "表 balance，右列行"),
    "part missing": (lambda s: with_column(s, "expenditure", "total", parts=("basic",)), Flaw.SUM, "表 expenditure，列 total"),
    "part counted twice": (lambda s: with_column(s, "expenditure", "basic", where=EVERYTHING), Flaw.SUM, "表 expenditure，列 total"),
    "share of nothing": (lambda s: with_column(s, "expenditure", "project", of_which="whole"), Flaw.UNKNOWN, "表 expenditure，列 project"),
    "share outside its whole": (lambda s: with_column(s, "expenditure", "project", of_which="basic"), Flaw.SUM, "表 expenditure，列 project"),
    "figure of no table": (lambda s: with_figure(s, table="balances"), Flaw.NO_CELL, "数字 total_resources"),
    "figure of no row": (lambda s: with_figure(s, row="totals"), Flaw.NO_CELL, "数字 total_resources"),
    "figure of the other side": (lambda s: with_figure(s, column="expenditure"), Flaw.NO_CELL, "数字 total_resources"),
    "figure of a caption": (lambda s: with_figure(s, column="revenue_line"), Flaw.NO_CELL, "数字 total_resources"),
    "annex of a chapter": (lambda s: replace(s, chapters=(*s.chapters, HOME)), Flaw.NO_CELL, "章"),
    "annex without a chapter": (lambda s: with_annex(s, ANNEX), Flaw.NO_HOME, "附表 purchases"),
    "annex in two chapters": (lambda s: with_annex(s, ANNEX, HOME, replace(HOME, key="again")), Flaw.NO_HOME, "附表 purchases"),
    "records that nobody keeps": (lambda s: with_annex(s, replace(ANNEX, source="purchases"), HOME), Flaw.NO_CELL, "附表 purchases"),
    "attribute of no record": (lambda s: with_annex(s, replace(ANNEX, columns=(Amount("price", "单价"),)), HOME), Flaw.NO_CELL, "附表 purchases"),
    "word that a title has not": (lambda s: with_table(s, "balance", title="{yaer}年收支总表"), Flaw.UNSAYABLE, "表 balance"),
    "brace left open": (lambda s: replace(s, lead="现将{year年公开如下"), Flaw.UNSAYABLE, "lead"),
    "word that an annex has not": (lambda s: with_annex(s, replace(ANNEX, notes=("{project}",)), HOME), Flaw.UNSAYABLE, "附表 purchases"),
    "chapters before the tables": (lambda s: replace(s, before_tables=40), Flaw.NO_CELL, "before_tables"),
    "meet that is covered": (lambda s: replace(s, meets=tuple(replace(m, covers=("none",)) for m in s.meets)), Flaw.NO_CELL, "勾稽 total-balances"),
}  # fmt: skip


@pytest.mark.parametrize("table_set", SETS.values(), ids=SETS)
def test_every_declared_set_is_sound(table_set: TableSet) -> None:
    assert faults(table_set) == []
    assert faults(with_annex(table_set, ANNEX, HOME)) == []  # what some spoilt ones below start from is sound


@pytest.mark.parametrize("table_set", SETS.values(), ids=SETS)
def test_a_share_is_no_money_counted_twice(table_set: TableSet) -> None:
    share = Amount("share", "其中：财政拨款", where(fund=FISCAL), of_which="total")
    columns = table_set.table("expenditure").columns
    assert faults(with_table(table_set, "expenditure", columns=(*columns, share))) == []
    unsaid = with_table(table_set, "expenditure", columns=(*columns, replace(share, of_which="")))
    assert {fault.flaw for fault in faults(unsaid)} == {Flaw.OVERLAP}
    table = replace(table_set.table("expenditure"), columns=(*columns, share))
    assert "share" not in {leaf.ref.column for leaf in leaves(table, ["2010301"])}


@pytest.mark.sweep(1, 20)
@pytest.mark.parametrize("table_set", SETS.values(), ids=SETS)
@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_spoilt_declaration_is_named(table_set: TableSet, spoilt: str) -> None:
    spoil, flaw, at = SPOILT[spoilt]
    found = faults(spoil(table_set))
    assert [fault for fault in found if fault.flaw is flaw and fault.at.startswith(at)], found


def test_each_kind_of_flaw_is_tried() -> None:
    assert {flaw for _, flaw, _ in SPOILT.values()} == set(Flaw)


def test_how_to_add_a_region_names_each_kind() -> None:
    text = (Path(__file__).parents[2] / "docs" / "adding-a-region.md").read_text()
    assert set(re.findall(r"E0\d\d", text)) == {flaw.value for flaw in Flaw}


def test_manage_check_says_set_table_and_what_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.tables_are_declared_soundly(None) == []
    table_set = SETS["hebei_2023"]
    monkeypatch.setitem(
        SETS, "hebei_2023", with_column(table_set, "basic_expenditure", "total", parts=("personnel",))
    )
    (message,) = checks.tables_are_declared_soundly(None)
    assert message.id == "budgets.E007"
    assert message.msg == (
        "表套 hebei_2023，表 basic_expenditure，列 total：parts 加起来不等于它："
        "“一般公共预算基本支出 301 公用经费”在各分项中共数了 0 次。"
    )
    assert "parts" in str(message.hint)


@pytest.mark.parametrize(("table_set", "told"), [("hebei_2023", False), ("shanghai_2023", True)])
def test_money_that_a_form_has_no_column_for_is_told_where_it_is_entered(table_set: str, told: bool) -> None:
    fact = Fact(Family.EXPENDITURE, Decimal(100), fund=Fund.NON_FISCAL, function="2010301", use=Use.BUSINESS)
    ledger = Ledger(table_set, "130225", "乐亭县", "1", "某局", 2023, facts=(fact,))
    found = [f for f in rules.check(ledger, Subjects()) if f.rule == "amount-printed"]
    assert ["经营支出" in finding.message for finding in found] == ([True] if told else [])
