"""Last year's amounts over the crosswalk of codes, on the entry pages and from the file, in both table sets."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from budgets import ledger, tablesets
from budgets.admin.declaring import declaration, grids_of
from budgets.admin.entry import dress
from budgets.admin.grid_layout import Layout
from budgets.admin.last_year import YearBeside
from budgets.domain.composing import compose
from budgets.domain.crosswalk import Crosswalk, Move
from budgets.domain.documents import Cell
from budgets.domain.facts import Fact
from budgets.domain.money import in_unit
from budgets.domain.terms import Family, Fund, Use
from budgets.models import Subject, SubjectMove
from budgets.workflow.drafts import draft_of
from budgets.workflow.tables_beside import tables_beside
from tests.makers.disclosures import a_department, a_disclosure, a_person
from tests.makers.facts import yuan

pytestmark = pytest.mark.django_db
GRID = "expenditure-general_public"
OLD, STAYS, PART, FAR, NEW = "2010350", "2010301", "2010302", "2080501", "2010351"
HEAD = "预算年度,分类,原编码,新编码\n"


def codes(year: int, *leaves: str) -> None:
    for code in {*leaves, *(leaf[:n] for leaf in leaves for n in (3, 5))}:
        level = (len(code) - 1) // 2
        Subject.objects.create(
            fiscal_year=year,
            scheme="function",
            code=code,
            name=f"名{code}",
            level=level,
            parent_code=code[:-2] if level > 1 else "",
        )


@pytest.fixture(autouse=True)
def lists():
    codes(2022, OLD, STAYS, FAR)
    codes(2023, STAYS, PART, FAR, NEW)


def spent(**amounts: str) -> list[Fact]:
    return [
        Fact(Family.EXPENDITURE, yuan(amount), function=code[1:], fund=Fund.GENERAL_PUBLIC, use=Use.PROJECT)
        for code, amount in amounts.items()
    ]


def page_of(key: str, *moves: tuple[str, str], present=(STAYS, NEW)) -> tuple[YearBeside, dict[str, Decimal]]:
    """Last year (10 万元 of OLD, 2 of STAYS) beside a draft of the set, and its amounts in 万元 by row."""
    SubjectMove.objects.bulk_create(
        SubjectMove(fiscal_year=2023, scheme="function", old_code=old, new_code=new) for old, new in moves
    )
    department = a_department()
    a_disclosure(
        department, year=2022, facts=spent(**{f"_{OLD}": "100000.00", f"_{STAYS}": "20000.00"}), table_set=key
    )
    now = a_disclosure(department, facts=spent(**{f"_{code}": "50000.00" for code in present}), table_set=key)
    now.table_set = key
    now.save()
    layout = Layout(grids_of(tablesets.get(key))[GRID], now)
    existing = layout.existing()
    page = layout.page(layout.formset(existing), existing)
    dress(page, layout)
    assert [(row.key, row.was) for row in page.rows if row.form and row.key] == [
        (code, page.last.of(code)) for code in sorted(present)
    ]
    factor = in_unit(yuan("10000.00"), layout.table_set.unit)
    return page.last, {code: amount / factor for code, amount in page.last.amounts.items()}


@pytest.mark.parametrize("key", tablesets.SETS)
def test_one_to_one_stands_beside_the_new_code(key):
    last, amounts = page_of(key, (OLD, NEW))
    assert (amounts[NEW], amounts[STAYS], amounts["20103"], amounts["total"]) == (10, 2, 12, 12)
    assert {code: each.words for code, each in last.likeness.items()} == {NEW: f"可比（原 {OLD} 名{OLD}）"}
    assert last.gone == ()


@pytest.mark.parametrize("key", tablesets.SETS)
def test_merged_codes_are_added_up(key):
    last, amounts = page_of(key, (OLD, STAYS), present=(STAYS,))
    assert (amounts[STAYS], amounts["201"], amounts["total"]) == (12, 12, 12)
    assert (
        last.likeness[STAYS].like
        and last.likeness[STAYS].words == f"可比（原 {STAYS} 名{STAYS}、{OLD} 名{OLD}）"
    )


@pytest.mark.parametrize("key", tablesets.SETS)
def test_a_split_code_is_not_compared_below_what_holds_all_its_parts(key):
    last, amounts = page_of(key, (OLD, PART), (OLD, FAR), present=(STAYS, PART, FAR))
    assert (amounts.get(PART), amounts.get(FAR), amounts.get("20805"), amounts["20103"], amounts["total"]) == (
        None, None, None, 2, 12,
    )  # fmt: skip
    unlike = {code for code, each in last.likeness.items() if not each.like}
    assert unlike == {PART, FAR, "20103", "201", "20805", "208"}
    assert [(each.code, each.became) for each in last.gone] == [
        (OLD, f"今年分为 {PART} 名{PART}、{FAR} 名{FAR}，与去年不可比")
    ]


def test_sums_that_hold_all_parts_stay_comparable():
    last, amounts = page_of("hebei_2023", (OLD, PART), (OLD, NEW), present=(STAYS, PART, NEW))
    assert (amounts["20103"], amounts["201"]) == (12, 12)
    assert set(last.likeness) == {PART, NEW}


@pytest.mark.parametrize("key", tablesets.SETS)
def test_without_a_crosswalk_nothing_is_carried_over(key):
    last, amounts = page_of(key)
    assert (amounts.get(NEW), amounts[STAYS], amounts["total"]) == (None, 2, 12)
    assert [each.became for each in last.gone] == ["今年的科目里没有这个编码，与去年不可比"]
    assert {code: each.words for code, each in last.likeness.items()} == {NEW: "不可比（2022年没有这个科目）"}


def test_the_page_says_it(client):
    page_of("hebei_2023", (OLD, PART), (OLD, FAR), present=(STAYS, PART))
    client.force_login(a_person("accountant"))
    pk = a_department().disclosures.get(fiscal_year=2023).pk
    page = client.get(f"/admin/budgets/disclosure/{pk}/enter/{GRID}/").content.decode()
    assert f"<small>不可比（2022年的 {OLD} 已拆分）</small>" in page
    assert f"今年分为 {PART} 名{PART}、{FAR} 名{FAR}，与去年不可比" in page


def beside_of(key: str, *moves: tuple[str, str], present=(STAYS, NEW)) -> dict[str, tuple[Any, ...]]:
    """(this year, last year, change) in 万元 by code, in the file of the tables with last year's beside."""
    page_of(key, *moves, present=present)
    earlier, now = a_department().disclosures.order_by("fiscal_year")
    then = ledger.read(earlier)
    last = compose(tablesets.get(key), then, ledger.subjects_for(2022))
    table = declaration(grids_of(tablesets.get(key))[GRID], tablesets.get(key)).key
    (sheet,) = (s for s in tables_beside(draft_of(now), (then, last)) if s.key == table)
    at = next(n for n, column in enumerate(sheet.columns) if column.key == "total")
    factor = in_unit(yuan("10000.00"), sheet.unit)

    def shown(cell: Cell) -> Any:
        return cell.text if cell.amount is None else cell.amount / factor

    return {row.key: tuple(map(shown, row.cells[at : at + 3])) for row in sheet.rows}


@pytest.mark.parametrize("key", tablesets.SETS)
def test_the_file_beside_last_year_carries_codes_as_the_page_does(key):
    rows = beside_of(key, (OLD, NEW))
    assert (rows[NEW], rows[STAYS], rows["total"]) == (
        (5, 10, -5),
        (5, 2, 3),
        (10, 12, -2),
    ) and OLD not in rows


@pytest.mark.parametrize("key", tablesets.SETS)
def test_the_file_says_what_cannot_be_compared(key):
    rows = beside_of(key, (OLD, PART), (OLD, FAR), present=(STAYS, PART, FAR))
    unlike = {code for code, cells in rows.items() if cells[2] == "不可比"}
    assert unlike == {PART, FAR, "20103", "201", "20805", "208"} and rows["total"] == (15, 12, 3)
    assert rows[STAYS] == (5, 2, 3)


@pytest.mark.parametrize("key", tablesets.SETS)
def test_without_a_crosswalk_the_file_has_the_old_code_and_the_new(key):
    """The negative control."""
    rows = beside_of(key)
    assert (rows[OLD][1:], rows[NEW][0], rows[NEW][2]) == ((10, -10), 5, "不可比")


def test_years_are_followed_one_after_the_other():
    walk = Crosswalk([Move(2024, "function", "B", "D"), Move(2024, "function", "C", "D")])
    split = Crosswalk([Move(2023, "function", "A", "B"), Move(2023, "function", "A", "C")])
    both = Crosswalk([Move(2024, "function", "B", "D"), Move(2024, "function", "C", "D"), Move(2023, "function", "A", "B"),
                      Move(2023, "function", "A", "C")])  # fmt: skip
    found = [each.successors("A", "function") for each in (walk, split, both)]
    assert found == [("A",), ("B", "C"), ("D",)]


def load(tmp_path, rows: str, encoding: str = "utf-8") -> None:
    file = tmp_path / "对照.csv"
    file.write_bytes((HEAD + rows).encode(encoding))
    call_command("load_crosswalk", str(file))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_file_replaces_its_years(tmp_path, capsys, encoding):
    SubjectMove.objects.create(fiscal_year=2023, scheme="function", old_code=FAR, new_code=NEW)
    load(tmp_path, f"2023,支出功能分类,{OLD},{STAYS}\n2023,支出功能分类,{STAYS},{STAYS}\n", encoding)
    assert "2023年科目对照：2 行" in capsys.readouterr().out
    assert ledger.crosswalk(2022, 2023).successors(OLD, "function") == (STAYS,)
    assert SubjectMove.objects.count() == 2 and not ledger.crosswalk(2023, 2024)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (f"2023,支出功能分类,{OLD},2019999", "第 2 行“新编码”：2023年的支出功能分类里没有 2019999"),
        (f"2023,支出功能分类,{NEW},{STAYS}", f"第 2 行“原编码”：2022年的支出功能分类里没有 {NEW}"),
        (f"2023,支出功能分类,20103,{NEW}", "第 2 行“原编码”：“20103”级次不对"),
        (f"2023,政府预算支出经济分类,{OLD},{NEW}", "第 2 行“分类”"),
        (f"今年,支出功能分类,{OLD},{NEW}", "第 2 行“预算年度”"),
        (f"2023,支出功能分类,{STAYS},{STAYS}", "第 2 行“新编码”：与原编码相同"),
        (f"2023,支出功能分类,{STAYS},{FAR}\n2023,支出功能分类,{FAR},{STAYS}", "成了循环"),
        (f"2023,支出功能分类,{OLD},{NEW}\n2023,支出功能分类,{OLD},{NEW}", "第 3 行“新编码”：这一行与前面的一行相同"),
        ("", "没有一行"),
    ],
)  # fmt: skip
def test_a_refusal_names_row_and_column_and_loads_nothing(tmp_path, rows, words):
    with pytest.raises(CommandError) as refused:
        load(tmp_path, f"{rows}\n")
    assert words in str(refused.value) and not SubjectMove.objects.exists()
