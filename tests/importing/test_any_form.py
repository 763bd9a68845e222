"""Files of a form that no set declares: what is taken over, which sums are tested, and that what ties raises no alarm."""

import io
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from budgets import rules, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.captioned_figures import captioned_figures
from budgets.domain.captioned_sums import captioned_parts, captioned_sums
from budgets.domain.composing import composed
from budgets.domain.documents import UNDECLARED_NOTE, Cell, Column, ColumnKind, Row, Sheet
from budgets.domain.identities import broken, of_printed
from budgets.domain.key_figures import amounts as amounts_of
from budgets.domain.key_figures import key_figures
from budgets.domain.ledgers import Ledger
from budgets.domain.money import to_yuan
from budgets.domain.sheets import Filler
from budgets.importing.as_it_stands import Kept
from budgets.importing.pipeline import take_in
from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken
from tests.makers.foreign_forms import DrawnForm, drawn_form, southern_form, spoiled
from tests.makers.pace import least_seconds

SAMPLES = Path(__file__).parents[1] / "sample"
SUMS = {"given-cells-tie", "given-cells-rounded", "printed-tables-tie"}


def taken(form: DrawnForm, content: bytes = b"", *, transcribed: bool = True, **more) -> Taken:
    return take_in(
        read(io.BytesIO(content or form.workbook()), "附表.pdf" if content else "附表.xlsx"),
        **{
            "region": "530000",
            "unit": "101",
            "unit_name": form.unit_name,
            "year": form.year,
            "subjects": subjects_of,
        }
        | more,
        transcribed=transcribed,
    )


def amounts(found: Taken) -> list[list[object]]:
    """The amounts that are printed, table by table, row by row."""
    return [
        sorted(
            cell.amount
            for row in sheet.rows
            for column, cell in zip(sheet.columns, row.cells, strict=True)
            if column.kind is ColumnKind.AMOUNT and cell.amount is not None
        )
        for sheet in found.ledger.given
    ]


def told(found: Taken) -> list[str]:
    return [finding.message for finding in found.findings if finding.rule in SUMS]


def drawn(form: DrawnForm) -> list[list[object]]:
    return [
        sorted(table.cells[place] for table in [table] for place in table.amounts) for table in form.tables
    ]


@pytest.mark.sweep(3, 20)
@pytest.mark.parametrize("seed", range(200))
def test_a_random_form_is_kept_whole_and_one_changed_amount_is_noticed(seed):
    form = drawn_form(seed)
    found = taken(form)
    assert found.ledger.table_set == "as_it_stands" and found.complete
    assert [sheet.title for sheet in found.ledger.given] == [table.title for table in form.tables]
    assert [sheet.unit for sheet in found.ledger.given] == [table.unit for table in form.tables]
    assert amounts(found) == drawn(form)
    assert told(found) == []
    table, _, covered = spoiled(form, random.Random(seed))
    noticed = told(taken(form))
    assert not covered or form.tables[table].title in "".join(noticed)


def test_a_form_of_the_south_is_kept_with_its_heads_units_and_sums():
    form = southern_form()
    found = taken(form)
    assert (amounts(found), told(found)) == (drawn(form), [])
    transfers, assets, plans = found.ledger.given
    assert [sheet.unit for sheet in found.ledger.given] == ["万元", "元", "千元"]
    assert transfers.columns[2].path == ("资金来源", "一般公共预算")
    assert [row.total for row in assets.rows] == [False, False, True, False, True, True]
    assert assets.columns[3].kind is ColumnKind.NUMBER  # 数量 is no money
    assert all(sheet.notes[-1] == UNDECLARED_NOTE for sheet in found.ledger.given)
    assert len(captioned_sums(plans)) == 3


@pytest.mark.slow
@pytest.mark.pango
@pytest.mark.parametrize("form", [southern_form(), drawn_form(8)], ids=["south", "drawn"])
def test_a_pdf_of_it_says_the_same(form):
    from budgets.rendering.pdf.renderer import render_pdf

    found = taken(form, render_pdf(form.html(), created=datetime(2026, 1, 1, tzinfo=UTC)))
    assert (amounts(found), told(found)) == (drawn(form), [])
    assert [sheet.unit for sheet in found.ledger.given] == [table.unit for table in form.tables]


def test_without_saying_that_it_was_published_it_is_refused_with_the_way_in():
    found = taken(southern_form(), transcribed=False)
    (fault,) = found.findings
    assert fault.rule == "intake-other-form" and "照原样收录，仅核对表内合计" in fault.message
    assert not found.parts


@pytest.mark.parametrize(
    "name",
    [
        "laoting-483-2023-tables.xlsx",
        "shanghai-putuo-finance-bureau-2025.xlsx",
        "shanghai-putuo-planning-final-2024.xlsx",
    ],
)
def test_real_tables_read_as_if_undeclared_raise_no_alarm(name):
    """Their sums hold but for rounding, and nearly every amount stands in one."""
    there = tested = 0
    for table in Kept(read(SAMPLES / name)).tables:
        among, cells = of_printed(tablesets.as_it_stands("budget"), [table.printed], [table.key])
        assert all(abs(one.gap(cells)) <= len(one.right) * 1 / 100 for one in broken(among, cells))
        inside = {cell for one in among for cell, _ in one.terms()}
        there += sum(bool(amount) for amount in cells.values())
        tested += sum(bool(amount) and cell in inside for cell, amount in cells.items())
    assert there > 100 and tested >= 0.97 * there


@pytest.mark.parametrize(
    ("name", "stage", "least"),
    [
        ("laoting-483-2023-tables.xlsx", "budget", 8),
        ("shanghai-putuo-finance-bureau-2025.xlsx", "budget", 8),
        ("shanghai-putuo-planning-final-2024.xlsx", "final", 4),
    ],
)
def test_the_key_figures_of_real_tables_read_as_if_undeclared_are_those_of_their_form(name, stage, least):
    source = read(SAMPLES / name)
    key = {"laoting": "hebei_2023"}.get(name[:7], f"shanghai_{'final_2024' if stage == 'final' else '2023'}")
    asked = {"region": "130225", "unit": "483", "year": 2023, "subjects": subjects_of, "table_set": key}
    found = take_in(source, **asked, transcribed=True)
    declared = composed(Filler(tablesets.get(key), found.ledger, subjects_of(2023))).figures
    known = {figure.key: to_yuan(figure.amount, figure.unit) for figure in declared}
    table_set = tablesets.as_it_stands(stage)
    given = tuple(table.printed for table in Kept(source).tables)
    kept = replace(found.ledger, table_set=table_set.key, given=given, narratives=())
    figures = key_figures(composed(Filler(table_set, kept, subjects_of(2023))))
    assert len(figures) >= least
    assert amounts_of(figures).items() <= known.items()
    assert all(figure.at.startswith("undeclared_") for figure in figures.values())


def test_a_declared_form_keeps_the_tables_that_it_brings_beside():
    book = openpyxl.load_workbook(SAMPLES / "laoting-483-2023-tables.xlsx")
    table = southern_form().tables[0]
    sheet = book.create_sheet("转移支付")
    for (row, column), value in table.cells.items():
        sheet.cell(row, column, value)
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    found = take_in(
        read(content, "预算.xlsx"),
        region="130225",
        unit="483",
        year=2023,
        subjects=subjects_of,
        transcribed=True,
    )
    assert found.ledger.table_set == "hebei_2023" and found.ledger.facts
    *declared, beside = found.ledger.given
    assert (len(declared), beside.key, beside.title, beside.number) == (9, "undeclared_10", table.title, 10)
    assert not [entry for entry in found.unread if entry.sheet == "转移支付"]


def sheet_of(captions: list[str], amounts_: list[int], heads: list[tuple[str, ...]] | None = None) -> Sheet:
    columns = (Column("c1", ("项目",), ColumnKind.CAPTION), Column("c2", ("金额",), ColumnKind.AMOUNT))
    rows = tuple(
        Row(f"r{n}", 1, (Cell(caption), Cell(str(amount), amount)))
        for n, (caption, amount) in enumerate(zip(captions, amounts_, strict=True), 1)
    )
    return Sheet("undeclared_1", 1, "表", (), columns, rows)


@pytest.mark.parametrize(
    ("captions", "numbers", "sums"),
    [
        (["甲", "乙", "合计"], [1, 2, 4], {"r3": "r1 r2"}),  # wrong by one: the caption says so all the same
        (["合计", "甲", "其中：丙", "乙"], [3, 1, 1, 2], {"r1": "r2 r4"}),
        (["合计", "甲", "其中：丙", "丁", "乙"], [12, 5, 2, 3, 7], {"r1": "r2 r5"}),
        (
            ["小计", "甲", "乙", "小计", "丙", "总计"],
            [3, 1, 2, 5, 5, 8],
            {"r1": "r2 r3", "r4": "r5", "r6": "r1 r4"},
        ),
        (
            ["甲", "乙", "小计", "丙", "小计", "合计"],
            [1, 2, 3, 5, 5, 8],
            {"r3": "r1 r2", "r5": "r4", "r6": "r3 r5"},
        ),
        (
            ["一、甲", "二、乙", "本年收入合计", "上年结转", "收入总计"],
            [1, 2, 3, 4, 7],
            {"r3": "r1 r2", "r5": "r3 r4"},
        ),
        (["甲", "乙"], [1, 2], {}),
    ],
)
def test_what_captions_say(captions, numbers, sums):
    found = {
        whole.row: " ".join(part.row for part in parts)
        for _, whole, parts in captioned_sums(sheet_of(captions, [100 * number for number in numbers]))
    }
    assert found == sums


def three_public(whole: int, *, heads: bool = False, beside: tuple[str, ...] = ()) -> Sheet:
    """“三公”经费 of 6 in rows, or in one row of columns."""
    names = [
        "合计",
        "一、因公出国（境）费",
        "二、公务用车购置及运行维护费",
        "其中：公务用车购置费",
        "公务用车运行费",
        "三、公务接待费",
    ]
    amounts_ = [whole, 1, 2, 0, 2, 3]
    sheet = sheet_of(names, amounts_)
    if heads:
        names = [name.removeprefix("其中：") for name in names]
        money = [Column(f"c{n}", (name,), ColumnKind.AMOUNT) for n, name in enumerate(names, 2)]
        row = Row("r1", 1, (Cell("某局"), *(Cell(str(amount), amount) for amount in amounts_)))
        sheet = replace(sheet, columns=(sheet.columns[0], *money), rows=(row,))
    more = [Column(f"d{n}", (name,), ColumnKind.AMOUNT) for n, name in enumerate(beside)]
    rows = tuple(replace(row, cells=(*row.cells, *(Cell("9", 9) for _ in more))) for row in sheet.rows)
    return replace(sheet, title="“三公”经费支出表", unit="万元", columns=(*sheet.columns, *more), rows=rows)


@pytest.mark.parametrize(
    ("sheet", "taken"),
    [
        (three_public(6), 6),
        (three_public(6, heads=True), 6),
        (three_public(6, beside=("上年预算数", "增减额")), 6),
        (three_public(7), 0),  # its own sum denies it
        (three_public(6, beside=("预算安排",)), 0),  # which of two columns is open
        (replace(three_public(6), unit=""), 0),
        (replace(three_public(6), title="政府性基金“三公”经费支出表"), 0),
        (replace(three_public(6), title="专项支出表"), 0),
    ],
)
def test_three_public_is_taken_where_captions_and_its_own_sum_say_it(sheet, taken):
    found = captioned_figures([sheet], "budget")
    keys = [
        "three_public",
        "overseas_visits",
        "vehicles",
        "vehicle_purchase",
        "vehicle_running",
        "official_hospitality",
    ]
    assert [figure.key for figure in found] == (keys if taken else [])
    assert [figure.amount for figure in found][:3] == ([6, 1, 2] if taken else [])
    assert captioned_figures([sheet, sheet], "budget") == ()  # told by two tables: which counts is open


def test_a_total_counts_when_both_sides_and_the_columns_say_it():
    money = [
        Column(f"m{n}", (name,), ColumnKind.AMOUNT)
        for n, name in enumerate(("合计", "基本支出", "项目支出", "上缴上级支出"))
    ]
    caption = Column("c1", ("科目",), ColumnKind.CAPTION)

    def spent(*amounts_: int) -> Sheet:
        rows = (Row("r1", 1, (Cell("合计"), *(Cell(str(each), each) for each in amounts_))),)
        return Sheet("undeclared_2", 2, "某局2021年支出预算总表", (), (caption, *money), rows, unit="元")

    keys = ["current_expenditure", "basic", "project"]
    assert [figure.key for figure in captioned_figures([spent(9, 5, 3, 1)], "budget")] == keys
    assert captioned_figures([spent(9, 5, 3, 2)], "budget") == ()
    assert captioned_figures([replace(spent(9, 5, 3, 1), title="财政拨款支出总表")], "budget") == ()


@pytest.mark.parametrize(("part", "told_"), [(3, 0), (4, 0), (500, 1)])
def test_a_line_behind_of_which_is_never_more_than_its_whole(part, told_):
    sheet = replace(sheet_of(["甲项", "其中：丙", "其中：丁", "乙项"], [400, part, 1, 900]), unit="元")
    assert [(w.row, p.row) for w, p in captioned_parts(sheet)] == [("r1", "r2"), ("r1", "r3")]
    given = Ledger("as_it_stands", "530000", "云岭县", "101", "某局", 2021, given=(sheet,))
    found = rules.examine(Filler(tablesets.as_it_stands("budget"), given, subjects_of(2021))).findings
    told_now = [finding.message for finding in found if finding.rule == "given-cells-tie"]
    assert len(told_now) == told_
    assert all("其中：丙" in each and "甲项" in each and "多 100.00" in each for each in told_now)


def a_long_book(rows: int) -> bytes:
    """A worksheet with a subject code of seven digits in each row, five columns of money, a total behind."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["项目支出明细表"])
    sheet.append(["科目编码", "科目名称", *(f"第{n}季度支出" for n in range(1, 6))])
    for n in range(rows):
        sheet.append([str(2_010_000 + n), f"事项{n}", *(n + k for k in range(5))])
    sheet.append(["", "合计", *(sum(n + k for n in range(rows)) for k in range(5))])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_four_times_the_rows_cost_no_more_than_five_times():
    sources = [read(io.BytesIO(a_long_book(rows)), "明细.xlsx") for rows in (250, 1000)]

    def deed(source):
        (table,) = Kept(source).tables
        assert len(captioned_sums(table.printed)) == 5

    little = least_seconds(lambda: deed(sources[0]), 0, times=3)
    assert least_seconds(lambda: deed(sources[1]), 5 * little) <= 5 * little
