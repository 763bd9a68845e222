"""No address of a cell stands in a sentence: what is read, heard or copied from a chapter is what was written."""

import re

import pytest

from budgets.domain.documents import Document, Paragraph
from budgets.rendering.html.disclosure_pages import disclosure_page
from tests.makers.documents import document_of, every_document
from tests.makers.sample_document import imprint

from .conftest import print_of
from .markup import find, parse

# 表1 C5, C5 or $C$5, a cell's own name (balance-1-3), a reference that was not worked out.
ADDRESS = re.compile(
    r"表\s?\d+\s?\$?[A-Z]{1,2}\$?\d+|(?<![0-9A-Za-z])\$?[A-Z]{1,2}\$?\d{1,3}(?![0-9A-Za-z])|[a-z_]+-\d+-\d+|\[\["
)


def written(document: Document) -> list[str]:
    """The paragraphs and headings of the chapters in their order."""
    return [
        " ".join(part.text.split())
        for chapter in document.chapters
        for part in chapter.blocks
        if isinstance(part, Paragraph)
    ]


def running(text: str) -> list[str]:
    """The paragraphs and headings of the chapters as a page holds them, tables and what belongs to them left out."""
    return [
        " ".join("".join(part.itertext()).split())
        for section in find(parse(text), "section")
        if "chapter" in section.get("class", "").split()
        for part in section
        if part.tag.rpartition("}")[2] in ("p", "h4", "h5", "h6")
    ]


def addresses(texts: list[str]) -> list[str]:
    return [found.group() for text in texts for found in ADDRESS.finditer(text)]


@pytest.mark.sweep(2)
@every_document
def test_the_running_text_of_a_page_is_what_was_written(table_set, kind):
    document = document_of(table_set, kind)
    seen = running(disclosure_page(document, imprint()))
    assert seen == written(document)
    assert addresses(seen) == []


@pytest.mark.sweep(2)
@every_document
def test_no_address_stands_on_paper(table_set, kind):
    document = document_of(table_set, kind)
    paper = parse(print_of(document))
    texts = ["".join(part.itertext()) for part in find(paper, "p")]
    assert [found for found in addresses(texts) if found not in "".join(written(document))] == []


def test_an_address_in_a_sentence_would_be_noticed():
    """The negative control: a page that says behind an amount where it stands, seen or only heard."""
    document = document_of("hebei_2023", "real")
    page = disclosure_page(document, imprint())
    for address in ("（表1 C5）", '<span class="vh">表1 C5</span>', "balance-1-3"):
        spoilt = running(page.replace("万元", f"万元{address}"))
        assert spoilt != written(document)
        assert addresses(spoilt)
