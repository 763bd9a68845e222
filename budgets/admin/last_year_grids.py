"""The entry grids of last year's columns: one for each column of a table that prints last year's amounts."""

from dataclasses import replace

from budgets.admin.entry_grids import Grid
from budgets.domain.documents import ColumnKind
from budgets.domain.ledgers import Ledger
from budgets.domain.tables import Beside, Field, LeafWord, Line, Lines, Table, TableSet, Tree
from budgets.domain.terms import Comparison
from budgets.domain.year_columns import typed_cells, typed_columns
from budgets.models import LastYearLine

AMOUNT = "amount"  # the field that is typed, and so the key of its column on the page
HINT = "取自公开的上年部门预算；本平台有上年的，已经填好。合计由系统得出。"


def key_of(table: str, column: str) -> str:
    return f"last-{table}-{column}"


def grids_of_last_year(table_set: TableSet) -> list[Grid]:
    """One for each column that is typed, in the order of the tables; none where the set prints no column of last year."""
    return [
        Grid(
            key_of(table.key, column),
            f"上年数（{table.title.removeprefix('{year}年')}{_named(table, word)}）",
            LastYearLine,
            table.key,
            row="row",
            fixed=(("table", table.key), ("column", column)),
            scheme=table.rows.scheme if isinstance(table.rows, Tree) else "",
            hint=HINT,
        )
        for table in table_set.tables
        for column, word in typed_columns(table).items()
    ]


def _named(table: Table, word: Beside) -> str:
    """What tells a column from the others of last year in its table: the head of the column that it stands beside."""
    if len(table.beside(Comparison.LAST)) == 1:
        return ""
    path = next(leaf.path for leaf in table.leaves() if leaf.word.key == word.of)
    return f"，{'·'.join(path)}"


def rows_of_last_year(grid: Grid, table: Table) -> Table:
    """The table of a grid: its rows, and the column that is typed."""
    word = table.beside(Comparison.LAST)[dict(grid.fixed)["column"]]
    column = replace(word, key=AMOUNT, side=0)
    captions: list[LeafWord] = [
        replace(leaf.word, side=0)
        for leaf in table.leaves()
        if isinstance(leaf.word, Field)
        and leaf.word.kind is ColumnKind.CAPTION
        and leaf.word.side == word.side
    ]
    if isinstance(table.rows, Tree):
        code = Field("code", "科目编码", ColumnKind.CODE, 5)
        name = Field("name", "科目名称", ColumnKind.CAPTION, 18)
        return replace(
            table, rows=Tree(grid.scheme, total_always=True), columns=(code, name, column), blank=""
        )
    named = captions[:1] or [Field("line", "项目", ColumnKind.CAPTION, 18)]
    return replace(table, rows=Lines(table.lines(word.side)), columns=(*named, column), blank="")


def given_lines(table: Table) -> list[Line]:
    """The lines that are typed."""
    return [line for line, _ in typed_cells(table)]


def typed_of(grid: Grid, ledger: Ledger) -> list[object]:
    """What is typed in a grid."""
    fixed = dict(grid.fixed)
    return [c for c in ledger.last_year if (c.table, c.column) == (fixed["table"], fixed["column"])]


def parts_of(key: str, table: Table) -> list[str]:
    """The typed lines that a line adds up, itself where it is typed."""
    lines = {line.key: line for line in table.lines()}
    parts = lines[key].parts if key in lines else ()
    return [typed for part in parts for typed in parts_of(part, table)] if parts else [key]
