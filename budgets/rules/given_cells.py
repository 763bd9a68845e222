"""Rules on documents that are transcribed as published: their own cells against each other (domain rules 4.4)."""

from collections.abc import Iterable
from decimal import Decimal

from budgets.domain.findings import Severity
from budgets.domain.identities import Identity, amounts, broken, identities
from budgets.domain.money import CENT
from budgets.domain.place_words import cell_words
from budgets.domain.places import CellRef, Whole
from budgets.domain.suspects import suspects
from budgets.rules.registry import Case, Found, Report, rule

CATALOGUE = "《财政预决算领域基层政务公开标准目录》部门预算"
FUND_TABLES = ("general_public_expenditure", "government_fund_expenditure", "state_capital_expenditure")


def given_cells(case: Case) -> tuple[list[Identity], dict[CellRef, Decimal]]:
    """The identities of the printed tables and their cells; nothing for a budget whose tables are derived."""
    return case.once(_given_cells)


def _given_cells(case: Case) -> tuple[list[Identity], dict[CellRef, Decimal]]:
    if not case.ledger.given:
        return [], {}
    cells = amounts(case.document.tables)
    return identities(case.table_set, cells), cells


def suspect_cells(case: Case) -> frozenset[CellRef]:
    """The printed cells that are likely wrong."""
    return case.once(_suspect_cells)


def _suspect_cells(case: Case) -> frozenset[CellRef]:
    among, cells = given_cells(case)
    open_ = [i for i in broken(among, cells) if not is_rounding(i, i.gap(cells))]
    return frozenset(suspects(among, cells)) if open_ else frozenset()


def doubtful_cells(case: Case) -> frozenset[CellRef]:
    """The likely wrong cells and those that might be wrong in their stead: the words are not held against these."""
    return case.once(_doubtful_cells)


def _doubtful_cells(case: Case) -> frozenset[CellRef]:
    among, cells = given_cells(case)
    open_ = [i for i in broken(among, cells) if not is_rounding(i, i.gap(cells))]
    touched = [{cell for cell, _ in identity.terms()} for identity in open_]
    return suspect_cells(case) | (frozenset(set.intersection(*touched)) if touched else frozenset())


def is_rounding(identity: Identity, gap: Decimal) -> bool:
    """A gap that rounding of each part to the printed place can explain."""
    return abs(gap) <= CENT * max(1, len(identity.left) + len(identity.right) - 1)


@rule("given-cells-tie", Severity.WARNING, source=CATALOGUE, formula="已公开报表的各数字相互勾稽")
def given_cells_tie(case: Case, report: Report) -> Found:
    """The printed cells of a transcribed document tie; where they do not, the cell that is likely wrong is named."""
    among, cells = given_cells(case)
    open_ = [i for i in broken(among, cells) if not is_rounding(i, i.gap(cells))]
    for cell in sorted(suspect_cells(case)):
        touched = [i for i in open_ if cell in (*i.left, *i.right)]
        if touched:
            told = "；".join(_told(case, identity, cells) for identity in touched[:3])
            yield report(
                f"{cell_words(case.document, cell)}的 {cells[cell]:.2f} 可能有误：{told}。"
                "请核对原文件；原文件如此的，请说明。",
                cells=[cell],
            )


@rule(
    "given-cells-rounded", Severity.WARNING, source=CATALOGUE, formula="已公开报表的合计与分项之差不超过尾差"
)
def given_cells_rounded(case: Case, report: Report) -> Found:
    """Printed sums that miss by what rounding explains are 尾差: named, never silent."""
    among, cells = given_cells(case)
    tails = [i for i in broken(among, cells) if is_rounding(i, i.gap(cells))]
    if tails:
        told = "；".join(_told(case, identity, cells) for identity in tails[:5])
        yield report(f"{len(tails)} 处合计与分项有尾差：{told}。请说明取整口径。", at=Whole())


@rule(
    "funds-within-expenditure",
    Severity.ERROR,
    source=CATALOGUE,
    formula="各科目：一般公共预算＋政府性基金＋国有资本经营支出 ≤ 部门支出总表",
)
def funds_within_expenditure(case: Case, report: Report) -> Found:
    """The tables of the three funds are part of the expenditure table, code by code (R26).

    They are equal only where all income is 财政拨款; 事业收入 and 其他收入 make them less. Derived tables keep this by
    themselves; of printed ones, cells that break an identity are told by that.
    """
    among, cells = given_cells(case)
    doubtful = {cell for identity in broken(among, cells) for cell, _ in identity.terms()}
    printed = {(cell.row, cell.column) for cell in cells if cell.table in FUND_TABLES}
    for row, column in sorted(printed):
        cell = CellRef("expenditure", row, column)
        parts = [CellRef(table, row, column) for table in FUND_TABLES]
        funds, whole = _sum(parts, cells), _sum([cell], cells)
        if funds > whole and not doubtful & {cell, *parts}:
            yield report(
                f"{cell_words(case.document, cell)}为 {whole:.2f}，小于三项财政拨款支出表同一科目之和 {funds:.2f}，"
                f"少 {funds - whole:.2f}。请核对原文件。",
                cells=[cell, *(part for part in parts if part in cells)],
            )


def _told(case: Case, identity: Identity, cells: dict[CellRef, Decimal]) -> str:
    left, right = _sum(identity.left, cells), _sum(identity.right, cells)
    names = "加".join(cell_words(case.document, cell) for cell in identity.left)
    against = cell_words(case.document, identity.right[0]) if len(identity.right) == 1 else "各分项之和"
    return f"{names} {left:.2f}，{against} {right:.2f}，相差 {left - right:.2f}"


def _sum(refs: Iterable[CellRef], cells: dict[CellRef, Decimal]) -> Decimal:
    return sum((cells.get(ref, Decimal(0)) for ref in refs), Decimal(0))
