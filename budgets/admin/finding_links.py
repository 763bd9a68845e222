"""From a place to the page on which it is typed, and to the row, cell or sentence there.

Everything comes from the draft that was checked: however many findings there are, goals alone are looked up, once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from budgets import tablesets
from budgets.admin.declaring import grids_of, has_goals, prints
from budgets.admin.entry_grids import FUND_FIELDS, Grid
from budgets.admin.typed_parts import BASICS
from budgets.domain.classification import FUNCTION
from budgets.domain.families import FAMILIES
from budgets.domain.findings import Finding
from budgets.domain.place_words import PlaceWords
from budgets.domain.places import (
    AmountRow,
    CellRef,
    CodePlace,
    FieldPlace,
    Passage,
    Record,
    TablePlace,
    Whole,
    counted,
    serialised,
)
from budgets.domain.terms import Family, Fund, Origin, ThreePublicItem
from budgets.models import Disclosure
from budgets.models.lines import Line
from budgets.workflow.drafts import Draft

GENERAL = f"expenditure-{Fund.GENERAL_PUBLIC.value}"
FUNDS = {fund.value for fund in Fund}
ORIGINS = {origin.value for origin in Origin}
ITEMS = {item.value for item in ThreePublicItem}
SUMMARIES = ("balance", "fiscal_balance")
SPENT = ("current_expenditure", "total_uses")
CARRIED = ("brought_forward", "carried_forward")
FUND_OF = {f"{fund}_expenditure": fund for fund in FUNDS}  # the printed table of each fund
GRIDS = {  # printed tables with an entry page of the same rows
    "revenue": "revenue",
    "basic_expenditure": "basic_expenditure",
    "three_public": "three_public",
    "organization": "organizations",
    "procurement": "procurement",
    "fixed_assets": "fixed_assets",
}
FAMILY_GRIDS = {
    Family.REVENUE: "revenue",
    Family.BASIC_EXPENDITURE: "basic_expenditure",
    Family.THREE_PUBLIC: "three_public",
    Family.FUND: "funds",
}
RECORDS = {
    "organization": ("organizations", "organizations"),
    "project": ("projects", "projects"),
    "procurement": ("procurement", "procurements"),
}
COLUMNS = {fund: column for column, fund in FUND_FIELDS.items()}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a place is typed: a page, what is marked on it, and the element to go to. `task` is its task's key."""

    task: str
    label: str
    page: str
    args: tuple[Any, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to where something is typed; `task` is the key of its entry in the task list, `marks` what it points out."""

    task: str
    label: str
    url: str
    marks: str = ""


class Links:
    """Finds the pages of one draft's findings."""

    def __init__(self, disclosure: Disclosure, draft: Draft) -> None:
        self.disclosure, self.ledger = disclosure, draft.ledger
        self.table_set = tablesets.get(disclosure.table_set)
        self.grids = grids_of(self.table_set)
        self.words = PlaceWords(draft.document, draft.subjects)
        self._numbers: dict[str, dict[tuple[tuple[str, str], int], int]] = {}

    def of(self, finding: Finding) -> list[Link]:
        """Where a finding is, then where its cells are typed; each page once, with all that is marked on it."""
        found: dict[tuple[Any, ...], list[Target]] = {}
        for place in (finding.at, *finding.cells):
            for target in KINDS[type(place)](self, place):
                found.setdefault((target.page, target.args), []).append(target)
        return [self._link(targets) for targets in found.values()]

    def _link(self, targets: Iterable[Target]) -> Link:
        """The page of some targets, at the first of them."""
        first, *_ = targets
        marks = dict.fromkeys(mark for target in targets for mark in target.marks)
        url = reverse(f"admin:budgets_disclosure_{first.page}", args=[self.disclosure.pk, *first.args])
        query = f"?{urlencode(list(marks))}" if marks else ""
        places = " ".join(value for name, value in marks if name == "mark")
        address = f"{url}{query}#{first.anchor}" if first.anchor else url + query
        return Link(first.task, first.label, address, places)

    def _row(self, key: str, row: str, column: str = "") -> list[Target]:
        """A row of an entry grid; for a document that prints its own tables the page that says so."""
        grid: Grid | None = self.grids.get(key)
        if grid is None:
            return []
        if self.ledger.given and issubclass(grid.model, Line):
            return self._given(grid.table)
        mark = ("mark", f"{row}/{column}" if column else row)
        return [Target(key, grid.label, "enter", (key,), (mark,), f"r-{row}")]

    def _given(self, table: str) -> list[Target]:
        there = any(sheet.key == table for sheet in self.ledger.given)
        return [Target("given", "照录的报表", "given", anchor=f"t-{table}" if there else "given")]

    def _cell(self, cell: CellRef) -> list[Target]:
        if self.ledger.given and any(sheet.key == cell.table for sheet in self.ledger.given):
            return self._given(cell.table)
        table, _, number = cell.table.rpartition("_")
        if table == "goal" and number.isdigit():
            return self._goal(int(number), cell.row)
        if cell.table in SUMMARIES:
            return self._summary(cell)
        if cell.table == "three_public" and cell.column in ITEMS:  # printed side by side in one row
            return self._row("three_public", cell.column)
        if cell.table in FUND_OF:
            return self._row(f"expenditure-{FUND_OF[cell.table]}", cell.row, cell.column)
        if cell.table == "expenditure":
            keys = self._funds_of("" if cell.row == "total" else cell.row)
            return [target for key in keys for target in self._row(key, cell.row, cell.column)]
        return self._row(GRIDS.get(cell.table, ""), cell.row, cell.column)

    def _summary(self, cell: CellRef) -> list[Target]:
        """The rows that a cell of 收支总表 adds up: of one fund in its own column, else of all that are used."""
        row, fund = cell.row, FUND_FIELDS.get(cell.column, "")
        if row in FUNDS:
            return self._row("funds", row, "current_year")
        if row.startswith("opening_"):
            return self._row("funds", row.removeprefix("opening_"), "brought_forward")
        if row in ORIGINS - {Origin.BROUGHT_FORWARD.value}:
            return self._row("revenue", "total", row)
        carried = self._row("funds", fund or "total", row if row in CARRIED else "")
        if row in CARRIED:
            return carried
        if row[:3].isdigit() or row in SPENT:
            code = row if row[:3].isdigit() else "total"
            keys = [f"expenditure-{fund}"] if fund else self._funds_of(row if code == row else "")
            spent = [target for key in keys for target in self._row(key, code)]
            return spent + (carried if row == "total_uses" else [])
        return self._row("revenue", "total") + (carried if row == "total_resources" else [])

    def _funds_of(self, row: str) -> list[str]:
        """The expenditure grids with amounts under a code, the general one when none has."""
        used = self._grids_below.get((FUNCTION, row), set())
        return [key for fund in Fund if (key := f"expenditure-{fund.value}") in used] or [GENERAL]

    def _table(self, place: TablePlace) -> list[Target]:
        if place.table == "goal":
            return self._goals()
        worded = place.part and any(key.startswith(f"{place.table}/") for key in self.ledger.wording)
        if worded:
            return [Target("wording", "表中用语", "wording", anchor="wordings")]
        return self._cell(CellRef(place.table, "total", ""))

    def _goals(self) -> list[Target]:
        if has_goals(self.table_set):
            return [Target("goals", "绩效目标", "goals", anchor="goals")]
        return self._row("projects", "1") if not self._speaking("projects") else self._chapter("projects")

    def _speaking(self, chapter: str) -> bool:
        return any(word.key == chapter for word in self.table_set.chapters)

    def _goal(self, n: int, row: str = "") -> list[Target]:
        """The page of the nth goal table, at one of its indicators."""
        if not (has_goals(self.table_set) and 0 < n <= len(self.goals)):
            return self._goals()
        marks = (("mark", row),) if row else ()
        label = f"{self.ledger.goals[n - 1].project}绩效目标表"
        return [
            Target("goals", label, "goal", (self.goals[n - 1],), marks, f"r-{row}" if row else "id_project")
        ]

    @cached_property
    def goals(self) -> list[int]:
        """The primary keys of the goal tables in order."""
        return list(self.disclosure.goals.values_list("pk", flat=True))

    def _code(self, place: CodePlace) -> list[Target]:
        """The grids with rows of a code, else with codes below it."""
        code = place.scheme, place.code
        keys = self._grids_of.get(code) or self._grids_below.get(code, set())
        return [target for key in self.grids if key in keys for target in self._row(key, place.code)]

    @cached_property
    def _grids_of(self) -> dict[tuple[str, str], set[str]]:
        """The grids with rows of a code, by scheme and code."""
        grids: dict[tuple[str, str], set[str]] = defaultdict(set)
        for fact in self.ledger.facts:
            if scheme := FAMILIES[fact.family].code:
                spent = fact.family is Family.EXPENDITURE
                key = f"expenditure-{fact.fund}" if spent else FAMILY_GRIDS[fact.family]
                grids[scheme, fact.function or fact.economic].add(key)
        return grids

    @cached_property
    def _grids_below(self) -> dict[tuple[str, str], set[str]]:
        """The grids with rows of a code or of one below it."""
        grids: dict[tuple[str, str], set[str]] = defaultdict(set)
        for (scheme, code), keys in self._grids_of.items():
            for length in range(len(code) + 1):
                grids[scheme, code[:length]] |= keys
        return grids

    def _amount(self, place: AmountRow) -> list[Target]:
        if place.family == Family.EXPENDITURE:
            return self._row(f"expenditure-{place.fund}", place.row, place.column)
        return self._row(
            FAMILY_GRIDS[Family(place.family)], place.row, COLUMNS.get(place.column, place.column)
        )

    def _passage(self, place: Passage) -> list[Target]:
        return self._chapter(place.chapter, place)

    def _chapter(self, key: str, place: Passage | None = None) -> list[Target]:
        title = next((word.title for word in self.table_set.chapters if word.key == key), key)
        title = self.words.chapters.get(key, title)
        mark = ("mark", serialised(place or Passage(key)))
        return [Target(f"chapter-{key}", title, "chapter", (key,), (mark,), "sentence")]

    def _record(self, place: Record) -> list[Target]:
        if place.kind == "asset":
            return self._row("fixed_assets", place.name)
        if place.kind in ("goal", "indicator"):
            return self._of_goal(place)
        key, source = RECORDS[place.kind]
        n = self._nth(source).get(((place.name, place.item), place.nth), 1)
        return self._row(key, str(n))

    def _of_goal(self, place: Record) -> list[Target]:
        if place.kind == "goal":
            return self._goal(self._nth("goals").get(((place.name, ""), place.nth), 0))
        n, i = self._indicators.get(((place.name, place.item), place.nth), (0, 0))
        return self._goal(n, str(i))

    def _nth(self, source: str) -> dict[tuple[tuple[str, str], int], int]:
        """The numbers, from 1, of the records of a kind by their names and how many of that name stand up to them."""
        if source not in self._numbers:
            names = [_names(record) for record in getattr(self.ledger, source)]
            pairs = zip(names, counted(names), strict=True)
            self._numbers[source] = {pair: n for n, pair in enumerate(pairs, 1)}
        return self._numbers[source]

    @cached_property
    def _indicators(self) -> dict[tuple[tuple[str, str], int], tuple[int, int]]:
        """The same of the indicators: the number of their goal, and their own in it."""
        goals = list(enumerate(self.ledger.goals, 1))
        names = [(goal.project, each.name) for _, goal in goals for each in goal.indicators]
        where = [(n, i) for n, goal in goals for i in range(1, 1 + len(goal.indicators))]
        return dict(zip(zip(names, counted(names), strict=True), where, strict=True))

    def _field(self, place: FieldPlace) -> list[Target]:
        if place.field == "wording":
            return [Target("wording", "表中用语", "wording", anchor="wordings")]
        asked = place.field in BASICS or (
            place.field == "agency_running_costs" and prints(self.table_set, Family.AGENCY)
        )
        anchor = f"id_{place.field}" if asked else ""
        money = self._row("revenue", "total") if place.field == "states_no_money" else []
        return [*money, Target("basics", f"基本信息：{self.words(place)}", "basics", anchor=anchor)]

    def _whole(self, place: Whole) -> list[Target]:
        return self._given("") if self.ledger.given else []


def _names(record: Any) -> tuple[str, str]:
    return getattr(record, "project", "") or getattr(record, "name", ""), getattr(record, "item", "")


KINDS: dict[type[Any], Callable[[Links, Any], list[Target]]] = {
    CellRef: Links._cell,
    TablePlace: Links._table,
    CodePlace: Links._code,
    AmountRow: Links._amount,
    Passage: Links._passage,
    Record: Links._record,
    FieldPlace: Links._field,
    Whole: Links._whole,
}
