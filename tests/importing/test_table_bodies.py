"""Body rows of small tables, typed as offices type them: what each cell is taken for, and what is told of the rest."""

from dataclasses import dataclass, replace
from decimal import Decimal as D

import pytest

from budgets.domain.documents import ColumnKind
from budgets.domain.places import CellRef
from budgets.domain.tables import Amount, Balance, Field, Line, Lines, Table, Tree
from budgets.importing.reading.grids import Grid, GridCell
from budgets.importing.recognising.headings import Heading
from budgets.importing.recognising.matches import Match
from budgets.importing.taking.row_keys import CODE_TWICE, NO_CODE, UNIT_ROW
from budgets.importing.taking.table_bodies import (
    NO_COLUMN,
    NO_LINE,
    Body,
    Given,
    is_blank,
    is_money,
    read_body,
)

SERIAL = Field("serial", "序号", ColumnKind.SERIAL)
CODE = Field("code", "科目编码", ColumnKind.CODE)
NAME = Field("name", "科目名称", ColumnKind.CAPTION)
BASIC, PROJECT = Amount("basic", "基本支出"), Amount("project", "项目支出")
SPENT = Table(1, "spent", "支出表", Tree("function"), (SERIAL, CODE, NAME, BASIC, PROJECT))
NAMED = replace(SPENT, columns=(NAME, BASIC, PROJECT))
KINDS = Table(
    2,
    "kinds",
    "三公表",
    Lines((Line("visits", "因公出国（境）费"), Line("cars", "公务用车费"), Line("meals", "公务接待费"))),
    (NAME, BASIC),
)
LEVELS = [("类", (0, 3)), ("款", (3, 5)), ("项", (5, 7))]
PARTED = replace(
    SPENT,
    columns=(
        *(Field(f"code_{n}", name, ColumnKind.CODE, digits=at) for n, (name, at) in enumerate(LEVELS)),
        NAME,
        BASIC,
    ),
)
FIRST = 4  # the row of the file in which the bodies begin


def match(
    table: Table, *rows: str, unit: str = "", columns: dict[str, int] | None = None, **said: str
) -> Match:
    """The table recognised in a sheet with these rows, cells parted by bars, under a header in the columns' order."""
    grid = Grid("表1")
    for number, row in enumerate(rows, FIRST):
        for column, text in enumerate(row.split("|"), 1):
            if text.strip():
                grid.put(GridCell(number, column, text.strip()))
    leaves = tuple(table.leaves())
    at = columns or {leaf.word.key: n for n, leaf in enumerate(leaves, 1)}
    paths = {leaf.word.key: ("本年", leaf.word.caption) for leaf in leaves}
    heading = Heading(table, 3, 3, at, paths, (), (), {}, 1.0, leaves)
    return Match(
        table.key,
        table,
        grid,
        heading,
        table.title,
        "表1",
        FIRST,
        FIRST + len(rows) - 1,
        unit=unit,
        said=said,
    )


@dataclass
class Read:
    body: Body

    def amounts(self) -> dict[str, D | None]:
        return {f"{ref.row}.{ref.column}": given.amount for ref, given in self.body.cells.items()}

    def unread(self) -> list[tuple[str, str]]:
        return [(entry.cell, entry.why) for entry in self.body.unread]

    def doubtful(self) -> list[str]:
        return [entry.cell for entry in self.body.doubtful]


def read(found: Match, unit: str = "元") -> Read:
    """The body; no cell of it is left without a use or a word."""
    body = read_body(found, found.word, unit)
    assert found.used == set(found.grid.cells)
    assert all(entry in body.unread for entry in body.doubtful)
    return Read(body)


def test_a_row_by_code_gives_its_amounts_caption_and_places():
    found = read(match(SPENT, "1|2010301|行政运行|1,000.50|—", "|合计||1,000.50|0"))
    ref = CellRef("spent", "2010301", "basic")
    assert found.body.cells[ref] == Given(ref, "D4", "行政运行", "基本支出", D("1000.50"), "1,000.50")
    assert found.amounts() == {
        "2010301.basic": D("1000.50"), "2010301.project": None, "total.basic": D("1000.50"), "total.project": D(0),
    }  # fmt: skip
    assert found.body.captions == {"2010301": "行政运行", "total": "合计"}
    assert (found.unread(), found.doubtful()) == ([], [])


def test_a_blank_amount_has_its_place_too():
    cells = read(match(SPENT, "1|2010301|行政运行||3.00")).body.cells
    ref = CellRef("spent", "2010301", "basic")
    assert cells[ref] == Given(ref, "D4", "行政运行", "基本支出", None, "")


def test_a_row_without_a_name_is_called_by_its_code_the_total_or_its_place():
    cells = read(match(SPENT, "1|2010301||1.00|1.00", "|合计||1.00|1.00")).body.cells
    assert [given.row for given in cells.values()] == ["2010301", "2010301", "合计", "合计"]
    plain = replace(KINDS, columns=(BASIC,))
    cells = read(match(plain, "1.00", "2.00")).body.cells
    assert {ref.row: (given.row, given.amount) for ref, given in cells.items()} == {
        "visits": ("第4行", D(1)), "cars": ("第5行", D(2)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("set_unit", "table_unit", "file_unit", "amount"),
    [
        ("元", "", "", "12.5"), ("元", "", "元", "12.5"), ("元", "", "万元", "125000"), ("万元", "", "元", "0.00125"),
        ("元", "万元", "", "12.5"), ("元", "万元", "万元", "12.5"), ("元", "万元", "元", "0.00125"),
    ],
)  # fmt: skip
def test_amounts_come_back_in_the_unit_of_the_table(set_unit, table_unit, file_unit, amount):
    table = replace(SPENT, unit=table_unit)
    found = read(match(table, "1|2010301|行政运行|12.5|", unit=file_unit), set_unit)
    assert found.amounts()["2010301.basic"] == D(amount)


def test_a_unit_behind_an_amount_is_that_of_the_file():
    found = read(match(SPENT, "1|2010301|行政运行|2万元|20000元", unit="万元"), "元")
    assert set(found.amounts().values()) == {D(20000)}


def test_what_is_no_amount_is_told_and_its_cell_is_blank():
    found = read(match(SPENT, "1|2010301|行政运行|约5|12 34"))
    assert set(found.amounts().values()) == {None}
    assert [(cell, why.partition("”")[0]) for cell, why in found.unread()] == [
        ("D4", "“约5"),
        ("E4", "“12 34"),
    ]
    assert found.doubtful() == ["D4", "E4"]
    entry = found.body.unread[0]
    assert (entry.sheet, entry.text) == ("表1", "约5")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("201|03|01|行政运行|1", "2010301"), ("201|3|1|行政运行|1", "2010301"), ("201|3||办公厅|1", "20103"),
        ("201|||一般公共服务|1", "201"), ("201||01|行政运行|1", ""), ("|03|01|行政运行|1", ""),
        ("2010301 行政运行||||1", "2010301"), ("|||2010301行政运行|1", "2010301"),
    ],
)  # fmt: skip
def test_a_code_in_columns_of_its_own(row, code):
    found = read(match(PARTED, row))
    if code:
        assert found.amounts() == {f"{code}.basic": D(1)}
        assert found.unread() == []
    else:
        assert found.amounts() == {}
        assert {why for _, why in found.unread()} == {NO_CODE}
        assert found.doubtful() == ["E4"]


def test_a_code_that_stands_in_the_cell_of_the_name():
    found = read(
        match(replace(SPENT, columns=(CODE, NAME, BASIC)), "|[2010301]行政运行|1", "|208 社会保障|2")
    )
    assert found.amounts() == {"2010301.basic": D(1), "208.basic": D(2)}
    assert found.body.captions == {"2010301": "行政运行", "208": "社会保障"}
    assert [given.row for given in found.body.cells.values()] == ["行政运行", "社会保障"]


def test_a_caption_of_a_table_without_codes_stays_as_it_is():
    found = read(match(KINDS, "因公出国（境）费|1", "201公务用车费|2", "公务接待费|3"))
    assert found.body.captions == {
        "visits": "因公出国（境）费",
        "cars": "201公务用车费",
        "meals": "公务接待费",
    }
    assert found.amounts() == {"visits.basic": D(1), "cars.basic": D(2), "meals.basic": D(3)}
    assert [given.row for given in found.body.cells.values()][1] == "201公务用车费"


def test_a_row_without_a_code_and_one_whose_code_was_there_before():
    rows = ("1|2010301|行政运行|1|2", "2|2010301|行政运行|3|—", "3||其他|4|无", "|见附件|||")
    found = read(match(SPENT, *rows))
    assert found.amounts() == {"2010301.basic": D(1), "2010301.project": D(2)}
    assert found.unread() == [
        *((f"{column}5", CODE_TWICE) for column in "ABCDE"), *((f"{column}6", NO_CODE) for column in "ACDE"),
        ("B7", NO_CODE),
    ]  # fmt: skip
    assert found.doubtful() == ["D5", "D6"]
    assert found.body.captions == {"2010301": "行政运行"}


def test_the_row_of_a_budget_unit_is_told_once_and_read_nowhere():
    found = read(
        match(SPENT, "|483001|乐亭县行政审批局|9|9", "1|2010301|行政运行|1|2", "|483002|本级|9|9", code="483")
    )
    assert found.amounts() == {"2010301.basic": D(1), "2010301.project": D(2)}
    assert [(entry.cell, entry.text, entry.why) for entry in found.body.unread] == [
        ("B4", "483001 乐亭县行政审批局", UNIT_ROW), ("B6", "483002 本级", UNIT_ROW),
    ]  # fmt: skip
    assert found.doubtful() == []


def test_a_unit_is_known_by_the_code_that_the_file_says_of_the_department():
    row = "|483001|第一小学|9|9"
    assert read(match(SPENT, row, code="483")).unread() == [("B4", UNIT_ROW)]
    assert read(match(SPENT, row)).amounts() == {"483001.basic": D(9), "483001.project": D(9)}
    assert read(match(SPENT, "|483001||9|9", code="483")).body.unread[0].text == "483001"


def test_the_row_of_a_unit_that_comes_again_is_not_a_code_that_comes_twice():
    row = "|483001|乐亭县行政审批局|9|9"
    assert read(match(SPENT, row, row)).unread() == [("B4", UNIT_ROW), ("B5", UNIT_ROW)]


def test_a_note_below_the_table_is_kept_and_what_stands_beside_it_told():
    found = match(SPENT, "1|2010301|行政运行|1|2", "注：含上年结转。||5||")
    body = read(found)
    assert found.notes == ["注：含上年结转。"]
    assert (body.unread(), body.doubtful()) == ([("C5", NO_LINE)], [])
    assert list(body.amounts()) == ["2010301.basic", "2010301.project"]


def test_a_cell_in_a_column_that_the_table_does_not_have():
    found = read(match(SPENT, "1|2010301|行政运行|1|2|3|备注|—"))
    assert found.unread() == [(f"{column}4", NO_COLUMN) for column in "FGH"]
    assert found.doubtful() == ["F4"]


def test_a_column_that_is_set_aside_says_why():
    whole = match(SPENT, "1|2010301|行政运行|1|2|3|4")
    found = read(replace(whole, heading=replace(whole.heading, aside={6: "是上年的数"})))
    assert found.unread() == [("F4", "是上年的数"), ("G4", NO_COLUMN)]
    assert found.doubtful() == ["G4"]


def test_a_line_that_the_form_does_not_have():
    rows = ("因公出国（境）费|1", "公务用车费|2", "公务接待费|3", "会议费|4", "培训费|—", "其他|0")
    found = read(match(KINDS, *rows))
    assert found.unread() == [("A7", NO_LINE), ("B7", NO_LINE), ("A8", NO_LINE), ("A9", NO_LINE)]
    assert found.doubtful() == ["B7"]  # a dash or a zero says that there is no money
    assert list(found.body.captions) == ["visits", "cars", "meals"]


def test_serials_are_passed_over_and_what_else_stands_in_their_column_is_told():
    found = read(match(SPENT, "１|2010301|行政运行|1|2", "甲|208|社会保障|1|2"))
    assert found.unread() == [("A5", NO_LINE)]
    assert found.doubtful() == []


def test_a_total_said_in_the_column_of_the_code_names_the_row():
    found = read(match(SPENT, "|总计||1|2"))
    assert found.body.captions == {"total": "总计"}
    assert [given.row for given in found.body.cells.values()] == ["合计", "合计"]


def test_a_total_said_in_the_column_of_the_name_is_the_total():
    found = read(match(SPENT, "|483001|第一小学|9|9", "1|2010301|行政运行|1|2", "||合　计|1|2", code="483"))
    assert list(found.amounts()) == ["2010301.basic", "2010301.project", "total.basic", "total.project"]


def test_a_caption_or_an_amount_that_cannot_be_read_says_why():
    whole = match(SPENT, "1|2010301|行政运行|1|2", "2|208|社会保障|1|2")
    whole.grid.put(GridCell(4, 3, "#REF!", problem="是错误值"))
    whole.grid.put(GridCell(5, 4, "=A1", problem="是公式"))
    found = read(whole)
    assert found.unread() == [("C4", "是错误值"), ("D5", "是公式")]
    assert found.doubtful() == ["D5"]
    assert found.amounts()["208.basic"] is None


SIDES = Table(
    3,
    "sides",
    "收支表",
    Balance(
        (Line("fees", "事业收入"), Line("grants", "上级补助收入")),
        (Line("basic", "基本支出"),),
        ((Line("in", "收入合计"), Line("out", "支出合计")),),
    ),
    (
        NAME,
        Amount("revenue", "收入"),
        Field("use", "支出项目", ColumnKind.CAPTION, side=1),
        Amount("spent", "支出", side=1),
    ),
)


def test_each_side_of_a_balance_has_rows_of_its_own():
    found = read(match(SIDES, "事业收入|1|基本支出|5", "上级补助收入|2||", "收入合计|3|支出合计|6"))
    assert found.amounts() == {
        "fees.revenue": D(1), "basic.spent": D(5), "grants.revenue": D(2), "right.2.spent": None,
        "in.revenue": D(3), "out.spent": D(6),
    }  # fmt: skip
    assert found.body.captions == {
        "fees": "事业收入", "basic": "基本支出", "grants": "上级补助收入", "in": "收入合计", "out": "支出合计",
    }  # fmt: skip
    named = {ref.row: (given.row, given.column, given.address) for ref, given in found.body.cells.items()}
    assert named["basic"] == ("基本支出", "支出", "D4")
    assert named["right.2"] == ("第5行", "支出", "D5")


def test_an_amount_beside_no_caption_is_an_empty_line_of_its_side():
    found = read(match(SIDES, "事业收入|1|基本支出|5", "上级补助收入|2||7", "收入合计|3|支出合计|12"))
    assert found.amounts()["right.2.spent"] == D(7)
    assert found.unread() == []


def test_a_column_that_the_file_does_not_have_is_nowhere():
    columns = {"serial": 1, "code": 2, "name": 3, "project": 4}
    found = read(match(SPENT, "1|2010301|行政运行|1", columns=columns))
    assert found.amounts() == {"2010301.project": D(1)}


@pytest.mark.parametrize(
    ("text", "problem", "money", "blank"),
    [
        ("5", "", True, False), ("5元", "", True, False), ("0元", "", False, True), ("-0.01", "", True, False), ("0", "", False, True),
        ("0.00", "", False, True), ("—", "", False, True), ("无", "", False, True), ("甲", "", False, False),
        ("12 34", "", False, False), ("5", "是公式", True, False),
    ],
)  # fmt: skip
def test_what_would_be_lost_money_and_what_says_that_there_is_none(text, problem, money, blank):
    cell = GridCell(4, 1, text, problem=problem)
    assert (is_money(cell), is_blank(cell)) == (money, blank)
