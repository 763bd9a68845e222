"""Where a finding can be mended: the entry page and the cell that a cell of the printed tables comes from."""

from dataclasses import dataclass

from django.urls import reverse

from budgets import tablesets
from budgets.domain.findings import CellRef, Finding
from budgets.domain.terms import Fund, Origin
from budgets.models import Disclosure

from .grids import FUND_FIELDS

FUNDS = {fund.value for fund in Fund}
ORIGINS = {origin.value for origin in Origin}
SUMMARIES = ("balance", "fiscal_balance")
TABLES = {
    "revenue": "revenue",
    "expenditure": f"expenditure-{Fund.GENERAL_PUBLIC.value}",
    "general_public_expenditure": f"expenditure-{Fund.GENERAL_PUBLIC.value}",
    "government_fund_expenditure": f"expenditure-{Fund.GOVERNMENT_FUND.value}",
    "state_capital_expenditure": f"expenditure-{Fund.STATE_CAPITAL.value}",
    "basic_expenditure": "basic_expenditure",
    "three_public": "three_public",
    "organization": "organizations",
    "procurement": "procurement",
    "fixed_assets": "fixed_assets",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A link to where something is typed; `task` is the key of its entry in the task list."""

    task: str
    label: str
    url: str


def grid_of(cell: CellRef) -> tuple[str, str]:
    """The grid whose rows a printed cell sums, and the row in it that is likeliest meant."""
    if cell.table in SUMMARIES:
        if cell.row in FUNDS:
            return "funds", cell.row
        if cell.row.startswith("opening_"):
            return "funds", cell.row.removeprefix("opening_")
        if cell.row in ORIGINS - {Origin.BROUGHT_FORWARD.value}:
            return "revenue", "total"
        if cell.row[:3].isdigit():
            fund = FUND_FIELDS.get(cell.column, Fund.GENERAL_PUBLIC.value)
            return f"expenditure-{fund}", cell.row
        return ("funds", "total") if "expenditure" not in cell.row else (TABLES["expenditure"], "total")
    return TABLES.get(cell.table, ""), cell.row


def places(disclosure: Disclosure, finding: Finding, labels: dict[str, str]) -> list[Place]:
    """The links of a finding, each entry page once; `labels` names the grids."""
    found: dict[str, Place] = {}
    for cell in finding.cells:
        key, row = grid_of(cell)
        if key and key not in found:
            url = reverse("admin:budgets_disclosure_enter", args=[disclosure.pk, key])
            found[key] = Place(key, labels[key], f"{url}#c-{row}-{cell.column}")
    return list(found.values()) or _named(disclosure, finding.at, labels)


def _named(disclosure: Disclosure, at: str, labels: dict[str, str]) -> list[Place]:
    """Places that a finding names in words."""
    pages = {"基本信息": "basics", "用语": "wording", "项目绩效目标表": "goals"}
    if at in pages:
        url = reverse(f"admin:budgets_disclosure_{pages[at]}", args=[disclosure.pk])
        return [Place(pages[at], at, url)]
    if at.startswith("科目 "):
        code = at.removeprefix("科目 ")
        return [
            Place(key, labels[key], reverse("admin:budgets_disclosure_enter", args=[disclosure.pk, key]) + f"#r-{code}")
            for key in _holding(disclosure, code)
        ]
    titles = {word.title: word.key for word in tablesets.get(disclosure.table_set).chapters}
    titles |= dict(disclosure.narratives.values_list("title", "key"))
    if at in titles:
        url = reverse("admin:budgets_disclosure_chapter", args=[disclosure.pk, titles[at]])
        return [Place(f"chapter-{titles[at]}", at, url)]
    return []


def _holding(disclosure: Disclosure, code: str) -> list[str]:
    """The grids with rows of a code or of codes below it."""
    keys = [f"expenditure-{fund}" for fund in disclosure.expenditure_lines.filter(function__startswith=code).values_list("fund", flat=True).distinct().order_by("fund")]
    if disclosure.revenue_lines.filter(function__startswith=code).exists():
        keys.insert(0, "revenue")
    if disclosure.basic_expenditure_lines.filter(economic__startswith=code).exists():
        keys.append("basic_expenditure")
    return keys
