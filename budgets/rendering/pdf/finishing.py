"""Last corrections to a PDF before it is written: structure tree, links, identification. Renderer process only.

WeasyPrint 70 links header cells wrongly (`headers.py`), cuts a paragraph that runs over a page in two, lists an
attachment twice, and cannot say that a PDF/A is also PDF/UA. All of it is put right in the finished objects.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from budgets.confined.serving import Refused
from budgets.rendering.pdf.header_links import link_headers, referenced

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
    laid_out = [box for page in document.pages for box in _boxes(page._page_box)]
    join_paragraphs(laid_out, pdf, [e for e in elements if e["S"] == "/P"])
    name_links(laid_out)
    identifiers: dict[bytes, bytes] = {}
    for element in elements:
        if element["S"] == "/Table":
            identifiers |= link_headers(pdf, element)
        elif element["S"] == "/Figure":
            place_figure(document, pdf, element)
        element["S"] = CONTENTS.get(element["S"], element["S"])
    if identifiers:
        names = pydyf.Array(part for pair in sorted(identifiers.items()) for part in pair)
        root = referenced(pdf, pdf.catalog["StructTreeRoot"])
        root["IDTree"] = pydyf.Dictionary({"Names": names})
    if "AF" in pdf.catalog:  # WeasyPrint lists every attached file twice
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Type") == "/Annot" and "URI" in item.get("A", {}):
            address = item["A"]["URI"].string
            if urlsplit(address).scheme not in ("http", "https"):
                raise Refused(f"文档中有不允许的链接：{address[:200]}")


def name_links(laid_out: list[Any]) -> None:
    """Say of each link where it leads: its title, else its words; WeasyPrint says the name of its target."""
    for box in laid_out:
        if annotation := getattr(box, "link_annotation", None):
            annotation["Contents"] = pydyf.String(box.element.get("title") or "".join(box.element.itertext()))


def join_paragraphs(laid_out: list[Any], pdf: Any, elements: list[Any]) -> None:
    """Make one element of the parts of a paragraph that runs over a page. `elements`: every /P, in order."""
    parts = [
        box
        for box in laid_out
        if box.element_tag == "p" and box.element is not None and not isinstance(box, boxes.LineBox)
    ]
    if len(parts) != len(elements):
        raise RuntimeError(f"{len(elements)} tagged paragraphs for {len(parts)} laid out")
    first: dict[int, Any] = {}
    for box, element in zip(parts, elements, strict=True):
        whole = first.setdefault(id(box.element), element)
        if whole is element:
            continue
        for kid in element["K"]:
            referenced(pdf, kid)["P"] = whole.reference
            whole["K"].append(kid)
        referenced(pdf, element["P"])["K"].remove(element.reference)
        element["K"] = pydyf.Array()


def _boxes(box: Any) -> Iterator[Any]:
    """The boxes of a page but its margins and letters, in the order in which WeasyPrint tags them."""
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if isinstance(box, boxes.MarginBox | boxes.TextBox):
        return
    yield box
    for child in getattr(box, "children", ()):
        yield from _boxes(child)


def place_figure(document: Any, pdf: Any, figure: Any) -> None:
    """Give a figure's bounding box in points from the foot of the page; WeasyPrint writes pixels from its top."""
    page = pdf.page_references.index(figure["Pg"])
    height = document.pages[page].height
    left, top, right, bottom = figure["A"]["BBox"]
    figure["A"]["BBox"] = pydyf.Array(
        round(0.75 * value, 3) for value in (left, height - bottom, right, height - top)
    )
