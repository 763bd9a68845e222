"""What citizens type (tests/public/search_phrases.txt) is answered first by what they look for, in both table sets."""

from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from django.utils.html import strip_tags

from budgets.data.search_words import SYNONYMS
from budgets.public.search import Result, find
from budgets.public.search_addresses import Asked
from budgets.publishing.listing import FIELD, PASSAGE
from tests.makers.disclosures import a_department
from tests.makers.searched_counties import a_public_text, searched_counties

pytestmark = pytest.mark.django_db
PHRASES = [
    [part.strip() for part in line.split(" | ")]
    for line in (Path(__file__).with_name("search_phrases.txt")).read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
ENOUGH = 0.95


def answers(result: Result) -> list[str]:
    """The first of each kind of answer, in the order of the page; a county only where nothing else was asked."""
    if result.nothing:
        near = [one.href for one in result.near] + [f"/?q={term}" for term in result.terms]
        return [f"?{near[0] if near else ''}"]
    found = []
    if result.places and not result.question.words:
        years = f"{result.question.year}/" if result.question.year in result.places[0].years else ""
        found.append(f"{result.places[0].href}{years}")
    found += [one.href for one in result.departments[:1]]
    return found + [one.entry.href for one in result.page.hits[:1]]


def said(result: Result) -> str:
    return "".join(
        strip_tags(f"{one.heading} {one.words}") for hit in result.page.hits[:1] for one in hit.passages
    )


def fault(phrase: str, expected: str, words: str = "") -> str:
    """What is wrong with the answer to a phrase; blank when it is as expected."""
    result = find(Asked(phrase))
    found = answers(result)
    first = [fnmatchcase(*pair) for pair in zip(found, expected.replace("?", "[?]").split(), strict=False)]
    right = len(first) == len(expected.split()) and all(first)
    # A suggestion of any kind is wrong where nothing is expected to be like the phrase.
    told = words.replace(" ", "") in said(result).replace(" ", "").replace("“", "").replace("”", "")
    return "" if right and told else f"{phrase}: {found} {said(result)[:60] if right else ''}"


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_what_is_looked_for_comes_first(step):
    """Every fifth phrase with the quick tests, all of them with the slow ones."""
    searched_counties()
    asked = PHRASES[::step]
    faults = [found for phrase in asked if (found := fault(*phrase))]
    assert len(faults) <= (1 - ENOUGH) * len(asked), "\n".join(faults)
    for wrong in (
        ("教育局", "/130225/301/"),
        ("取暖费", "/*/*/*/budget/", "潜水艇"),
        ("潜水艇", "?/130225/483/"),
    ):
        assert fault(*wrong), "a wrong answer would not be noticed"


def test_every_other_name_finds_what_documents_print():
    """One text with every printed word, none of the typed ones that are not part of it."""
    printed = sorted({word for words in SYNONYMS.values() for word in words})
    a_public_text(a_department(), PASSAGE.join(f"a{FIELD}{FIELD}{word}" for word in printed))
    lost = [typed for typed in SYNONYMS if not find(Asked(typed)).page.hits]
    assert lost == []
    assert not find(Asked("潜水艇")).page.hits, "a word of no document finds none"
