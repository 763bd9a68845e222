"""What goes into each column of an entry grid, where it is taken from, and how it looks when it is filled in."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.utils.safestring import SafeString

from budgets import tablesets
from budgets.admin.declaring import declaration, grids_of, has_goals
from budgets.admin.entry_grids import INDICATORS, Grid
from budgets.admin.rows import entered
from budgets.data.filled_sample import YEAR, filled_sample
from budgets.data.subject_lists import subjects_of
from budgets.domain.classification import ECONOMIC
from budgets.domain.documents import Column, ColumnKind
from budgets.domain.sheets import Filler
from budgets.domain.tables import Listing, TableSet
from budgets.forms.hints import AMOUNT, LEFT_OUT, NAME, code_hint, record_hint
from budgets.forms.meanings import meaning
from budgets.rendering.excerpts import filled_rows
from budgets.rendering.html.html_table import table_html
from budgets.rendering.sheet_layout import lay_out

SAMPLE = "样例（乐亭县行政审批局 2023 年，节选几行，合计只是这几行的和）："
ONE_GOAL = "样例（乐亭县行政审批局 2023 年的一个项目；一个项目一张）："
INVENTED = "举例（样例单位 2023 年没有政府采购，这一行是假设的）："
ORIGINS = {"procurement": INVENTED, "indicators": ONE_GOAL}

type Help = tuple[str, str]  # the column's caption, and what goes there


def helps(grid: Grid, table_set: TableSet, columns: Iterable[Column]) -> list[Help]:
    """The help on each column of a grid, in the order of print; alike neighbours, derived by the system, said once."""
    shown = list(columns)
    typed = {each.column.key for each in entered(grid, shown)}
    out: list[Help] = []
    for column in shown:
        words = _words(grid, table_set, column, typed=column.key in typed)
        if not words:
            continue
        caption = "　".join(column.path)
        if out and words == LEFT_OUT == out[-1][1]:
            caption = f"{out.pop()[0]}、{caption}"
        out.append((caption, words))
    return out


def _words(grid: Grid, table_set: TableSet, column: Column, *, typed: bool) -> str:
    if grid.scheme and column.key == "code":
        return code_hint(grid.scheme == ECONOMIC, None, column.path[-1])
    if grid.scheme and column.key == "name":
        return NAME
    if not typed:
        return "" if column.kind is not ColumnKind.AMOUNT else LEFT_OUT
    if said := meaning(grid.key, column.key):
        return said
    return record_hint(column, table_set.unit)


@dataclass(frozen=True, slots=True)
class GridHelp:
    """One entry grid on the page 怎么填. `excerpt` is the sample's table as it is filled in; blank where it has none.

    `origin` says what the excerpt is; an example that is not the sample's own says so.
    """

    grid: Grid
    helps: list[Help]
    excerpt: SafeString | str
    origin: str


@cache
def grid_helps(table_set: str) -> list[GridHelp]:
    """Every entry grid of a table set, in the order of the task list."""
    declared = tablesets.get(table_set)
    filler = Filler(declared, filled_sample(table_set), subjects_of(YEAR))
    grids = [*grids_of(declared).values(), *([INDICATORS] if has_goals(declared) else [])]
    return [_grid_help(grid, declared, filler) for grid in grids]


def _grid_help(grid: Grid, table_set: TableSet, filler: Filler) -> GridHelp:
    table = declaration(grid, table_set)
    columns = list(filler.columns(table.key, [leaf for leaf in table.leaves() if leaf.word.key != "serial"]))
    sheets = filler.annex(table) if isinstance(table, Listing) else (filler.fill(table),)
    excerpt: SafeString | str = ""
    for sheet in sheets[:1]:
        if rows := filled_rows(sheet):
            excerpt = table_html(lay_out(sheet, rows=rows, addressed=False), heading=0)
    return GridHelp(grid, helps(grid, table_set, columns), excerpt, ORIGINS.get(grid.key, SAMPLE))


def amounts_in(table_set: str) -> str:
    """How every amount of a set is typed."""
    return AMOUNT.format(unit=f"金额单位：{tablesets.get(table_set).unit}")
