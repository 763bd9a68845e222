"""Rows of the database and the plain ledger say the same, in both directions."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.forms import modelform_factory

from budgets import ledger
from budgets.domain import ledgers
from budgets.domain.snapshots import ledger_dumps, ledger_loads
from budgets.domain.terms import AssetItem, Comparator, Origin
from budgets.models import RevenueLine, Status, Subject
from tests.makers.disclosures import a_department, a_disclosure
from tests.makers.facts import revenue, small_budget

pytestmark = pytest.mark.django_db
D = Decimal

RECORDS = {
    "organizations": (ledgers.Organization("乐亭县行政审批局", "行政", "正科级", "财政拨款"),),
    "goals": (
        ledgers.Goal(
            "网络维护",
            ("系统正常运行", "数据安全"),
            (
                ledgers.Indicator(
                    "产出指标", "质量指标", "正常率", "描述", Comparator.AT_LEAST, "98", "%", "计划"
                ),
                ledgers.Indicator("满意度指标", "服务对象", "满意度", "", Comparator.NONE, "8个", "", ""),
            ),
        ),
        ledgers.Goal("保洁"),
    ),
    "projects": (ledgers.Project("网络维护", D("444400.00"), ("目标一",)), ledgers.Project("其他")),
    "procurements": (
        ledgers.Procurement(
            "保洁",
            D("806600.00"),
            "保洁服务",
            "C21040000",
            "平方米",
            D("12147"),
            D("66.40"),
            sme_share=D("0.00"),
        ),
        ledgers.Procurement("纸张", quantity=D("0.5")),
    ),
    "assets": (
        ledgers.Asset(AssetItem.BUILDINGS, None, D("18078000.00")),
        ledgers.Asset(AssetItem.VEHICLES, D("1"), D("197500.00")),
    ),
    "narratives": (
        ledgers.Narrative(
            "mandate", "部门职责及机构设置情况", "一、部门职责\n（一）贯彻\n\n[[表：organization]]"
        ),
        ledgers.Narrative("terms", "名词解释"),
    ),
    "wording": {"balance/meta/2": "部门：万元", "goal/title": ""},
    "assets_as_of": date(2022, 12, 31),
    "approved_on": date(2023, 1, 16),
    "narrative_title": "情况说明",
    "lead": "按照规定，现公开如下：",
    "contact": "0315-0000000",
}


def test_what_was_written_is_read_back_word_for_word():
    disclosure = a_disclosure(facts=(), **RECORDS)
    facts = (*small_budget(), revenue("2080505", "0.01", Origin.BROUGHT_FORWARD))
    given = replace(ledger.read(disclosure), facts=facts, **RECORDS)
    ledger.write(disclosure, given)
    back = ledger.read(disclosure)
    assert set(back.facts) == set(facts)
    assert len(back.facts) == len(facts)
    assert replace(back, facts=()) == replace(given, facts=())
    assert ledger_loads(ledger_dumps(back)) == back


def test_the_order_of_entry_does_not_matter():
    one = a_disclosure(facts=small_budget())
    other = a_disclosure(a_department("484", "甲局"), facts=reversed(small_budget()))
    assert ledger.read(one).facts == ledger.read(other).facts


def test_facts_of_one_place_are_one_amount_and_zero_is_none():
    disclosure = a_disclosure(
        facts=(revenue("2010301", "1.00"), revenue("2010301", "2.00"), revenue("201", "0"))
    )
    assert [fact.amount for fact in ledger.read(disclosure).facts] == [D("30000.00")]


def test_line_ends_of_a_web_form_do_not_change_the_content():
    disclosure = a_disclosure(facts=(), **RECORDS)
    before = ledger.read(disclosure)
    chapter = disclosure.narratives.first()
    chapter.text = chapter.text.replace("\n", "\r\n")
    chapter.save()
    goal = disclosure.goals.first()
    goal.goals = goal.goals.replace("\n", "\r\n")
    goal.save()
    assert ledger.read(disclosure) == before


def test_amounts_finer_than_the_table_prints_are_refused():
    disclosure = a_disclosure(facts=small_budget())
    before = ledger.read(disclosure)
    with pytest.raises(ledger.CannotWrite, match="更细"):
        ledger.write(disclosure, replace(before, facts=(revenue("2010301", "0.000001"),)))
    assert ledger.read(disclosure) == before


@pytest.mark.parametrize("change", [{"unit_code": "484"}, {"year": 2024}, {"region_code": "130229"}])
def test_a_ledger_of_another_place_is_refused(change):
    disclosure = a_disclosure()
    with pytest.raises(ledger.CannotWrite, match="另一个部门"):
        ledger.write(disclosure, replace(ledger.read(disclosure), **change))


def test_only_drafts_and_returned_ones_are_written():
    disclosure = a_disclosure()
    given = ledger.read(disclosure)
    type(disclosure).objects.filter(pk=disclosure.pk).update(status=Status.WITHDRAWN)
    with pytest.raises(ledger.CannotWrite, match="已撤回"):
        ledger.write(disclosure, given)


def test_writing_raises_the_version():
    disclosure = a_disclosure()
    before = disclosure.version
    ledger.write(disclosure, ledger.read(disclosure))
    assert disclosure.version == before + 1


def test_reading_costs_a_fixed_number_of_queries(django_assert_num_queries):
    disclosure = a_disclosure(facts=small_budget(), **RECORDS)
    disclosure = type(disclosure).objects.select_related("department__region").get(pk=disclosure.pk)
    with django_assert_num_queries(13):
        ledger.read(disclosure)


def test_a_blank_amount_in_a_form_is_zero():
    form = modelform_factory(RevenueLine, fields=["disclosure", "function", "service", "other"])(
        {"disclosure": a_disclosure(facts=()).pk, "function": "2010301", "service": "3.00", "other": ""}
    )
    assert form.save().other == D("0.00")
    assert RevenueLine.objects.get().service == D("3.00")


def test_a_year_without_codes_uses_the_nearest_list():
    for year, name in ((2023, "旧名"), (2025, "新名")):
        Subject.objects.create(fiscal_year=year, scheme="function", code="201", name=name, level=1)
    names = {year: ledger.subjects_for(year).name("201") for year in (2020, 2023, 2024, 2025, 2030)}
    assert names == {2020: "旧名", 2023: "旧名", 2024: "旧名", 2025: "新名", 2030: "新名"}
