"""The public pages of a document: the disclosure, one page per table and per chapter, and tables without their empty rows.

Pure: the same document and imprint give the same text. Links inside a revision are relative, so one page serves at
the latest address and at the fixed one.
"""

from collections.abc import Iterator
from os.path import commonprefix
from typing import Any

from django.template.loader import render_to_string

from budgets.domain.document_changes import DocumentChanges
from budgets.domain.documents import Document, Sheet
from budgets.domain.plain_words import plain
from budgets.rendering.chapter_headings import CHAPTER_HEADING
from budgets.rendering.excerpts import filled_rows
from budgets.rendering.html.changed_tables import shown_sentences, shown_sheet
from budgets.rendering.html.compare_page import Beside, compare_context, sentences
from budgets.rendering.html.html_table import table_html
from budgets.rendering.html.large_figures import at_a_glance
from budgets.rendering.html.linked_data import data_block, dataset_of
from budgets.rendering.html.page_blocks import captions, chapter_blocks, sheet_block, shortened
from budgets.rendering.html.prose import Prose
from budgets.rendering.html.reading import readings
from budgets.rendering.imprint import Imprint, fixed_address, path_of
from budgets.rendering.sheet_layout import lay_out


def pages(document: Document, imprint: Imprint, beside: Beside | None = None) -> Iterator[tuple[str, str]]:
    """Every page of a revision as (path below its folder, text); one more where there is a year to hold it `beside`."""
    yield "index.html", disclosure_page(document, imprint, beside)
    yield "embed/index.html", embedded_figures(document, imprint)
    if beside:
        yield "compare/index.html", compare_page(document, imprint, beside)
    for sheet in document.sheets():
        yield f"tables/{sheet.key}/index.html", table_page(document, sheet.key, imprint)
        if shortened(sheet):
            yield f"tables/{sheet.key}/nonempty/index.html", nonempty_page(document, sheet.key, imprint)
    for sheet in document.tables:
        yield f"tables/{sheet.key}/embed/index.html", embedded_table(document, sheet, imprint)
    for chapter in document.chapters:
        yield f"chapters/{chapter.key}/index.html", chapter_page(document, chapter.key, imprint, beside)


def disclosure_page(document: Document, imprint: Imprint, beside: Beside | None = None) -> str:
    """The whole disclosure: sentences, figures, nine tables, the narrative with its tables in place, files, citation."""
    said = sentences(document, beside, "")
    answers = answers_from("", imprint)
    prose = Prose(document, "", imprint.marks, imprint.words, beside.alike if beside else None)
    chapters = [(chapter, chapter_blocks(chapter, prose, answers)) for chapter in document.chapters]
    glance = at_a_glance(document, imprint, prose, beside)
    return render(
        "public/disclosure.html",
        document,
        imprint,
        "",
        root="",
        beside=beside,
        sentences=said,
        description=plain(said),
        linked_data=data_block(dataset_of(document, imprint)),
        **glance,
        terms=prose.used.values(),
        answers=answers,
        tables=[sheet_block(sheet, CHAPTER_HEADING, answers, prose) for sheet in document.tables],
        titles=short_titles(document),
        front=chapters[: document.before_tables],
        chapters=chapters[document.before_tables :],
        crumbs=crumbs(document, "")[:-1],
        here=document.title,
    )


def compare_page(document: Document, imprint: Imprint, beside: Beside) -> str:
    """The disclosure beside that of the year before."""
    return render(
        "public/compare.html",
        document,
        imprint,
        "compare/",
        root="../",
        crumbs=crumbs(document, "../"),
        here="与上年相比",
        **compare_context(beside, document, "../"),
    )


def embedded_figures(document: Document, imprint: Imprint) -> str:
    """The large figures for a frame on another site."""
    return render(
        "public/embed.html",
        document,
        imprint,
        "embed/",
        root="../",
        up="../",
        **at_a_glance(document, imprint),
    )


def embedded_table(document: Document, sheet: Sheet, imprint: Imprint) -> str:
    """One table for a frame on another site, without the rows that hold no number."""
    rows = filled_rows(sheet)
    return render(
        "public/embed.html",
        document,
        imprint,
        f"tables/{sheet.key}/embed/",
        root="../../../",
        sheet=sheet,
        table=table_html(lay_out(sheet, rows=rows), heading=1),
        filled=len(rows),
    )


def changes_page(changes: DocumentChanges, document: Document, imprint: Imprint) -> str:
    """What a version says otherwise than the one before it; `imprint.changed` says which that is."""
    return render(
        "public/changes.html",
        document,
        imprint,
        "changes/",
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
    sheets, answers, prose = (
        list(document.sheets()),
        answers_from(root, imprint),
        Prose(document, root, imprint.marks, imprint.words),
    )
    position = {sheet.key: index for index, sheet in enumerate(sheets)}[key]
    sheet = sheets[position]
    first = prose.heads[key]
    rows = filled_rows(sheet) if nonempty else list(range(len(sheet.rows)))
    return render(
        "public/table.html",
        document,
        imprint,
        f"tables/{key}/{'nonempty/' if nonempty else ''}",
        root=root,
        sheet=sheet,
        table=table_html(
            lay_out(sheet, rows=rows, answers=answers, first=first, marks=prose.cell_marks), heading=0
        ),
        readings=readings(sheet, rows, first, prose.cell_marks, nonempty=nonempty),
        answers=answers,
        nonempty=nonempty,
        words=prose.listed(captions(sheet)),
        terms=prose.used.values(),
        filled=len(filled_rows(sheet)),
        before=sheets[position - 1] if position else None,
        after=sheets[position + 1] if position + 1 < len(sheets) else None,
        crumbs=crumbs(document, root),
        here=f"表{sheet.number}" if sheet.number else sheet.title,
    )


def chapter_page(document: Document, key: str, imprint: Imprint, beside: Beside | None = None) -> str:
    """One chapter on a page of its own; KeyError when the document has no such chapter."""
    position = {chapter.key: index for index, chapter in enumerate(document.chapters)}[key]
    chapter, root = document.chapters[position], "../../"
    prose = Prose(document, root, imprint.marks, imprint.words, beside.alike if beside else None)
    return render(
        "public/chapter_page.html",
        document,
        imprint,
        f"chapters/{key}/",
        root=root,
        chapter=chapter,
        blocks=chapter_blocks(chapter, prose, answers_from(root, imprint), above=1),
        answers=answers_from(root, imprint),
        terms=prose.used.values(),
        before=document.chapters[position - 1] if position else None,
        after=document.chapters[position + 1] if position + 1 < len(document.chapters) else None,
        crumbs=crumbs(document, root),
        here=chapter.title,
    )


def answers_from(root: str, imprint: Imprint) -> str:
    """The way to the pages about single cells of this revision; blank for a preview, which has none."""
    return "" if imprint.preview else f"{root}figures/"


def render(template: str, document: Document, imprint: Imprint, below: str, **context: Any) -> str:
    """The template with what every page of a document needs; `below` is its way from the revision's first page."""
    region = f"/{document.region_code}/"
    own = f"r{imprint.revision}/" if imprint.superseded else ""
    return render_to_string(
        template,
        {
            "site": imprint.site,
            "region_name": document.region_name,
            "document": document,
            "imprint": imprint,
            "latest": path_of(document),
            "address": f"{path_of(document)}{own}{below}",
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
