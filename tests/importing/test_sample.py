"""The two sample files: what they say is what expected.json says, and nothing of them is left over."""

from collections import Counter
from functools import cache

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.documents import Document, Paragraph, Sheet
from budgets.domain.terms import AssetItem, Comparator, Family
from budgets.importing.comparing.reports import Part
from budgets.importing.pipeline import take_in
from budgets.importing.taken import Taken
from tests.makers.sample_files import TABLES, expected, taken, word, workbook

SOURCES = {"xlsx": workbook, "docx": word}


@cache
def result(kind: str) -> Taken:
    return taken(SOURCES[kind]())


@cache
def document(kind: str) -> Document:
    ledger = result(kind).ledger
    return compose(tablesets.get(ledger.table_set), ledger, subjects_of(2023))


def statutory() -> list[dict]:
    return [section for section in expected()["sections"] if section["kind"] == "table"]


def chapters() -> list[dict]:
    return [section for section in expected()["sections"] if section["kind"] == "chapter"]


def as_expected(sheet: Sheet) -> dict:
    return {
        "title": sheet.title,
        "meta": list(sheet.meta),
        "columns": [list(column.path) for column in sheet.columns],
        "rows": [[cell.text for cell in row.cells] for row in sheet.rows],
        "notes": list(sheet.notes),
    }


@pytest.mark.parametrize("kind", SOURCES)
def test_nothing_differs_and_nothing_is_left_unread(kind):
    found = result(kind)
    assert (found.differences, found.suspects, found.unread, found.errors) == ([], [], [], [])
    assert found.complete


@pytest.mark.parametrize("kind", SOURCES)
def test_the_nine_tables_rest_on_39_facts(kind):
    assert Counter(fact.family for fact in result(kind).ledger.facts) == {
        Family.REVENUE: 6,
        Family.EXPENDITURE: 7,
        Family.BASIC_EXPENDITURE: 23,
        Family.THREE_PUBLIC: 2,
        Family.FUND: 1,
    }


def test_both_files_hold_the_same_facts():
    assert result("xlsx").ledger.facts == result("docx").ledger.facts


@pytest.mark.sweep(3)
@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("number", range(9))
def test_each_statutory_table_prints_word_for_word_as_published(kind, number):
    wanted = {key: statutory()[number][key] for key in ("title", "meta", "columns", "rows", "notes")}
    assert as_expected(document(kind).tables[number]) == wanted


@pytest.mark.parametrize("kind", SOURCES)
def test_the_statutory_tables_are_reported_in_their_places(kind):
    found = result(kind).tables[:9]
    assert [table.key for table in found] == list(TABLES)
    titles = [section["title"] for section in statutory()]
    assert [table.title for table in found] == titles
    if kind == "docx":
        assert [table.sheet for table in found] == titles


def test_the_workbook_holds_facts_only_and_the_word_file_everything():
    assert result("xlsx").parts == {Part.FACTS}
    assert result("docx").parts == set(Part) - {
        Part.PROJECTS,
        Part.SERVICES,
        Part.UNIT_ROWS,
        Part.LAST_YEAR,
    }  # its set prints none


def test_title_lead_and_chapters_are_those_of_the_narrative():
    title = next(section for section in expected()["sections"] if section["kind"] == "title")
    printed = document("docx")
    assert (printed.narrative_title, printed.lead) == (title["text"], title["lead"])
    assert [(c.number, c.title) for c in printed.chapters] == [(c["number"], c["title"]) for c in chapters()]
    assert [c.key for c in printed.chapters] == [word.key for word in tablesets.get("hebei_2023").chapters]


@pytest.mark.parametrize("number", range(9))
def test_each_chapter_prints_its_paragraphs_and_annex_tables_in_order(number):
    printed, wanted = document("docx").chapters[number], chapters()[number]
    flat = []
    for block in wanted["blocks"]:
        if block["kind"] == "text":
            flat += [" ".join(text.split()) for text in block["paragraphs"]]
        else:
            flat.append({key: block[key] for key in ("title", "meta", "columns", "rows", "notes")})
    blocks = printed.blocks
    assert [" ".join(b.text.split()) if isinstance(b, Paragraph) else as_expected(b) for b in blocks] == flat


def test_there_are_94_paragraphs_and_nine_annex_tables():
    blocks = [block for chapter in document("docx").chapters for block in chapter.blocks]
    assert sum(isinstance(block, Paragraph) for block in blocks) == 94
    assert sum(isinstance(block, Sheet) for block in blocks) == 9


def test_goals_keep_their_lines_and_their_targets_in_three_parts():
    goals = result("docx").ledger.goals
    tables = [b for c in chapters() for b in c["blocks"] if b["kind"] == "table" and b["id"].startswith("P")]
    wanted = [table["goals"] for table in tables if "goals" in table]
    assert [list(goal.goals) for goal in goals] == wanted
    targets = {i.target: (i.comparator, i.value, i.unit) for goal in goals for i in goal.indicators}
    assert targets["≥98百分比"] == (Comparator.AT_LEAST, "98", "百分比")
    assert targets["≤11万"] == (Comparator.AT_MOST, "11", "万")
    assert targets["≤80.66万元"] == (Comparator.AT_MOST, "80.66", "万元")
    assert targets["≥36宗/批"] == (Comparator.AT_LEAST, "36", "宗/批")
    assert targets["1栋"] == (Comparator.NONE, "1", "栋")
    assert targets["8个"] == (Comparator.NONE, "8", "个")


def test_organisation_assets_and_the_empty_procurement_are_read():
    ledger = result("docx").ledger
    assert [(o.name, o.nature, o.rank, o.funding) for o in ledger.organizations] == [
        ("乐亭县行政审批局", "行政", "正科级", "财政拨款")
    ]
    assert {(a.item, a.quantity, a.book_value) for a in ledger.assets} == {
        (AssetItem.BUILDINGS, None, 18_078_000),
        (AssetItem.OFFICE_SPACE, 12147, 18_033_700),
        (AssetItem.VEHICLES, 1, 197_500),
        (AssetItem.OTHER, None, 2_313_100),
    }
    assert ledger.assets_as_of.isoformat() == "2022-12-31"
    assert ledger.procurements == ()


def test_the_projects_listed_in_the_text_are_read_with_their_goals():
    projects = result("docx").ledger.projects
    assert [project.name for project in projects] == [
        "审批局公共资源专项费用",
        "审批中心办公楼运维及保洁服务费",
        "网络运行维护费",
        "大厅业务经费",
        "大厅专家评审及中介费用",
        "土地交易经费",
    ]
    assert all(len(project.goals) == 2 for project in projects)


def test_no_chapter_needs_an_anchor_for_its_tables():
    assert not any("[[" in narrative.text for narrative in result("docx").ledger.narratives)


@pytest.mark.parametrize(
    ("source", "sheet", "cell"),
    [(workbook, "一般公共预算财政拨款支出表", "F9"), (word, "部门预算一般公共预算财政拨款支出表", "F8")],
)
def test_every_amount_says_where_it_was_read(source, sheet, cell):
    found = taken(source())
    by_name = {origin.name: origin for origin in found.origins}
    origin = by_name["支出 一般公共预算 2010301 行政运行 项目支出"]
    assert (origin.amount, origin.sheet, origin.cell) == ("188.94", sheet, cell)
    assert len(by_name) == len(found.ledger.facts) == 39
    assert all(each.sheet and each.cell for each in found.origins)


def test_a_file_of_another_year_says_so_once():
    found = take_in(workbook(), region="130225", unit="483", year=2024, subjects=subjects_of)
    about_years = [f for f in found.findings if "2023" in f.message and "2024" in f.message]
    assert [f.rule for f in about_years] == ["intake-year"]
