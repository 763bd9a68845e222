"""A workbook's sheets to rows of the list; whatever cannot be taken is named with its cell, and how to mend it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from budgets.importing.reading.grids import Grid, GridCell, column_letter
from budgets.importing.reading.opening import Unreadable
from budgets.importing.rosters.roster_columns import (
    HELP,
    REGION_WIDE,
    ROSTER,
    RosterBook,
    RosterColumn,
    RosterSheet,
)

ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
DIGITS = re.compile(r"[0-9]+")
UNSEEN = {"Cc", "Cf", "Co", "Cn", "Cs"}  # what no reader sees, or sees differently
QUOTED = 30
FORMULA = "是公式，不能导入。请复制后“选择性粘贴—数值”，或直接填写文字。"
LOST_ZERO = "是数字格式，区号开头的 0 丢了。请把这一列设成“文本”格式，重新填写。"
AREA_CODED = re.compile(
    r"(?!1|[48]00)[0-9]{9,11}"
)  # a number of the land line with its area code, less the 0
HEAD_WITHIN = 5  # rows


@dataclass(frozen=True, slots=True)
class RosterFault:
    """One thing that keeps the list from being taken: where, and what is wrong and how to mend it."""

    sheet: str
    cell: str
    text: str


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One row: the texts by column key, a blank one for an empty cell; `cells` says where each stands."""

    sheet: str
    number: int
    values: dict[str, str]
    cells: dict[str, str]
    numeric: tuple[str, ...] = ()  # codes that stand as numbers, which keep no leading zero

    def at(self, key: str) -> str:
        """The address of a column's cell, the row's when the list has no such column."""
        return self.cells.get(key) or f"第{self.number}行"


@dataclass(frozen=True, slots=True)
class Roster:
    """The list as it was read."""

    rows: tuple[RosterRow, ...] = ()
    faults: tuple[RosterFault, ...] = ()

    def of(self, sheet: str) -> list[RosterRow]:
        return [row for row in self.rows if row.sheet == sheet]


def read_roster(name: str, grids: Iterable[Grid], book: RosterBook = ROSTER) -> Roster:
    """The rows and faults of a workbook. Raises Unreadable, naming sheet and cell, when there is no list in it."""
    known = {sheet.name: sheet for sheet in book.sheets}
    rows: list[RosterRow] = []
    faults: list[RosterFault] = []
    found = set()
    for grid in grids:
        title = grid.name.strip()
        if title == HELP:
            continue
        if title not in known:
            faults.append(
                RosterFault(
                    grid.name,
                    "A1",
                    f"不认识工作表“{grid.name[:QUOTED]}”。只要“{book.names}”两张，请删去这一张或改名。",
                )
            )
            continue
        if grid.hidden:
            faults.append(
                RosterFault(grid.name, "A1", "工作表是隐藏的，里面的内容看不见。请取消隐藏，核对后再导入。")
            )
            continue
        found.add(title)
        here, wrong = _sheet(grid, known[title], book.most_rows)
        rows += here
        faults += wrong
    if not found and not faults:
        raise Unreadable(
            f"文件“{name}”里没有“{book.names.replace('和', '或')}”工作表。请下载模板，填好再上传。"
        )
    if not rows and not faults:
        raise Unreadable(
            f"文件“{name}”的工作表“{'”“'.join(sorted(found))}”从 A2 起没有一行内容。请填好再上传。"
        )
    return Roster(tuple(rows), tuple(faults))


def titled(grids: Iterable[Grid], book: RosterBook) -> list[Grid]:
    """The grids of a plain text file, each under the name of the sheet of which it has most of the headings."""
    named = []
    for grid in grids:
        head = {cell.text for number, cells in grid.rows() if number <= HEAD_WITHIN for cell in cells}
        fits = [sum(bool(head & {*column.headings}) for column in sheet.columns) for sheet in book.sheets]
        named.append(replace(grid, name=book.sheets[fits.index(max(fits))].name))
    return named


def _sheet(grid: Grid, sheet: RosterSheet, most: int) -> tuple[list[RosterRow], list[RosterFault]]:
    faults = [
        RosterFault(
            grid.name,
            f"{column_letter(m.left)}{m.top}",
            "有合并单元格，分不清内容属于哪一行。请取消合并，每格各填各的。",
        )
        for m in grid.merges
    ]
    head = next(
        (n for n, cells in grid.rows() if n <= HEAD_WITHIN and any(sheet.column(c.text) for c in cells)), 0
    )
    if not head:
        names = "、".join(column.heading for column in sheet.columns)
        faults.append(RosterFault(grid.name, "A1", f"第一行要是列标题（{names}）。请下载模板，填好再上传。"))
        return [], faults
    columns, wrong = _headings(grid, sheet, head)
    faults += wrong
    faults += [
        RosterFault(grid.name, f"{column_letter(c)}{r}", FORMULA)
        for r, c in sorted(grid.formulas - grid.cells.keys())
        if r > head and c in columns
    ]
    rows: list[RosterRow] = []
    for number, cells in grid.rows():
        if number <= head:
            continue
        if len(rows) == most:
            faults.append(RosterFault(grid.name, f"A{number}", f"超过 {most} 行。请分成几份导入。"))
            break
        row, wrong = _row(grid, sheet, columns, number, cells)
        rows.append(row)
        faults += wrong
    return rows, faults


def _headings(grid: Grid, sheet: RosterSheet, head: int) -> tuple[dict[int, RosterColumn], list[RosterFault]]:
    columns: dict[int, RosterColumn] = {}
    faults = []
    for cell in grid.row(head):
        column = sheet.column(cell.text)
        if column is None:
            names = "、".join(each.heading for each in sheet.columns)
            text = f"不认识列标题“{cell.text[:QUOTED]}”。可用的是：{names}。请改正，或删去这一列。"
        elif column in columns.values():
            text = f"列“{column.heading}”有两个。请只留一个。"
        else:
            columns[cell.column] = column
            continue
        faults.append(RosterFault(grid.name, cell.address, text))
    for column in sheet.columns:
        if column.required and column not in columns.values():
            at = f"{column_letter(grid.width + 1)}{head}"
            faults.append(
                RosterFault(grid.name, at, f"缺少“{column.heading}”列。请补上这一列（{column.help}）")
            )
    return columns, faults


def _row(
    grid: Grid, sheet: RosterSheet, columns: dict[int, RosterColumn], number: int, cells: list[GridCell]
) -> tuple[RosterRow, list[RosterFault]]:
    values = {column.key: "" for column in columns.values()}
    faults, numeric, refused = [], [], set()
    for cell in cells:
        column = columns.get(cell.column)
        if column is None:
            text = f"“{cell.text[:QUOTED]}”上面没有列标题。请把它移到有标题的列，或删去。"
        elif wrong := _wrong(cell, column, (cell.row, cell.column) in grid.formulas):
            text = wrong
            refused.add(column.key)
        else:
            values[column.key] = cell.text
            if column.code and cell.number is not None:
                numeric.append(column.key)
            continue
        faults.append(RosterFault(grid.name, cell.address, text))
    addresses = {column.key: f"{column_letter(n)}{number}" for n, column in columns.items()}
    for column in columns.values():
        if column.required and not values[column.key] and column.key not in refused:
            faults.append(
                RosterFault(grid.name, addresses[column.key], f"没有填“{column.heading}”。{column.help}")
            )
    return RosterRow(sheet.name, number, values, addresses, tuple(numeric)), faults


def _wrong(cell: GridCell, column: RosterColumn, formula: bool) -> str:
    """What is wrong with a cell by itself; blank when nothing is."""
    if formula:
        return FORMULA
    if cell.problem:
        return cell.problem.removesuffix("。") + "。"
    unseen = ESCAPE.search(cell.raw) or next(
        (c for c in cell.raw if unicodedata.category(c) in UNSEEN and c not in "\n\t"), ""
    )
    if unseen:
        return "含有看不见的字符（多半是从网页或别的系统复制来的）。请删去这一格，重新输入。"
    if len(cell.text) > column.most:
        return f"最多 {column.most} 个字，现在有 {len(cell.text)} 个，请缩短。"
    if column.code and cell.text != REGION_WIDE and not DIGITS.fullmatch(cell.text):
        return f"“{cell.text[:QUOTED]}”不是编码：编码只有数字。{column.help}"
    if column.key == "phone" and cell.number is not None and AREA_CODED.fullmatch(cell.text):
        return LOST_ZERO
    return ""
