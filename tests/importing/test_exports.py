"""Exports of budget systems in three invented layouts, mapped once and read without a line of code for any of them."""

import io

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.codec import encode
from budgets.domain.facts import Fact
from budgets.domain.terms import BasicKind, Family, Fund, Origin, ThreePublicItem, Use
from budgets.importing.comparing.reports import Part
from budgets.importing.exports.export_layouts import (
    ExportColumn,
    ExportLayout,
    ExportSheet,
    Tells,
    likeliest,
    meaning,
)
from budgets.importing.pipeline import take_in
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken
from budgets.synthetic.draws import random_facts
from tests.makers.exports import LAYOUTS, OWN, book, told
from tests.makers.facts import yuan


def taken(content: bytes, layout: ExportLayout, key: str = "hebei_2023") -> Taken:
    return take_in(
        read(io.BytesIO(content), "导出.xlsx"),
        region="130225",
        unit=OWN[0],
        unit_name=OWN[1],
        year=2023,
        table_set=key,
        subjects=subjects_of,
        layout=encode(layout),
    )


@pytest.mark.sweep(1, 25)
@pytest.mark.parametrize("key", tablesets.SETS)
@pytest.mark.parametrize("kind", LAYOUTS)
@pytest.mark.parametrize("seed", range(6))
def test_a_random_budget_exported_comes_back_as_its_facts(seed, kind, key):
    facts = random_facts(seed, key)
    content, layout = LAYOUTS[kind](facts)
    found = taken(content, layout, key)
    assert set(found.ledger.facts) == told(facts, layout)
    assert found.parts == {Part.FACTS}
    assert (found.unread, found.differences) == ([], [])
    assert [f for f in found.findings if f.rule.startswith("intake-")] == []
    assert len(found.origins) == len(found.ledger.facts)


HEAD = ("功能", "经济", "资金", "类型", "金额")
ALL_IN_ONE = ExportLayout(
    (
        ExportSheet(
            "一张",
            tuple(
                ExportColumn(heading, holds)
                for heading, holds in zip(
                    HEAD, ("function", "economic", "fund", "use", "amount"), strict=True
                )
            ),
        ),
    ),
    (
        ("fund", "一般公共预算", "fund=general_public"),
        ("use", "人员类", "use=basic,kind=personnel"),
        ("use", "公用", "use=basic,kind=running_costs"),
        ("use", "特定目标类", "use=project"),
        ("use", "待分配", "skip"),
    ),
)
ROWS = (
    ("2010301", "30101", "一般公共预算", "人员类", 100),
    ("2010301", "30101", "一般公共预算", "人员类", 20.5),
    ("2010301", "30217", "一般公共预算", "公用", 3),
    ("2010302", "30231", "一般公共预算", "特定目标类", 7),
    ("2010302", "30231", "一般公共预算", "待分配", 999),
)


def test_one_column_more_and_it_is_no_file_of_the_layout():
    with pytest.raises(Unreadable, match="没有认出"):
        taken(book(一张=[(*HEAD, "多出的一列"), *[(*row, "备注") for row in ROWS]]), ALL_IN_ONE)


def test_what_follows_from_one_list_is_told_by_it_too():
    found = taken(book(一张=[HEAD, *ROWS]), ALL_IN_ONE)
    general = {"fund": Fund.GENERAL_PUBLIC}
    assert set(found.ledger.facts) == {
        Fact(Family.EXPENDITURE, yuan("0.01235"), **general, function="2010301", use=Use.BASIC),
        Fact(Family.EXPENDITURE, yuan("0.0007"), **general, function="2010302", use=Use.PROJECT),
        Fact(Family.BASIC_EXPENDITURE, yuan("0.01205"), economic="30101", kind=BasicKind.PERSONNEL),
        Fact(Family.BASIC_EXPENDITURE, yuan("0.0003"), economic="30217", kind=BasicKind.RUNNING_COSTS),
        Fact(Family.THREE_PUBLIC, yuan("0.0003"), **general, item=ThreePublicItem.OFFICIAL_HOSPITALITY),
        Fact(Family.THREE_PUBLIC, yuan("0.0007"), **general, item=ThreePublicItem.VEHICLE_RUNNING),
    }
    assert found.families == {Family.EXPENDITURE, Family.BASIC_EXPENDITURE, Family.THREE_PUBLIC}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("2010301", "30101", "从未见过", "人员类", 5), "“从未见过”的含义没有对应"),
        (("", "30101", "一般公共预算", "人员类", 5), "功能分类科目"),
        (("2010301", "30101", "一般公共预算", "人员类", "五千"), "五千"),
    ],
)
def test_an_amount_that_cannot_be_placed_is_told_and_keeps_the_file_from_being_saved_unseen(row, words):
    found = taken(book(一张=[HEAD, *ROWS, row]), ALL_IN_ONE)
    assert not found.complete
    assert any(words in entry.why or words in entry.text for entry in found.unread)


def test_a_total_that_its_rows_do_not_make_is_told():
    good = taken(book(一张=[HEAD, *ROWS[:4], ("合计", "", "", "", 130.5)]), ALL_IN_ONE)
    bad = taken(book(一张=[HEAD, *ROWS[:4], ("合计", "", "", "", 130)]), ALL_IN_ONE)
    assert [f.rule for f in good.findings if "export" in f.rule] == []
    (told_,) = [f for f in bad.findings if "export" in f.rule]
    assert "130.00" in told_.message and "130.50" in told_.message and "0.50" in told_.message


def test_of_another_unit_nothing_is_taken():
    content, layout = LAYOUTS["long"](random_facts(1))
    found = take_in(
        read(io.BytesIO(content), "导出.xlsx"),
        unit="999", unit_name="无关局", year=2023, subjects=subjects_of, layout=encode(layout),
    )  # fmt: skip
    assert (found.ledger.facts, found.parts) == ((), frozenset())
    assert [f.rule for f in found.errors] == ["intake-empty"]


@pytest.mark.slow
def test_a_printed_form_is_read_as_ever_where_a_layout_is_mapped():
    from tests.makers.sample_files import WORKBOOK

    _, layout = LAYOUTS["wide"](random_facts(1))
    ask = {"unit": "483", "year": 2023, "subjects": subjects_of}
    one, other = take_in(WORKBOOK, **ask), take_in(WORKBOOK, **ask, layout=encode(layout))
    assert one.ledger == other.ledger


@pytest.mark.parametrize(
    ("holds", "value", "wanted"),
    [
        ("fund", "121 政府性基金预算资金", "fund=government_fund"),
        ("use", "11 人员类项目", "use=basic,kind=personnel"),
        ("use", "特定目标类", "use=project"),
        ("origin", "财政拨款收入", "origin=fiscal_appropriation"),
        ("fund", "看不出", ""),
    ],
)
def test_what_a_value_is_likely_to_mean(holds, value, wanted):
    assert likeliest(holds, value) == wanted


@pytest.mark.parametrize("text", ["use=nothing", "nothing=basic", "x"])
def test_a_meaning_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="."):
        meaning(text)
    assert meaning("use=basic,kind=personnel") == {"use": Use.BASIC, "kind": BasicKind.PERSONNEL}
    assert Tells.REVENUE and Origin.SERVICE
