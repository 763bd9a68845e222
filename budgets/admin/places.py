"""Where a finding can be mended: the entry page and the cell that a cell of the printed tables comes from."""

import re
from dataclasses import dataclass

from django.urls import reverse

from budgets import tablesets
from budgets.domain.findings import CellRef, Finding
from budgets.domain.terms import Family, Fund, Origin
from budgets.models import Disclosure

from .grids import BY_KEY, FUND_FIELDS

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


PAGES = {"基本信息": "basics", "标题与导语": "basics", "用语": "wording", "项目绩效目标表": "goals"}
ANNEXES = {"固定资产占用情况表": "fixed_assets", "政府采购预算": "procurement"}
GOAL = "绩效目标表"
FAMILIES = {
    Family.REVENUE.label: "revenue",
    Family.EXPENDITURE.label: "",
    Family.BASIC_EXPENDITURE.label: "basic_expenditure",
    Family.THREE_PUBLIC.label: "three_public",
    Family.FUND.label: "funds",
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


def places(disclosure: Disclosure, finding: Finding) -> list[Place]:
    """The links of a finding, what it names in words first, then where its cells are typed; each page once."""
    found = {place.task: place for place in _named(disclosure, finding.at)}
    for cell in finding.cells:
        key, row = grid_of(cell)
        if key and key not in found:
            found[key] = entry(disclosure, key, f"c-{row}-{cell.column}")
    return list(found.values())


def entry(disclosure: Disclosure, key: str, anchor: str = "") -> Place:
    """The page of a grid, at a cell or row of it."""
    url = reverse("admin:budgets_disclosure_enter", args=[disclosure.pk, key])
    return Place(key, BY_KEY[key].label, f"{url}#{anchor}" if anchor else url)


def _named(disclosure: Disclosure, at: str) -> list[Place]:
    """The pages that a finding names in words."""
    if at in PAGES:
        url = reverse(f"admin:budgets_disclosure_{PAGES[at]}", args=[disclosure.pk])
        return [Place(PAGES[at], at, url)]
    if at in ANNEXES:
        return [entry(disclosure, ANNEXES[at])]
    if at.endswith(GOAL):
        goal = disclosure.goals.filter(project=at.removesuffix(GOAL)).first()
        if goal:
            url = reverse("admin:budgets_disclosure_goal", args=[disclosure.pk, goal.pk])
            return [Place("goals", at, url)]
    family, _, rest = at.partition(" ")
    if family in FAMILIES and rest:
        fund = next((fund.value for fund in Fund if rest.startswith(fund.label)), "")
        key = FAMILIES[family] if family != Family.EXPENDITURE.label else f"expenditure-{fund}"
        code = re.search(r"\d{3,7}", rest)
        return [entry(disclosure, key, f"r-{code[0] if code else fund}")]
    if at.startswith("科目 "):
        code = at.removeprefix("科目 ")
        return [entry(disclosure, key, f"r-{code}") for key in _holding(disclosure, code)]
    titles = {word.title: word.key for word in tablesets.get(disclosure.table_set).chapters}
    titles |= dict(disclosure.narratives.values_list("title", "key"))
    if at in titles:
        url = reverse("admin:budgets_disclosure_chapter", args=[disclosure.pk, titles[at]])
        return [Place(f"chapter-{titles[at]}", at, url)]
    return []


def _holding(disclosure: Disclosure, code: str) -> list[str]:
    """The grids with rows of a code or of codes below it."""
    lines = disclosure.expenditure_lines.filter(function__startswith=code).order_by("fund")
    keys = [f"expenditure-{fund}" for fund in lines.values_list("fund", flat=True).distinct()]
    if disclosure.revenue_lines.filter(function__startswith=code).exists():
        keys.insert(0, "revenue")
    if disclosure.basic_expenditure_lines.filter(economic__startswith=code).exists():
        keys.append("basic_expenditure")
    return keys
