"""One table of a set as a worksheet in disguise: where it stands, its title, header, columns and rows."""

import random
from dataclasses import replace
from decimal import Decimal

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.documents import Cell, Column, ColumnKind, Sheet, header_grid
from budgets.domain.ledgers import Ledger
from budgets.domain.money import YUAN_IN
from budgets.domain.sheets import Filler
from budgets.domain.tables import Balance, Table, TableSet, Tree
from budgets.domain.terms import Stage
from budgets.tablesets.bodies import ENDING
from tests.makers import usage
from tests.makers.habits import NUMBER, Habits
from tests.makers.packages import Page, Value

YEAR = 2023
SERIALS = ("kept", "blank", "gone")
HEADERS = ("merged", "merges lost", "repeated")
EMPTY_ROWS = ("2019901", "2050201", "2110301", "2130399", "30305", "30901", "205", "214")
SPLIT = (("类", slice(0, 3)), ("款", slice(3, 5)), ("项", slice(5, 7)))


def the_other_way(rows: Balance) -> Balance:
    """All classes where the form prints those with money, and the other way round: they are numbered as they come."""
    right = tuple(replace(line, caption=NUMBER.match(line.caption)[2]) for line in rows.right)
    return replace(rows, right=right, sparing=not rows.sparing)


class Worker:
    """Writes one table of the set as a worksheet."""

    def __init__(
        self, chance: random.Random, table_set: TableSet, table: Table, ledger: Ledger, noise: set[str]
    ) -> None:
        self.chance, self.ledger, self.noise, self.table = chance, ledger, noise, table
        if isinstance(table.rows, Balance) and chance.random() < 0.5:
            table = replace(table, rows=the_other_way(table.rows))
        if isinstance(table.rows, Tree) and chance.random() < 0.5:
            table = replace(table, rows=replace(table.rows, total_last=not table.rows.total_last))
        self.sheet = Filler(table_set, ledger, subjects_of(YEAR)).fill(table)
        own = table.unit or table_set.unit
        self.unit = chance.choice(("元", "万元"))
        self.typed = Habits(chance, self.unit, YUAN_IN[own] / YUAN_IN[self.unit])
        self.silent = self.unit == own and chance.random() < 0.1  # no line says the unit
        self.serials = chance.choice(SERIALS)
        self.headers = chance.choice(HEADERS)
        self.out = Page(table.title.format(year=YEAR))
        self.left = chance.choice((0, 0, 1, 2))
        self.at = chance.choice((0, 0, 1, 3))  # the last row that was written

    def page(self) -> Page:
        sheet, columns = self.shaped()
        self.above(len(columns))
        self.header(columns)
        self.body(sheet, columns)
        for note in sheet.notes:
            self.at += 1
            self.put(1, note)
        return self.out

    def put(self, column: int, value: Value, row: int = 0) -> None:
        if value != "":
            self.out.cells[row or self.at, column + self.left] = value

    # The lines above

    def above(self, width: int) -> None:
        chance = self.chance
        if chance.random() < 0.3:
            self.at += 1
            number = chance.choice(usage.FORM_NUMBERS)
            self.put(1, number)
            self.noise.add(number)
        self.at += 1
        title = self.title()
        self.put(1 if (merged := chance.random() < 0.6) else chance.randint(1, width), title)
        if merged:
            self.merge(self.at, 1, self.at, width)
        lines = [chance.choice(usage.DEPARTMENT_LINES)] if chance.random() < 0.8 else []
        lines += [chance.choice(usage.YEAR_LINES)] if chance.random() < 0.5 else []
        lines += [] if self.silent else [chance.choice(usage.UNIT_LINES).format(unit=self.unit)]
        if chance.random() < 0.2:
            lines = ["　　　".join(lines)] if lines else []
        apart = chance.random() < 0.3
        for n, line in enumerate(lines):
            if apart or n == 0:
                self.at += 1
            self.put(1 if apart else 1 + n * (width - 1) // max(1, len(lines) - 1), line)
        self.at += chance.choice((0, 0, 1))

    def title(self) -> str:
        key = self.table.key
        own = self.table.title.format(year=YEAR)
        # By their titles the forms of a 单位 are told from those of its 部门, and accounts from budgets.
        alone = (
            self.ledger.table_set.endswith(ENDING)
            or tablesets.get(self.ledger.table_set).stage == Stage.FINAL
        )
        if self.chance.random() < 0.25 or alone:
            return own
        known = usage.TITLES.get(key) or usage.THREE_PUBLIC_TITLES.get(self.ledger.table_set, (own,))
        return self.typed.stray(self.chance.choice(usage.BEFORE_TITLE) + self.chance.choice(known))

    # The header

    def shaped(self) -> tuple[Sheet, list[tuple[Column, int | None, slice | None]]]:
        """The columns as this department has them: the column, where its cells stand in a row, which part of them."""
        columns: list[tuple[Column, int | None, slice | None]] = []
        codes = [i for i, column in enumerate(self.sheet.columns) if column.kind is ColumnKind.CODE]
        for i, column in enumerate(self.sheet.columns):
            if column.kind is ColumnKind.SERIAL and self.serials == "gone":
                continue
            if i not in codes or isinstance(
                self.table.rows, Balance
            ):  # a column of codes in each of two blocks
                columns.append((column, i, None))
            elif i == codes[0]:
                columns += self.code_columns(column, [self.sheet.columns[j] for j in codes])
            if self.chance.random() < 0.02:
                columns.append((replace(column, path=column.path[:-1]), None, None))  # a blank column between
        return self.sheet, columns

    def code_columns(
        self, first: Column, all_codes: list[Column]
    ) -> list[tuple[Column, int | None, slice | None]]:
        split = len(all_codes) > 1
        path = first.path[:-1] if split else first.path
        if not self.typed.codes.startswith("apart"):
            return [(replace(first, path=path), None, slice(0, 9))]
        # Two blocks of codes side by side are those of economic items.
        depth = 2 if getattr(self.table.rows, "scheme", "economic") == "economic" else 3
        own = self.typed.codes != "apart under one caption"
        return [
            (replace(first, path=(*path, name) if own else path), None, digits)
            for name, digits in SPLIT[:depth]
        ]

    def header(self, columns: list) -> None:
        top = self.at + 1
        worded = {}
        named = []
        for column, _, _ in columns:
            path = tuple(
                worded.setdefault(column.path[: n + 1], self.typed.stray(self.typed.caption(caption)))
                for n, caption in enumerate(column.path)
            )
            named.append(replace(column, path=path))
        grid = header_grid(tuple(named))
        for head in (cell for row in grid for cell in row):
            row, column = top + head.row, head.column + 1
            last = (row + head.rowspan - 1, column + head.colspan - 1)
            if self.headers == "repeated" and not head.leaf:
                for beside in range(column, last[1] + 1):
                    self.put(beside, head.text, row)
            else:
                self.put(column, head.text, row)
            if self.headers == "merged" and last != (row, column):
                self.merge(row, column, *last)
        self.at += len(grid)
        if self.chance.random() < 0.4:
            self.at += 1
            start = self.chance.choice((0, 1))
            self.put(1, "栏次" if start else "1")
            for n in range(1, len(columns)):
                self.put(n + 1, Decimal(n + 1 - start))

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        self.out.merges.append((top, left + self.left, bottom, right + self.left))

    # The body

    def body(self, sheet: Sheet, columns: list) -> None:
        rows = [(row.key, row.total, row.cells) for row in sheet.rows]
        if isinstance(self.table.rows, Tree):
            rows = self.with_empty_rows(rows)
        for n, (key, total, cells) in enumerate(rows, 1):
            self.at += 1 + (self.chance.random() < 0.01)
            for place, (column, i, part) in enumerate(columns, 1):
                if i is None and part is None:
                    continue
                if part is not None:
                    code = "" if total else key
                    self.put(place, self.typed.code(code[part], part))
                elif i is not None and column.kind is ColumnKind.AMOUNT:
                    self.put(place, self.typed.amount(cells[i].amount))
                elif column.kind is ColumnKind.SERIAL:
                    self.put(place, Decimal(n) if self.serials == "kept" else "")
                elif i is not None and cells[i].text:
                    indent = "　" * self.chance.choice((0, 0, 1, 2))
                    self.put(place, indent + self.typed.caption(cells[i].text))
                elif total and column.kind is ColumnKind.CAPTION:
                    self.put(place, self.chance.choice(("合计", "合　计", "总计")))

    def with_empty_rows(self, rows: list) -> list:
        """Codes that the form lists although no money stands there."""
        blank = tuple(Cell() for _ in self.sheet.columns)
        there = [key for key, _, _ in rows]
        depth = 5 if self.table.rows.scheme == "economic" else 7
        for code in EMPTY_ROWS:
            fits = code.startswith("3") == (depth == 5)
            if (
                fits
                and self.chance.random() < 0.1
                and not any(k.startswith(code) or code.startswith(k) for k in there)
            ):
                named = tuple(
                    replace(cell, text="某某支出") if column.kind is ColumnKind.CAPTION else cell
                    for cell, column in zip(blank, self.sheet.columns, strict=True)
                )
                rows = [*rows, (code, False, named)]
        return rows
