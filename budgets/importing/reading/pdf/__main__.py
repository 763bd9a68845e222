"""The child process: a PDF comes in, its blocks go out, within limits of memory and time."""

import logging
import signal
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import islice

import pdfminer.pdftypes
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from budgets.confined.frames import Head
from budgets.confined.serving import Answer, Limits, Refused, Say, Work, serve
from budgets.importing.reading.grids import Block, Unread
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.pdf.page_flow import Flow, flow_of
from budgets.importing.reading.pdf.pdf_pages import Content, read_page
from budgets.importing.reading.pdf.visible_marks import Page, TooMuch
from budgets.importing.reading.pdf_child import as_json

MAX_PAGES = 300
STEP_SECONDS = 8  # of CPU, for opening the file and for each page
REPEATED_SECONDS = 0.5
CPU_SECONDS = 40
ADDRESS_SPACE = 384 << 20  # bytes, six times what a disclosure of thirty pages takes
INSTEAD = "请提供制作它时所用的 Excel 或 Word 文件"
DAMAGED = "已损坏或不完整，请重新下载或重新导出。"


def whole(data: bytes) -> bytes:
    """Unpack a stream that pdfminer could not unpack in one go: it would go on with what it can make of it."""
    if data.strip():
        raise Refused(DAMAGED)
    return b""


def open_pdf(content: bytes) -> PDF:
    """The opened document. Raises Refused."""
    try:
        pdf = PDF(BytesIO(content))
    except PdfminerException as error:
        if isinstance(error.args[0], PDFPasswordIncorrect):
            raise Refused("设有打开密码，请去掉密码后再试。") from error
        if isinstance(error.args[0], Refused | MemoryError):
            raise error.args[0] from error
        raise Refused(DAMAGED) from error
    if not pdf.doc.is_extractable:
        raise Refused(f"设了不许复制文字的限制，请解除后再试，或{INSTEAD}。")
    return pdf


def pages_of(pdf: PDF) -> list[PDFPage]:
    """The pages as the document counts them. Raises Refused.

    Of a damaged tree of pages pdfminer gives those that it happens to find.
    """
    pages = list(islice(PDFPage.create_pages(pdf.doc), MAX_PAGES + 1))
    if len(pages) > MAX_PAGES:
        raise Refused(f"超过 {MAX_PAGES} 页，请只提供预算公开的部分。")
    counted = resolve1(resolve1(pdf.doc.catalog.get("Pages", {})).get("Count"))
    if not pages or counted != len(pages):
        raise Refused(DAMAGED)
    return pages


def contents(pdf: PDF, pages: list[PDFPage]) -> Iterator[Content]:
    """What each page shows. Raises Refused."""
    for number, object_ in enumerate(pages, 1):
        in_time()
        page = Page(pdf, object_, number)
        try:
            yield read_page(page)
        except PdfminerException as error:
            if isinstance(error.args[0], TooMuch):
                raise Refused(f"第 {number} 页的内容过多，不像预算公开的文件，没有读取。") from error
            if isinstance(error.args[0], Refused | TimeoutError):
                raise error.args[0] from error
            raise Refused(f"第 {number} 页已损坏，请重新下载或重新导出。") from error
        page.close()


def read(content: bytes, say: Say) -> Flow:
    """The flow of a PDF; `say` is told of each page. Raises Refused."""
    in_time()
    pdf = open_pdf(content)
    pages = pages_of(pdf)
    found = []
    for content_ in contents(pdf, pages):
        found.append(content_)
        say(len(found), len(pages))
    scanned = sum(page.picture for page in found)
    if not any(page.lines or page.tables for page in found) or 2 * scanned > len(found):
        raise Refused(f"是扫描件，页面上是图片而没有文字，无法读取，{INSTEAD}。")
    in_time()
    return flow_of(found)


def in_time() -> None:
    """Begin a step that may take STEP_SECONDS of CPU; it is told so again where a parser swallows the exception."""
    signal.setitimer(signal.ITIMER_VIRTUAL, STEP_SECONDS, REPEATED_SECONDS)


def too_slow(*_: object) -> None:
    raise TimeoutError


def read_here(name: str, content: bytes, say: Say) -> tuple[tuple[Block, ...], tuple[Unread, ...]]:
    """The blocks of a PDF and what of it was not read, in this process: only ever in a child with limits.

    Raises Unreadable with one Chinese sentence; MemoryError, RecursionError and TimeoutError when it is too much.
    """
    pdfminer.pdftypes.decompress_corrupted = whole
    signal.signal(signal.SIGVTALRM, too_slow)
    try:
        flow = read(content, say)
    except Refused as refusal:
        raise Unreadable(f"文件“{name}”{refusal}") from refusal
    except (MemoryError, RecursionError, TimeoutError):
        raise
    except (Exception, zlib.error) as error:  # whatever the parser met: all of it means the same to the user
        raise Unreadable(f"文件“{name}”{DAMAGED}") from error
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return tuple(flow.blocks), tuple(flow.unread)


def work(head: Head, blobs: list[bytes], say: Say) -> Answer:
    """The blocks of the PDF in the only blob. Raises Refused."""
    try:
        return as_json(*read_here(head["name"], blobs[0], say)), []
    except Unreadable as refusal:
        raise Refused(str(refusal)) from refusal


def start() -> Work:
    logging.disable()
    return work


def main() -> None:
    serve(start, Limits(ADDRESS_SPACE, CPU_SECONDS))


if __name__ == "__main__":
    main()
