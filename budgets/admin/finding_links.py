"""From a place to the page on which it is typed, and to the row, cell, sentence or caption there.

Everything comes from the draft that was checked: however many findings there are, goals alone are looked up, once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from budgets import tablesets
from budgets.admin.declaring import grids_of, has_goals
from budgets.admin.entry_grids import Grid
from budgets.admin.entry_rows import EntryRow, EntryRows
from budgets.admin.marks import MOST
from budgets.admin.typed_parts import BASICS
from budgets.admin.wordings import caption_anchor
from budgets.domain.findings import Finding
from budgets.domain.ledgers import UnitRow
from budgets.domain.place_words import PlaceWords
from budgets.domain.places import (
    AmountRow,
    CellRef,
    CodePlace,
    FieldPlace,
    Passage,
    Place,
    Record,
    TablePlace,
    Whole,
    counted,
    serialised,
)
from budgets.domain.terms import Family
from budgets.models import Disclosure
from budgets.models.lines import Line
from budgets.workflow.drafts import Draft

RECORDS = {
    "organization": ("organizations", "organizations"),
    "project": ("projects", "projects"),
    "procurement": ("procurement", "procurements"),
    "service": ("services", "services"),
    "unit_row": ("unit_rows", "unit_rows"),
}
MOST_LINKS = 8  # pages that one finding leads to


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


WORDINGS = Target("wording", "表中用语", "wording", anchor="wordings")


class Links:
    """Finds the pages of one draft's findings."""

    def __init__(self, disclosure: Disclosure, draft: Draft) -> None:
        self.disclosure, self.ledger = disclosure, draft.ledger
        self.table_set = tablesets.get(disclosure.table_set)
        self.grids = grids_of(self.table_set)
        self.rows = EntryRows(self.table_set, self.ledger.facts, self.grids)
        self.words = PlaceWords(draft.document, draft.subjects)
        self._numbers: dict[str, dict[tuple[tuple[str, str], int], int]] = {}

    def of(self, finding: Finding) -> list[Link]:
        """Where a finding is to be mended, then where its cells are typed; each page once, with what is marked on it."""
        return [self._link(targets) for targets in self._pages(finding)]

    def tasks_of(self, finding: Finding) -> list[str]:
        """The tasks of these pages, without their addresses."""
        return [targets[0].task for targets in self._pages(finding)]

    def to(self, place: Place) -> list[Link]:
        """Where a place is typed; none for one that no page types."""
        return [self._link(targets) for targets in self._at((place,))]

    def _pages(self, finding: Finding) -> list[list[Target]]:
        """What is meant on each page, in the order of `of`."""
        return self._at((*(finding.meant or (finding.at,)), *finding.cells))

    def _at(self, places: Iterable[Place]) -> list[list[Target]]:
        found: dict[tuple[Any, ...], list[Target]] = {}
        for place in places:
            for target in KINDS[type(place)](self, place):
                found.setdefault((target.page, target.args), []).append(target)
        return list(islice(found.values(), MOST_LINKS))

    def _link(self, targets: Iterable[Target]) -> Link:
        """The page of some targets, at the first of them."""
        first, *_ = targets
        marks = dict.fromkeys(mark for target in targets for mark in target.marks)
        url = reverse(f"admin:budgets_disclosure_{first.page}", args=[self.disclosure.pk, *first.args])
        query = f"?{urlencode(list(marks)[:MOST])}" if marks else ""
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
        return self._typed(self.rows.of_cell(cell))

    def _typed(self, rows: Iterable[EntryRow]) -> list[Target]:
        return [target for row in rows for target in self._row(*row)]

    def _table(self, place: TablePlace) -> list[Target]:
        if place.table == "goal":
            return self._goals()
        if place.part and (captions := self._captions(place)) is not None:
            return captions
        return self._cell(CellRef(place.table, "total", ""))

    def _captions(self, place: TablePlace) -> list[Target] | None:
        """The captions of a table that are kept as published, marked when they are meant; None when it has none."""
        part = f"{place.table}/{place.part.removesuffix('s')}"  # 附注 as a whole are `notes`, each of them `note/0`
        own = [key for key in self.ledger.wording if key.startswith(f"{place.table}/")]
        meant = [key for key in own if key == part or key.startswith(f"{part}/")]
        marked = [
            Target("wording", "表中用语", "wording", (), (("mark", key),), caption_anchor(key))
            for key in meant
        ]
        return marked or ([WORDINGS] if own else None)

    def _goals(self, project: str = "") -> list[Target]:
        """Where goals are told: their own page, the chapter of projects, else the row of a project, the first unless named."""
        if has_goals(self.table_set):
            return [Target("goals", "绩效目标", "goals", anchor="goals")]
        if self._speaking("projects"):
            return self._chapter("projects")
        return self._row("projects", str(self._nth("projects").get(((project, ""), 1), 1)))

    def _speaking(self, chapter: str) -> bool:
        return any(word.key == chapter for word in self.table_set.chapters)

    def _goal(self, n: int, row: str = "") -> list[Target]:
        """The page of the nth goal table, at one of its indicators."""
        if not (has_goals(self.table_set) and 0 < n <= len(self.goals)):
            return self._goals(self.ledger.goals[n - 1].project if 0 < n <= len(self.ledger.goals) else "")
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
        return self._typed(self.rows.of_code(place))

    def _amount(self, place: AmountRow) -> list[Target]:
        return self._typed(self.rows.of_amount(place))

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
            return [WORDINGS]
        asked = place.field in BASICS or (
            place.field == "agency_running_costs" and self.table_set.prints(Family.AGENCY)
        )
        anchor = f"id_{place.field}" if asked else ""
        money = self._row("revenue", "total") if place.field == "states_no_money" else []
        return [*money, Target("basics", f"基本信息：{self.words(place)}", "basics", anchor=anchor)]

    def _whole(self, place: Whole) -> list[Target]:
        return self._given("") if self.ledger.given else []


def _names(record: Any) -> tuple[str, str]:
    if isinstance(record, UnitRow):
        return record.name, record.code
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
