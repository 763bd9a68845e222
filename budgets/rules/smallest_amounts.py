"""Amounts finer than the tables can print: of the base tables, and of procurement, projects and assets."""

from collections import defaultdict
from dataclasses import replace

from budgets.domain.facts import ZERO, Fact
from budgets.domain.findings import Severity
from budgets.domain.leaf_cells import as_fact, leaves
from budgets.domain.place_words import PlaceWords, fact_words
from budgets.domain.places import CellRef, amount_place
from budgets.domain.record_amounts import RecordAmount
from budgets.domain.tables import Tree
from budgets.rules.registry import Case, Found, Report, rule
from budgets.tablesets.rounding import fine_records, off_quantum

SHOWN = 12  # of many amounts those that a message names


@rule(
    "amount-fits-unit",
    Severity.ERROR,
    source="公开表计量单位",
    formula="金额是公开表最小计量的整数倍（万元两位小数即 100 元）",
)
def amount_fits_unit(case: Case, report: Report) -> Found:
    """Amounts are multiples of what the tables can print, so printed sums never drift; told once, with every place."""
    quantum, fine = case.table_set.quantum, off_quantum(case.ledger)
    if fine:
        told = "；".join(f"{fact_words(case.subjects, fact)} {fact.amount:.2f}元" for fact in fine[:SHOWN])
        more = "等" if len(fine) > SHOWN else ""
        yield report(
            f"{len(fine)} 个金额细于公开表能印出的 {quantum} 元：{told}{more}。请按 {quantum} 元取整。",
            at=amount_place(fine[0]),
            cells=_printed_at(case, fine),
        )
    yield from _fine_records(case, report)


def _fine_records(case: Case, report: Report) -> Found:
    """The same of procurement, projects and assets, once for each kind; a 单价 alone, of which there is no sum, may be explained."""
    quantum, words = case.table_set.quantum, PlaceWords(case.document, case.subjects)
    kinds: dict[str, list[RecordAmount]] = defaultdict(list)
    for each in fine_records(case.ledger):
        kinds[each.place.kind].append(each)
    for kind, found in kinds.items():
        told = "；".join(
            f"{words(each.place)}{each.label} {each.amount.normalize():f}元" for each in found[:SHOWN]
        )
        more = "等" if len(found) > SHOWN else ""
        yield report(
            f"{len(found)} 个金额细于公开表能印出的 {quantum} 元：{told}{more}。请按 {quantum} 元取整。",
            at=found[0].place,
            apart=kind,
            severity=Severity.WARNING if all(each.field == "unit_price" for each in found) else None,
        )


def _printed_at(case: Case, facts: list[Fact]) -> list[CellRef]:
    """The printed cells that stand for just one of these amounts, in the order of the tables."""
    wanted = {replace(fact, amount=ZERO) for fact in facts}
    declared = {table.key: table for table in case.table_set.tables}
    return [
        leaf.ref
        for sheet in case.document.tables
        for table in (declared[sheet.key],)
        for leaf in leaves(
            table, dict.fromkeys(row.named(column) for row in sheet.rows for column in sheet.columns)
        )
        if as_fact(leaf.inside, ZERO, coded=isinstance(table.rows, Tree)) in wanted
    ]
