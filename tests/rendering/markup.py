"""Pages read back by an HTML parser of another hand: tables as grids of what each place shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import tinyhtml5

HTML = "{http://www.w3.org/1999/xhtml}"


def parse(text: str) -> Element:
    return tinyhtml5.parse(text)


def find(root: Element, tag: str, cls: str = "") -> list[Element]:
    """The elements of that tag (and class) in document order."""
    return [e for e in root.iter(f"{HTML}{tag}") if not cls or cls in e.get("class", "").split()]


def words(element: Element) -> str:
    """The text with runs of blanks folded."""
    return " ".join("".join(element.itertext()).split())


def ids(root: Element) -> list[str]:
    return [e.get("id", "") for e in root.iter() if e.get("id")]


@dataclass
class Shown:
    """A table as a reader sees it. A place that a cell from above or the left covers is None in `body`."""

    element: Element
    title: str
    preface: list[str]
    heads: list[list[str]]  # a path of header texts per column, top to bottom
    numbers: list[str]
    body: list[list[str | None]]


def shown(table: Element) -> Shown:
    """Read one table through its rows, spans and scopes."""
    head, preface, numbers = [], [], []
    for row in table.findall(f"{HTML}thead/{HTML}tr"):
        cells = list(row)
        if "preface" in row.get("class", "").split():
            preface = [words(line) for line in find(row, "p")]
        elif "numbers" in row.get("class", "").split():
            numbers = [words(cell) for cell in cells]
        else:
            assert {cell.tag for cell in cells} == {f"{HTML}th"}
            head.append(cells)
    placed = grid(head)
    width = max(column for _, column in placed) + 1
    paths = [[words(cell) for _, cell in distinct(placed, column, len(head))] for column in range(width)]
    rows = [list(row) for row in table.findall(f"{HTML}tbody/{HTML}tr")]
    if rows and "void" in table.find(f"{HTML}tbody/{HTML}tr").get("class", ""):
        rows = []
    cells = grid(rows)
    origins: set[Element] = set()
    body: list[list[str | None]] = []
    for row in range(len(rows)):
        line: list[str | None] = []
        for column in range(width):
            cell = cells[row, column]
            line.append(None if cell in origins else words(cell))
            origins.add(cell)
        body.append(line)
    return Shown(table, words(table.find(f"{HTML}caption")), preface, paths, numbers, body)


def grid(rows: list[list[Element]]) -> dict[tuple[int, int], Element]:
    """Which cell covers which place, as HTML places cells with spans."""
    placed: dict[tuple[int, int], Element] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in placed:
                x += 1
            for dy in range(int(cell.get("rowspan", 1))):
                for dx in range(int(cell.get("colspan", 1))):
                    placed[y + dy, x + dx] = cell
    return placed


def distinct(
    placed: dict[tuple[int, int], Element], column: int, depth: int
) -> Iterator[tuple[int, Element]]:
    """The cells over a column from top to bottom, each once."""
    last = None
    for row in range(depth):
        cell = placed[row, column]
        if cell is not last:
            yield row, cell
        last = cell


def row_heads(table: Element) -> dict[Element, list[str]]:
    """For each data cell of the body, the texts of the row headers that HTML assigns to it, nearest first.

    Those that its `headers` attribute names, else every `scope=row` cell to its left (HTML, 4.9.12.1).
    """
    rows = [list(row) for row in table.findall(f"{HTML}tbody/{HTML}tr")]
    named = {cell.get("id"): cell for row in table.iter(f"{HTML}tr") for cell in row if cell.get("id")}
    placed = grid(rows)
    found: dict[Element, list[str]] = {}
    for (row, column), cell in placed.items():
        if cell.tag != f"{HTML}td":
            continue
        heads = [placed[row, x] for x in reversed(range(column))]
        if cell.get("headers"):
            heads = [named[name] for name in cell.get("headers", "").split()]
        found[cell] = [words(head) for head in heads if head.get("scope") == "row"]
    return found


def column_heads(table: Element, cell: Element) -> list[str]:
    """The texts of the column headers that a cell's `headers` attribute names, top to bottom."""
    named = {
        head.get("id"): head for head in table.iter(f"{HTML}th") if head.get("scope") in ("col", "colgroup")
    }
    return [words(named[name]) for name in cell.get("headers", "").split() if name in named]
