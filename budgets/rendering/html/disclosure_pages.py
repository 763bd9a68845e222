"""The public pages of a document: the disclosure, one page per table, and each table without its empty rows.

Pure: the same document and imprint give the same text. Links inside a revision are relative, so one page serves at
the latest address and at the fixed one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from os.path import commonprefix
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from budgets.domain.document_changes import DocumentChanges
from budgets.domain.documents import Chapter, Document, Paragraph, Sheet
from budgets.domain.headlines import headlines
from budgets.rendering.chapter_headings import CHAPTER_HEADING, with_headings
from budgets.rendering.excerpts import filled_rows, half_rows, halves
from budgets.rendering.html.changed_tables import shown_sentences, shown_sheet
from budgets.rendering.html.glance import breakdown
from budgets.rendering.html.html_table import table_html
from budgets.rendering.html.linked_data import data_block, dataset_of
from budgets.rendering.html.svg import share_bar
from budgets.rendering.imprint import Imprint, fixed_address, path_of
from budgets.rendering.sheet_layout import lay_out

LENGTHY = 9  # characters of an amount that still stand large beside another
SPENDING = "钱花到哪里（按功能分类）"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`heading` 0 for body text) or a sheet with its table."""

    text: str = ""
    heading: int = 0
    sheet: Sheet | None = None
    table: SafeString = SafeString("")
    shortened: bool = False


def pages(document: Document, imprint: Imprint) -> Iterator[tuple[str, str]]:
    """Every page of a revision as (path below its folder, text)."""
    yield "index.html", disclosure_page(document, imprint)
    yield "embed/index.html", embedded_figures(document, imprint)
    for sheet in document.sheets():
        yield f"tables/{sheet.key}/index.html", table_page(document, sheet.key, imprint)
        yield f"tables/{sheet.key}/nonempty/index.html", nonempty_page(document, sheet.key, imprint)
        yield f"tables/{sheet.key}/embed/index.html", embedded_table(document, sheet, imprint)


def disclosure_page(document: Document, imprint: Imprint) -> str:
    """The whole disclosure: figures, nine tables, the narrative with its tables in place, files, citation."""
    chapters = [(chapter, chapter_blocks(chapter)) for chapter in document.chapters]
    return render(
        "public/disclosure.html",
        document,
        imprint,
        root="",
        **at_a_glance(document),
        linked_data=data_block(dataset_of(document, imprint)),
        tables=[sheet_block(sheet, CHAPTER_HEADING) for sheet in document.tables],
        titles=short_titles(document),
        front=chapters[: document.before_tables],
        chapters=chapters[document.before_tables :],
        crumbs=crumbs(document, "")[:-1],
        here=document.title,
    )


def at_a_glance(document: Document) -> dict[str, Any]:
    """The large figures, and what the money is spent on."""
    spent, lines = breakdown(document), headlines(document)
    return {
        "headlines": lines,
        "lengthy": any(len(line.amount) > LENGTHY for line in lines),
        "breakdown": spent,
        "bar": share_bar(spent, title=SPENDING) if spent else "",
        "spending": SPENDING,
    }


def embedded_figures(document: Document, imprint: Imprint) -> str:
    """The large figures for a frame on another site."""
    return render("public/embed.html", document, imprint, root="../", up="../", **at_a_glance(document))


def embedded_table(document: Document, sheet: Sheet, imprint: Imprint) -> str:
    """One table for a frame on another site, without the rows that hold no number."""
    rows = filled_rows(sheet)
    table = table_html(lay_out(sheet, rows=rows), heading=1)
    return render(
        "public/embed.html", document, imprint, root="../../../", sheet=sheet, table=table, filled=len(rows)
    )


def changes_page(changes: DocumentChanges, document: Document, imprint: Imprint) -> str:
    """What a version says otherwise than the one before it; `imprint.changed` says which that is."""
    return render(
        "public/changes.html",
        document,
        imprint,
        root="../",
        head=changes.head,
        sheets=[shown_sheet(sheet, everything=False) for sheet in changes.sheets if sheet.changed],
        chapters=[
            (chapter, shown_sentences(chapter, everything=False))
            for chapter in changes.chapters
            if chapter.changed
        ],
        crumbs=crumbs(document, "../"),
        here="改了什么",
    )


def table_page(document: Document, key: str, imprint: Imprint) -> str:
    """One table on a page of its own; KeyError when the document has no such table."""
    return one_table(document, key, imprint, "../../", nonempty=False)


def nonempty_page(document: Document, key: str, imprint: Imprint) -> str:
    """One table without the rows that hold no number; KeyError when the document has no such table."""
    return one_table(document, key, imprint, "../../../", nonempty=True)


def one_table(document: Document, key: str, imprint: Imprint, root: str, *, nonempty: bool) -> str:
    sheets = list(document.sheets())
    position = {sheet.key: index for index, sheet in enumerate(sheets)}[key]
    sheet = sheets[position]
    rows = filled_rows(sheet) if nonempty else list(range(len(sheet.rows)))
    lists = [
        (name, table_html(lay_out(sheet, rows=kept, columns=columns, title=name, addressed=False), heading=0))
        for name, columns in halves(sheet)
        if (kept := half_rows(sheet, columns[0], rows, nonempty=nonempty))
    ]
    return render(
        "public/table.html",
        document,
        imprint,
        root=root,
        sheet=sheet,
        table=table_html(lay_out(sheet, rows=rows), heading=0),
        lists=lists,
        nonempty=nonempty,
        filled=len(filled_rows(sheet)),
        before=sheets[position - 1] if position else None,
        after=sheets[position + 1] if position + 1 < len(sheets) else None,
        crumbs=crumbs(document, root),
        here=f"表{sheet.number}" if sheet.number else sheet.title,
    )


def render(template: str, document: Document, imprint: Imprint, **context: Any) -> str:
    """The template with what every page of a document needs."""
    region = f"/{document.region_code}/"
    return render_to_string(
        template,
        {
            "site": imprint.site,
            "region_name": document.region_name,
            "document": document,
            "imprint": imprint,
            "latest": path_of(document),
            "fixed": fixed_address(document, imprint),
            "navigation": [("部门", region), ("年度", f"{region}{document.year}/")],
            **context,
        },
    )


def crumbs(document: Document, root: str) -> list[tuple[str, str]]:
    """The way from the county to this revision's first page, `root` from here, as (words, address)."""
    region = f"/{document.region_code}/"
    return [
        (document.region_name, region),
        (document.unit_name, f"{region}{document.unit_code}/"),
        (document.title, root or "./"),
    ]


def short_titles(document: Document) -> list[tuple[Sheet, str]]:
    """The statutory tables with their titles less the words that all of them begin with."""
    titles = [sheet.title for sheet in document.tables]
    shared = len(commonprefix(titles)) if len(titles) > 1 else 0
    return [(sheet, sheet.title[shared:] or sheet.title) for sheet in document.tables]


def sheet_block(sheet: Sheet, heading: int) -> Block:
    anchor = f"{sheet.key}-title"
    return Block(
        heading=heading,
        sheet=sheet,
        table=table_html(lay_out(sheet), heading=heading, anchor=anchor),
        shortened=0 < len(filled_rows(sheet)) < len(sheet.rows),
    )


def chapter_blocks(chapter: Chapter) -> list[Block]:
    """The chapter's paragraphs and tables with their headings."""
    return [
        Block(part.text, heading) if isinstance(part, Paragraph) else sheet_block(part, heading)
        for part, heading in with_headings(chapter)
    ]
