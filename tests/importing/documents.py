"""The sample's Word file as other departments would have typed it: the same content in another form."""

import io
import re
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

import docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from budgets.domain.numerals import numeral
from budgets.importing.reading.grids import Source
from budgets.importing.reading.sources import read
from tests.makers.sample_files import WORD, taken

CHAPTER = re.compile(r"([一二三四五六七八九])、(.+)")
W = nsdecls("w")


def sample() -> Any:
    """The sample, each table with its title as its caption, so that it is known wherever the title goes."""
    document = docx.Document(str(WORD))
    for table in document.tables:
        properties = table._tbl.tblPr
        properties.append(parse_xml(f'<w:tblCaption {W} w:val="{text_of(table._tbl.getprevious())}"/>'))
    return document


def text_of(element: Any) -> str:
    return "".join(t.text or "" for t in element.iter(qn("w:t")))


def title_of(table: Any) -> str:
    return str(table.tblPr.find(qn("w:tblCaption")).get(qn("w:val")))


def tables(document: Any) -> list[Any]:
    return list(document.element.body.iter(qn("w:tbl")))


def source(document: Any) -> Source:
    out = io.BytesIO()
    document.save(out)
    out.seek(0)
    return read(out, "说明.docx")


def p(text: str = "", more: str = "", properties: str = "") -> Any:
    """A paragraph element."""
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    return parse_xml(f"<w:p {W}><w:pPr>{properties}</w:pPr>{run}{more}</w:p>")


@cache
def titles() -> tuple[str, ...]:
    return tuple(narrative.title for narrative in taken(WORD).ledger.narratives)


def chapters(document: Any) -> list[tuple[Any, int, str]]:
    """The paragraphs that head the nine chapters, with or without their numbers, with number and title."""
    found: dict[str, Any] = {}
    for element in document.element.body.iter(qn("w:p")):
        text = text_of(element).strip()
        title = match[2] if (match := CHAPTER.fullmatch(text)) else text
        if title in titles():
            found[title] = Paragraph(element, document._body)
    return [(found[title], n, title) for n, title in enumerate(titles(), 1)]


def set_text(paragraph: Any, text: str) -> None:
    for run in paragraph.runs[1:]:
        run._r.getparent().remove(run._r)
    paragraph.runs[0].text = text


def heading_styles(document: Any) -> None:
    """Chapters headed by 标题 1 alone."""
    for paragraph, _, title in chapters(document):
        set_text(paragraph, title)
        paragraph.style = (
            document.styles.add_style("标题 1", 1) if "标题 1" not in document.styles else "标题 1"
        )


def heading_outline(document: Any) -> None:
    """Chapters headed by an outline level in the second place, sections by the third; the title by the first."""
    title = next(x for x in document.paragraphs if x.text.endswith("部门预算信息公开情况说明"))
    for paragraph, level in [(title, 0), *((x, 1) for x, _, _ in chapters(document))]:
        level_of = OxmlElement("w:outlineLvl")
        level_of.set(qn("w:val"), str(level))
        paragraph._p.get_or_add_pPr().append(level_of)
    for paragraph, _, text in chapters(document):
        set_text(paragraph, text)


def lists(document: Any, *levels: tuple[str, str]) -> str:
    """A list of these (format, text) levels in numbering.xml; its number."""
    numbering = document.part.numbering_part.element
    entries = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (kind, text) in enumerate(levels)
    )
    taken = {x.get(qn("w:abstractNumId")) for x in numbering.iter(qn("w:abstractNum"))}
    key = str(next(n for n in range(90, 200) if str(n) not in taken))
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{key}">{entries}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {W} w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>'))
    return key


def numbered(paragraph: Any, number: str, level: int = 0) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
    )


def automatic_numbers(document: Any) -> None:
    """Chapters numbered by Word: 一、 is not in the text."""
    number = lists(document, ("chineseCounting", "%1、"))
    for paragraph, _, title in chapters(document):
        set_text(paragraph, title)
        numbered(paragraph, number)


def automatic_sections(document: Any) -> None:
    """Sections and items numbered by Word as well, each run of items by a list of its own."""
    automatic_numbers(document)
    within = re.compile(r"(\d+)、(\D.*)")
    number, expected = "", 1
    for paragraph in document.paragraphs:
        match = within.fullmatch(paragraph.text)
        if not match or paragraph.text.endswith("绩效目标表"):
            continue
        if int(match[1]) == 1:
            number, expected = lists(document, ("decimal", "%1、")), 1
        if number and int(match[1]) == expected:
            set_text(paragraph, match[2])
            numbered(paragraph, number)
            expected += 1
        else:
            number = ""


def split_tables(again: bool, between: Callable[[str], list[Any]]) -> Callable[[Any], None]:
    """Every long table in two, with its rows down to the numbers of columns once more above the second part or not."""

    def change(document: Any) -> None:
        for table in tables(document):
            rows = table.findall(qn("w:tr"))
            if len(rows) < 12:
                continue
            header = next(n for n, row in enumerate(rows, 1) if text_of(row).startswith("栏次"))
            half = len(rows) // 2
            second = deepcopy(table)
            for row in second.findall(qn("w:tr"))[header if again else 0 : half]:
                second.remove(row)
            for row in rows[half:]:
                table.remove(row)
            table.addnext(second)
            for element in between(title_of(table)):
                second.addprevious(element)

    return change


def page_break(_: str) -> list[Any]:
    return [p(more='<w:r><w:br w:type="page"/></w:r>')]


def said_again(title: str) -> list[Any]:
    return [*page_break(title), p(f"{title}（续）")]


def said_on(title: str) -> list[Any]:
    return [*page_break(title), p("续表")]


def titled_again(title: str) -> list[Any]:
    return [p(title)]


def header_within(document: Any) -> None:
    """The header once more in the middle of each long table."""
    for table in tables(document):
        rows = table.findall(qn("w:tr"))
        if len(rows) >= 12:
            header = next(n for n, row in enumerate(rows, 1) if text_of(row).startswith("栏次"))
            for row in rows[header - 3 : header]:
                rows[len(rows) // 2].addprevious(deepcopy(row))


def merged_within(document: Any) -> None:
    """Groups of headers joined by w:hMerge instead of w:gridSpan."""
    for cell in list(document.element.body.iter(qn("w:tc"))):
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        if span is None:
            continue
        width = int(span.get(qn("w:val")))
        span.getparent().append(parse_xml(f'<w:hMerge {W} w:val="restart"/>'))
        span.getparent().remove(span)
        for _ in range(width - 1):
            cell.addnext(parse_xml(f'<w:tc {W}><w:tcPr><w:hMerge w:val="continue"/></w:tcPr><w:p/></w:tc>'))


def inside_tables(document: Any) -> None:
    """Each table within the one cell of a table made for layout, its title beside it in the cell above."""
    for table in tables(document):
        title = table.getprevious()
        own = title is not None and text_of(title) == title_of(table)
        outer = parse_xml(
            f"<w:tbl {W}><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc/></w:tr><w:tr><w:tc/></w:tr></w:tbl>"
        )
        table.addprevious(outer)
        first, second = outer.iter(qn("w:tc"))
        first.append(title if own else p())
        second.append(table)
        second.append(p())


def in_text_boxes(document: Any) -> None:
    """Each table in a text box of its own."""
    for table in tables(document):
        box = parse_xml(f"<w:p {W}><w:r><w:pict><w:txbxContent/></w:pict></w:r></w:p>")
        table.addprevious(box)
        next(box.iter(qn("w:txbxContent"))).append(table)


def in_content_controls(document: Any) -> None:
    """Tables, rows, cells and chapters in content controls."""

    def wrapped(element: Any) -> None:
        control = parse_xml(f"<w:sdt {W}><w:sdtPr/><w:sdtContent/></w:sdt>")
        element.addprevious(control)
        control.find(qn("w:sdtContent")).append(element)

    for table in tables(document):
        rows = table.findall(qn("w:tr"))
        wrapped(rows[-1].findall(qn("w:tc"))[-1])
        wrapped(rows[-1])
        wrapped(table)
    for paragraph, _, _ in chapters(document):
        wrapped(paragraph._p)


def changes_tracked(document: Any) -> None:
    """Insertions kept, deletions dropped: text, rows, and the end of a paragraph."""
    heads = [(paragraph, text_of(paragraph._p)) for paragraph, _, _ in chapters(document)]
    for paragraph in document.paragraphs:
        if paragraph._p in [head._p for head, _ in heads]:
            continue
        runs = paragraph._p.findall(qn("w:r"))
        if len(paragraph.text) > 20 and runs:
            inserted = parse_xml(f'<w:ins {W} w:id="1" w:author="甲"/>')
            runs[0].addprevious(inserted)
            inserted.append(runs[0])
            inserted.addnext(
                parse_xml(
                    f'<w:del {W} w:id="2" w:author="甲"><w:r><w:delText>原先的9.99万元</w:delText></w:r></w:del>'
                )
            )
    for paragraph, text in heads:
        before = p(text[:3], properties='<w:rPr><w:del w:id="3" w:author="甲"/></w:rPr>')
        for child in list(paragraph._p):
            if child.tag != qn("w:pPr"):
                paragraph._p.remove(child)
        paragraph.add_run(text[3:])
        paragraph._p.addprevious(before)
    for table in tables(document):
        row = deepcopy(table.findall(qn("w:tr"))[-1])
        properties = row.find(qn("w:trPr"))
        if properties is None:
            properties = OxmlElement("w:trPr")
            row.insert(0, properties)
        properties.append(parse_xml(f'<w:del {W} w:id="4" w:author="甲"/>'))
        table.append(row)


def titles_within(document: Any) -> None:
    """Each title in the first row of its table."""
    for table in tables(document):
        title = table.getprevious()
        text = title_of(table)
        width = len(table.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}"))
        table.findall(qn("w:tr"))[0].addprevious(
            parse_xml(
                f'<w:tr {W}><w:tc><w:tcPr><w:gridSpan w:val="{width}"/></w:tcPr>'
                f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc></w:tr>"
            )
        )
        title.getparent().remove(title)


def lines_in_paragraphs(document: Any) -> None:
    """Department, year and unit in a paragraph above each table instead of its first row."""
    for table in tables(document):
        first = table.findall(qn("w:tr"))[0]
        texts = [text_of(cell) for cell in first.findall(qn("w:tc"))]
        said = [text for text in texts if text]
        if said and said[0].startswith("483"):
            table.addprevious(p("　　　".join(said)))
            table.remove(first)


def with_contents(document: Any) -> None:
    """A list of contents before everything, as Word makes it and as people type it."""
    first = document.element.body[0]
    heads = [f"{numeral(n)}、{title}" for n, title in enumerate(titles(), 1)]
    entries = "".join(
        f"<w:p><w:r><w:t>{t}</w:t><w:tab/><w:t>{n}</w:t></w:r></w:p>" for n, t in enumerate(heads, 1)
    )
    first.addprevious(p("目  录"))
    first.addprevious(
        parse_xml(
            f'<w:sdt {W}><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
            f"<w:sdtContent>{entries}</w:sdtContent></w:sdt>"
        )
    )
    for n, title in enumerate(heads, 1):
        first.addprevious(p(f"{title}{'…' * 9}{n}"))


FORMS: dict[str, Callable[[Any], None]] = {
    "heading styles": heading_styles,
    "outline levels": heading_outline,
    "automatic numbers": automatic_numbers,
    "automatic sections": automatic_sections,
    "split, header repeated": split_tables(True, page_break),
    "split, header and title repeated": split_tables(True, said_again),
    "split, header without lines": split_tables(True, said_on),
    "split, title repeated": split_tables(True, titled_again),
    "split, no header": split_tables(False, page_break),
    "header within": header_within,
    "merged by hMerge": merged_within,
    "tables in tables": inside_tables,
    "tables in text boxes": in_text_boxes,
    "content controls": in_content_controls,
    "changes tracked": changes_tracked,
    "titles within": titles_within,
    "lines in paragraphs": lines_in_paragraphs,
    "contents": with_contents,
}
