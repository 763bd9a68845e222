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

from budgets.importing.reading.docx_controls import chapter_headed, references_in
from budgets.importing.reading.docx_numbering import labels, read_lists
from budgets.importing.reading.docx_styles import Styles, value
from budgets.importing.reading.docx_surroundings import (
    NEAR,
    says_it_goes_on,
    with_lines_above,
    without_contents,
)
from budgets.importing.reading.docx_tables import (
    GONE,
    Table,
    as_grid,
    goes_on,
    inner,
    joined,
    read_table,
    rows_of,
)
from budgets.importing.reading.grids import Block, Text
from budgets.importing.reading.opening import Unreadable

MAX_PARAGRAPHS = 20_000
MAX_ELEMENTS = 100_000  # table cells and paragraphs in all
BREAKS = {qn("w:br"), qn("w:cr")}
OUTSIDE = ((KIND.HEADER, "页眉"), (KIND.FOOTER, "页脚"), (KIND.FOOTNOTES, "脚注"), (KIND.ENDNOTES, "尾注"))
PAGE_NUMBER = re.compile(r"[\W\d_第页共]*")
IN_BOX = "（文本框）"


def read_document(name: str, content: bytes) -> Iterator[Block]:
    """The tables and non-blank paragraphs of the body in order, then those outside of it (page headers, notes).

    The content must have passed `opening.kind_of`. Raises Unreadable.
    """
    try:
        document = Document(BytesIO(content))
        yield from with_lines_above(without_contents(Body(name, document).blocks()))
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


class Body:
    """The body of one Word file, with what its styles and lists say of its paragraphs."""

    def __init__(self, name: str, document: Any) -> None:
        self.name, self.body = name, document.element.body
        if sum(1 for _ in islice(self.body.iter(qn("w:tc"), qn("w:p")), MAX_ELEMENTS + 1)) > MAX_ELEMENTS:
            raise Unreadable(f"文件“{name}”的段落和单元格过多，请删去无关内容后再试。")
        related = {r.reltype: r.target_part for r in document.part.rels.values() if not r.is_external}
        styles, numbering = (
            parse_xml(related[kind].blob) if kind in related else None
            for kind in (KIND.STYLES, KIND.NUMBERING)
        )
        self.styles = Styles(styles)
        lists = read_lists(numbering, self.styles)
        there = (p for p in self.body.iter(qn("w:p")) if not gone(p) and not unended(p))
        self.labels = labels(there, lists, self.styles)
        self.paragraphs = self.tables = 0

    def blocks(self) -> Iterator[Block]:
        """The blocks in order. Tables that a page break took apart are one again."""
        parts: list[Table] = []
        above: list[str] = []  # the paragraphs above the first part
        between: list[Text] = []  # paragraphs behind the last part that may only say that it goes on
        for block in self.flow(self.body):
            if isinstance(block, Table):
                if parts and goes_on(parts[-1], block):
                    between = []
                else:
                    yield from ended(parts, between)
                    parts, between = [], []
                parts.append(block)
            elif parts and (says_it_goes_on(block.text) or block.text in (*above, *parts[0].titles())):
                between.append(block)
            else:
                yield from ended(parts, between)
                parts, between, above = [], [], [*above[1 - NEAR :], block.text]
                yield block
        yield from ended(parts, between)

    def flow(self, container: Any, place: str = "") -> Iterator[Text | Table]:
        """Paragraphs and tables, those inside content controls, text boxes and tables made for layout included."""
        before = ""  # what stood in a paragraph whose end was deleted: it is part of the next
        for element in outermost(container):
            if element.tag == qn("w:tbl"):
                yield from self.table(element, place)
                continue
            self.paragraphs += 1
            if self.paragraphs > MAX_PARAGRAPHS:
                raise Unreadable(f"文件“{self.name}”超过 {MAX_PARAGRAPHS} 段，请删去无关内容后再试。")
            where = f"第{self.paragraphs}段{place}"
            found = [] if self.styles.in_contents(element) else self.lines(element, before)
            before = found.pop() if found and unended(element) else ""
            level = self.styles.level(element)
            chapter = chapter_headed(element) if found else ""
            yield from (Text(line, where, level=level, chapter=chapter) for line in found)
            for box in element.iter(qn("w:txbxContent")):
                if not gone(box) and next(box.iterancestors(qn("w:p")), None) is element:
                    yield from self.flow(box, IN_BOX)
        if before:
            yield Text(before, f"第{self.paragraphs}段{place}")

    def table(self, element: Any, place: str) -> Iterator[Text | Table]:
        if for_layout(element):
            for row in rows_of(element):
                for cell in inner(row, qn("w:tc")):
                    yield from self.flow(cell, place)
            return
        self.tables += 1
        yield read_table(self.name, self.tables, element, self.text_of)

    def text_of(self, cell: Any) -> str:
        """The text of a cell, a paragraph a line; a number that Word writes into a blank cell is its text."""
        paragraphs = [p for p in cell.iter(qn("w:p")) if not gone(p)]
        found = [line for p in paragraphs for line in self.lines(p)]
        if not found:
            found = [self.labels[p].strip(" .．、") for p in paragraphs[:1] if p in self.labels]
        return "\n".join(found)

    def lines(self, paragraph: Any, before: str = "") -> list[str]:
        """The non-blank lines of a paragraph and of what went into it, with the number that Word writes before them."""
        found = lines(paragraph)
        if before or found:
            found = [f"{self.labels.get(paragraph, '')}{before}{''.join(found[:1])}", *found[1:]]
        return found


def ended(parts: list[Table], between: list[Text]) -> Iterator[Block]:
    if parts:
        yield as_grid(joined(parts))
    yield from between


def unended(paragraph: Any) -> bool:
    """True when the end of a paragraph was deleted while changes were tracked."""
    return paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None


def outermost(element: Any) -> Iterator[Any]:
    """The paragraphs and tables that stand in no other paragraph or table, without lists of contents."""
    for child in element:
        if child.tag in GONE or is_contents(child):
            continue
        if child.tag in {qn("w:p"), qn("w:tbl")}:
            yield child
        else:
            yield from outermost(child)


def is_contents(element: Any) -> bool:
    """True for the content control in which Word keeps a list of contents."""
    gallery = element.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}") if element.tag == qn("w:sdt") else None
    return gallery is not None and value(gallery, "w:docPartGallery") == "Table of Contents"


def for_layout(table: Any) -> bool:
    """True for a table that only holds another one in its place: it says less itself than what is in it."""
    within = [
        inside
        for inside in table.iter(qn("w:tbl"))
        if inside is not table and next(inside.iterancestors(qn("w:tbl"))) is table
    ]
    if not within:
        return False
    own = sum(
        any(lines(p) for p in cell.iterchildren(qn("w:p")))
        for row in rows_of(table)
        for cell in inner(row, qn("w:tc"))
    )
    return own < sum(1 for inside in within for row in rows_of(inside) for _ in inner(row, qn("w:tc")))


def gone(element: Any) -> bool:
    return any(above.tag in GONE for above in element.iterancestors())


def lines(paragraph: Any) -> list[str]:
    """The non-blank lines of one paragraph's own text, without what stands in its text boxes."""
    text = []
    unchanged = references_in(paragraph)
    for element in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:noBreakHyphen"), *BREAKS):
        owner = next(element.iterancestors(qn("w:p")), None)
        if owner is not paragraph or gone(element) or element.getparent().tag == qn("w:tabs"):
            continue
        if element.tag in BREAKS:
            text.append("\n")
        else:
            plain = unchanged.get(element, element.text or "")
            text.append({qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}.get(element.tag, plain))
    return [line.strip() for line in "".join(text).split("\n") if line.strip()]


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
