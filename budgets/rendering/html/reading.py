"""A table as a phone reads it: names with the figure that matters, what belongs to a name folded below it, goals as cards."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from budgets.domain.addresses import addresses
from budgets.domain.documents import Cell, Column, ColumnKind, Row, Sheet
from budgets.rendering.excerpts import half_rows, halves

SUMMED = ("小计", "合计")
type Named = Sequence[Sequence[str]]  # the address of each cell, row by row
TARGET, RESULT = "target", "result"  # 指标值 and 完成值: what a goal is read for


@dataclass(slots=True)
class Entry:
    """A name with its figure (or target) as printed, and of the rest of the row what says something, each with its header."""

    name: str
    code: str = ""
    value: str = ""
    more: list[str] = field(default_factory=list)
    below: list["Entry"] = field(default_factory=list)
    total: bool = False
    group: str = ""  # the heading that begins with this entry
    address: str = ""  # of the cell that the figure stands in
    mark: str = ""  # where a finding on it is told

    @property
    def idle(self) -> bool:
        """True when neither the row nor one below it says anything."""
        return not (self.value or self.more) and all(entry.idle for entry in self.below)


@dataclass(frozen=True, slots=True)
class Reading:
    """One list; `title` is blank unless the table holds two side by side. What says nothing is kept apart."""

    title: str
    entries: list[Entry]
    idle: list[Entry]


def readings(
    sheet: Sheet,
    rows: Sequence[int],
    first: str = "",
    marks: Mapping[str, str] | None = None,
    *,
    nonempty: bool = False,
) -> list[Reading]:
    """The given rows of a sheet as one list, or as two where it is a balance table; a list without rows is left out.

    `first` is what the addresses of a table of one record begin with among others; `marks` are where findings on cells
    are told, by address.
    """
    named = addresses(sheet, first)
    lists = [
        (name, flat(sheet, half_rows(sheet, columns, rows, nonempty=nonempty), columns, named))
        for name, columns in halves(sheet)
    ] or [("", listed(sheet, rows, named))]
    for _, found in lists:
        mark(found, marks or {})
    return [
        Reading(name, [entry for entry in found if not entry.idle], [entry for entry in found if entry.idle])
        for name, found in lists
        if found
    ]


def mark(entries: Sequence[Entry], marks: Mapping[str, str]) -> None:
    """Give each entry the mark of its cell."""
    for entry in entries:
        entry.mark = marks.get(entry.address, "")
        mark(entry.below, marks)


def listed(sheet: Sheet, rows: Sequence[int], named: Named) -> list[Entry]:
    """The rows of a table that names each of them once, nested by level; the columns of one that names none."""
    columns = list(range(len(sheet.columns)))
    if all(column.kind != ColumnKind.CAPTION for column in sheet.columns):
        return [named_by_column(sheet, row, column, named) for row in rows for column in columns]
    return nested(flat(sheet, rows, columns, named), [sheet.rows[row] for row in rows])


def flat(sheet: Sheet, rows: Sequence[int], columns: Sequence[int], named: Named) -> list[Entry]:
    """One entry a row, from the given columns."""
    group, out = "", []
    for row in rows:
        entry = entry_of(sheet, sheet.rows[row], columns, named[row])
        entry.group, group = ("" if entry.group in ("", group) else entry.group), entry.group or group
        out.append(entry)
    return out


def nested(entries: Sequence[Entry], rows: Sequence[Row]) -> list[Entry]:
    """Entries below the last one before them that has a lower level; totals stand on top."""
    top: list[Entry] = []
    above: list[tuple[int, Entry]] = []
    for entry, row in zip(entries, rows, strict=True):
        while above and (row.total or above[-1][0] >= row.level):
            above.pop()
        (above[-1][1].below if above else top).append(entry)
        if not row.total:
            above.append((row.level, entry))
    return top


def entry_of(sheet: Sheet, row: Row, columns: Sequence[int], named: Sequence[str]) -> Entry:
    kinds = [(index, sheet.columns[index]) for index in columns]
    main = main_column(kinds, row)
    outer = next((index for index, column in kinds if column.kind == ColumnKind.GROUP), None)
    caption = next((index for index, column in kinds if column.kind == ColumnKind.CAPTION), 0)
    name = row.cells[caption].text if sheet.columns[caption].kind == ColumnKind.CAPTION else ""
    codes = [index for index, column in kinds if column.kind == ColumnKind.CODE and index < caption]
    heads = Counter(column.path[-1] for _, column in kinds if column.path[-1] not in SUMMED)
    entry = Entry(
        name,
        " ".join(row.cells[i].text for i in codes).strip(),
        row.cells[main].text if main is not None else "",
        [
            f"{label(column, twice=heads[column.path[-1]] > 1)} {row.cells[i].text}".lstrip()
            for i, column in kinds
            if i not in (main, outer, *codes) and says_more(column, row.cells[i], name)
        ],
        total=row.total,
        group="" if outer is None else row.cells[outer].text,
        address=named[main] if main is not None and row.cells[main].text else "",
    )
    if not name:  # 合计 stands where the codes stand
        entry.name, entry.code = entry.code or sheet.title, ""
    return entry


def main_column(columns: Sequence[tuple[int, Column]], row: Row) -> int | None:
    """The total, else the first column of money, else what was reached, else the target; None where a table only says words."""
    money = [(index, column) for index, column in columns if column.kind == ColumnKind.AMOUNT]
    ends = [index for index, column in money if column.path[-1] == "合计"]
    reached = [index for index, column in columns if column.key == RESULT and row.cells[index].text]
    return next(
        iter(
            [*ends, *(i for i, _ in money), *reached, *(i for i, column in columns if column.key == TARGET)]
        ),
        None,
    )


def says_more(column: Column, cell: Cell, name: str) -> bool:
    """Whether the cell adds something to the name: no serial, no subtotal, no zero, no repeated words."""
    if column.kind in (ColumnKind.SERIAL, ColumnKind.CAPTION) or column.path[-1] == "小计":
        return False
    return bool(cell.text) and cell.amount != 0 and cell.text != name


def label(column: Column, *, twice: bool) -> str:
    """The column's own header, with the one above it where it only says 合计 or 小计, or stands in the table `twice`; a group
    needs none."""
    if column.kind == ColumnKind.GROUP:
        return ""
    if twice:
        return "·".join(column.path[-2:])
    return "".join(column.path[-2:]) if column.path[-1] in SUMMED else column.path[-1]


def named_by_column(sheet: Sheet, row: int, index: int, named: Named) -> Entry:
    """A cell of a table that has headers but no names: the header is its name."""
    text = sheet.rows[row].cells[index].text
    return Entry("：".join(sheet.columns[index].path), "", text, address=named[row][index] if text else "")
