"""Paragraphs and tables of a .docx file as blocks, in the order of its body."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from .grids import Block, Grid, GridCell, Merge, Text
from .opening import Unreadable

MAX_ROWS = 5000
MAX_COLUMNS = 64
MAX_PARAGRAPHS = 20_000
MAX_ELEMENTS = 100_000  # table cells and paragraphs in all
BREAKS = {qn("w:br"), qn("w:cr")}
# Text that is not in the document any more, and the old-format copy of a text box.
GONE = {
    qn("w:moveFrom"),
    qn("w:del"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
OUTSIDE = ((KIND.HEADER, "页眉"), (KIND.FOOTER, "页脚"), (KIND.FOOTNOTES, "脚注"), (KIND.ENDNOTES, "尾注"))
PAGE_NUMBER = re.compile(r"[\W\d_第页共]*")


def read_document(name: str, content: bytes) -> Iterator[Block]:
    """The tables and non-blank paragraphs of the body in order, then those outside of it (page headers, notes).

    The content must have passed `opening.kind_of`. Raises Unreadable.
    """
    try:
        document = Document(BytesIO(content))
        yield from blocks(name, document.element.body)
        for part, place in outside(document):
            yield from outer_paragraphs(part, place)
    except Unreadable:
        raise
    except (
        Exception
    ) as error:  # python-docx and lxml raise whatever they met: all of it means the same to the user
        raise Unreadable(
            f"文件“{name}”打不开，可能已损坏；请用 Word 或 WPS 打开后另存为 .docx 再试。"
        ) from error


def blocks(name: str, body: Any) -> Iterator[Block]:
    """Paragraphs and tables of a body, those inside content controls and text boxes included."""
    tables = paragraphs = 0
    if sum(1 for _ in islice(body.iter(qn("w:tc"), qn("w:p")), MAX_ELEMENTS + 1)) > MAX_ELEMENTS:
        raise Unreadable(f"文件“{name}”的段落和单元格过多，请删去无关内容后再试。")
    for element in outermost(body):
        if element.tag == qn("w:tbl"):
            tables += 1
            yield read_table(name, tables, element)
            continue
        paragraphs += 1
        if paragraphs > MAX_PARAGRAPHS:
            raise Unreadable(f"文件“{name}”超过 {MAX_PARAGRAPHS} 段，请删去无关内容后再试。")
        for line in lines(element):
            yield Text(line, f"第{paragraphs}段")
        for box in element.iter(qn("w:txbxContent")):
            if not gone(box):
                yield from (
                    Text(line, f"第{paragraphs}段（文本框）")
                    for p in box.iter(qn("w:p"))
                    for line in lines(p)
                )


def outermost(element: Any) -> Iterator[Any]:
    """The paragraphs and tables that stand in no other paragraph or table."""
    for child in element:
        if child.tag in GONE:
            continue
        if child.tag in {qn("w:p"), qn("w:tbl")}:
            yield child
        else:
            yield from outermost(child)


def gone(element: Any) -> bool:
    return any(above.tag in GONE for above in element.iterancestors())


def lines(paragraph: Any) -> list[str]:
    """The non-blank lines of one paragraph's own text, without what stands in its text boxes."""
    text = []
    for element in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:noBreakHyphen"), *BREAKS):
        owner = next(element.iterancestors(qn("w:p")), None)
        if owner is not paragraph or gone(element) or element.getparent().tag == qn("w:tabs"):
            continue
        if element.tag in BREAKS:
            text.append("\n")
        else:
            text.append({qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}.get(element.tag, element.text or ""))
    return [line.strip() for line in "".join(text).split("\n") if line.strip()]


def read_table(name: str, number: int, table: Any) -> Grid:
    """The grid of one table; its cells are addressed by grid column and row, as in a worksheet."""
    grid = Grid("")
    open_merges: dict[int, Merge] = {}  # by left column: ranges that the row below may continue
    for row, element in enumerate(table.findall(qn("w:tr")), 1):
        if row > MAX_ROWS:
            raise Unreadable(f"文件“{name}”的第 {number} 张表超过 {MAX_ROWS} 行。")
        before = element.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
        column = 1 + (int(before.get(qn("w:val"), 0)) if before is not None else 0)
        going: dict[int, Merge] = {}
        for cell in row_cells(element):
            width, vertical = extent(cell)
            right = column + width - 1
            if right > MAX_COLUMNS:
                raise Unreadable(f"文件“{name}”的第 {number} 张表超过 {MAX_COLUMNS} 列。")
            above = open_merges.get(column)
            if vertical == "continue" and above and above.right == right:
                going[column] = Merge(above.top, column, row, right)
            elif vertical or width > 1:
                merge = Merge(row, column, row, right)
                if vertical:
                    going[column] = merge
                else:
                    grid.merges.append(merge)
            # A continued cell shows nothing, but text that stands in it all the same must not be lost.
            if text := "\n".join(line for p in cell.iter(qn("w:p")) for line in lines(p)):
                grid.put(GridCell(row, column, text))
            column = right + 1
        grid.merges += [m for left, m in open_merges.items() if left not in going or going[left].top != m.top]
        open_merges = going
    grid.merges += open_merges.values()
    return grid


def row_cells(row: Any) -> Iterator[Any]:
    """The cells of a row, those inside content controls included."""
    for child in row:
        if child.tag == qn("w:tc"):
            yield child
        elif child.tag not in GONE and child.tag != qn("w:trPr"):
            yield from row_cells(child)


def extent(cell: Any) -> tuple[int, str]:
    """How many grid columns a cell spans, and its part in a vertical merge: "restart", "continue" or blank."""
    properties = cell.find(qn("w:tcPr"))
    if properties is None:
        return 1, ""
    span = properties.find(qn("w:gridSpan"))
    vertical = properties.find(qn("w:vMerge"))
    width = int(span.get(qn("w:val"), 1)) if span is not None else 1
    return max(width, 1), "" if vertical is None else vertical.get(qn("w:val"), "continue")


def outside(document: Any) -> Iterator[tuple[Any, str]]:
    """The parsed parts beside the body, each with the name of its place."""
    names = dict(OUTSIDE)
    for relation in document.part.rels.values():
        if relation.reltype in names and not relation.is_external:
            yield parse_xml(relation.target_part.blob), names[relation.reltype]


def outer_paragraphs(part: Any, place: str) -> Iterator[Text]:
    """The paragraphs of such a part, but for page numbers."""
    for paragraph in part.iter(qn("w:p")):
        yield from (
            Text(line, place, body=False) for line in lines(paragraph) if not PAGE_NUMBER.fullmatch(line)
        )
