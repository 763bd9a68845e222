"""Typing tables: what is saved, and what is derived beside it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from budgets import tablesets
from budgets.admin.declaring import grids_of
from budgets.admin.editing import changes
from budgets.admin.entry_grids import BY_KEY
from budgets.admin.saving_words import told
from budgets.domain.facts import Fact
from budgets.domain.plans import planned
from budgets.domain.terms import Family, Flow, Fund, Stage
from budgets.models import ExpenditureLine, Goal, Indicator
from tests.makers.clean_budget import clean
from tests.makers.disclosures import a_disclosure, some_subjects
from tests.makers.facts import small_budget, yuan

from .forms import fields, page_of, row_of

pytestmark = pytest.mark.django_db
GENERAL = "expenditure-general_public"
TYPED = [key for key in BY_KEY if any(key in grids_of(each) for each in tablesets.SETS.values())]


@pytest.fixture
def disclosure():
    some_subjects()
    return a_disclosure()


def in_a_set_with(key: str):
    """The small budget in the first set that types such a page; accounts with what was planned and with balances by item."""
    table_set = next(name for name, each in tablesets.SETS.items() if key in grids_of(each))
    facts = list(small_budget())
    if tablesets.get(table_set).stage is Stage.FINAL:
        facts += planned(replace(clean(), facts=small_budget()))
        facts += [
            Fact(Family.FUND_ITEM, yuan("3.00"), fund=fund, function="2080505", flow=Flow.CLOSING)
            for fund in (Fund.GOVERNMENT_FUND, Fund.STATE_CAPITAL)
        ]
    some_subjects()
    return a_disclosure(facts=facts, table_set=table_set)


def test_only_pages_of_a_family_that_no_set_prints_are_typed_in_none():
    for key in set(BY_KEY) - set(TYPED):
        family = getattr(BY_KEY[key].model, "FAMILY", None)
        printed = [each.prints(family) if family else each.lists(key) for each in tablesets.SETS.values()]
        assert not any(printed)


@pytest.mark.sweep(4)
@pytest.mark.parametrize("key", TYPED)
def test_saving_an_untouched_page_changes_nothing(accountant, key):
    from budgets import ledger

    disclosure = in_a_set_with(key)
    before = ledger.read(disclosure)
    url = page_of(disclosure, key)
    assert accountant.post(url, fields(accountant.get(url))).status_code == 302
    assert ledger.read(disclosure) == before
    version = disclosure.version
    disclosure.refresh_from_db()
    assert disclosure.version == version and not changes(disclosure).exists()


@pytest.mark.parametrize("key", list(grids_of(tablesets.get("shanghai_2023"))))
def test_another_set_is_typed_in_its_own_unit(accountant, disclosure, key):
    """The Shanghai set prints yuan, splits its codes, and has the 三公 items side by side."""
    from budgets import ledger

    type(disclosure).objects.filter(pk=disclosure.pk).update(table_set="shanghai_2023")
    before = ledger.read(type(disclosure).objects.get(pk=disclosure.pk))
    url = page_of(disclosure, key)
    page = accountant.get(url)
    assert page.context["page"].unit == "元"
    assert accountant.post(url, fields(page)).status_code == 302
    assert ledger.read(type(disclosure).objects.get(pk=disclosure.pk)) == before


def test_what_a_set_does_not_print_is_not_typed(accountant, disclosure):
    type(disclosure).objects.filter(pk=disclosure.pk).update(table_set="shanghai_2023")
    assert accountant.get(page_of(disclosure, "procurement")).status_code == 404
    assert accountant.get(reverse("admin:budgets_disclosure_goals", args=[disclosure.pk])).status_code == 404
    hub = accountant.get(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
    parts = {task.key for _, tasks in hub.context["desk"].groups for task in tasks}
    assert "revenue" in parts and "procurement" not in parts and "goals" not in parts


def test_a_row_is_typed_in_the_printed_unit_and_kept_in_yuan(accountant, disclosure):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    blank = row_of(data, "")
    response = accountant.post(
        url, data | {f"{blank}-function": "２０８0502", f"{blank}-basic": " １,234.50 "}
    )
    assert response.status_code == 302
    line = ExpenditureLine.objects.get(function="2080502")
    assert (line.basic, line.project, line.fund) == (Decimal("12345000.00"), Decimal(0), "general_public")


def test_parents_and_totals_are_derived_after_saving(accountant, disclosure):
    page = accountant.get(page_of(disclosure, GENERAL))
    grid = page.context["page"]
    rows = {row.key: row for row in grid.rows if row.key}
    assert [row.key for row in grid.rows if row.key] == [
        "total", "201", "20103", "2010301", "208", "20805", "2080505",
    ]  # fmt: skip
    assert [cell.text for cell in rows["201"].cells] == [
        "201",
        "一般公共服务支出",
        "1,120.00",
        "820.00",
        "300.00",
    ]
    assert rows["201"].form is None and rows["2010301"].form is not None
    assert rows["total"].cells[2].text == "1,200.00"


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [("1,234.50", "12345000"), ("（5.00）", "-50000"), ("(5.00)", "-50000"), ("−5.00", "-50000"), ("１２．５", "125000"),
     ("", "0"), ("-", "0"), ("0", "0"), ("0.01", "100")],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(accountant, disclosure, typed, yuan):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    accountant.post(url, data | {f"{row_of(data, '2080505')}-basic": typed})
    assert ExpenditureLine.objects.get(function="2080505").basic == Decimal(yuan)


def test_a_code_in_full_width_digits_keeps_its_name_when_the_page_comes_back(accountant, disclosure):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    wide = {
        f"{row_of(data, '2080505')}-function": "２０８ ０５０５",
        f"{row_of(data, '2080505')}-basic": "三",
    }
    page = accountant.post(url, data | wide).text
    assert "２０８ ０５０５" in page and "没有这个科目" not in page
    assert (
        "没有这个科目"
        in accountant.post(url, data | wide | {f"{row_of(data, '2080505')}-function": "２０８ ９"}).text
    )


def test_an_unknown_code_is_kept_and_named_with_its_neighbours(accountant, disclosure):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    blank = row_of(data, "")
    response = accountant.post(
        url, data | {f"{blank}-function": "2010302", f"{blank}-basic": "1"}, follow=True
    )
    assert "没有这个科目" in response.text
    assert "2010301 行政运行" in response.text
    hub = accountant.get(reverse("admin:budgets_disclosure_change", args=[disclosure.pk]))
    assert f"{url}?mark=2010302#r-2010302" in hub.text


def test_rows_are_removed_by_their_box(accountant, disclosure):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    accountant.post(url, data | {f"{row_of(data, '2080505')}-DELETE": "on"})
    assert list(ExpenditureLine.objects.values_list("function", flat=True)) == ["2010301"]


def test_a_fixed_form_has_the_printed_rows_with_its_sums(accountant, disclosure):
    grid = accountant.get(page_of(disclosure, "three_public")).context["page"]
    sums = {row.key: row.cells[1].text for row in grid.rows if row.form is None}
    assert sums == {"total": "3.00", "three_public": "3.00", "overseas_visits": "", "vehicles": "2.00"}


def test_the_history_counts_what_was_typed(accountant, disclosure):
    def saved(key: str, **typed: str) -> str:
        url = page_of(disclosure, key)
        data = fields(accountant.get(url))
        accountant.post(url, data | typed)
        return told(changes(disclosure).first()).words.partition("：")[2]

    assert saved("three_public", **{"rows-0-general_public": "1"}) == "增 1 行"
    assert saved("three_public", **{"rows-0-general_public": "2"}) == "改 1 行"
    assert saved("organizations", **{"rows-0-name": "甲", "rows-1-name": "乙"}) == "增 2 行"
    assert saved("organizations", **{"rows-0-ORDER": "2", "rows-1-ORDER": "1"}) == "改动顺序"
    data = fields(accountant.get(page_of(disclosure, GENERAL)))
    assert saved(GENERAL, **{f"{row_of(data, '2080505')}-DELETE": "on"}) == "删 1 行"


def test_order_of_records_is_asked_for(accountant, disclosure):
    url = page_of(disclosure, "organizations")
    data = fields(accountant.get(url))
    data |= {"rows-0-name": "甲", "rows-0-ORDER": "2", "rows-1-name": "乙", "rows-1-ORDER": "1"}
    accountant.post(url, data)
    assert list(disclosure.organizations.values_list("name", flat=True)) == ["乙", "甲"]
    assert (
        "请填写单位名称" in accountant.post(url, fields(accountant.get(url)) | {"rows-2-rank": "正科"}).text
    )


def test_a_goal_is_typed_with_its_indicators(accountant, disclosure):
    goals = reverse("admin:budgets_disclosure_goals", args=[disclosure.pk])
    data = fields(accountant.get(goals))
    accountant.post(goals, data | {"rows-0-project": "窗口", "rows-1-project": "网络"})
    goal = Goal.objects.get(project="窗口")
    url = reverse("admin:budgets_disclosure_goal", args=[disclosure.pk, goal.pk])
    data = fields(accountant.get(url)) | {"goals": "保障窗口运行"}
    data |= {
        "rows-0-dimension": "产出指标",
        "rows-0-name": "办结率",
        "rows-0-comparator": "≥",
        "rows-0-value": "98",
    }
    assert accountant.post(url, data | {"rows-0-unit": "%"}).status_code == 302
    indicator = Indicator.objects.get(goal=goal)
    assert (indicator.comparator, indicator.value, indicator.unit) == ("≥", "98", "%")
    data = fields(accountant.get(goals))
    accountant.post(goals, data | {"rows-0-ORDER": "2", "rows-1-ORDER": "1"})
    assert list(disclosure.goals.values_list("project", flat=True)) == ["网络", "窗口"]
    assert Indicator.objects.filter(goal__project="窗口").count() == 1


def test_basic_data_and_chapters_keep_what_was_typed(accountant, disclosure):
    url = reverse("admin:budgets_disclosure_basics", args=[disclosure.pk])
    bad = accountant.post(url, fields(accountant.get(url)) | {"approved_on": "去年", "contact": "电话"})
    assert bad.status_code == 200 and fields(bad)["contact"] == "电话"
    accountant.post(url, fields(accountant.get(url)) | {"approved_on": "2023-01-16", "status": "published"})
    disclosure.refresh_from_db()
    assert (str(disclosure.approved_on), disclosure.status) == ("2023-01-16", "draft")
    url = reverse("admin:budgets_disclosure_chapter", args=[disclosure.pk, "overview"])
    text = "一行\n<script>alert(1)</script>"
    accountant.post(url, fields(accountant.get(url)) | {"text": text})
    assert disclosure.narratives.get(key="overview").text.replace("\r\n", "\n") == text
    assert "<script>alert(1)" not in accountant.get(url).text


def test_codes_are_suggested_with_those_to_be_checked(accountant, disclosure):
    from budgets.models import Subject

    Subject.objects.filter(code="2080505").update(confidence="low")
    codes = accountant.get(reverse("admin:budgets_subject_codes", args=[2023, "function"])).json()
    assert codes["2010301"] == ["行政运行", False, "xzyx"]
    assert codes["2080505"][1] is True
    assert accountant.get(reverse("admin:budgets_subject_codes", args=[2023, "nonsense"])).status_code == 404
    assert "建议核对" in accountant.get(page_of(disclosure, GENERAL)).text


@pytest.mark.parametrize(
    "typed", ["2080505机关事业单位基本养老保险缴费支出", "[2080505] 机关事业单位", "2080505 机关"]
)
def test_a_code_copied_with_its_name_is_the_code(accountant, disclosure, typed):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    own = row_of(data, "2080505")
    answer = accountant.post(url, data | {f"{own}-function": typed, f"{own}-basic": "7.00"})
    assert answer.status_code == 302
    assert ExpenditureLine.objects.get(function="2080505").basic == Decimal(70_000)


def test_rows_without_a_code_are_not_called_the_same_code(accountant, disclosure):
    url = page_of(disclosure, GENERAL)
    data = fields(accountant.get(url))
    blank = [
        name.partition("-function")[0]
        for name, code in data.items()
        if name.endswith("-function") and not code
    ]
    page = accountant.post(url, data | {f"{row}-basic": "1.00" for row in blank[:2]}).text
    assert len(blank) > 1 and "同一科目只能有一行" not in page
