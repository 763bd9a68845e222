"""What PDFium would leave out, guess or take from elsewhere than the page: read as it is drawn, each guard switched off once."""

import io

import pdfplumber
import pytest

from budgets.importing.reading.grids import Text
from budgets.importing.reading.pdf.pdfium_objects import make_ready
from budgets.importing.reading.pdf.places_on_page import as_seen
from budgets.importing.reading.pdf.visible_marks import Opened
from budgets.importing.reading.pdf_child import read_pdf
from tests.makers.papers import Paper, altered, bound
from tests.makers.sample_files import SAMPLE

NAMES = {  # of real disclosures, with how many characters are drawn and clipped away
    "shanghai-putuo-finance-bureau-2025.pdf": 1031,
    "shanghai-putuo-commerce-unit-2025.pdf": 1329,
    "shanghai-putuo-planning-final-2024.pdf": 0,
}
WORDS = "一、本年收入十二万元，支出十二万元"


def single_letters() -> Paper:
    """Each character by itself, in a font that is neither embedded nor on this machine."""
    paper = Paper()
    for n, letter in enumerate(WORDS):
        paper.text(50 + 12 * n, 60, letter)
    return paper


def told_otherwise() -> Paper:
    said = WORDS.replace("十二", "九十").encode("utf-16").hex()
    paper = Paper().draw(f"/Span <</ActualText <{said}>>> BDC")
    return paper.text(50, 60, WORDS).draw("EMC")


def drawn_in_halves() -> Paper:
    """The same words twice, cut by a clip to the left half and to the right one."""
    paper = Paper()
    for x in (0, 150):
        paper.draw(f"q {x} 0 150 842 re W n").text(50, 60, WORDS).draw("Q")
    return paper


def hyphen() -> Paper:
    return Paper().text(50, 60, "inter-").text(50, 74, "national")


CASES = {
    "single letters": (single_letters, WORDS, "marks.STRAIGHT = -1"),
    "told otherwise": (told_otherwise, WORDS, "marks.pdfium.FPDFPageObj_GetMark = lambda *asked: None"),
    "drawn in halves": (
        drawn_in_halves,
        WORDS,
        "once = marks.Reading.read_characters; marks.Reading.read_characters = lambda self: once(self) and False",
    ),
    "hyphen": (hyphen, "inter-national", "objects.HYPHEN = -1"),
}


def texts(content: bytes, *switched_off: str) -> str:
    found, _ = read_pdf("试.pdf", content, command=altered(*switched_off))
    return "".join(block.text for block in found if isinstance(block, Text))


@pytest.mark.parametrize("kind", CASES)
def test_it_is_read_as_it_is_drawn(kind):
    make, words, _ = CASES[kind]
    assert texts(bound(make())) == words


@pytest.mark.slow
@pytest.mark.parametrize("kind", CASES)
def test_it_is_this_that_reads_it(kind):
    make, words, switched_off = CASES[kind]
    rest = Paper().text(50, 60, "第二页的正文。")  # a page without any words would be taken for a scan
    assert words not in texts(bound(make(), rest), switched_off)


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("name", NAMES)
def test_every_character_is_the_one_that_another_reader_finds(name):
    """pdfplumber, on pdfminer.six: the same characters at the same places, but for what is clipped away."""
    make_ready()
    content = (SAMPLE / name).read_bytes()
    opened, unshown = Opened(content), 0
    with pdfplumber.open(io.BytesIO(content)) as other:
        assert opened.pages == len(other.pages)
        for index, page in enumerate(other.pages):
            matrix, _, _ = as_seen(page.page_obj.mediabox, page.page_obj.rotate)
            theirs: dict[str, list[float]] = {}
            for c in page.chars:
                theirs.setdefault(c["text"], []).append(c["x0"] - page.bbox[0])
            for c in opened.marks(index, matrix).characters:
                places = theirs[c.text]
                places.remove(next(x for x in places if abs(x - c.x0) < 0.1))
            unshown += sum(len(places) for text, places in theirs.items() if text.strip())
    assert unshown == NAMES[name]
