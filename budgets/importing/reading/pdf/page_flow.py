"""Pages as one flow of paragraphs and tables."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from budgets.domain.money import NotAnAmount, parse_amount
from budgets.importing.reading.grids import Block, Text, Unread
from budgets.importing.reading.pdf.pdf_pages import NO_LETTERS, Content, Line, Ruled
from budgets.importing.reading.pdf.pdf_prose import Page, Paragraphs, leave_out_furniture, measures
from budgets.importing.reading.pdf.pdf_tables import Joined, as_grid, lead_of
from budgets.importing.reading.pdf.pdfium_objects import LOST

PICTURE = "这一页是图片，没有文字，没有读取"
BLANK = "这一页没有文字，请核对原文件是否如此"
NO_RULES = "像是没有框线的表格，无法确定各数字属于哪一列，没有读取"
COLUMNS = 3  # parts of a line that looks like a row of a table


@dataclass
class Flow:
    """The blocks of a PDF in order, and what could not be read for certain."""

    blocks: list[Block] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def flow_of(pages: Iterable[Content]) -> Flow:
    """The flow of a document's pages."""
    pages = list(pages)
    for before, page in pairwise(pages):
        take_back(page, before)
    flow = Flow()
    for page in pages:
        if not (page.lines or any(box.text for table in page.tables for box in table.boxes)):
            why = ("（图片）", PICTURE) if page.picture else ("（空白页）", BLANK)
            flow.unread.append(Unread(place(page.number), "", *why))
    outside = [
        Text(text, f"{place(number)}页眉或页脚", body=False) for number, text in leave_out_furniture(pages)
    ]
    outside += [
        Text(page.slanted, f"{place(page.number)}斜排或竖排的文字", body=False)
        for page in pages
        if page.slanted
    ]
    known = measures(pages)
    paragraphs = Paragraphs()
    table: Joined | None = None
    for page in pages:
        for item, lead in items_of(page):
            if isinstance(item, Ruled) and table and table.goes_on(item, lead):
                table.parts.append(item)
                continue
            if table or isinstance(item, Ruled):
                close(flow, paragraphs, table)
            table = Joined([item], lead) if isinstance(item, Ruled) else None
            if isinstance(item, Line):
                take(flow, paragraphs, item, known[page.number])
    close(flow, paragraphs, table)
    flow.blocks += outside
    return flow


def take_back(page: Content, before: Content) -> None:
    """Make a ruled row that stands alone a table where it goes on with the last one of the page before.

    The sum of a table is often all that is left for the next page.
    """
    last = max(before.tables, key=lambda table: table.bottom, default=None)
    for row in page.alone:
        if last and Joined([last]).goes_on(row, []) and not any(table.top < row.top for table in page.tables):
            page.tables.insert(0, row)
            page.lines = [
                line for line in page.lines if not row.top <= (line.top + line.bottom) / 2 <= row.bottom
            ]


def place(page: int) -> str:
    return f"第{page}页"


def items_of(page: Content) -> Iterator[tuple[Line | Ruled, list[Line]]]:
    """The tables and lines of a page, top to bottom; a table comes with the lines above that belong to it."""
    tables = sorted(page.tables, key=lambda table: (table.top, table.x0))
    lines = list(page.lines)
    for table in tables:
        above = [line for line in lines if line.top < table.top]
        lead = lead_of(above)
        for line in above[: len(above) - len(lead)]:
            yield line, []
        yield table, lead
        lines = lines[len(above) :]
    for line in lines:
        yield line, []


def take(flow: Flow, paragraphs: Paragraphs, line: Line, page: Page) -> None:
    """Add a line to the paragraph it belongs to, or report it."""
    why = NO_LETTERS if LOST in line.text else NO_RULES if is_row(line) else ""
    if why:
        flow.unread.append(Unread(place(page.number), "", line.text, why))
        return
    for number, text in paragraphs.add(line, page):
        flow.blocks.append(Text(text, place(number)))


def is_row(line: Line) -> bool:
    """True for a line of several columns with amounts in most of them."""
    if len(line.parts) < COLUMNS:
        return False
    return sum(is_amount(text) for _, text in line.parts) > len(line.parts) / 2


def is_amount(text: str) -> bool:
    try:
        return parse_amount(text) is not None
    except NotAnAmount:
        return False


def close(flow: Flow, paragraphs: Paragraphs, table: Joined | None) -> None:
    """Put the paragraph or table under way into the flow: whichever comes before, the other has ended."""
    flow.blocks += [Text(text, place(number)) for number, text in paragraphs.end()]
    if table and (grid := as_grid(table)).cells:
        flow.blocks.append(grid)
