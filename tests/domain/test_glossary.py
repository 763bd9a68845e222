"""Terms: each explained once, found by their longest name, and in the document's own words where it has some."""

from dataclasses import replace

from budgets.domain.documents import Chapter, Paragraph
from budgets.domain.glossary import Glossary, Term, bare, defined_by, localised
from budgets.domain.plain_terms import TERMS
from tests.makers.sample_document import document


def test_every_name_means_one_term():
    names = [name for term in TERMS for name in {bare(name) for name in (term.name, *term.also)}]
    assert len({term.key for term in TERMS}) == len(TERMS) > 40
    assert len(set(names)) == len(names)
    assert all(term.text.endswith("。") and len(term.text) < 120 for term in TERMS)


def test_the_longest_name_is_found():
    found = [
        (term.key, start)
        for start, _, term in Glossary(TERMS).find("事业单位经营收入和事业收入，公务用车购置费")
    ]
    assert found == [("business", 0), ("service", 9), ("vehicle_purchase", 14)]


def test_a_short_word_is_not_looked_for_in_texts():
    assert [*Glossary(TERMS).find("批复以后更正")] == []


def test_what_the_document_says_comes_first():
    terms = Glossary(TERMS, document()).terms
    assert terms["basic"].own
    assert terms["basic"].text.startswith("为保障机构正常运转")
    assert terms["agency_running_costs"].name == "机关运行费"
    assert not terms["procurement"].own
    assert [name for name, _ in defined_by(document())][:2] == ["一般公共预算拨款收入", "事业收入"]


def test_its_other_words_are_explained_too_and_other_chapters_define_nothing():
    own = Chapter(
        "term_definitions", "八", "名词解释", (Paragraph("（一）专项债券：指为有收益的公益项目发行的债券。"),)
    )
    glossary = Glossary(TERMS, replace(document(), chapters=(own,)))
    assert [term.text for _, _, term in glossary.find("安排专项债券 5 万元")] == [
        "为有收益的公益项目发行的债券。"
    ]
    elsewhere = replace(own, key="overview")
    assert [*defined_by(replace(document(), chapters=(elsewhere,)))] == []


def test_without_terms_nothing_is_found():
    assert [*Glossary([]).find("基本支出")] == []
    assert [term.key for _, _, term in Glossary([Term("a", "基本支出", "…")]).find("基本支出")] == ["a"]


def test_a_regions_words_come_before_the_portals_and_behind_the_documents():
    local = (
        Term("local_1", "政府采购", "本县的采购。", ("集中采购",), source="县办法"),
        Term("local_2", "基本支出", "本县的基本支出。", source="县办法"),
        Term("local_3", "乡村振兴衔接资金", "另一种钱。", source="县办法"),
    )
    terms = localised(TERMS, local)
    assert len(terms) == len(TERMS) + 1
    glossary = Glossary(terms, document())
    found = [term.text for _, _, term in glossary.find("集中采购、政府采购、乡村振兴衔接资金")]
    assert found == ["本县的采购。", "本县的采购。", "另一种钱。"]
    assert glossary.terms["basic"].own and "本县" not in glossary.terms["basic"].text
    assert localised(TERMS, ()) == TERMS, "the control"
