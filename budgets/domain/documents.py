"""What is printed: sheets of cells, chapters of paragraphs, and the document that holds them in order.

A Document is all that renderers and public pages ever see. It is frozen into the payload of a publication
(`snapshots.py`) and read back from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# Keys of tables that no table set declares, and what stands below each of them.
UNDECLARED = "undeclared_"
UNDECLARED_NOTE = "未声明的表样，仅核对表内合计。"


class ColumnKind(StrEnum):
    """How the cells of a column are read and set."""

    SERIAL = "serial"  # 序号
    CODE = "code"  # 科目编码
    CAPTION = "caption"  # names the row (科目名称, 项目)
    GROUP = "group"  # names several rows: a blank cell continues the one above (一级指标)
    AMOUNT = "amount"  # money in the sheet's unit, right aligned
    NUMBER = "number"  # another number (数量), right aligned
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """One leaf column. `path` is its header from top to bottom; `caption` the index of the column that names its rows."""

    key: str
    path: tuple[str, ...]
    kind: ColumnKind
    caption: int = 0
    width: int = 10  # relative width in full-width characters


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell. `amount` is in the sheet's unit; None is blank. `key` names a caption (code or line key)."""

    text: str = ""
    amount: Decimal | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`level`: 0 a total, 1 类, 2 款, 3 项 (or nesting of captions); `key` is unique in its sheet."""

    key: str
    level: int
    cells: tuple[Cell, ...]
    total: bool = False

    def named(self, column: Column) -> str:
        """The key of the caption that names the row in a column; the row's own where no column has captions."""
        return self.cells[column.caption].key or self.key

    @property
    def blank(self) -> bool:
        """True when the row has no amount other than zero: pages may grey it or leave it out."""
        return not any(cell.amount for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A filled table as printed. `number` is 1..9 for statutory tables, None for annex tables."""

    key: str
    number: int | None
    title: str
    meta: tuple[str, ...]  # lines above the table: department, year, unit
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    unit: str = ""  # 万元, 元 or nothing
    numbered: bool = False  # a 栏次 row follows the header: 栏次, 1, 2 …
    wide: bool = False  # set landscape on paper
    preface: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (绩效目标, its lines) above the header

    @property
    def undeclared(self) -> bool:
        """True for a table of a form that no table set declares: it prints as it stood in its file."""
        return self.key.startswith(UNDECLARED)

    def cell_id(self, row: int, column: int) -> str:
        """The anchor by position (0-based) that body cells had first: `balance-1-3`. What was cited by it still leads there."""
        return f"{self.key}-{row + 1}-{column + 1}"

    def row(self, key: str) -> Row:
        """The row with that key; KeyError when there is none."""
        for row in self.rows:
            if row.key == key:
                return row
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One header cell of the grid; `leaf` when it stands right above data and so heads exactly its column."""

    text: str
    row: int
    column: int
    colspan: int
    rowspan: int
    leaf: bool


def header_grid(columns: tuple[Column, ...]) -> list[list[HeadCell]]:
    """The header rows of a sheet, top to bottom: equal neighbours are merged, short paths span down."""
    depth = max((len(c.path) for c in columns), default=0)
    grid: list[list[HeadCell]] = []
    for level in range(depth):
        row: list[HeadCell] = []
        position = 0
        while position < len(columns):
            path = columns[position].path
            if level >= len(path):
                position += 1
                continue
            leaf = level == len(path) - 1
            end = position + 1
            if not leaf:
                while (
                    end < len(columns)
                    and len(columns[end].path) > level + 1
                    and (columns[end].path[: level + 1] == path[: level + 1])
                ):
                    end += 1
            row.append(
                HeadCell(path[level], level, position, end - position, depth - level if leaf else 1, leaf)
            )
            position = end
        grid.append(row)
    return grid


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of plain text; `level` 0 is body, 2..4 a heading by the official numbering (1 is the chapter)."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Chapter:
    """A numbered chapter of the narrative; annex tables stand in place among its paragraphs."""

    key: str
    number: str  # 一, 二 …
    title: str
    blocks: tuple[Paragraph | Sheet, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A named figure and the cell it stands in (sheet key, 0-based row and column)."""

    key: str
    label: str
    amount: Decimal  # in `unit`; a blank cell counts as zero here
    unit: str
    sheet: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding that the department explained in public: what was found, and its words."""

    rule: str
    message: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One disclosure as printed."""

    table_set: str
    region_code: str
    region_name: str
    unit_code: str
    unit_name: str
    year: int
    stage: str  # Stage value
    tables: tuple[Sheet, ...]  # the statutory tables in order
    narrative_title: str
    lead: str
    chapters: tuple[Chapter, ...]
    figures: tuple[Figure, ...]  # the named figures of this set, total revenue first
    explanations: tuple[Explanation, ...] = ()
    approved_on: str = ""  # 批复日期, ISO date or blank
    contact: str = ""
    before_tables: int = 0  # how many chapters stand before the statutory tables
    signatures: tuple[str, ...] = ()  # 保密审查 and 负责人审签, a line each, where the set prints them
    transcribed: bool = False  # the tables are those of a document published before, cell by cell

    @property
    def title(self) -> str:
        """The name of the document without the department: 2023年部门预算."""
        return f"{self.year}年{'部门决算' if self.stage == 'final' else '部门预算'}"

    @property
    def undeclared(self) -> bool:
        """True when none of the tables is of a declared form: nothing in it can be compared with other documents."""
        return bool(self.tables) and all(sheet.undeclared for sheet in self.tables)

    def sheets(self) -> Iterator[Sheet]:
        """Every table in document order, annex tables included."""
        yield from self.tables
        for chapter in self.chapters:
            for block in chapter.blocks:
                if isinstance(block, Sheet):
                    yield block

    def figure(self, key: str) -> Figure | None:
        """The named figure; None where the document prints none of that name."""
        return next((figure for figure in self.figures if figure.key == key), None)
