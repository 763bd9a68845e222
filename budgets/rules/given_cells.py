"""Printed tables as a system of identities, and the rules on documents that are transcribed as published."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from budgets.domain.captioned_sums import captioned_parts
from budgets.domain.documents import Sheet
from budgets.domain.findings import Severity
from budgets.domain.identities import ZERO, Identity, broken, of_printed
from budgets.domain.law import CATALOGUE
from budgets.domain.money import CENT
from budgets.domain.place_words import cell_words
from budgets.domain.places import CellRef, Whole
from budgets.domain.suspects import corrections
from budgets.rules.registry import Case, Found, Report, rule

FEW, ONE_IN = 10, 20  # of fewer amounts, or more with places, nothing can be said of how a table rounds
FUND_TABLES = ("general_public_expenditure", "government_fund_expenditure", "state_capital_expenditure")


def printed_cells(case: Case) -> tuple[list[Identity], dict[CellRef, Decimal]]:
    """The identities of the printed tables and their cells, derived or given.

    Of a transcribed document only the tables that it brought: what stands for the others says nothing.
    """
    return case.once(_printed_cells)


def _printed_cells(case: Case) -> tuple[list[Identity], dict[CellRef, Decimal]]:
    return of_printed(case.table_set, case.document.tables, {sheet.key for sheet in case.ledger.given})


def given_cells(case: Case) -> tuple[list[Identity], dict[CellRef, Decimal]]:
    """`printed_cells` of a transcribed document; nothing for a budget whose tables are derived."""
    return printed_cells(case) if case.ledger.given else ([], {})


def open_identities(case: Case) -> list[Identity]:
    """The identities of a transcribed document that are broken by more than rounding."""
    return case.once(_open_identities)


def _open_identities(case: Case) -> list[Identity]:
    among, cells = given_cells(case)
    return [i for i in broken(among, cells) if not is_rounding(case, i, i.gap(cells))]


def suspect_cells(case: Case) -> dict[CellRef, Decimal | None]:
    """The printed cells that are likely wrong, with the amount that would settle everything where one does."""
    return case.once(_suspect_cells)


def _suspect_cells(case: Case) -> dict[CellRef, Decimal | None]:
    among, cells = given_cells(case)
    return corrections(among, cells) if open_identities(case) else {}


def doubtful_cells(case: Case) -> frozenset[CellRef]:
    """The likely wrong cells and those that might be wrong in their stead: the words are not held against these."""
    return case.once(_doubtful_cells)


def _doubtful_cells(case: Case) -> frozenset[CellRef]:
    touched = [{cell for cell, _ in identity.terms()} for identity in open_identities(case)]
    return frozenset(suspect_cells(case)) | (
        frozenset(set.intersection(*touched)) if touched else frozenset()
    )


def is_rounding(case: Case, identity: Identity, gap: Decimal) -> bool:
    """A gap that rounding of each part to the printed place can explain: 0.01, or 1 where tables print no places."""
    steps = case.once(printed_steps)
    step = max(steps.get(cell.table, CENT) for cell, _ in identity.terms())
    return abs(gap) <= step * max(1, len(identity.left) + len(identity.right) - 1)


def printed_steps(case: Case) -> dict[str, Decimal]:
    """The smallest amount that each table prints, by its key: 0.01, or 1 where nearly no amount has places."""
    return {sheet.key: _step(sheet) for sheet in case.document.tables}


def _step(sheet: Sheet) -> Decimal:
    printed = [cell for row in sheet.rows for cell in row.cells if cell.amount]
    with_places = sum(bool(cell.amount and cell.amount % 1) for cell in printed)
    # A workbook's number has no form of its own: in 元, whole amounts are printed whole.
    whole = sheet.unit == "元" or sum("." in cell.text for cell in printed) * ONE_IN <= len(printed)
    return Decimal(1) if len(printed) >= FEW and whole and with_places * ONE_IN <= len(printed) else CENT


@rule("given-cells-tie", Severity.WARNING, source=CATALOGUE, formula="已公开报表的各数字相互勾稽")
def given_cells_tie(case: Case, report: Report) -> Found:
    """The printed cells of a transcribed document tie; where they do not, the cell that is likely wrong is named."""
    _, cells = given_cells(case)
    for cell, right in sorted(suspect_cells(case).items()):
        touched = [i for i in open_identities(case) if cell in (*i.left, *i.right)]
        if touched:
            told = "；".join(told_of(case, identity, cells) for identity in touched[:3])
            mended = "" if right is None else f"改为 {right:.2f} 即可相符。"
            yield report(
                f"{cell_words(case.document, cell)}的 {cells.get(cell, ZERO):.2f} 可能有误：{told}。{mended}"
                "请核对原文件；原文件如此的，请说明。",
                cells=[cell],
            )
    for whole, part in _parts_above(case, cells):
        yield report(
            f"{cell_words(case.document, part)}的 {cells[part]:.2f} 大于它所属的{cell_words(case.document, whole)} "
            f"{cells[whole]:.2f}，多 {cells[part] - cells[whole]:.2f}。请核对原文件；原文件如此的，请说明。",
            cells=[part, whole],
        )


def _parts_above(case: Case, cells: Mapping[CellRef, Decimal]) -> Iterator[tuple[CellRef, CellRef]]:
    """Lines 其中 of undeclared tables that are more than their whole, unless a sum tells one of the two."""
    for sheet in (sheet for sheet in case.ledger.given if sheet.undeclared):
        step, doubtful = case.once(printed_steps)[sheet.key], doubtful_cells(case)
        for whole, part in captioned_parts(sheet):
            if cells[whole] > 0 and cells[part] > cells[whole] + step and not {whole, part} & doubtful:
                yield whole, part


@rule(
    "given-cells-rounded", Severity.WARNING, source=CATALOGUE, formula="已公开报表的合计与分项之差不超过尾差"
)
def given_cells_rounded(case: Case, report: Report) -> Found:
    """Printed sums that miss by what rounding explains are 尾差: named, never silent."""
    among, cells = given_cells(case)
    tails = [i for i in broken(among, cells) if is_rounding(case, i, i.gap(cells))]
    if tails:
        told = "；".join(told_of(case, identity, cells) for identity in tails[:5])
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


def told_of(case: Case, identity: Identity, cells: dict[CellRef, Decimal]) -> str:
    """A broken identity in words: both sides, where they stand, and the difference."""
    left, right = _sum(identity.left, cells), _sum(identity.right, cells)
    names = "加".join(cell_words(case.document, cell) for cell in identity.left)
    against = cell_words(case.document, identity.right[0]) if len(identity.right) == 1 else "各分项之和"
    return f"{names} {left:.2f}，{against} {right:.2f}，相差 {left - right:.2f}"


def _sum(refs: Iterable[CellRef], cells: dict[CellRef, Decimal]) -> Decimal:
    return sum((cells.get(ref, ZERO) for ref in refs), ZERO)
