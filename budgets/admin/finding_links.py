"""Where a finding can be mended: the entry page and the cell that a cell of the printed tables comes from."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from budgets import tablesets
from budgets.admin.declaring import has_goals
from budgets.admin.entry_grids import BY_KEY, FUND_FIELDS
from budgets.domain.findings import CellRef, Finding
from budgets.domain.terms import Family, Fund, Origin
from budgets.models import Disclosure

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
CODE = "科目 "
FAMILIES = {
    Family.REVENUE.label: "revenue",
    Family.EXPENDITURE.label: "expenditure-{fund}",
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


class Places:
    """Finds the pages of one disclosure's findings; what is looked up once serves them all."""

    def __init__(self, disclosure: Disclosure) -> None:
        self.disclosure = disclosure

    def of(self, finding: Finding) -> list[Place]:
        """What a finding names in words first, then where its cells are typed; each page once."""
        found = {place.task: place for place in self._named(finding.at)}
        for cell in finding.cells:
            key, row = grid_of(cell)
            if key and key not in found:
                found[key] = self._entry(key, f"c-{row}-{cell.column}")
        return list(found.values())

    def _url(self, page: str, *more: object) -> str:
        return reverse(f"admin:budgets_disclosure_{page}", args=[self.disclosure.pk, *more])

    def _entry(self, key: str, anchor: str = "") -> Place:
        """The page of a grid, at a cell or row of it."""
        url = self._url("enter", key)
        return Place(key, BY_KEY[key].label, f"{url}#{anchor}" if anchor else url)

    def _named(self, at: str) -> list[Place]:
        """The pages that a finding names in words."""
        if at in PAGES:
            there = PAGES[at] != "goals" or has_goals(tablesets.get(self.disclosure.table_set))
            return [Place(PAGES[at], at, self._url(PAGES[at]))] if there else []
        if at in ANNEXES:
            return [self._entry(ANNEXES[at])]
        if at in self.goals:
            return [Place("goals", at, self._url("goal", self.goals[at]))]
        if at in self.chapters:
            return [Place(f"chapter-{self.chapters[at]}", at, self._url("chapter", self.chapters[at]))]
        if at.startswith(CODE):
            code = at.removeprefix(CODE)
            return [self._entry(key, f"r-{code}") for key in self._holding(code)]
        return self._described(at)

    def _described(self, at: str) -> list[Place]:
        """The row of an amount that a finding describes: 支出 一般公共预算 2010301 行政运行 基本支出."""
        family, _, rest = at.partition(" ")
        if family not in FAMILIES or not rest:
            return []
        fund = next((fund.value for fund in Fund if rest.startswith(fund.label)), "")
        code = re.search(r"\d{3,7}", rest)
        return [self._entry(FAMILIES[family].format(fund=fund), f"r-{code[0] if code else fund}")]

    @cached_property
    def goals(self) -> dict[str, int]:
        """The goal tables by what findings call them."""
        return {
            f"{project}绩效目标表": pk for project, pk in self.disclosure.goals.values_list("project", "pk")
        }

    @cached_property
    def chapters(self) -> dict[str, str]:
        """The chapters' keys by title, declared or own."""
        declared = {word.title: word.key for word in tablesets.get(self.disclosure.table_set).chapters}
        return declared | dict(self.disclosure.narratives.values_list("title", "key"))

    def _holding(self, code: str) -> list[str]:
        """The grids with rows of a code or of codes below it."""
        lines = self.disclosure.expenditure_lines.filter(function__startswith=code).order_by("fund")
        keys = [f"expenditure-{fund}" for fund in lines.values_list("fund", flat=True).distinct()]
        if self.disclosure.revenue_lines.filter(function__startswith=code).exists():
            keys.insert(0, "revenue")
        if self.disclosure.basic_expenditure_lines.filter(economic__startswith=code).exists():
            keys.append("basic_expenditure")
        return keys
