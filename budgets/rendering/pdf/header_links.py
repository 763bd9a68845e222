"""Which header cells each table cell of a PDF belongs to. Renderer process only.

WeasyPrint 70 counts columns wrongly where a header spans rows, and writes no Scope.
"""

from collections.abc import Iterator
from typing import Any

import pydyf


def link_headers(pdf: Any, table: Any) -> dict[bytes, bytes]:
    """Give every cell of a table its column and row headers; return the IDs of its headers with their references.

    A body cell belongs to the header cells above it and to the nearest run of header cells beside it (a table of
    two sides has one run per side). In the head, a row that has data cells (栏次) is headed by its own first cell.
    """
    occupied: dict[tuple[int, int], Any] = {}
    columns: dict[int, list[Any]] = {}
    identifiers = {}
    naming: set[int] = set()  # columns in which a row above was named
    for line, (head, row) in enumerate(_rows(pdf, table)):
        cells = [cell for cell in _kids(pdf, row) if cell["S"] in ("/TH", "/TD")]
        numbered = head and any(cell["S"] == "/TD" for cell in cells)
        position = 0
        placed = []
        for cell in cells:
            while (line, position) in occupied:
                position += 1
            width, height = cell["A"].get("ColSpan", 1), cell["A"].get("RowSpan", 1)
            for y in range(height):
                for x in range(width):
                    occupied[line + y, position + x] = cell
            placed.append((cell, position, width))
            position += width
        for cell, first, width in placed:
            above = [h["ID"] for x in range(width) for h in columns.get(first + x, ())]
            if cell["S"] == "/TH":
                identifiers[cell["ID"].data] = cell.reference
                cell["A"]["Scope"] = "/Column" if head and not numbered else "/Row"
                beside = []
                if not head:
                    naming.add(first)
            else:
                beside = [h["ID"] for h in _run(occupied, columns, naming, line, first, position)]
            headers = [] if cell["S"] == "/TH" and head else list(dict.fromkeys([*beside, *above]))
            if headers:
                cell["A"]["Headers"] = pydyf.Array(headers)
            else:
                cell["A"].pop("Headers", None)
        if head and not numbered:
            for cell, first, width in placed:
                for x in range(width):
                    columns.setdefault(first + x, []).append(cell)
    return identifiers


def _run(
    occupied: dict[tuple[int, int], Any],
    columns: dict[int, list[Any]],
    naming: set[int],
    line: int,
    column: int,
    end: int,
) -> list[Any]:
    """The nearest adjacent header cells left of a cell in its row.

    With none on the left, the first ones on its right, if the cell is the first of its row (序号) or stands under the
    same upper header (科目编码 beside 科目名称): the empty side of a balance table is not headed by the other side, nor
    is an amount on its right whose own name is blank.
    """
    is_header = [(line, x) in occupied and occupied[line, x]["S"] == "/TH" for x in range(max(end, column))]
    last = next((x for x in range(column - 1, -1, -1) if is_header[x]), -1)
    if last >= 0 and any(x in naming for x in range(last + 2, column + 1)):
        return []
    if last < 0:
        first = next((x for x, header in enumerate(is_header) if header), -1)
        if first < 0 or (column and columns[column][0] is not columns[first][0]):
            return []
        last = first
        while last + 1 < len(is_header) and is_header[last + 1]:
            last += 1
    start = last
    while start > 0 and is_header[start - 1]:
        start -= 1
    return [occupied[line, x] for x in range(start, last + 1)]


def referenced(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _kids(pdf: Any, element: Any) -> Iterator[Any]:
    for kid in element["K"]:
        if isinstance(kid, bytes):
            item = referenced(pdf, kid)
            if item.get("Type") == "/StructElem":
                yield item


def _rows(pdf: Any, element: Any, head: bool = False) -> Iterator[tuple[bool, Any]]:
    for kid in _kids(pdf, element):
        if kid["S"] == "/TR":
            yield head, kid
        elif kid["S"] in ("/THead", "/TBody", "/TFoot"):
            yield from _rows(pdf, kid, kid["S"] == "/THead")
