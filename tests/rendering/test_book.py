"""A county's book: published PDFs of an earlier release bound behind a front, with their tags, links and bookmarks."""

import tarfile
from datetime import date
from io import BytesIO

import pikepdf
import pytest

from budgets.rendering.book import binder
from budgets.rendering.book.book_binding import Bound, bind_apart, pages_of, place
from budgets.rendering.book.front import Entry, Front, front_html, stamp_html
from budgets.rendering.pdf.renderer import render_pdf
from tests.golden.restoring import GOLDENS

from .bound_books import broken_links, pairs, untagged
from .conftest import CREATED
from .tagged import Tagged

pytestmark = [pytest.mark.pango, pytest.mark.slow]
DEPARTMENTS = 2  # a book of 60 was made by hand


@pytest.fixture(scope="module")
def parts() -> list[Bound]:
    """Published PDFs, the smallest ones."""
    found: dict[str, bytes] = {}
    with tarfile.open(GOLDENS[0].folder / "tree.tar.xz") as tar:
        for member in tar:
            if member.isfile() and "revisions/" in member.name and member.name.endswith("disclosure.pdf"):
                file = tar.extractfile(member)
                assert file is not None
                found[member.name] = file.read()
    chosen = sorted(found.values(), key=lambda content: (len(content), content))[:DEPARTMENTS]
    return [Bound(f"10{n} 第{n}局", content) for n, content in enumerate(chosen, 1)]


@pytest.fixture(scope="module")
def front(parts) -> bytes:
    entries = [
        Entry(n, f"10{n}", f"第{n}局", 90 + n, "各部门" if n == 1 else "") for n in range(1, len(parts) + 1)
    ]
    cover = Front("乐亭县", 2023, "部门预算公开汇编", date(2023, 3, 1), (("收入部门", "已公开 2／3"),))
    return render_pdf(front_html(cover, entries), created=CREATED)


@pytest.fixture(scope="module")
def specimen() -> bytes:
    return render_pdf(stamp_html(), created=CREATED)


@pytest.fixture(scope="module")
def book(front, specimen, parts) -> bytes:
    heard: list[tuple[int, int]] = []
    content = bind_apart(front, specimen, parts, lambda done, of: heard.append((done, of)))
    assert heard == [(n, len(parts) + 1) for n in range(1, len(parts) + 2)]
    return content


def test_a_book_is_whole_and_tagged(book, front, parts):
    lengths = pages_of([front, *(part.content for part in parts)])
    starts = [sum(lengths[:n]) for n in range(1, len(lengths))]
    as_it_was = []
    for start, each in zip([0, *starts], (front, *(part.content for part in parts)), strict=True):
        with pikepdf.open(BytesIO(each)) as pdf:
            as_it_was += [(start + n, lost) for n, lost in untagged(pdf)]
    assert {lost for _, lost in as_it_was} <= {1, 2}  # the foot of a page: its number and the words beside it
    with pikepdf.open(BytesIO(book)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == sum(lengths)
        assert untagged(pdf) == as_it_was
        assert broken_links(pdf, starts) == []
        assert str(pdf.Root.Lang) == "zh-CN" and pdf.Root.MarkInfo.Marked
        with pdf.open_metadata() as told:
            assert told["pdfuaid:part"] == "1" and told["dc:title"] == "乐亭县2023年部门预算公开汇编"
        with pdf.open_outline() as outline:
            marks = [item for item in outline.root if item.title != "目录"]
            at = [pdf.pages.index(pikepdf.Page(item.destination[0])) for item in marks]
        assert [item.title for item in marks] == [part.title for part in parts] and at == starts
        assert all(item.children for item in marks)
        names = [bytes(key) for key, _ in pairs(pdf.Root.Names.EmbeddedFiles, "/Names")]
        assert len(set(names)) == len(names) == 2 * len(parts) and names == sorted(names)
        assert len(pdf.Root.AF) == len(names)
        # The negative controls: a part whose tree was left out, and a destination that is gone.
        pdf.Root.StructTreeRoot.ParentTree.Kids[0].Nums = pikepdf.Array()
        assert untagged(pdf) != as_it_was
        for leaf in pdf.Root.Names.Dests.Kids:
            leaf.Names = pikepdf.Array()
        assert broken_links(pdf, starts)


def test_a_reader_hears_every_document_as_it_was_published(book, front, parts):
    blocks = Tagged(book).blocks()
    heard = [(block.tag, block.text) for block in blocks]
    wanted = [
        (block.tag, block.text)
        for each in (front, *(part.content for part in parts))
        for block in Tagged(each).blocks()
    ]
    assert heard == wanted
    assert all(block.table.faults == [] for block in blocks if block.table)


def test_the_same_book_has_the_same_bytes(front, specimen, parts):
    one = [binder.bind(front, specimen, parts[:1]) for _ in range(2)]
    assert one[0] == one[1]
    assert place(1) == "bound-1"
