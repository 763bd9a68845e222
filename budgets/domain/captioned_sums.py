"""What a table says of its own sums: 合计, 小计, 总计 over rows and columns, codes and numbered captions below each other.

Nobody declared the table, so a sum is tested only where its caption, the nesting of codes (类款项) or of numbers (一、（一）1.)
names its parts. Captions leave some things open: whether lines without a number are items or parts of the one above. Then the
reading counts that the table itself keeps most, and a reading that it keeps nowhere says nothing.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from budgets.domain.caption_readings import (
    OF_WHICH,
    SUBTOTAL,
    TOTAL,
    Reading,
    as_list,
    by_code,
    by_number,
    code_above,
    is_total,
    numbered_level,
    unsure,
    without_parts,
)
from budgets.domain.documents import ColumnKind, Sheet
from budgets.domain.places import CellRef

ZERO = Decimal(0)
BLANKS = re.compile(r"[\s:：]+")
# Columns that are no part of a sum beside them: another year, a comparison, a part that is told again.
OF_NO_SUM = r"上年|去年|增减|比较|比上|较上|同比|20\d\d|其中|调整|完成|备注"
BESIDE = re.compile(rf"{OF_NO_SUM}|决算数|执行")
BESIDE_FINAL = re.compile(rf"{OF_NO_SUM}|预算")  # where what was spent is this year's money
CODE = re.compile(r"\d{1,12}")
MOST_PARTS = 8  # lines behind 其中 that are tried as parts of it
FEW = 2  # sums that one changed cell can break in one column of a table: its own and the one above

type Sum = tuple[str, CellRef, tuple[CellRef, ...]]  # columns, lines, children or same; whole; parts


def captioned_sums(sheet: Sheet) -> list[Sum]:
    """Every sum that the captions of a table name, with the cells that add up to it; blank cells count as nothing."""
    table = PrintedTable(sheet)
    return [*table.columns(), *table.lines(), *table.both_sides()]


def captioned_parts(sheet: Sheet) -> list[tuple[CellRef, CellRef]]:
    """Whole and part of each line 其中：… of this year's money: an amount and one in it, which is never more."""
    return list(PrintedTable(sheet).parts())


def is_without_sums(sheet: Sheet) -> bool:
    """True for a table with money of which no caption names a sum: nothing in it is tested."""
    money = any(cell.amount for row in sheet.rows for cell in row.cells)
    return money and not captioned_sums(sheet)


class PrintedTable:
    """A table by its sides: columns of money with the column of captions that names their rows."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.money = [n for n, column in enumerate(sheet.columns) if column.kind is ColumnKind.AMOUNT]
        self.sides = list(dict.fromkeys(sheet.columns[n].caption for n in self.money))
        amounts = [cell.amount for row in sheet.rows for cell in row.cells if cell.amount]
        self.step = Decimal("0.01") if any(amount % 1 for amount in amounts) else Decimal(1)

    def of_side(self, side: int) -> list[int]:
        return [n for n in self.money if self.sheet.columns[n].caption == side]

    def caption(self, row: int, side: int) -> str:
        """What names a row on a side; 合计 may stand over its codes."""
        cells = self.sheet.rows[row].cells
        texts = [BLANKS.sub("", cells[n].text) for n in (side, *self.codes_of(side))]
        return next((text for text in texts if text and not CODE.fullmatch(text)), "")

    def codes_of(self, side: int) -> list[int]:
        """The columns of codes of a side: those between its captions and the side to its left."""
        before = max((other for other in self.sides if other < side), default=-1)
        codes = [n for n, column in enumerate(self.sheet.columns) if column.kind is ColumnKind.CODE]
        return [n for n in codes if before < n < side or len(self.sides) == 1]

    def amount(self, row: int, column: int) -> Decimal:
        return self.sheet.rows[row].cells[column].amount or ZERO

    def ref(self, row: int, column: int) -> CellRef:
        named = self.sheet.columns[column]
        return CellRef(self.sheet.key, self.sheet.rows[row].named(named), named.key)

    def holds(self, whole: tuple[int, int], parts: Sequence[tuple[int, int]]) -> bool | None:
        """Whether a sum holds but for rounding; None where all of its cells are blank or nothing."""
        amounts = [self.amount(*part) for part in parts]
        if not any(amounts) and not self.amount(*whole):
            return None
        return abs(self.amount(*whole) - sum(amounts, ZERO)) <= self.step * max(1, len(parts))

    # Columns

    def columns(self) -> Iterator[Sum]:
        for side in self.sides:
            for whole, parts, sure in self._column_sums(self.of_side(side), 0):
                held = [self.holds((row, whole), [(row, n) for n in parts]) for row in self._rows()]
                if _kept(held, sure, 1):
                    for row in self._rows():
                        yield "columns", self.ref(row, whole), tuple(self.ref(row, n) for n in parts)

    def _rows(self) -> range:
        return range(len(self.sheet.rows))

    def _column_sums(self, columns: Sequence[int], depth: int) -> Iterator[tuple[int, list[int], bool]]:
        """Each column that is a sum of others under the same head, with those, and whether nothing speaks against it."""
        groups = self._groups(columns, depth)
        for _, own in groups:
            if len(own) > 1:
                yield from self._column_sums(own, depth + 1)
        for at, (name, own) in enumerate(groups):
            others = [group for n, group in enumerate(groups) if n != at]
            if not (TOTAL.search(name) or SUBTOTAL.search(name)):
                continue
            others = [group for group in others if not BESIDE.search(group[0])]
            sure = len(others) == len(groups) - 1
            others = [group for group in others if not TOTAL.search(group[0])]
            for whole in own:
                tail = self.sheet.columns[whole].path[depth + 1 :]
                alike = [self._under(group, depth, tail) for _, group in others]
                if len(alike) > 1 and all(alike):
                    yield whole, [n for parts in alike for n in parts], sure

    def _groups(self, columns: Sequence[int], depth: int) -> list[tuple[str, list[int]]]:
        """Neighbouring columns under one head of that depth, with its words."""
        groups: list[tuple[str, list[int]]] = []
        for n in columns:
            path = self.sheet.columns[n].path
            name = BLANKS.sub("", path[depth]) if depth < len(path) else ""
            if groups and groups[-1][0] == name and depth + 1 < len(path):
                groups[-1][1].append(n)
            else:
                groups.append((name, [n]))
        return groups

    def _under(self, group: Sequence[int], depth: int, tail: tuple[str, ...]) -> list[int]:
        """The columns of a group that stand for it beside a total: that with the same words below, its own total, or all."""
        if tail:
            paths = {n: self.sheet.columns[n].path for n in group}
            same = [n for n, path in paths.items() if path[depth + 1 :] == tail]
            return (
                same or [n for n, p in paths.items() if p[depth + 2 :] == tail and is_total(p[depth + 1])]
            )[:1]
        if len(group) == 1:
            return list(group)
        below = self._groups(group, depth + 1)
        if total := next((own for name, own in below if is_total(name)), None):
            return total[:1]
        return [n for name, own in below if not BESIDE.search(name) for n in self._under(own, depth + 1, ())]

    # Rows

    def lines(self) -> Iterator[Sum]:
        for side in self.sides:
            columns = self.of_side(side)
            for readings in self._readings(side):
                best = max(readings, key=lambda reading: self._share(reading, columns))
                alike = [
                    sum_ for sum_ in best.sums if best.sure or all(sum_ in each.sums for each in readings)
                ]
                sure = alike if len(readings) > 1 or best.sure else []
                for whole, parts in self._believed(best, sure, columns):
                    for n in columns:
                        yield best.way, self.ref(whole, n), tuple(self.ref(row, n) for row in parts)

    def parts(self) -> Iterator[tuple[CellRef, CellRef]]:
        """Each line behind 其中 with the line that it is in: the one above it, or above the 其中 before it."""
        for side in self.sides:
            paths = {n: "".join(self.sheet.columns[n].path) for n in self.of_side(side)}
            columns = [n for n, path in paths.items() if not BESIDE.search(path)]
            above: int | None = None
            for row in self._rows():
                caption = self.caption(row, side)
                if not OF_WHICH.match(caption):
                    above = row if caption else None
                elif above is not None:
                    yield from ((self.ref(above, n), self.ref(row, n)) for n in columns)

    def _held(self, whole: int, parts: Sequence[int], columns: Sequence[int]) -> list[bool]:
        held = [self.holds((whole, n), [(row, n) for row in parts]) for n in columns]
        return [each for each in held if each is not None]

    def _share(self, reading: Reading, columns: Sequence[int]) -> float:
        held = [each for sum_ in reading.sums for each in self._held(*sum_, columns)]
        return sum(held) / len(held) if held else 0

    def _believed(
        self, reading: Reading, sure: list[tuple[int, list[int]]], columns: Sequence[int]
    ) -> Iterator[tuple[int, list[int]]]:
        """The sums of a reading that count: the sure ones together, unless the table denies most of them; the others one by one."""
        if _kept([each for sum_ in sure for each in self._held(*sum_, columns)], True, FEW):
            yield from sure
        for sum_ in reading.sums:
            if sum_ not in sure and _kept(self._held(*sum_, columns), False, 0):
                yield sum_

    def _readings(self, side: int) -> Iterator[list[Reading]]:
        """For each list of a side, and for what nests in it, the ways to read it."""
        codes = self._codes(side)
        rows = [row for row in self._rows() if self.caption(row, side) or row in codes]
        if codes:
            yield [by_code(codes)]
            own = frozenset(codes.values())
            roots = [row for row, code in codes.items() if not code_above(code, own)]
            known = [row for row in rows if row in roots or row not in codes]
            yield [as_list({row: self.caption(row, side) for row in known})]
            return
        captions = {row: self.caption(row, side) for row in rows}
        levels = {row: numbered_level(caption) for row, caption in captions.items()}
        tops = [level for level in levels.values() if level is not None]
        plain = {row: caption for row, caption in captions.items() if not OF_WHICH.match(caption)}
        if not tops:
            ways = {tuple(way): way for n in range(MOST_PARTS) for way in [without_parts(captions, n)]}
            readings = [as_list(way) for way in ways.values()]
            yield readings if len(readings) == 1 else [unsure(each) for each in readings]
            return
        top = min(tops)
        numbered = {row for row, level in levels.items() if level == top}
        # Below a total stand lines such as 上年结转.
        behind = next((n for n in rows[1:] if TOTAL.search(captions[n])), len(self._rows()))
        items = {
            r: c
            for r, c in plain.items()
            if r in numbered or is_total(c) or (levels[r] is None and r > behind)
        }
        others = {row: c for row, c in plain.items() if levels[row] is None or row in items}
        readings = [as_list(others)]
        if others.keys() != items.keys():
            readings = [unsure(each) for each in (*readings, as_list(items))]
        yield readings
        deeper = by_number(captions, levels)
        if deeper.sums:
            yield [deeper]

    def _codes(self, side: int) -> dict[int, str]:
        """The code of each row, digits of 类, 款 and 项 together; none where a code comes twice, or few rows have one."""
        before = self.codes_of(side)
        found: dict[int, str] = {}
        for row in self._rows():
            code = "".join(self.sheet.rows[row].cells[n].text for n in before).replace(" ", "")
            if CODE.fullmatch(code):
                found[row] = code
        return found if len(set(found.values())) == len(found) and len(found) * 3 > len(self._rows()) else {}

    def both_sides(self) -> Iterator[Sum]:
        """收入总计 and 支出总计 beside each other are one number."""
        if len(self.sides) != 2:
            return
        left, right = (self.of_side(side)[0] for side in self.sides)
        for row in self._rows():
            captions = [self.caption(row, side) for side in self.sides]
            if all(caption.endswith("总计") for caption in captions):
                yield "same", self.ref(row, left), (self.ref(row, right),)


def _kept(held: Sequence[bool | None], sure: bool, few: int) -> bool:
    """Whether a reading is believed: it holds in half of the places or more; a sure one also where few speak against it."""
    known = [each for each in held if each is not None]
    wrong = known.count(False)
    return bool(known) and (wrong * 2 <= len(known) or (sure and wrong <= few))
