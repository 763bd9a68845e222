"""What a PDF says of itself, and whether it is whole: a reader that puts damage right would read something else.

pdfminer.six, plain Python, opens the file: what it refuses, PDFium never sees.
"""

import re
from collections.abc import Iterable
from io import BytesIO
from itertools import islice
from typing import Any

import pdfminer.pdftypes
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFStream, dict_value, resolve1, stream_value
from pdfminer.psparser import PSEOF, PSKeyword, PSLiteral

from budgets.confined.serving import Refused

MAX_PAGES = 300
MOST_DRAWN = 16 << 20  # bytes that draw one page: a full one has some hundred thousand
DEEPEST = 12  # forms in forms
INSTEAD = "请提供制作它时所用的 Excel 或 Word 文件"
DAMAGED = "已损坏或不完整，请重新下载或重新导出。"
CALLED = re.compile(rb"/([^\s/<>\[\](){}%#]+)\s+(?:[-+.\d]+\s+(?=Tf)|(?=Do))(Tf|Do)\b")
LONG = re.compile(rb"[(<][^()<>]{32000}")  # words in one, of which PDFium would read the first part only
CALLS = re.compile(rb"\b(?:Tf|Do)\b")
OF_FONTS = (
    "ToUnicode",
    "Encoding",
    "DescendantFonts",
    "FontDescriptor",
    "FontFile",
    "FontFile2",
    "FontFile3",
)


class Missing(Exception):
    """A page draws with a font or a form that the file does not have."""


class Overfull(Exception):
    """A page is drawn by more than any printed one."""


def whole(data: bytes) -> bytes:
    """Unpack a stream that pdfminer could not unpack in one go: it would go on with what it can make of it."""
    if data.strip():
        raise Refused(DAMAGED)
    return b""


def open_pdf(content: bytes) -> PDFDocument:
    """The opened document. Raises Refused, and whatever pdfminer raises for damage."""
    pdfminer.pdftypes.decompress_corrupted = whole
    try:
        document = PDFDocument(PDFParser(BytesIO(content)))
    except PDFPasswordIncorrect as error:
        raise Refused("设有打开密码，请去掉密码后再试。") from error
    if not document.is_extractable:
        raise Refused(f"设了不许复制文字的限制，请解除后再试，或{INSTEAD}。")
    return document


def pages_of(document: PDFDocument) -> list[PDFPage]:
    """The pages as the document counts them. Raises Refused.

    Of a damaged tree of pages pdfminer gives those that it happens to find.
    """
    pages = list(islice(PDFPage.create_pages(document), MAX_PAGES + 1))
    if len(pages) > MAX_PAGES:
        raise Refused(f"超过 {MAX_PAGES} 页，请只提供预算公开的部分。")
    counted = resolve1(resolve1(document.catalog.get("Pages", {})).get("Count"))
    if not pages or counted != len(pages):
        raise Refused(DAMAGED)
    return pages


class Wholeness:
    """Unpacks what the pages of a document are drawn with, each stream once, and looks up what they name."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    def look(self, page: PDFPage) -> None:
        """Raises Missing, Overfull, Refused, and whatever pdfminer raises for damage."""
        drawn = b"\n".join(stream_value(each).get_data() for each in page.contents)
        self._look(drawn, dict_value(page.resources or {}), 0)

    def _look(self, drawn: bytes, resources: dict[str, Any], depth: int) -> None:
        if len(drawn) > MOST_DRAWN or depth > DEEPEST or LONG.search(drawn):
            raise Overfull
        fonts, forms = (dict_value(resources.get(kind) or {}) for kind in ("Font", "XObject"))
        for name, operator in called(drawn):
            if not isinstance(resolve1((fonts if operator == "Tf" else forms).get(name)), dict | PDFStream):
                raise Missing
        for font in fonts.values():
            self._unpack(font)
        for form in forms.values():
            stream = resolve1(form)
            if not isinstance(stream, PDFStream) or self._known(form):
                continue
            if getattr(resolve1(stream.get("Subtype")), "name", "") == "Form":
                inner = dict_value(stream.get("Resources") or resources)
                self._look(stream.get_data(), inner, depth + 1)

    def _known(self, value: Any) -> bool:
        number = getattr(value, "objid", None)
        known = number in self.seen
        if number is not None:
            self.seen.add(number)
        return known

    def _unpack(self, value: Any, depth: int = 0) -> None:
        """Unpack the streams of a font: its characters, their codes, their shapes."""
        if self._known(value) or depth > DEEPEST:
            return
        found = resolve1(value)
        if isinstance(found, PDFStream):
            if len(found.get_data()) > MOST_DRAWN:
                raise Overfull
        elif isinstance(found, list):
            for each in found:
                self._unpack(each, depth + 1)
        elif isinstance(found, dict):
            for key in OF_FONTS:
                self._unpack(found.get(key), depth + 1)


def called(drawn: bytes) -> Iterable[tuple[str, str]]:
    """The names of the fonts and forms that a page is drawn with, each with its operator."""
    found = CALLED.findall(drawn)
    if len(found) == len(CALLS.findall(drawn)):
        return {(name.decode("latin-1"), operator.decode()) for name, operator in found}
    return set(parsed(drawn))  # in some other way than programs write it, or a word of some text


def parsed(drawn: bytes) -> Iterable[tuple[str, str]]:
    """The same read operator by operator, which takes long."""
    parser = PDFContentParser([PDFStream({}, drawn)])
    named = ""
    while True:
        try:
            _, found = parser.nextobject()
        except PSEOF:
            return
        if isinstance(found, PSLiteral):
            named = str(found.name)
        elif isinstance(found, PSKeyword) and found.name in (b"Tf", b"Do"):
            yield named, found.name.decode()
