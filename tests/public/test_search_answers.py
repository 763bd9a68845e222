"""What is asked of all departments, of two years, of a word or of a person has an answer above the disclosures."""

import re

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.publishing.listing import passages, searchable
from budgets.synthetic.ledgers_drawn import random_ledger
from tests.makers.disclosures import a_department, a_disclosure, a_public_row, a_region
from tests.rendering.markup import find, words

from .test_search import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    """A department with two years, another with one, and a third that has published nothing; elsewhere another county."""
    for code, name, years in (
        ("360", "乐亭县教育局", (2023, 2024)),
        ("301", "乐亭县财政局", (2023,)),
        ("302", "乐亭县部门三", ()),
    ):
        department = a_department(code, name)
        for year in years:
            a_public_row(a_disclosure(department, year=year))
    other = a_region("310107", "普陀区")
    a_public_row(a_disclosure(a_department("101", "普陀区教育局", other), year=2022))


def answered(client, typed: str, **more) -> list[tuple[str, str]]:
    return [
        (find(card, "a")[0].get("href"), words(card))
        for card in find(ask(client, typed, **more), "div", "answer")
    ]


@pytest.mark.parametrize(
    "typed", ["机关运行经费", "什么是机关运行经费", "機關運行經費是什么意思", "“机关运行经费”"]
)
def test_a_word_is_explained_first(client, county, typed):
    (first, *_) = answered(client, typed)
    assert first[0] == "/glossary/#agency_running_costs" and "机关" in first[1] and "词语解释" in first[1]


@pytest.mark.parametrize(
    ("typed", "href"),
    [
        ("哪个部门三公最多", "/130225/2024/?show=three_public#look"),
        ("公务接待费最多的部门", "/130225/2024/?show=three_public#look"),
        ("采购最多的部门", "/130225/2024/?show=holdings#look"),
        ("全县一共花多少", "/130225/2024/#look"),
        ("乐亭县2023年花钱最多", "/130225/2023/#look"),
        ("普陀区三公排名", "/310107/2022/?show=three_public#look"),
    ],
)
def test_a_question_about_all_departments_leads_to_them_side_by_side(client, county, typed, href):
    (first, *_) = answered(client, typed)
    assert first[0] == href and client.get(href.partition("#")[0]).status_code == 200


def test_a_change_leads_to_the_two_years_where_both_are_public(client, county):
    assert [href for href, _ in answered(client, "教育局比去年多多少", region="130225")] == [
        "/130225/360/2024/budget/compare/"
    ]
    assert answered(client, "财政局比去年多多少") == []


def test_who_wants_to_say_something_is_led_to_those_who_are_asked(client, county):
    assert ("/130225/301/") in [href for href, _ in answered(client, "财政局联系电话")]
    assert {href for href, _ in answered(client, "提意见")} == {"/130225/", "/310107/"}


def test_words_that_ask_nothing_have_no_card(client, county):
    for typed in ("教育局", "行政运行", "没有这个词语"):
        assert answered(client, typed) == []


def test_a_row_of_the_second_list_has_its_own_code_alone():
    """Two lists side by side, each with its codes: the basic expenditure of final accounts."""
    declared = tablesets.get("shanghai_final_2024")
    document = compose(declared, random_ledger(3, declared), subjects_of(2024))
    said = [passage for _, _, passage in passages(searchable(document)) if re.match(r"30\d{3} ", passage)]
    assert len(said) > 40 and not [each for each in said if re.match(r"30\d{3} 3\d{4} ", each)]
