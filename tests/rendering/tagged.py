"""Reads a PDF back through its structure tree: what a screen reader hears, with every table as a grid."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf

HEADING = re.compile(r"H[1-6]")


@dataclass
class Cell:
    """A table cell with the texts of the header cells that its /Headers name."""

    tag: str
    text: str
    row: int
    column: int
    rowspan: int
    colspan: int
    head: bool
    scope: str
    headers: list[str]


@dataclass
class Table:
    """A /Table: its caption's parts, and the cells in every place of its grid (a spanning cell in several)."""

    title: str = ""
    heading: str = ""
    meta: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    grid: dict[tuple[int, int], Cell] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    page: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return max((row for row, _ in self.grid), default=-1) + 1

    @property
    def columns(self) -> int:
        return max((column for _, column in self.grid), default=-1) + 1

    def texts(self, row: int) -> list[str]:
        """One line of the grid; a spanning cell speaks in its first place only."""
        return [
            cell.text if (cell.row, cell.column) == (row, column) else ""
            for column in range(self.columns)
            for cell in [self.grid[row, column]]
        ]


@dataclass
class Block:
    """A heading or paragraph (`tag` P, H1 … H6), or a table."""

    tag: str
    text: str = ""
    table: Table | None = None
    page: int = 0


def fold(text: str) -> str:
    """Runs of blanks as one."""
    return re.sub(r"\s+", " ", text).strip()


class Tagged:
    """An opened PDF."""

    def __init__(self, content: bytes) -> None:
        self.pdf = pikepdf.open(BytesIO(content))
        self.pages = {page.obj.objgen: number for number, page in enumerate(self.pdf.pages)}
        self.marked = [marked_text(page) for page in self.pdf.pages]
        self.root = self.pdf.Root.StructTreeRoot
        self.ids: dict[bytes, Any] = {}
        for element in self.walk(self.root):
            if "/ID" in element:
                key = bytes(element.ID)
                assert key not in self.ids, f"ID {key!r} twice"
                self.ids[key] = element

    def walk(self, element: Any) -> Iterator[Any]:
        """Every structure element below one, in reading order."""
        for kid in self.kids(element):
            yield kid
            yield from self.walk(kid)

    def kids(self, element: Any) -> list[Any]:
        content = element.get("/K", pikepdf.Array())
        kids = content if isinstance(content, pikepdf.Array) else [content]
        return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]

    def tag(self, element: Any) -> str:
        return str(element.S).removeprefix("/")

    def page(self, element: Any) -> int:
        return self.pages[element.Pg.objgen]

    def text(self, element: Any) -> str:
        """All text below an element, in order."""
        content = element.get("/K", pikepdf.Array())
        parts = []
        for kid in content if isinstance(content, pikepdf.Array) else [content]:
            if isinstance(kid, pikepdf.Dictionary):
                parts.append(self.text(kid) if "/S" in kid else "")
            else:
                parts.append(self.marked[self.page(element)].get(int(kid), ""))
        return "".join(parts)

    def blocks(self) -> list[Block]:
        """Headings, paragraphs and tables in reading order; the notes of a table belong to it."""
        return list(self._blocks(self.root))

    def _blocks(self, element: Any) -> Iterator[Block]:
        last: Table | None = None
        for kid in self.kids(element):
            tag = self.tag(kid)
            if tag == "Table":
                last = self.table(kid)
                yield Block("Table", last.title, last, last.page)
            elif tag == "P" and last is not None and self.tag(element) == "Div":
                last.notes.append(fold(self.text(kid)))
            elif tag == "P" or HEADING.fullmatch(tag):
                yield Block(tag, fold(self.text(kid)), page=self.page(kid))
            else:
                yield from self._blocks(kid)

    def table(self, element: Any) -> Table:
        table = Table(page=self.page(element))
        row = 0
        for part in self.kids(element):
            tag = self.tag(part)
            if tag == "Caption":
                for inner in self.walk(part):
                    if HEADING.fullmatch(self.tag(inner)):
                        table.title, table.heading = fold(self.text(inner)), self.tag(inner)
                    elif self.tag(inner) == "Div":
                        table.meta = [fold(self.text(p)) for p in self.walk(inner) if self.tag(p) == "P"]
                continue
            for line in self.kids(part):
                self._row(table, line, row, tag == "THead")
                row += 1
        width, height = table.columns, table.rows
        missing = [(y, x) for y in range(height) for x in range(width) if (y, x) not in table.grid]
        if missing:
            table.faults.append(f"no cell at {missing}")
        return table

    def _row(self, table: Table, line: Any, row: int, head: bool) -> None:
        column = 0
        for element in self.kids(line):
            attributes = element.get("/A", pikepdf.Dictionary())
            width, height = int(attributes.get("/ColSpan", 1)), int(attributes.get("/RowSpan", 1))
            while (row, column) in table.grid:
                column += 1
            headers = [bytes(key) for key in attributes.get("/Headers", [])]
            table.faults += [f"header {key!r} of no cell" for key in headers if key not in self.ids]
            cell = Cell(
                self.tag(element),
                fold(self.text(element)),
                row,
                column,
                height,
                width,
                head,
                str(attributes.get("/Scope", "")).removeprefix("/"),
                [fold(self.text(self.ids[key])) for key in headers if key in self.ids],
            )
            table.cells.append(cell)
            for y in range(height):
                for x in range(width):
                    if (row + y, column + x) in table.grid:
                        table.faults.append(f"two cells at {(row + y, column + x)}")
                    table.grid[row + y, column + x] = cell
            column += width


def marked_text(page: pikepdf.Page) -> dict[int, str]:
    """The text of each marked content of a page, by its MCID."""
    fonts = {name: unicode_map(font) for name, font in page.resources.get("/Font", {}).items()}
    out: dict[int, str] = {}
    stack: list[int | None] = []
    font: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                properties = operands[1]
                stack.append(int(properties["/MCID"]) if "/MCID" in properties else None)
            case "BMC":
                stack.append(None)
            case "EMC":
                stack.pop()
            case "Tf":
                font = fonts[str(operands[0])]
            case "Tj" | "TJ":
                strings = operands[0] if str(operator) == "TJ" else operands
                shown = "".join(
                    font[int.from_bytes(raw[i : i + 2])]
                    for raw in (bytes(s) for s in strings if isinstance(s, pikepdf.String))
                    for i in range(0, len(raw), 2)
                )
                current = next((mcid for mcid in reversed(stack) if mcid is not None), None)
                assert current is not None, f"text outside the structure: {shown}"
                out[current] = out.get(current, "") + shown
    return out


def unicode_map(font: Any) -> dict[int, str]:
    """Glyph number -> text, from a font's ToUnicode."""
    text = font.ToUnicode.read_bytes().decode("ascii")
    out: dict[int, str] = {}
    for body in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for glyph, value in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", body):
            out[int(glyph, 16)] = bytes.fromhex(value).decode("utf-16-be")
    for body in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, value in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", body):
            start = int.from_bytes(bytes.fromhex(value))
            for offset in range(int(last, 16) - int(first, 16) + 1):
                out[int(first, 16) + offset] = (start + offset).to_bytes(len(value) // 2).decode("utf-16-be")
    return out
