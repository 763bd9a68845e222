"""The disclosure as one HTML document for paper: cover, contents, statutory tables, the words with their tables.

`pdf.render_pdf` turns it into a PDF with `paper.css`. Pure: the same arguments give the same text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import segno
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from budgets.domain.documents import Chapter, Document, Paragraph
from budgets.domain.headlines import headlines
from budgets.domain.printed_parts import EXPLANATIONS, GLANCE
from budgets.rendering.chapter_headings import CHAPTER_HEADING, with_headings
from budgets.rendering.pdf.leaves import Leaf
from budgets.rendering.pdf.measure import plan_annex, plan_statutory
from budgets.rendering.pdf.paper_links import BLANK_IN_CHINESE, PaperLinks
from budgets.rendering.pictures.hundred import hundred
from budgets.rendering.pictures.shown import shown
from budgets.rendering.sheet_layout import lay_out


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`heading` 0 for body text), or a table among the words."""

    text: str = ""
    heading: int = 0
    leaf: Leaf | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter ready to be set."""

    title: str
    anchor: str
    blocks: tuple[Block, ...]


def print_html(
    document: Document,
    *,
    address: str,
    revision: int,
    published_on: date | None,
    fingerprint: str,
    band: str | None = None,
    reason: str = "",
) -> str:
    """The whole document for `pdf.render_pdf`.

    `address` is the fixed address of this revision (http or https), printed with its QR code; `fingerprint` the
    SHA-256 of the payload in hexadecimal; `reason` the public reason of a correction. A draft has a `band` (未公开)
    over every page and neither date, fingerprint nor QR code.
    """
    return render_to_string(
        "print/document.html",
        {
            "document": document,
            "address": address,
            "code": "" if band else qr_code(address),
            "revision": revision,
            "published_on": published_on,
            "digest": [fingerprint[start : start + 8] for start in range(0, len(fingerprint), 8)],
            "fingerprint": " ".join(fingerprint[start : start + 4] for start in (0, 4, 8)).strip(),
            "approved_on": date.fromisoformat(document.approved_on) if document.approved_on else None,
            "band": band,
            "reason": reason,
            "title": title_lines(document),
            "contents": list(contents(document)),
            "headlines": headlines(document),
            **shown(document),
        },
    )


def contents(document: Document) -> Iterator[tuple[str, Leaf | Part | str]]:
    """What follows the contents page, in order: ("table", Leaf), ("chapter", Part), ("narrative", title) …"""
    links = PaperLinks(document)
    parts = [("chapter", chapter_part(chapter, links)) for chapter in document.chapters]
    tables = [("table", leaf) for leaf in statutory(document, links)]
    front = document.before_tables
    if hundred(document):
        yield "glance", GLANCE
    if not front:
        yield from tables
    yield "narrative", document.narrative_title
    yield from parts[:front]
    if front:
        yield from tables
    yield from parts[front:]
    if document.explanations:
        yield "explanations", EXPLANATIONS


def title_lines(document: Document) -> list[str]:
    """The narrative's title, broken after the department's name when it begins with it."""
    title, name = document.narrative_title, document.unit_name
    return [name, title[len(name) :]] if title.startswith(name) and title != name else [title]


def statutory(document: Document, links: PaperLinks) -> Iterator[Leaf]:
    """The statutory tables, each on a page of its own; empty ones share a page as long as there is room."""
    room, page = 0.0, ""
    empty = False
    for sheet in document.tables:
        plan = plan_statutory(sheet)
        follows = empty and not sheet.rows and plan.paper.name == page and plan.height <= room
        room = (room if follows else plan.paper.height) - plan.height
        page, empty = plan.paper.name, not sheet.rows
        layout = lay_out(sheet, addressed=False)
        anchor = f"table-{sheet.key}"
        yield Leaf(sheet, layout, plan, CHAPTER_HEADING - 1, anchor, follows, links.marked(sheet))


def chapter_part(chapter: Chapter, links: PaperLinks) -> Part:
    """The chapter's title, paragraphs and tables, with their headings; amounts of its paragraphs lead to their cells."""
    blocks = []
    for part, heading in with_headings(chapter):
        if isinstance(part, Paragraph):
            text = BLANK_IN_CHINESE.sub("\xa0", part.text) if heading else links.words(chapter.key, part.text)
            blocks.append(Block(text, heading))
        else:
            layout, anchor = lay_out(part, addressed=False), f"table-{part.key}"
            blocks.append(
                Block(leaf=Leaf(part, layout, plan_annex(part), heading, anchor, marked=links.marked(part)))
            )
    numbered = f"{chapter.number}、" if chapter.number else ""
    return Part(f"{numbered}{chapter.title}", f"chapter-{chapter.key}", tuple(blocks))


def qr_code(address: str) -> SafeString:
    """The QR code of an address as SVG, with the address as its alternative text."""
    drawing = BytesIO()
    segno.make_qr(address, error="m").save(
        drawing,
        kind="svg",
        xmldecl=False,
        nl=False,
        border=0,
        omitsize=True,
        svgclass=None,
        lineclass=None,
        title=f"二维码，网址：{address}",
    )
    return mark_safe(drawing.getvalue().decode())  # noqa: S308 - segno escapes the title
