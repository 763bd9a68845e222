"""Last corrections to a PDF before it is written: structure tree, links, identification. Renderer process only.

WeasyPrint 70 links header cells wrongly under row spans, writes no Scope, cuts a paragraph that runs over a page
into two, and cannot say that a PDF/A is also PDF/UA. All of it is put right in the finished objects.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

# The PDF/UA identifier (ISO 14289-1) and the schema that PDF/A (ISO 19005-3, 6.6.2.3) wants declared with it.
UA_METADATA = b"""
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""
CONTENTS = {"/L": "/TOC", "/LI": "/TOCI", "/LBody": "/Reference"}  # the contents page is our only list


class Refused(Exception):
    """The document asks for something that no document may have; the message is one Chinese line."""


def identify(document: Any, created: datetime) -> None:
    """Date the document and mark its metadata as PDF/UA-1 beside PDF/A."""
    metadata = document.metadata
    metadata.created = metadata.modified = created.isoformat(timespec="seconds")
    plain = metadata.generate_rdf_metadata

    def with_accessibility(*arguments: Any) -> bytes:
        rdf: bytes = plain(*arguments)
        return rdf.replace(b"</rdf:RDF>", UA_METADATA)

    metadata.generate_rdf_metadata = with_accessibility


def finish(document: Any, pdf: Any) -> None:
    """Correct `pdf` in place. Raises Refused when it holds a link to anything but a web page or its own pages."""
    elements = [o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/StructElem"]
    join_paragraphs(document, pdf, [e for e in elements if e["S"] == "/P"])
    identifiers: dict[bytes, bytes] = {}
    for element in elements:
        if element["S"] == "/Table":
            identifiers |= link_headers(pdf, element)
        elif element["S"] == "/Figure":
            place_figure(document, pdf, element)
        element["S"] = CONTENTS.get(element["S"], element["S"])
    if identifiers:
        names = pydyf.Array(part for pair in sorted(identifiers.items()) for part in pair)
        root = _object(pdf, pdf.catalog["StructTreeRoot"])
        root["IDTree"] = pydyf.Dictionary({"Names": names})
    if "AF" in pdf.catalog:  # WeasyPrint lists every attached file twice
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Type") == "/Annot" and "URI" in item.get("A", {}):
            address = item["A"]["URI"].string
            if urlsplit(address).scheme not in ("http", "https"):
                raise Refused(f"文档中有不允许的链接：{address[:200]}")
    keep(pdf)


def keep(pdf: Any) -> None:
    """Serialise every object now and for good: writing would do it twice, the second time for the identifier."""
    for item in pdf.objects:
        if item.free == "n":
            item.kept = item.data
            item.__class__ = _kept(item.__class__)


@cache
def _kept(kind: Any) -> Any:
    """The class of objects of that kind whose `data` is what was kept."""
    return type(f"Kept{kind.__name__}", (kind,), {"data": property(attrgetter("kept"))})


def link_headers(pdf: Any, table: Any) -> dict[bytes, bytes]:
    """Give every cell of a table its column and row headers; return the IDs of its headers with their references.

    A body cell belongs to the header cells above it and to the nearest run of header cells beside it (a table of
    two sides has one run per side). In the head, a row that has data cells (栏次) is headed by its own first cell.
    """
    occupied: dict[tuple[int, int], Any] = {}
    columns: dict[int, list[Any]] = {}
    identifiers = {}
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
            else:
                beside = [h["ID"] for h in _run(occupied, columns, line, first, position)]
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
    occupied: dict[tuple[int, int], Any], columns: dict[int, list[Any]], line: int, column: int, end: int
) -> list[Any]:
    """The nearest adjacent header cells left of a cell in its row.

    With none on the left, the first ones on its right, if the cell is the first of its row (序号) or stands under the
    same upper header (科目编码 beside 科目名称): the empty side of a balance table is not headed by the other side.
    """
    is_header = [(line, x) in occupied and occupied[line, x]["S"] == "/TH" for x in range(max(end, column))]
    last = next((x for x in range(column - 1, -1, -1) if is_header[x]), -1)
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


def join_paragraphs(document: Any, pdf: Any, elements: list[Any]) -> None:
    """Make one element of the parts of a paragraph that runs over a page. `elements`: every /P, in order."""
    parts = [box for page in document.pages for box in _paragraph_boxes(page._page_box)]
    if len(parts) != len(elements):
        raise RuntimeError(f"{len(elements)} tagged paragraphs for {len(parts)} laid out")
    first: dict[int, Any] = {}
    for box, element in zip(parts, elements, strict=True):
        whole = first.setdefault(id(box.element), element)
        if whole is element:
            continue
        for kid in element["K"]:
            _object(pdf, kid)["P"] = whole.reference
            whole["K"].append(kid)
        _object(pdf, element["P"])["K"].remove(element.reference)
        element["K"] = pydyf.Array()


def _paragraph_boxes(box: Any) -> Iterator[Any]:
    """The boxes that became /P, in the order in which WeasyPrint tags them."""
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if isinstance(box, boxes.MarginBox | boxes.TextBox):
        return
    if box.element is not None and box.element_tag == "p" and not isinstance(box, boxes.LineBox):
        yield box
    for child in getattr(box, "children", ()):
        yield from _paragraph_boxes(child)


def place_figure(document: Any, pdf: Any, figure: Any) -> None:
    """Give a figure's bounding box in points from the foot of the page; WeasyPrint writes pixels from its top."""
    page = pdf.page_references.index(figure["Pg"])
    height = document.pages[page].height
    left, top, right, bottom = figure["A"]["BBox"]
    figure["A"]["BBox"] = pydyf.Array(
        round(0.75 * value, 3) for value in (left, height - bottom, right, height - top)
    )


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _kids(pdf: Any, element: Any) -> Iterator[Any]:
    for kid in element["K"]:
        if isinstance(kid, bytes):
            item = _object(pdf, kid)
            if item.get("Type") == "/StructElem":
                yield item


def _rows(pdf: Any, element: Any, head: bool = False) -> Iterator[tuple[bool, Any]]:
    for kid in _kids(pdf, element):
        if kid["S"] == "/TR":
            yield head, kid
        elif kid["S"] in ("/THead", "/TBody", "/TFoot"):
            yield from _rows(pdf, kid, kid["S"] == "/THead")
