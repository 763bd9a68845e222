"""What an entry grid looks like in a table set: the printed table's own heads and rows, made fit for typing."""

from collections.abc import Iterator
from dataclasses import replace

from budgets.admin.economic_grids import grids_by_economic, rows_by_economic
from budgets.admin.entry_grids import FUND_FIELDS, GOALS, GRIDS, INDICATORS, Grid
from budgets.admin.last_year_grids import grids_of_last_year, rows_of_last_year
from budgets.domain.classification import ECONOMIC, FUNCTION
from budgets.domain.documents import ColumnKind
from budgets.domain.facts import ZERO, Fact, where
from budgets.domain.tables import (
    Amount,
    Balance,
    ColumnWord,
    Field,
    Group,
    Line,
    Lines,
    Listing,
    Table,
    TableSet,
    Tree,
)
from budgets.domain.terms import BasicKind, Family, Flow, Fund, Measure, ThreePublicItem
from budgets.models import LastYearLine

FUND_TABLE = Table(
    number=0,
    key="funds",
    title="资金收支与结转",
    rows=Lines(
        (
            Line("total", "合计", where(fund=list(Fund)), 0, True),
            *(Line(fund.value, fund.label, where(fund=fund)) for fund in Fund),
        )
    ),
    columns=(
        Field("line", "资金性质", ColumnKind.CAPTION, 14),
        Amount("current_year", "本年财政拨款收入", where(family=Family.FUND, flow=Flow.REVENUE)),
        Amount("brought_forward", "年初结转结余", where(family=Family.FUND, flow=Flow.OPENING)),
        Amount("expenditure", "本年支出（由支出明细得出）", where(family=Family.EXPENDITURE)),
        Amount("carried_forward", "年末结转结余", where(family=Family.FUND, flow=Flow.CLOSING)),
        Amount("surplus_used", "使用非财政拨款结余", where(family=Family.FUND, flow=Flow.SURPLUS_USED)),
        Amount("distributed", "结余分配", where(family=Family.FUND, flow=Flow.DISTRIBUTED)),
    ),
)
PLANNED_TABLE = Table(
    number=0,
    key="three_public_budgeted",
    title="“三公”经费预算数",
    rows=Lines(
        (
            Line("total", "合计", where(item=list(ThreePublicItem)), 0, True),
            *(Line(item.value, item.label, where(item=item)) for item in ThreePublicItem),
        )
    ),
    where=where(family=Family.THREE_PUBLIC_BUDGETED),
    columns=(
        Field("line", "项目", ColumnKind.CAPTION, 19),
        *(Amount(measure.value, measure.label, where(measure=measure)) for measure in Measure),
    ),
)

CLASS_TABLE = Table(
    number=0,
    key="basic_by_class",
    title="分类的基本支出",
    rows=Tree(FUNCTION, total_always=True),
    where=where(family=Family.BASIC_BY_CLASS),
    columns=(
        Field("code", "类编码", ColumnKind.CODE, 5),
        Field("name", "类名称", ColumnKind.CAPTION, 18),
        Amount("total", "基本支出合计", parts=("personnel", "running_costs")),
        Amount("personnel", "人员经费", where(kind=BasicKind.PERSONNEL)),
        Amount("running_costs", "公用经费", where(kind=BasicKind.RUNNING_COSTS)),
    ),
)

EVENTS_TABLE = Table(
    number=0,
    key=Family.EVENTS.value,
    title="会议费和培训费",
    rows=Tree(ECONOMIC, total_always=True),
    where=where(family=Family.EVENTS),
    columns=(
        Field("code", "科目编码", ColumnKind.CODE, 5),
        Field("name", "科目名称", ColumnKind.CAPTION, 18),
        Amount("total", "合计", parts=tuple(FUND_FIELDS.values())),
        *(Amount(fund, Fund(fund).label, where(fund=fund)) for fund in FUND_FIELDS.values()),
    ),
)

PROJECT_LISTING = Listing(
    key="projects",
    title="项目",
    source="projects",
    columns=(
        Field("name", "项目名称", ColumnKind.CAPTION, 20),
        Amount("amount", "金额", width=8),
        Field("goals", "绩效目标（一行一条）", width=30),
    ),
)

GOAL_LISTING = Listing(
    key="goals",
    title="绩效目标表",
    source="goals",
    columns=(Field("project", "项目名称", ColumnKind.CAPTION, 30),),
)

ITEMS_TABLE = Table(
    number=0,
    key="three_public_items",
    title="“三公”经费",
    rows=Lines(
        (
            Line("total", "合计", where(item=list(ThreePublicItem)), 0, True),
            *(Line(item.value, item.label, where(item=item)) for item in ThreePublicItem),
        )
    ),
    where=where(family=Family.THREE_PUBLIC),
    columns=(
        Field("line", "项目", ColumnKind.CAPTION, 19),
        Amount("total", "合计", parts=tuple(FUND_FIELDS)),
        *(Amount(key, Fund(fund).label, where(fund=fund)) for key, fund in FUND_FIELDS.items()),
    ),
)
OF_ACCOUNTS = {Flow.SURPLUS_USED.value, Flow.DISTRIBUTED.value, *(measure.value for measure in Measure)}
NAMES = {True: "功能分类科目", False: "支出部门经济分类科目"}


def declaration(grid: Grid, table_set: TableSet) -> Table | Listing:
    """The table whose heads and rows the grid has; KeyError when the set prints nothing of the kind."""
    family = getattr(grid.model, "FAMILY", None)
    if family and not table_set.prints(family):
        raise KeyError(family)
    if grid.key == "funds":
        return _funds(table_set)
    if grid.key == PLANNED_TABLE.key:
        return _used(PLANNED_TABLE, table_set)
    if grid.key == Family.BASIC_BY_CLASS.value:
        return CLASS_TABLE
    if family == Family.BY_ECONOMIC:
        return rows_by_economic(grid, table_set)
    if grid.key == EVENTS_TABLE.key:
        return EVENTS_TABLE
    if grid.key == "projects":
        return PROJECT_LISTING
    if grid.key == GOALS.key:
        return GOAL_LISTING
    if grid.table not in {table.key for table in table_set.tables}:
        return _listing(table_set.annex(grid.table))
    table = table_set.table(grid.table)
    if grid.model is LastYearLine:
        return rows_of_last_year(grid, table)
    if grid.scheme:
        table = _tree(grid, table)
    elif not _has_rows(table):
        return ITEMS_TABLE  # the set prints the items side by side in one row
    if ("fund", Fund.NON_FISCAL.value) in grid.fixed:
        inside = table.where & where(fund=Fund.NON_FISCAL)
        table = replace(table, key="expenditure_non_fiscal", title="非财政拨款资金支出", where=inside)
    return table


def _funds(table_set: TableSet) -> Table:
    """The funds whose balances are not told item by item, with the flows that the set prints."""
    by_item = [
        f for f in Fund if Fact(Family.FUND, ZERO, fund=f, flow=Flow.OPENING) in table_set.no_column_for
    ]
    rows = tuple(line for line in FUND_TABLE.lines() if line.key not in by_item)
    return _used(replace(FUND_TABLE, rows=Lines(rows)), table_set)


def _used(table: Table, table_set: TableSet) -> Table:
    """The table without columns that accounts alone have, where the set prints none of their kind."""
    printed = {
        value
        for inside in table_set.slices()
        for box in inside.boxes
        for _, values in box.conditions
        for value in values
    }
    return replace(
        table,
        columns=tuple(
            word
            for word in table.columns
            if (key := getattr(word, "key", "")) not in OF_ACCOUNTS or key in printed
        ),
    )


def grids_of(table_set: TableSet) -> dict[str, Grid]:
    """The grids that are typed for a set, by key, in the order of the task list."""
    usual = [grid for grid in GRIDS if table_set.tables and _declared(grid, table_set)]
    return {
        grid.key: grid for grid in (*usual, *grids_by_economic(table_set), *grids_of_last_year(table_set))
    }


def has_goals(table_set: TableSet) -> bool:
    return _declared(INDICATORS, table_set)


def _declared(grid: Grid, table_set: TableSet) -> bool:
    try:
        declaration(grid, table_set)
    except KeyError:
        return False
    return True


def _tree(grid: Grid, table: Table) -> Table:
    """One whole code before its name, however the set splits codes in print; totals stand above."""
    code = Group(
        NAMES[grid.scheme == FUNCTION],
        (Field("code", "科目编码", ColumnKind.CODE, 5), Field("name", "科目名称", ColumnKind.CAPTION, 18)),
    )
    money = tuple(word for word in table.columns if isinstance(word, Amount) or _amounts(word))
    if isinstance(
        table.rows, Balance
    ):  # two blocks with a column each: side by side, called by what they are of
        money = tuple(
            replace(word, caption=BasicKind(word.key).label) for word in money if isinstance(word, Amount)
        )
    return replace(table, rows=Tree(grid.scheme, total_always=True), columns=(code, *money), blank="")


def _amounts(word: ColumnWord) -> bool:
    """True for a group of nothing but money."""
    return isinstance(word, Group) and all(isinstance(w, Amount) or _amounts(w) for w in word.columns)


def _has_rows(table: Table) -> bool:
    return {item.value for item in ThreePublicItem} <= {line.key for line in table.lines()}


def _listing(listing: Listing) -> Listing:
    """A 指标值 is typed in three parts, which print back as one."""
    columns = [part for word in listing.columns for part in (_target(word) if _is_target(word) else (word,))]
    return replace(listing, columns=tuple(columns))


def _is_target(word: ColumnWord) -> bool:
    return isinstance(word, Field) and word.key == "target"


def _target(word: ColumnWord) -> Iterator[Group]:
    parts = (("comparator", "比较", 3), ("value", "数值", 4), ("unit", "单位", 4))
    yield Group("指标值", tuple(Field(key, caption, width=width) for key, caption, width in parts))
