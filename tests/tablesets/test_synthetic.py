"""Forms of no place use every element of the language: sound, tied when drawn, filled in and read again, printed, typed."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client

from budgets import rules, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.declarations import faults
from budgets.domain.facts import Fact
from budgets.domain.identities import amounts, broken, identities
from budgets.domain.ledgers import Ledger, Narrative, Project, Service
from budgets.domain.places import CellRef
from budgets.domain.suspects import suspects
from budgets.domain.tables import Balance
from budgets.domain.terms import Family, Flow, Fund, Origin, Use
from budgets.forms.template import template_workbook
from budgets.importing.pipeline import take_in
from budgets.ledger import read
from budgets.rendering.html.disclosure_pages import disclosure_page
from budgets.rendering.html.reading import readings
from budgets.rendering.workbook.xlsx import workbook
from budgets.synthetic.draws import random_facts
from budgets.synthetic.ledgers_drawn import unit_rows_of
from budgets.workflow.drafts import draft_of
from tests.makers.disclosures import a_disclosure, some_subjects
from tests.makers.sample_document import imprint
from tests.tablesets.synthetic import SYNTHETIC, declare

from ..admin.forms import enter, fields, of

YEAR = 2023
every = pytest.mark.parametrize("key", SYNTHETIC)


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch)


def a_ledger(key: str, seed: int) -> Ledger:
    projects = (Project("窗口运行", Decimal(100000)), Project("系统维护", Decimal(250000)))
    chapter = SYNTHETIC[key].chapters[1] if key in SYNTHETIC else None
    written = (Narrative(chapter.key, chapter.title, "无。"),) if chapter else ()
    services = (
        Service("窗口运行", "物业管理", "C0701", general_public=Decimal(40000), own_funds=Decimal(10000)),
        Service("系统维护", "系统运行维护", state_capital=Decimal(250000)),
    )
    facts = random_facts(seed, key)
    return Ledger(
        key, "130225", "乐亭县", "483", "某局", YEAR, facts=facts, projects=projects,
        narratives=written, services=services if key in SYNTHETIC and SYNTHETIC[key].lists("services") else (),
        unit_rows=unit_rows_of(("483", "某局"), facts, Decimal(100)) if key == "unit_rows" else (),
    )  # fmt: skip


@every
@pytest.mark.sweep(0, 3)
def test_it_is_sound_and_its_budgets_tie(key: str) -> None:
    table_set = SYNTHETIC[key]
    assert faults(table_set) == []
    for seed in range(20):
        ledger = a_ledger(key, seed)
        cells = amounts(compose(table_set, ledger, subjects_of(YEAR)).tables)
        assert broken(identities(table_set, cells), cells) == []
        told = {
            finding.rule for finding in rules.check(ledger, subjects_of(YEAR)) if finding.severity == "error"
        }
        assert told <= {"chapters-written"}, told


@every
def test_what_is_printed_is_taken_in_again(key: str) -> None:
    table_set, ledger = SYNTHETIC[key], a_ledger(key, 4)
    book = workbook(compose(table_set, ledger, subjects_of(YEAR)))
    found = take_in(
        BytesIO(book), name="表.xlsx", region="130225", unit="483", unit_name="某局", year=YEAR,
        table_set=key, subjects=subjects_of(YEAR),
    )  # fmt: skip
    assert (found.differences, found.unread) == ([], [])
    assert set(found.ledger.facts) == set(ledger.facts)
    for source in ("projects", "services", "unit_rows"):
        if table_set.lists(source):
            assert getattr(found.ledger, source) == getattr(ledger, source)


@every
@pytest.mark.slow
def test_its_form_is_taken_in_as_it_was_given_out(key: str) -> None:
    form = template_workbook(SYNTHETIC[key], year=YEAR, unit_code="483", unit_name="某局", region_name="某县")
    found = take_in(
        BytesIO(form), name="form.xlsx", region="130225", unit="483", unit_name="某局", region_name="某县",
        year=YEAR, table_set=key, subjects=subjects_of(YEAR),
    )  # fmt: skip
    assert [finding.rule for finding in found.findings] == ["intake-empty"]
    assert (found.differences, found.unread) == ([], [])


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("by_fund", ("单位预留机动经费", "政府性基金预算", "项目支出表", "系统维护")),
        ("plain_classes", ("一般公共服务支出",)),
        ("worded_unit", ("单位预算收支总表",)),
        ("events", ("四、会议费", "五、培训费", "上年预算数")),
        ("by_economic", ("按功能分类和部门预算经济分类", "工资福利支出", "离休费", "资本性支出")),
        ("unit_rows", ("部门所属单位支出预算表", "483001", "某局本级", "演示中心")),
        ("services", ("政府购买服务预算表", "系统运行维护", "C0701", "30.00")),
    ],
)
def test_its_page_prints_what_is_new(key: str, said: tuple[str, ...]) -> None:
    page = disclosure_page(compose(SYNTHETIC[key], a_ledger(key, 4), subjects_of(YEAR)), imprint())
    assert all(words in page for words in said)
    assert key != "plain_classes" or (
        "一、一般公共服务支出" not in page and "国有资本经营预算财政拨款" not in page
    )


def test_a_phone_says_which_of_two_heads_of_one_name_it_means() -> None:
    document = compose(SYNTHETIC["by_economic"], a_ledger("by_economic", 3), subjects_of(YEAR))
    sheet = next(sheet for sheet in document.tables if sheet.key == "by_economic")
    more = [
        words
        for each in readings(sheet, range(len(sheet.rows)))
        for one in each.entries
        for words in one.more
    ]
    heads = {words.rpartition(" ")[0] for words in more}
    assert {"基本支出·商品和服务支出", "项目支出·商品和服务支出", "工资福利支出"} <= heads


@pytest.mark.parametrize(
    ("key", "columns"),
    [
        ("by_fund", {("expenditure", "reserve"), ("revenue", "general_public")}),
        ("by_economic", {("by_economic", "basic_301"), ("by_economic", "basic_30301"), ("by_economic", "project_310")}),
    ],
)  # fmt: skip
def test_one_changed_cell_of_a_new_column_is_named(key: str, columns: set[tuple[str, str]]) -> None:
    table_set = SYNTHETIC[key]
    cells = amounts(compose(table_set, a_ledger(key, 4), subjects_of(YEAR)).tables)
    among = identities(table_set, cells)
    new = [cell for cell in cells if (cell.table, cell.column) in columns]
    assert len(new) > 4
    for cell in new:
        assert suspects(among, {**cells, cell: cells[cell] + Decimal("1.00")}) == [cell]


@pytest.mark.parametrize("key", tablesets.DECLARED, ids=lambda each: each.key)
def test_money_that_a_real_form_has_no_column_for_is_an_error_there(key) -> None:
    more = (
        Fact(Family.REVENUE, Decimal(100), function="2010302", origin=Origin.GENERAL_PUBLIC),
        Fact(Family.EXPENDITURE, Decimal(100), function="2010302", fund=Fund.GENERAL_PUBLIC, use=Use.RESERVE),
    )
    for fact in more:
        ledger = replace(a_ledger(key.key, 4), facts=(*random_facts(4, key.key), fact))
        assert "amount-printed" in {finding.rule for finding in rules.check(ledger, subjects_of(YEAR))}


def test_money_of_a_fund_that_the_form_does_not_print_is_an_error() -> None:
    ledger = a_ledger("plain_classes", 4)
    more = Fact(Family.FUND, Decimal(100), fund=Fund.STATE_CAPITAL, flow=Flow.REVENUE)
    faulty = replace(ledger, facts=(*ledger.facts, more))
    assert "amount-printed" in {finding.rule for finding in rules.check(faulty, subjects_of(YEAR))}
    assert all(
        not row.counted
        for table in SYNTHETIC["plain_classes"].tables
        if isinstance(row := table.rows, Balance)
    )


@pytest.mark.sweep(3, 3)
@pytest.mark.django_db
@every
def test_its_pages_are_typed(key: str, client: Client) -> None:
    disclosure = a_disclosure(facts=random_facts(4, key), table_set=key)
    enter(client, "accountant")
    own = {
        "events": "events",
        "services": "services",
        "by_economic": "by_economic-30301",
        "unit_rows": "unit_rows",
    }.get(key, "revenue")
    for page in (("change",), ("enter", own), ("enter", "expenditure-general_public"), ("preview",)):
        assert client.get(of(disclosure, *page)).status_code == 200
    typed = client.get(of(disclosure, "enter", "expenditure-general_public")).text
    assert ("单位预留机动经费" in typed) == (key == "by_fund")


@pytest.mark.django_db
def test_what_is_typed_of_an_economic_item_is_held_code_by_code(client: Client) -> None:
    some_subjects()
    disclosure = a_disclosure(facts=random_facts(4, "by_economic"), table_set="by_economic")
    assert "families-meet" not in {finding.rule for finding in draft_of(disclosure).findings}
    enter(client, "accountant")
    page = of(disclosure, "enter", "by_economic-399")
    sent = fields(client.get(page))
    code = next(name for name in sent if name.endswith("-function") and not sent[name])
    saved = client.post(page, sent | {code: "2010350", code.replace("-function", "-project"): "1.00"})
    assert saved.status_code == 302, saved.text[:2000]
    more = Fact(Family.BY_ECONOMIC, Decimal("10000.00"), function="2010350", economic="399", use=Use.PROJECT)
    assert more in read(disclosure).facts
    (told,) = [finding for finding in draft_of(disclosure).findings if finding.rule == "families-meet"]
    assert told.cells[0] == CellRef("by_economic", "2010350", "project") and "相差 1.00万元" in told.message
    assert "by_economic-399" in client.get(of(disclosure, "change")).text
