"""Tables of a web page, as some programs save them under the name .xls, as grids."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from budgets.importing.reading.encodings import decoded
from budgets.importing.reading.grids import Block, Grid, Merge, Text
from budgets.importing.reading.opening import MAX_TAGS, Unreadable
from budgets.importing.reading.plain_cells import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, put

EXACT = ("x:num", "sdval")  # the number of a cell whose text is rounded
SILENT = {"script", "style", "title", "xml", "head"}
ENDS_LINE = {"br", "p", "div", "h1", "h2", "h3", "h4", "li"}
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


def read_html(name: str, content: bytes) -> Iterator[Block]:
    """The tables of a page in order, and the lines of text between them. Raises Unreadable."""
    text = decoded(content)
    if content.count(b"<") > MAX_TAGS:
        raise Unreadable(f"文件“{name}”内容过多，请删去表格以外的行列后再试。")
    page = _Page(name)
    page.feed(text)
    page.close()
    page.line()
    yield from (block for block in page.blocks if isinstance(block, Text) or block.cells)


class _Page(HTMLParser):
    """Gathers tables and lines; a table within a cell is text of the cell."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.blocks: list[Block] = []
        self.grid: Grid | None = None
        self.depth = self.row = self.column = self.tables = self.lines = 0
        self.below: dict[int, int] = {}  # by column: the last row that a cell above reaches down to
        self.span = (1, 1)
        self.exact = ""
        self.text: list[str] = []
        self.silent = 0
        self.in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag in SILENT:
            self.silent += 1
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.begin()
        elif self.depth == 1 and tag == "tr":
            self.end_cell()
            self.row, self.column = self.row + 1, 0
        elif self.depth == 1 and tag in ("td", "th"):
            self.end_cell()
            self.row = max(self.row, 1)
            self.column += 1
            while self.below.get(self.column, 0) >= self.row:
                self.column += 1
            self.span = (_span(given.get("rowspan"), MAX_ROWS), _span(given.get("colspan"), MAX_COLUMNS))
            self.exact = next((given[key] for key in EXACT if given.get(key)), "")
            self.in_cell = True
        elif tag in ENDS_LINE:
            self.break_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "table" and self.depth:
            if self.depth == 1:
                self.end_cell()
                self.grid = None
            self.depth -= 1
        elif self.depth == 1 and tag in ("td", "th", "tr"):
            self.end_cell()
        elif tag in ENDS_LINE:
            self.break_line()

    def handle_data(self, data: str) -> None:
        if not self.silent and (self.in_cell or not self.depth):
            self.text.append(re.sub(r"\s+", " ", data))

    def begin(self) -> None:
        self.line()
        self.tables += 1
        if self.tables > MAX_SHEETS:
            raise Unreadable(f"文件“{self.name}”的表过多，最多可读 {MAX_SHEETS} 张。")
        self.grid = Grid("" if self.tables == 1 else f"第{self.tables}张表")
        self.blocks.append(self.grid)
        self.row = self.column = 0
        self.below = {}

    def break_line(self) -> None:
        if self.in_cell:
            self.text.append("\n")
        elif not self.depth:
            self.line()

    def line(self) -> None:
        """The text gathered outside of tables, as a paragraph."""
        if text := "".join(self.text).strip():
            self.lines += 1
            self.blocks.append(Text(text, f"第{self.lines}段"))
        self.text = []

    def end_cell(self) -> None:
        if not self.in_cell or self.grid is None:
            return
        text = "\n".join(line.strip() for line in "".join(self.text).split("\n")).strip()
        value = float(self.exact) if NUMBER.fullmatch(self.exact) and text else text
        down, across = self.span
        bottom, right = min(self.row + down - 1, MAX_ROWS), min(self.column + across - 1, MAX_COLUMNS)
        put(self.name, self.grid, self.row, self.column, value)
        merge = Merge(self.row, self.column, bottom, right)
        if merge.area > 1:
            self.grid.merges.append(merge)
        for column in range(self.column, right + 1):
            if bottom > self.row:
                self.below[column] = bottom
        self.column = max(self.column, right)
        self.text, self.in_cell = [], False


def _span(text: str | None, most: int) -> int:
    return (
        min(int(text), most)
        if text and text.isascii() and text.isdigit() and len(text) < 6 and int(text)
        else 1
    )
