"""The child process: a PDF comes in, its blocks go out, within limits of memory and time."""

import logging
import signal
import zlib
from collections.abc import Iterator

from pdfminer.pdfpage import PDFPage

from budgets.confined.frames import Head
from budgets.confined.serving import Answer, Limits, Refused, Say, Work, serve
from budgets.importing.reading.grids import Block, Unread
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.pdf.page_flow import Flow, flow_of
from budgets.importing.reading.pdf.pdf_pages import Content, read_page
from budgets.importing.reading.pdf.pdf_structure import (
    DAMAGED,
    INSTEAD,
    Overfull,
    Wholeness,
    open_pdf,
    pages_of,
)
from budgets.importing.reading.pdf.pdfium_objects import make_ready
from budgets.importing.reading.pdf.places_on_page import as_seen, laid
from budgets.importing.reading.pdf.visible_marks import Opened, TooMuch
from budgets.importing.reading.pdf_child import as_json

STEP_SECONDS = 8  # of CPU, for opening the file and for each page
REPEATED_SECONDS = 0.5
GRACE_SECONDS = 2
CPU_SECONDS = 40
ADDRESS_SPACE = 384 << 20  # bytes, six times what a disclosure of thirty pages takes


def contents(opened: Opened, pages: list[PDFPage]) -> Iterator[Content]:
    """What each page shows. Raises Refused."""
    wholeness = Wholeness()
    for number, page in enumerate(pages, 1):
        in_time()
        try:
            wholeness.look(page)
            matrix, width, height = as_seen(page.mediabox, page.rotate)
            marks = opened.marks(number - 1, matrix)
            yield read_page(number, width, height, laid(page.cropbox, matrix), marks)
        except (Overfull, TooMuch) as error:
            raise Refused(f"第 {number} 页的内容过多，不像预算公开的文件，没有读取。") from error
        except (Refused, MemoryError, RecursionError, TimeoutError):
            raise
        except Exception as error:  # whatever the parser met: all of it means the same to the user
            raise Refused(f"第 {number} 页已损坏，请重新下载或重新导出。") from error


def read(content: bytes, say: Say) -> Flow:
    """The flow of a PDF; `say` is told of each page. Raises Refused."""
    in_time()
    document = open_pdf(content)
    pages = pages_of(document)
    make_ready()
    opened = Opened(content)
    if opened.pages != len(pages):
        raise Refused(DAMAGED)
    found = []
    for content_ in contents(opened, pages):
        found.append(content_)
        say(len(found), len(pages))
    scanned = sum(page.picture for page in found)
    if not any(page.lines or page.tables for page in found) or 2 * scanned > len(found):
        raise Refused(f"是扫描件，页面上是图片而没有文字，无法读取，{INSTEAD}。")
    in_time()
    return flow_of(found)


def in_time() -> None:
    """Begin a step that may take STEP_SECONDS of CPU; it is told so again where a parser swallows the exception.

    Native code hears no exception: soon after, the system ends the process.
    """
    signal.setitimer(signal.ITIMER_VIRTUAL, STEP_SECONDS, REPEATED_SECONDS)
    signal.setitimer(signal.ITIMER_PROF, STEP_SECONDS + GRACE_SECONDS)


def too_slow(*_: object) -> None:
    raise TimeoutError


def read_here(name: str, content: bytes, say: Say) -> tuple[tuple[Block, ...], tuple[Unread, ...]]:
    """The blocks of a PDF and what of it was not read, in this process: only ever in a child with limits.

    Raises Unreadable with one Chinese sentence; MemoryError, RecursionError and TimeoutError when it is too much.
    """
    signal.signal(signal.SIGVTALRM, too_slow)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
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
        signal.setitimer(signal.ITIMER_PROF, 0)
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
