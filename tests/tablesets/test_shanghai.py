"""The Shanghai district set: a real disclosure, entered as facts, prints its nine tables cell by cell."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from budgets import rules, tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.documents import header_grid
from budgets.domain.facts import Fact
from budgets.domain.findings import Severity
from budgets.domain.identities import amounts, broken, identities
from budgets.domain.ledgers import Ledger, Narrative
from budgets.domain.places import CellRef
from budgets.domain.suspects import suspects
from budgets.domain.terms import BasicKind, Family, Flow, Fund, Origin, ThreePublicItem, Use

SET = tablesets.get("shanghai_2023")
GIVEN = json.loads(
    (Path(__file__).parents[1] / "sample" / "shanghai-putuo-finance-bureau-2025.json").read_text()
)
TABLES = {table["id"]: table for table in GIVEN["tables"]}
# The one row of 三公 and 机关运行经费 stands in two equations only: which of its cells is wrong cannot be told.
UNTOLD = {"total", "overseas_visits", "agency_running_costs"}


def yuan(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def given_facts() -> list[Fact]:
    facts = [
        Fact(Family.FUND, yuan("31,214,205.80"), fund=Fund.GENERAL_PUBLIC, flow=Flow.REVENUE),
        Fact(
            Family.THREE_PUBLIC,
            Decimal(9500),
            fund=Fund.GENERAL_PUBLIC,
            item=ThreePublicItem.OFFICIAL_HOSPITALITY,
        ),
        Fact(Family.AGENCY, Decimal(2294300)),
    ]
    for row in TABLES["S2"]["rows"]:
        if len(code := "".join(row[:3])) == 7:
            facts.append(
                Fact(Family.REVENUE, yuan(row[5]), function=code, origin=Origin.FISCAL_APPROPRIATION)
            )
    for row in TABLES["S5"]["rows"]:
        if len(code := "".join(row[:3])) == 7:
            facts += [
                Fact(Family.EXPENDITURE, yuan(cell), fund=Fund.GENERAL_PUBLIC, function=code, use=use)
                for cell, use in zip(row[5:], (Use.BASIC, Use.PROJECT), strict=True)
                if cell
            ]
    for row in TABLES["S8"]["rows"]:
        if len(code := "".join(row[:2])) == 5:
            facts += [
                Fact(Family.BASIC_EXPENDITURE, yuan(cell), economic=code, kind=kind)
                for cell, kind in zip(row[4:], (BasicKind.PERSONNEL, BasicKind.RUNNING_COSTS), strict=True)
                if yuan(cell)
            ]
    return facts


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger(
        "shanghai_2023", "310107", "上海市普陀区", "101", "上海市普陀区财政局", 2025,
        facts=tuple(given_facts()),
        narratives=tuple(Narrative(c.key, c.title, "无。") for c in SET.chapters),
    )  # fmt: skip


@pytest.fixture(scope="module")
def document(ledger):
    return compose(SET, ledger, subjects_of(2025))


@pytest.mark.parametrize("n", range(9))
def test_prints_every_cell_as_published(document, n):
    sheet, given = document.tables[n], TABLES[f"S{n + 1}"]
    assert (sheet.title, sheet.unit) == (given["title"], given["unit"])
    assert [[cell.text for cell in row.cells] for row in sheet.rows] == given["rows"]
    head = [["" for _ in sheet.columns] for _ in header_grid(sheet.columns)]
    for row in header_grid(sheet.columns):
        for cell in row:
            head[cell.row][cell.column] = cell.text
    assert head == given["head"]


@pytest.mark.slow
def test_its_identities_hold_and_name_a_changed_cell(document):
    cells = amounts(document.tables)
    among = identities(SET, cells)
    assert broken(among, cells) == []
    untold = {
        cell for cell in cells if suspects(among, {**cells, cell: cells[cell] + Decimal("0.01")}) != [cell]
    }
    assert untold == {CellRef("three_public", "total", column) for column in UNTOLD}


def test_the_tables_raise_no_error(ledger):
    findings = rules.check(ledger, subjects_of(2025))
    assert [f.message for f in findings if f.severity is Severity.ERROR] == []
    assert "no-project-under-administration" in {f.rule for f in findings}  # 2010601, 138,514.80元


def test_money_that_the_set_cannot_print_is_an_error(ledger):
    from dataclasses import replace

    affiliates = Fact(Family.REVENUE, Decimal(100), function="2010601", origin=Origin.SUPERIOR_SUBSIDY)
    faulty = replace(ledger, facts=(*ledger.facts, affiliates))
    assert "amount-printed" in {f.rule for f in rules.check(faulty, subjects_of(2025))}
