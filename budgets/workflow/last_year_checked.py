"""Columns of last year that the forms print: entered from last year's disclosure, and held against it ever after."""

from dataclasses import asdict
from decimal import Decimal

from budgets import ledger as rows
from budgets import tablesets
from budgets.domain.documents import Document
from budgets.domain.facts import ZERO
from budgets.domain.findings import Finding, Severity, key_of
from budgets.domain.last_year_taken import last_year_of
from budgets.domain.ledgers import LastYear, Ledger
from budgets.domain.money import in_unit
from budgets.domain.place_words import cell_words
from budgets.domain.places import CellRef
from budgets.domain.tables import TableSet
from budgets.domain.terms import Comparison, Stage
from budgets.models import Disclosure, LastYearLine
from budgets.rules.criteria import LAST_YEAR as RULE
from budgets.rules.final_accounts import address
from budgets.rules.rule_states import Between

type Cells = dict[tuple[str, str, str], Decimal]  # by table, column and row, in yuan


def as_told(table_set: TableSet, year: int, before: Ledger | None) -> tuple[LastYear, ...]:
    """What the year directly before says in the columns of last year of a set; nothing where it is not known."""
    if before is None or before.year != year - 1 or not table_set.prints_last_year:
        return ()
    return last_year_of(table_set, before, rows.crosswalk(before.year, year), rows.subjects_for(year))


def enter_last_year(disclosure: Disclosure, before: Ledger | None) -> None:
    """Enter what last year's disclosure says where nothing is entered yet: it is typed once, in its own year."""
    cells = as_told(tablesets.get(disclosure.table_set), disclosure.fiscal_year, before)
    if cells and not LastYearLine.objects.filter(disclosure=disclosure).exists():
        LastYearLine.objects.bulk_create(
            LastYearLine(disclosure=disclosure, **asdict(cell)) for cell in cells
        )


def last_year_findings(ledger: Ledger, before: Ledger | None, document: Document) -> list[Finding]:
    """Each amount of last year that is not what last year's disclosure says, as it prints, with both numbers and addresses.

    One finding where none is entered at all. A transcribed document is left as it was published.
    """
    table_set = tablesets.get(ledger.table_set)
    told = as_told(table_set, ledger.year, before)
    if before is None or not told or ledger.given:
        return []
    theirs, own = _cells(told), _cells(ledger.last_year)
    named = f"{before.year}年{Stage(before.stage).label}（{address(before)}）"
    where = f"本件 {address(ledger)}。"
    if not own:
        cell = _place(table_set, told[0])
        message = f"上年数都没有填，本平台有{named}。请在“上年数”中填写，与该件一致。{where}"
        return [Finding(RULE, Severity.WARNING, message, cell, (cell,), key_of(RULE, cell, "none"))]
    found = []
    for table, column, row in sorted({*theirs, *own}):
        unit = table_set.table(table).unit or table_set.unit
        amounts = (own.get((table, column, row), ZERO), theirs.get((table, column, row), ZERO))
        here, there = (in_unit(amount, unit) for amount in amounts)
        if here != there:
            cell = _place(table_set, LastYear(table, column, row, ZERO))
            name = cell_words(document, cell)
            message = (
                f"{name}为 {here}{unit}，{named}为 {there}{unit}，相差 {here - there}{unit}。"
                f"请改为 {there}，口径不同的请说明。{where}"
            )
            found.append(Finding(RULE, Severity.WARNING, message, cell, (cell,), key_of(RULE, cell)))
    return found


def last_year_held(ledger: Ledger, before: Ledger | None, document: Document) -> Between:
    """The same as it stands in a certificate."""
    if not tablesets.get(ledger.table_set).prints_last_year:
        return Between(RULE, idle="这套表样不列上年数")
    if ledger.given:
        return Between(RULE, idle="照录以前公开的文件，上年数以当时公开的为准")
    if before is None or before.year != ledger.year - 1:
        return Between(RULE, lacking=f"没有公开的{ledger.year - 1}年数，没有核对")
    return Between(RULE, last_year_findings(ledger, before, document))


def _cells(cells: tuple[LastYear, ...]) -> Cells:
    return {(cell.table, cell.column, cell.row): cell.amount for cell in cells}


def _place(table_set: TableSet, cell: LastYear) -> CellRef:
    """The printed cell of last year."""
    return CellRef(cell.table, cell.row, table_set.table(cell.table).beside(Comparison.LAST)[cell.column].key)
