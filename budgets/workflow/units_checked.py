"""A department whose budget contains its units, held against what they published or had approved."""

from budgets import ledger as rows
from budgets import tablesets
from budgets.domain.composing import compose
from budgets.domain.documents import Document
from budgets.domain.findings import Finding, Severity, key_of
from budgets.domain.place_words import cell_words
from budgets.domain.places import Whole
from budgets.domain.unit_sums import UnitSums
from budgets.models import Department, Disclosure, Status
from budgets.publishing.units_public import Unit, Units, eliminated, told_apart, units_of
from budgets.rules.criteria import UNITS_ADD_UP as RULE
from budgets.rules.rule_states import Between

MOST_TOLD = 3  # cells that a finding tells; all of them are marked


def with_approved(disclosure: Disclosure) -> Units | None:
    """The units with what is public of them, else what is approved; None where the budget contains no units."""
    department, year, stage = disclosure.department, disclosure.fiscal_year, disclosure.stage
    if not department.includes_units:
        return None
    public = units_of(department, year, stage)
    approved = Disclosure.objects.filter(
        department__in=public.missing, fiscal_year=year, stage=stage, status=Status.APPROVED
    )
    more = []
    for row in approved.select_related("department__region"):
        ledger = rows.read(row)
        document = compose(tablesets.get(ledger.table_set), ledger, rows.subjects_for(year))
        more.append(Unit(row.department, document))
    units = sorted([*(unit.department for unit in public.there), *public.missing], key=lambda each: each.code)
    return told_apart(units, [*public.there, *more])


def unit_findings(disclosure: Disclosure, document: Document) -> list[Finding]:
    """Where the department is not the sum of its units: a WARNING while it is being written, later only told, since what
    another body publishes must not stop a step of this one."""
    units = with_approved(disclosure)
    sums = units.against(document) if units else None
    if units is None or sums is None or not sums.gaps:
        return []
    severity = Severity.WARNING if disclosure.editable else Severity.ADVICE
    return [_finding(units, sums, document, severity)]


def held_against_public(department: Department, document: Document) -> Between:
    """The same of a public version, against what is public of the units alone; a WARNING, as it was while it was written."""
    if not department.includes_units:
        return Between(RULE, idle="本部门预算不含下属单位")
    units = units_of(department, document.year, document.stage)
    if sums := units.against(document):
        return Between(RULE, [_finding(units, sums, document, Severity.WARNING)] if sums.gaps else ())
    missing = "、".join(unit.name for unit in units.missing[:MOST_TOLD])
    more = f"等 {len(units.missing)} 家" if len(units.missing) > MOST_TOLD else ""
    return Between(RULE, lacking=f"{missing}{more}还没有公开，没有核对" if missing else "没有登记下属单位")


def _finding(units: Units, sums: UnitSums, document: Document, severity: Severity) -> Finding:
    cells = tuple(gap.cell for gap in sums.gaps)
    message = (
        f"本部门预算含下属单位，与 {len(units.there)} 家下属单位的合计有 {len(cells)} 格不符：{told(document, sums)}。"
        "请核对本部门和各单位的数；部门本级没有作为单位单独编报的，请在名单里登记，或说明差额。"
    )
    return Finding(RULE, severity, message, cells[0], cells, key_of(RULE, Whole()))


def told(document: Document, sums: UnitSums, most: int = MOST_TOLD) -> str:
    """The gaps in words, the first of them with both numbers; what was eliminated stands behind."""
    units = {sheet.key: sheet.unit for sheet in document.tables}
    words = [
        f"{cell_words(document, gap.cell)}，单位合计 {gap.units:,.2f}，"
        f"本部门 {gap.department:,.2f}，相差 {gap.amount:,.2f}{units.get(gap.cell.table, '')}"
        for gap in sums.gaps[:most]
    ]
    return "；".join(words) + ("等" if len(sums.gaps) > most else "") + eliminated(sums)
