"""Rows of units in a department's own table: they add up to the department."""

from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.money import money
from budgets.domain.places import TablePlace
from budgets.domain.record_amounts import MONEY
from budgets.domain.unit_rows import SOURCE, added, columns, spent
from budgets.rules.registry import Case, Found, Report, rule


@rule(
    "unit-rows-add-up", Severity.WARNING, source=CATALOGUE, formula="各单位支出之和＝部门支出总表的同一项支出"
)
def unit_rows_add_up(case: Case, report: Report) -> Found:
    """Each column of the units' table comes to what the department spends; silent where no unit is listed."""
    unit = case.table_set.unit
    for field in columns(case.table_set) if case.ledger.unit_rows else ():
        rows, whole = added(case.ledger, field), spent(case.ledger, field)
        if rows != whole:
            yield report(
                f"各单位的{MONEY[SOURCE][field]}合计 {money(rows, unit)}，本部门的{MONEY[SOURCE][field]}为 {money(whole, unit)}，"
                f"相差 {money(rows - whole, unit)}。请核对各单位的数；没有列出的单位（含本级）请补一行。",
                at=TablePlace(SOURCE),
                apart=field,
            )
