"""Tables as a phone reads them: every amount but zeros and subtotals, below the name that it belongs to, in every table set."""

from collections import Counter
from collections.abc import Iterator

import pytest

from budgets.domain.documents import Cell, Column, ColumnKind, Document, Row, Sheet
from budgets.rendering.html import reading
from budgets.rendering.html.disclosure_pages import table_page
from budgets.rendering.html.reading import Entry, readings
from tests.makers.documents import document_of, every_document
from tests.makers.sample_document import document, imprint

from .markup import find, parse, words


def entries(found: list[Entry]) -> Iterator[Entry]:
    for entry in found:
        yield entry
        yield from entries(entry.below)


def read(sheet: Sheet) -> list[Entry]:
    lists = readings(sheet, range(len(sheet.rows)))
    return list(entries([entry for each in lists for entry in [*each.entries, *each.idle]]))


def missing(of: Document) -> list[str]:
    """Tables of which an amount is not read."""
    out = []
    for sheet in of.sheets():
        wanted = Counter(
            row.cells[n].text
            for row in sheet.rows
            for n, column in enumerate(sheet.columns)
            if column.kind == ColumnKind.AMOUNT and row.cells[n].amount and column.path[-1] != "小计"
        )
        told = Counter(
            text.rpartition(" ")[2] for entry in read(sheet) for text in [f" {entry.value}", *entry.more]
        )
        out += [sheet.key] if wanted - told else []
    return out


@pytest.mark.sweep(2)
@every_document
def test_every_amount_is_read(table_set, kind):
    assert missing(document_of(table_set, kind)) == []


def test_an_amount_that_is_left_out_would_be_noticed(monkeypatch):
    monkeypatch.setattr(reading, "says_more", lambda *_: False)
    assert "expenditure" in missing(document())


def sheet(key: str) -> Sheet:
    return next(sheet for sheet in document().sheets() if sheet.key == key)


def test_what_belongs_to_a_name_is_folded_below_it():
    (one,) = readings(sheet("expenditure"), range(15))
    assert [(entry.name, entry.value, entry.total) for entry in one.entries[:3]] == [
        ("合计", "990.62", True),
        ("一般公共服务支出", "785.81", False),
        ("社会保障和就业支出", "78.88", False),
    ]
    office = one.entries[1].below[0]
    assert [(e.name, e.code, e.value, e.more) for e in office.below] == [
        ("行政运行", "2010301", "785.81", ["基本支出 596.87", "项目支出 188.94"])
    ]


def test_a_balance_table_is_two_lists_and_what_says_nothing_is_kept_apart():
    income, spending = readings(sheet("balance"), range(34))
    assert (income.title, spending.title) == ("收入", "支出")
    assert [entry.value for entry in income.entries] == ["990.62"] * 3
    assert (len(income.idle), len(spending.idle)) == (9, 28)
    assert all(not entry.value for entry in income.idle + spending.idle)


def test_of_two_lists_of_codes_each_has_its_own_codes_and_its_total():
    accounts = document_of("shanghai_final_2024", "real")
    table = next(s for s in accounts.tables if s.key == "basic_expenditure")
    staff, office = readings(table, range(len(table.rows)))
    assert (staff.title, office.title) == ("人员经费", "公用经费")
    assert [(each.entries[0].code, each.entries[0].name) for each in (staff, office)] == [
        ("301", "工资福利支出"), ("302", "商品和服务支出")
    ]  # fmt: skip
    assert [(each.entries[-1].name, each.entries[-1].value) for each in (staff, office)] == [
        ("人员经费合计", "4884.09"), ("公用经费合计", "480.66")
    ]  # fmt: skip
    page = parse(table_page(accounts, "basic_expenditure", imprint()))
    (code,) = [cell for cell in find(page, "td", "code") if words(cell) == "302"]
    assert code.get("headers", "").split()[0] == "basic_expenditure.302.name_right"


def test_goals_are_pairs_of_indicator_and_target():
    (one,) = readings(sheet("goal_1"), range(5))
    first = one.entries[0]
    assert (first.group, first.name, first.value, first.more) == (
        "产出指标", "年度内审批业务量", "≥5000件", ["数量指标"]
    )  # fmt: skip
    assert [entry.group for entry in one.entries[1:]][-1] == "满意度指标"


def test_a_table_without_names_is_read_by_its_heads():
    shanghai = document_of("shanghai_2023", "real")
    found = {e.name: e.value for e in read(next(s for s in shanghai.tables if s.key == "three_public"))}
    assert found["机关运行经费预算数"] == "229.43" and found["“三公”经费预算数：公务接待费"] == "0.95"


def test_the_page_holds_the_list_once_and_the_table_once():
    page = parse(table_page(document(), "expenditure", imprint()))
    assert len(find(page, "table")) == 1
    (shown,) = find(page, "div", "reading")
    assert "住房保障支出 221 基本支出 55.24 55.24" in words(shown)


def test_of_a_goal_of_accounts_what_was_reached_is_read_first_and_the_target_stands_beside_it():
    columns = (
        Column("name", ("三级指标",), ColumnKind.CAPTION),
        Column("target", ("指标值",), ColumnKind.TEXT),
        Column("result", ("完成值",), ColumnKind.TEXT),
    )
    rows = (
        Row("1", 1, (Cell("及时率"), Cell("≥95%"), Cell("100%"))),
        Row("2", 1, (Cell("满意度"), Cell("≥90%"), Cell(""))),
    )
    sheet = Sheet("goal_1", None, "绩效目标完成情况表", (), columns, rows)
    ((first, second),) = [reading.entries for reading in readings(sheet, range(2))]
    assert (first.name, first.value, first.more) == ("及时率", "100%", ["指标值 ≥95%"])
    assert (second.value, second.more) == ("≥90%", [])
