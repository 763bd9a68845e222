"""Published pages by addresses: every cell has its own, numbers lead to answers, amounts in the text to cells, old anchors still hold."""

import gzip
import re
from functools import cache

import pytest

from budgets.domain.addresses import Addressed, addresses
from budgets.domain.documents import Chapter, ColumnKind, Document
from budgets.rendering.html import disclosure_pages
from budgets.rendering.imprint import Status
from tests.makers.documents import CASES, document_of, every_document
from tests.makers.sample_document import document as sample
from tests.makers.sample_document import imprint

from .markup import find, ids, parse, words

MOST_FILES = 200


@cache
def page(table_set: str, kind: str):
    return parse(disclosure_pages.disclosure_page(document_of(table_set, kind), imprint()))


def numbers(document: Document) -> dict[str, str]:
    """The printed numbers by address, but for cells that one above covers."""
    return {
        name: row.cells[c].text
        for sheet in document.sheets()
        for row, line in zip(sheet.rows, addresses(sheet), strict=True)
        for c, (column, name) in enumerate(zip(sheet.columns, line, strict=True))
        if column.kind in (ColumnKind.AMOUNT, ColumnKind.NUMBER) and row.cells[c].text
    }


def unanswered(document: Document, root) -> list[str]:
    """The printed numbers that are no link to the answer about themselves, and anchors that stand twice or nowhere."""
    found = ids(root)
    links = {a.get("href"): words(a) for a in find(root, "a")}
    lost = [name for name, text in numbers(document).items() if links.get(f"figures/{name}/") != text]
    return lost + [name for name in numbers(document) if found.count(name) != 1]


@pytest.mark.sweep(4, 8)
@every_document
def test_every_number_leads_to_its_answer(table_set, kind):
    assert unanswered(document_of(table_set, kind), page(table_set, kind)) == []


def test_the_check_would_notice_a_number_without_one():
    """The negative control: a preview has no answers yet."""
    preview = disclosure_pages.disclosure_page(sample(), imprint(status=Status.PREVIEW))
    assert len(unanswered(sample(), parse(preview))) == len(numbers(sample())) > 200


@pytest.mark.sweep(2)
@every_document
def test_what_was_cited_by_position_still_leads_there(table_set, kind):
    """Numbers and names, which pages and the search led to."""
    found = set(ids(page(table_set, kind)))
    old = [
        sheet.cell_id(r, c)
        for sheet in document_of(table_set, kind).sheets()
        for r, row in enumerate(sheet.rows)
        for c, column in enumerate(sheet.columns)
        if column.kind in (ColumnKind.AMOUNT, ColumnKind.CAPTION) and row.cells[c].text
    ]
    assert old
    assert [name for name in old if name not in found] == []


@pytest.mark.parametrize(("table_set", "kind"), [("hebei_2023", "real"), ("shanghai_2023", "entered")])
def test_links_of_every_page_lead_to_anchors_of_the_disclosure(table_set, kind):
    document = document_of(table_set, kind)
    known = set(ids(page(table_set, kind)))
    cells = Addressed(document.sheets())
    amounts, lost = 0, []
    for path, text in disclosure_pages.pages(document, imprint()):
        for href in re.findall(r'<a[^>]* href="([^"]+)"', text):
            if match := re.fullmatch(r"(?:\.\./)*figures/([^/]+)/", href):
                lost += [] if cells.find(match[1]) else [(path, href)]
            elif match := re.fullmatch(r"(?:\.\./)*#(.+)", href):
                amounts += 1
                lost += (
                    []
                    if match[1] in known or path != "index.html" and match[1] in ids(parse(text))
                    else [(path, href)]
                )
    assert amounts > 20
    assert lost == []


def test_amounts_of_the_text_and_terms_stand_in_a_chapter_and_on_its_page():
    everything = dict(disclosure_pages.pages(sample(), imprint()))
    chapter = parse(everything["chapters/overview/index.html"])
    amounts = [a for a in find(chapter, "a") if a.get("class") == "amount"]
    assert (words(amounts[0]), amounts[0].get("href")) == (
        "990.62万元",
        "../../#balance.current_revenue.revenue",
    )
    whole = parse(everything["index.html"])
    here = [a.get("href") for a in find(whole, "a") if a.get("class") == "amount"]
    assert len(here) == 15
    assert set(here) >= {a.get("href").removeprefix("../../") for a in amounts}


def test_a_term_opens_once_a_chapter_and_its_meaning_is_on_the_page():
    for path, text in disclosure_pages.pages(sample(), imprint()):
        root = parse(text)
        opened = {
            button.get("popovertarget") for button in find(root, "button") if button.get("popovertarget")
        }
        assert opened <= set(ids(root)), path
    root = parse(text)
    for section in (
        e for e in find(page("hebei_2023", "real"), "section") if "chapter" in (e.get("class") or "")
    ):
        terms = [b.get("popovertarget") for b in find(section, "button")]
        assert len(terms) == len(set(terms))


def test_the_words_of_the_document_are_those_of_its_pages():
    text = disclosure_pages.disclosure_page(sample(), imprint())
    meaning = next(e for e in parse(text).iter() if e.get("id") == "term-basic")
    assert "为保障机构正常运转" in words(meaning)
    assert "本部门的名词解释" in words(meaning)


def test_a_revision_has_few_files_even_with_sixty_goals():
    from dataclasses import replace

    document = sample()
    goals = next(chapter for chapter in document.chapters if chapter.key == "performance")
    one = next(block for block in goals.blocks if getattr(block, "key", "") == "goal_1")
    many = tuple(replace(one, key=f"goal_{n}", title=f"{n}、项目{n}绩效目标表") for n in range(1, 61))
    chapters = tuple(
        replace(c, blocks=many) if isinstance(c, Chapter) and c is goals else c for c in document.chapters
    )
    made = [path for path, _ in disclosure_pages.pages(replace(document, chapters=chapters), imprint())]
    assert 2 * len(made) < MOST_FILES, "each with its compressed twin"
    assert len([path for path in made if path.startswith("tables/goal_")]) == 60


@pytest.mark.parametrize(("table_set", "kind"), CASES)
def test_weight(table_set, kind):
    text = disclosure_pages.disclosure_page(document_of(table_set, kind), imprint())
    assert len(gzip.compress(text.encode(), 9)) < 40 * 1024
