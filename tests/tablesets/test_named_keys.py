"""Every key of a table, annex, figure or chapter that code or a template names is there in each set, or listed as absent."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from budgets.admin import entry_grids, entry_rows
from budgets.domain import callings, figures, headlines
from budgets.domain.places import CellRef
from budgets.domain.tables import Balance, Lines, TableSet
from budgets.rules import COMPARED, changes, economic, given_cells, naming, notes_and_years
from budgets.sentences import statements
from budgets.tablesets import SETS
from tests.tablesets.synthetic import SYNTHETIC

ROOT = Path(__file__).parents[2]
NO_ANNEXES = "a district's disclosure has no annex tables"
# What accounts alone tell: their drawn texts and the words for what they print beside the accounts.
OF_ACCOUNTS = {
    ("chapter", "revenue_explained"): "a chapter of accounts",
    ("chapter", "expenditure_explained"): "a chapter of accounts",
    ("figure", "fiscal_total"): "accounts alone add up fiscal money with what was left of it",
    ("figure", "three_public_budgeted"): "accounts alone print the plan beside",
}
# What a set does not print though code knows it from another one: (kind, key) -> why.
ABSENT: dict[str, dict[tuple[str, str], str]] = {
    "hebei_2023": {
        ("chapter", "projects"): "projects stand in the chapter 预算绩效信息",
        ("figure", "agency_running_costs"): "机关运行经费 stands in its chapter, in no table",
        **OF_ACCOUNTS,
    },
    "shanghai_2023": {
        ("annex", "organization"): NO_ANNEXES,
        ("annex", "goal"): NO_ANNEXES,
        ("annex", "procurement"): NO_ANNEXES,
        ("annex", "fixed_assets"): NO_ANNEXES,
        ("chapter", "agency_running_costs"): "a column of the table of 三公, told in 其他相关情况说明",
        ("chapter", "three_public"): "told in 其他相关情况说明",
        ("chapter", "performance"): "told in 其他相关情况说明",
        ("chapter", "procurement"): "told in 其他相关情况说明",
        **OF_ACCOUNTS,
    },
    "shanghai_final_2024": {
        ("annex", "organization"): "the units are a list in their chapter",
        ("annex", "procurement"): "told in 其他重要事项的情况说明",
        ("annex", "fixed_assets"): "told in 其他重要事项的情况说明",
        ("chapter", "agency_running_costs"): "told in 其他重要事项的情况说明",
        ("chapter", "procurement"): "told in 其他重要事项的情况说明",
        ("chapter", "projects"): "accounts have none",
        ("figure", "agency_running_costs"): "told in 其他重要事项的情况说明, in no table",
    },
}
# A unit prints what its department does, but for the chapter on projects.
ABSENT["shanghai_2023_unit"] = ABSENT["shanghai_2023"] | {
    ("chapter", "projects"): "a unit does not write it",
}
# What no set calls by that key though code reads it: figures that texts alone speak of.
SPOKEN = {key for key, *_ in (*figures.CELLS, *figures.ANNEXES)}


def keys(table_set: TableSet) -> set[tuple[str, str]]:
    """(kind, key) of everything in a set that code can name."""
    return {
        *(("table", table.key) for table in table_set.tables),
        *(("annex", annex.key) for annex in table_set.annexes),
        *(("figure", figure.key) for figure in table_set.figures),
        *(("chapter", chapter.key) for chapter in table_set.chapters),
    }


def literals() -> set[str]:
    """Every bare word in quotes in code, the declarations themselves left out, and in templates."""
    found = set()
    for path in (ROOT / "budgets").rglob("*.py"):
        if not {"migrations", "tablesets"} & set(path.parts):
            found |= {
                node.value
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    for path in (ROOT / "templates").rglob("*.html"):
        found |= set(re.findall(r"['\"]([a-z_]+)['\"]", path.read_text()))
    return found


def missing(sets: dict[str, TableSet], named: set[str]) -> set[tuple[str, str, str]]:
    """(set, kind, key) of what is named, and there in one set but not in another."""
    known = {name: keys(table_set) for name, table_set in sets.items()}
    asked = {pair for pairs in known.values() for pair in pairs if pair[1] in named}
    return {(name, *pair) for name, pairs in known.items() for pair in asked - pairs}


@pytest.mark.slow
def test_what_code_names_is_in_every_set_or_listed_as_absent() -> None:
    listed = {(name, *pair) for name, pairs in ABSENT.items() for pair in pairs}
    assert missing(SETS, literals()) == listed


@pytest.mark.slow
def test_a_key_that_one_set_lacks_is_found() -> None:
    table_set = SETS["hebei_2023"]
    fewer = {
        **SETS,
        "poor": TableSet(**{f: getattr(table_set, f) for f in table_set.__slots__} | {"figures": ()}),
    }
    assert ("poor", "figure", "total_resources") in missing(fewer, literals())


def asked_for(source: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The keys that calls and look-ups take: (kind, key), for a cell table, row and column, blank where computed."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id="CellRef"), args=[_, _, _] as args):
                yield "cell", tuple(literal(arg) for arg in args)
            case ast.Call(func=ast.Name(id="TablePlace"), args=[arg, *_]):
                yield "table", (literal(arg),)
            case ast.Call(func=ast.Name(id="Passage"), args=[arg, *_]):
                yield "chapter", (literal(arg),)
            case ast.Call(func=ast.Attribute(attr="table" | "annex"), args=[arg]):
                yield "table", (literal(arg),)
            case ast.Call(func=ast.Attribute(attr="cells" | "figure"), args=[arg]):
                yield "figure", (literal(arg),)
            case (
                ast.Call(func=ast.Attribute(value=owner, attr="get"), args=[arg, *_])
                | ast.Subscript(value=owner, slice=arg)
            ):
                called = f".{owner.attr}" if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
                kinds = {"figures": "figure", ".known": "figure", "sheets": "table", ".sheets": "table"}
                if kind := kinds.get(called):
                    yield kind, (literal(arg),)
            case ast.Compare(left=ast.Attribute(value=ast.Name(id=called), attr="key"), comparators=[right]):
                if kind := {
                    "figure": "figure",
                    "n": "chapter",
                    "narrative": "chapter",
                    "chapter": "chapter",
                }.get(called):
                    yield kind, (literal(right),)


def literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


# Constants whose entries are keys.
TABLED: dict[str, tuple[str, ...]] = {
    "table": (
        *figures.ITEM_TABLES, *given_cells.FUND_TABLES, *naming.NAMED_ROWS, *notes_and_years.FUND_WORDS,
        *entry_rows.SUMMARIES, *entry_rows.GRIDS, *(table for _, _, table, *_ in figures.CELLS),
        *(key for key, *_ in figures.ANNEXES), *(key for keys in COMPARED.values() for key in keys),
        *(grid.table for grid in (*entry_grids.GRIDS, entry_grids.INDICATORS) if grid.table),
    ),
    "figure": (
        *(key for word in callings.WORDS for key in word.figures), *(key for _, key in changes.PARTS),
        *(key for key, *_ in economic.THREE_PUBLIC_SUBJECTS),
        *(key for head, below in headlines.HEADLINES for key in (head, *below)),
    ),
    "chapter": statements.QUOTED_TEXTS,
}  # fmt: skip


def wrong(kind: str, asked: tuple[str, ...]) -> bool:
    """True for a key that is in no set at all, those of no place among them."""
    every = (*SETS.values(), *SYNTHETIC.values())
    if kind == "cell":
        return bool(asked[0]) and not any(has_cell(table_set, CellRef(*asked)) for table_set in every)
    known = {pair for table_set in every for pair in keys(table_set)}
    kinds = ("table", "annex") if kind == "table" else (kind,)
    return bool(asked[0]) and asked[0] not in SPOKEN and not any((k, asked[0]) in known for k in kinds)


def has_cell(table_set: TableSet, cell: CellRef) -> bool:
    """True when a set has the cell, as far as its key is no computed one; rows of codes and records are counted as there."""
    declared = {table.key: table for table in (*table_set.tables, *table_set.annexes)}
    table = declared.get(cell.table)
    if table is None or cell.column and cell.column not in {leaf.word.key for leaf in table.leaves()}:
        return False
    rows = getattr(table, "rows", None) or getattr(table, "lines", None)
    lines = rows.lines(0) + rows.lines(1) if isinstance(rows, Balance) else getattr(rows, "lines", rows)
    fixed = isinstance(rows, (Balance, Lines, tuple))
    return not (fixed and cell.row) or cell.row in {line.key for line in lines}


@pytest.mark.slow
def test_no_call_asks_for_a_key_that_no_set_has() -> None:
    asked = {
        (path.name, kind, key)
        for path in (ROOT / "budgets").rglob("*.py")
        for kind, key in asked_for(path.read_text())
        if any(key)
    }
    assert len(asked) > 25
    assert [one for one in sorted(asked) if wrong(one[1], one[2])] == []
    assert [(kind, key) for kind, tabled in TABLED.items() for key in tabled if wrong(kind, (key,))] == []


@pytest.mark.parametrize(
    "source",
    [
        'CellRef("expenditures", code, "total")', 'CellRef("expenditure", code, "totals")',
        'CellRef("balance", "total_use", "expenditure")', 'CellRef("fixed_assets", "ships", "quantity")',
        'TablePlace("three_publics")', 'Passage("mandates")', 'table_set.table("revenues")',
        'case.once(figures_of).known.get("runing_costs")', 'figures["total_resource"]',
        'figures.cells("vehicle")', 'next(n for n in narratives if n.key == "performances")',
    ],
)  # fmt: skip
def test_a_mistyped_key_is_found(source: str) -> None:
    ((kind, key),) = [found for found in asked_for(source) if any(found[1])]
    assert wrong(kind, key)


@pytest.mark.parametrize("table_set", SETS.values(), ids=SETS)
def test_every_set_prints_the_large_figures(table_set: TableSet) -> None:
    named = {figure.key for figure in table_set.figures}
    assert {key for key, _ in headlines.HEADLINES} <= named
