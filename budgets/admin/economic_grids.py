"""The entry grids of expenditure by function and economic item: one for each economic item that the forms have a column for."""

from budgets.admin.entry_grids import Grid
from budgets.domain.classification import FUNCTION
from budgets.domain.documents import ColumnKind
from budgets.domain.facts import ZERO, where
from budgets.domain.leaf_cells import as_fact, leaves
from budgets.domain.tables import Amount, Field, Group, Table, TableSet, Tree
from budgets.domain.terms import Family, Use
from budgets.models import ByEconomicLine

FAMILY = Family.BY_ECONOMIC
HINT = "按功能分类科目（项）填写；各经济分类相加，应等于支出明细中该科目的一般公共预算支出。"


def key_of(economic: str) -> str:
    return f"{FAMILY.value}-{economic}"


def printed_uses(table_set: TableSet) -> dict[str, dict[Use, str]]:
    """By economic item, in the order of print, the uses that a column has, each with the caption of that column."""
    found: dict[str, dict[Use, str]] = {}
    for table in table_set.tables:
        captions = {leaf.word.key: leaf.path[-1] for leaf in table.leaves()}
        for leaf in leaves(table, ["0"]):
            fact = as_fact(leaf.inside, ZERO, coded=True)
            if fact and fact.family is FAMILY and fact.use:
                found.setdefault(fact.economic, {})[fact.use] = captions[leaf.ref.column]
    return found


def grids_by_economic(table_set: TableSet) -> list[Grid]:
    """One for each economic item, in the order of print; none where no table of the set is of this kind."""
    return [
        Grid(
            key_of(economic),
            f"{FAMILY.label}（{economic} {next(iter(uses.values()))}）",
            ByEconomicLine,
            "",
            row=FUNCTION,
            fixed=(("economic", economic),),
            scheme=FUNCTION,
            hint=HINT,
        )
        for economic, uses in printed_uses(table_set).items()
    ]


def rows_by_economic(grid: Grid, table_set: TableSet) -> Table:
    """The table of a grid: an item of function a row, with the uses that the forms print of its economic item."""
    economic = dict(grid.fixed)["economic"]
    uses = [use for use in Use if use in printed_uses(table_set)[economic]]
    code = Group(
        "功能分类科目",
        (Field("code", "科目编码", ColumnKind.CODE, 5), Field("name", "科目名称", ColumnKind.CAPTION, 18)),
    )
    total = (Amount("total", "合计", parts=tuple(uses)),) if len(uses) > 1 else ()
    return Table(
        number=0,
        key=grid.key,
        title=grid.label,
        rows=Tree(FUNCTION, total_always=True),
        where=where(family=FAMILY, economic=economic),
        columns=(code, *total, *(Amount(use.value, use.label, where(use=use)) for use in uses)),
    )
