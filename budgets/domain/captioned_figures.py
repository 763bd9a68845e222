"""The key figures of a document whose form nobody declared: taken where captions say them and the table's own sums confirm it.

收入总计 beside an equal 支出总计; 合计, 基本支出 and 项目支出 of a table of all expenditure whose columns add up; “三公”经费 with its
three parts. A figure that two tables tell differently, or that nothing confirms, is left out: absent is better than wrong.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from budgets.domain.caption_readings import TOTAL, is_total
from budgets.domain.captioned_sums import BESIDE, BESIDE_FINAL, BLANKS, PrintedTable
from budgets.domain.documents import Figure, Sheet
from budgets.domain.key_figures import MONEY
from budgets.domain.terms import Stage

OF_ONE_FUND = re.compile(r"财政拨款|一般公共|基金|国有资本|专户")
BALANCE = re.compile(r"收(?:支|入支出).{0,4}总(?:表|体情况表)$")
EXPENDITURE = re.compile(r"支出(?:预算|决算)?总(?:表|体情况表)$|(?:^|部门|单位|年度?)支出决算表$")
GRAND = (["收入总计", "支出总计"], ["总计", "总计"])
MEASURE = re.compile(r"(?:预算|决算)数|金额")
THREE_PUBLIC = re.compile(r"三公.?经费")
NUMBER = re.compile(r"^(?:[(（]?[一二三四五\d]{1,2}[)）]?[、.．]?|其中[:：]?)+")
ITEMS = {
    "overseas_visits": re.compile(r"因公出国(?:[（(]境[）)])?费用?"),
    "vehicles": re.compile(r"公务用车购置(?:费)?[及和]运(?:行维护|行|维)费"),
    "vehicle_purchase": re.compile(r"公务用车购置费"),
    "vehicle_running": re.compile(r"公务用车运(?:行维护|行|维)费"),
    "official_hospitality": re.compile(r"公务接待费"),
}
THREE = ("overseas_visits", "vehicles", "official_hospitality")
OF_VEHICLES = ("vehicle_purchase", "vehicle_running")

type Cell = tuple[int, int]  # row, column


def captioned_figures(sheets: Iterable[Sheet], stage: str) -> tuple[Figure, ...]:
    """The figures of `key_figures.MONEY` that tables with a unit say beyond doubt, each once, in that order."""
    found: dict[str, list[Figure]] = {}
    for sheet in sheets:
        table = _Figures(sheet, stage)
        for key, (row, column) in table.cells().items() if sheet.unit else ():
            amount = table.amount(row, column)
            figure = Figure(key, MONEY[key], amount, sheet.unit, sheet.key, row, column)
            found.setdefault(key, []).append(figure)
    return tuple(found[key][0] for key in MONEY if len(found.get(key, ())) == 1)


class _Figures(PrintedTable):
    def __init__(self, sheet: Sheet, stage: str) -> None:
        super().__init__(sheet)
        self.title = BLANKS.sub("", sheet.title)
        self.beside = BESIDE_FINAL if stage == Stage.FINAL else BESIDE

    def cells(self) -> dict[str, Cell]:
        """Key and place of each figure of this table."""
        if THREE_PUBLIC.search(self.title) and "基金" not in self.title:
            return self._three_public(self._by_row()) or self._three_public(self._by_column())
        if OF_ONE_FUND.search(self.title):
            return {}
        return self._whole() if BALANCE.search(self.title) else self._expenditure()

    def _own(self, side: int) -> list[int]:
        """The columns of a side that tell this year's amounts."""
        paths = {n: "".join(self.sheet.columns[n].path) for n in self.of_side(side)}
        return [n for n, path in paths.items() if not self.beside.search(BLANKS.sub("", path))]

    def _same(self, whole: Cell, parts: Iterable[Cell]) -> bool:
        """Whether a printed amount is the sum of others, to the last place."""
        row, column = whole
        there = self.sheet.rows[row].cells[column].amount
        return there is not None and there == sum((self.amount(*part) for part in parts), Decimal(0))

    def _whole(self) -> dict[str, Cell]:
        """收入总计, when 支出总计 beside it is the same."""
        own = [self._own(side) for side in self.sides]
        if [len(columns) for columns in own] != [1, 1]:
            return {}
        (left,), (right,) = own
        for row in range(len(self.sheet.rows)):
            captions = [self.caption(row, side) for side in self.sides]
            if captions in GRAND and self._same((row, left), [(row, right)]):
                return {"total_resources": (row, left)}
        return {}

    def _expenditure(self) -> dict[str, Cell]:
        """The row 合计 of a table of all expenditure, where its columns are the parts of its first."""
        if not EXPENDITURE.search(self.title) or len(self.sides) != 1:
            return {}
        columns = {BLANKS.sub("", self.sheet.columns[n].path[-1]): n for n in self._own(self.sides[0])}
        totals = [name for name in columns if TOTAL.search(name)]
        rows = [r for r in range(len(self.sheet.rows)) if TOTAL.search(self.caption(r, self.sides[0]))]
        if len(totals) != 1 or len(rows) != 1 or not {"基本支出", "项目支出"} <= columns.keys():
            return {}
        whole, (row,) = columns.pop(totals[0]), rows
        if not self._same((row, whole), [(row, n) for n in columns.values()]):
            return {}
        keys = {"current_expenditure": whole, "basic": columns["基本支出"], "project": columns["项目支出"]}
        return {key: (row, column) for key, column in keys.items()}

    def _three_public(self, named: list[tuple[str, Cell]]) -> dict[str, Cell]:
        """“三公”经费 and its items among named cells: each item once, and a total that is the sum of the three."""
        places: dict[str, list[Cell]] = {}
        for name, cell in named:
            key = next((key for key, item in ITEMS.items() if item.fullmatch(NUMBER.sub("", name))), "")
            if key or is_total(name) or THREE_PUBLIC.search(name):
                places.setdefault(key, []).append(cell)
        items = {key: cells[0] for key, cells in places.items() if key and len(cells) == 1}
        three = [items[key] for key in THREE if key in items]
        wholes = [cell for cell in places.get("", ()) if len(three) == len(THREE) and self._same(cell, three)]
        if not wholes:
            return {}
        vehicles = [items[key] for key in OF_VEHICLES if key in items]
        if len(vehicles) < len(OF_VEHICLES) or not self._same(items["vehicles"], vehicles):
            items = {key: cell for key, cell in items.items() if key in THREE}
        return {"three_public": wholes[0], **items}

    def _by_row(self) -> list[tuple[str, Cell]]:
        """The cells of the one column of this year, by the caption of their row."""
        own = [n for side in self.sides for n in self._own(side)]
        own = [n for n in own if TOTAL.search(self.sheet.columns[n].path[-1])] if len(own) > 1 else own
        if len(own) != 1:
            return []
        side = self.sheet.columns[own[0]].caption
        return [(self.caption(row, side), (row, own[0])) for row in range(len(self.sheet.rows))]

    def _by_column(self) -> list[tuple[str, Cell]]:
        """The cells of the one row with amounts, or of its 合计, by the head of their column."""
        rows = [n for n, row in enumerate(self.sheet.rows) if not row.blank]
        rows = [n for n in rows if TOTAL.search(self.caption(n, self.sides[0]))] if len(rows) > 1 else rows
        own = [n for side in self.sides for n in self._own(side)]
        return [(self._named(n), (rows[0], n)) for n in own] if len(rows) == 1 else []

    def _named(self, column: int) -> str:
        """The head of a column; of 小计 the one above it."""
        texts = [BLANKS.sub("", text) for text in self.sheet.columns[column].path]
        path = [text for text in texts if not MEASURE.fullmatch(text)] or texts
        return path[-2] if len(path) > 1 and is_total(path[-1]) else path[-1]
