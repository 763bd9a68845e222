"""What a county's book has of its own, as print HTML: cover and contents, and the consolidated tables, each by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string

from budgets.domain.documents import Document, Paragraph, Sheet
from budgets.rendering.book.book_binding import FIGURES, STAMPED, place
from budgets.rendering.chapter_headings import CHAPTER_HEADING
from budgets.rendering.pdf.leaves import Leaf
from budgets.rendering.pdf.measure import plan_annex, plan_statutory
from budgets.rendering.sheet_layout import lay_out


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: the n-th document that is bound, its page in the book, and a heading over the first of several."""

    n: int
    label: str
    title: str
    page: int
    heading: str = ""

    @property
    def place(self) -> str:
        """The destination that the binder moves to the document's first page."""
        return place(self.n)


@dataclass(frozen=True, slots=True)
class Front:
    """What stands on the cover: `facts` are (label, words) below the date."""

    region_name: str
    year: int
    name: str  # 部门预算公开汇编
    made_on: date
    facts: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        return f"{self.region_name}{self.year}年{self.name}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A consolidated table, or the words before them, to be made into a PDF of its own."""

    label: str
    title: str
    html: str


def front_html(front: Front, entries: Sequence[Entry]) -> str:
    """Cover and contents for `render_pdf`."""
    return render_to_string("print/book.html", {"front": front, "entries": entries})


def stamp_html() -> str:
    """A page that holds every glyph of the page numbers in the face that they are printed in."""
    return render_to_string(
        "print/book_piece.html",
        {"title": "页码", "words": (), "leaf": None, "footer": STAMPED.format(FIGURES)},
    )


def pieces(heading: str, document: Document) -> Iterator[Piece]:
    """The words of a consolidated document under its heading, its tables, and those among its words."""
    blocks = [block for chapter in document.chapters for block in chapter.blocks]
    words = tuple(block.text for block in blocks if isinstance(block, Paragraph))
    footer = f"{document.unit_name}　{document.title}"
    yield _piece("说明", "汇总范围", footer, words=words, heading=heading)
    for sheet in document.tables:
        plan = plan_statutory(sheet)
        leaf = Leaf(sheet, lay_out(sheet, addressed=False), plan, CHAPTER_HEADING - 1, f"table-{sheet.key}")
        yield _piece(leaf.label, sheet.title, footer, leaf=leaf)
    for block in blocks:
        if isinstance(block, Sheet):
            plan = plan_annex(block)
            leaf = Leaf(block, lay_out(block, addressed=False), plan, CHAPTER_HEADING, f"table-{block.key}")
            yield _piece("附表", block.title, footer, leaf=leaf)


def _piece(
    label: str,
    title: str,
    footer: str,
    *,
    words: Sequence[str] = (),
    leaf: Leaf | None = None,
    heading: str = "",
) -> Piece:
    context = {"title": heading or title, "words": words, "leaf": leaf, "footer": footer}
    return Piece(label, title, render_to_string("print/book_piece.html", context))
