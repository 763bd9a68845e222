"""The forms of a 单位 in Shanghai: a real unit's budget is read from its PDF, printed again cell by cell, judged truly."""

import json
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.documents import Document, header_grid
from budgets.domain.facts import Fact
from budgets.domain.findings import Severity
from budgets.domain.identities import amounts, broken, identities
from budgets.domain.terms import BasicKind, Family
from budgets.importing.belonging import belongs
from budgets.importing.pipeline import take_in
from budgets.importing.reading.grids import Source
from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken
from budgets.rules import check
from budgets.synthetic.draws import random_facts
from tests.makers.documents import a_ledger

SAMPLE = Path(__file__).parents[1] / "sample"
PDF = SAMPLE / "shanghai-putuo-commerce-unit-2025.pdf"
GIVEN = json.loads((SAMPLE / "shanghai-putuo-commerce-unit-2025.json").read_text())
SET, YEAR = tablesets.get("shanghai_2023_unit"), 2025


@cache
def source() -> Source:
    return read(PDF)


@cache
def taken(*, transcribed: bool = False, table_set: str = SET.key) -> Taken:
    return take_in(
        source(), region="310107", unit="102", year=YEAR, table_set=table_set, subjects=subjects_of(YEAR),
        region_name="上海市普陀区", transcribed=transcribed,
    )  # fmt: skip


def printed(found: Taken) -> Document:
    return compose(SET, found.ledger, subjects_of(YEAR))


def bare(rows) -> list[list[str]]:
    return [["".join(text.split()) for text in row] for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("transcribed", [False, True])
def test_every_cell_is_read_and_printed_again_as_published(transcribed):
    found = taken(transcribed=transcribed)
    assert (found.differences, found.unread, found.suspects) == ([], [], [])
    document = printed(found)
    for sheet, given in zip(document.tables, GIVEN["tables"], strict=True):
        assert (sheet.title, sheet.unit) == (given["title"], given["unit"])
        assert bare([[cell.text for cell in row.cells] for row in sheet.rows]) == bare(given["rows"])
        assert list(sheet.notes) == given["notes"]
        head = [["" for _ in sheet.columns] for _ in header_grid(sheet.columns)]
        for row in header_grid(sheet.columns):
            for cell in row:
                head[cell.row][cell.column] = cell.text
        assert bare(head) == bare(given["head"])


@pytest.mark.slow
def test_what_is_found_is_true():
    told = {finding.rule for finding in taken().findings}
    # The year before is not known; 25 projects with goals hold 11,381.60 of 35,168.40; names of codes are not confirmed.
    assert told == {"unchanged-verified", "goals-cover-projects", "code-confirmed"}
    assert not [f for f in taken().findings if f.severity is Severity.ERROR]


@pytest.mark.slow
def test_a_file_of_a_unit_says_so_by_its_own_titles():
    assert belongs(source()).table_set == SET.key
    (finding,) = taken(table_set="shanghai_2023").findings
    assert SET.label in finding.message and finding.severity is Severity.ERROR


def test_captions_alone_differ_where_nothing_is_declared_anew():
    usual = tablesets.get("shanghai_2023")
    assert [table.key for table in SET.tables] == [table.key for table in usual.tables]
    own = {table.key for table in usual.units.tables}
    for table, other in zip(SET.tables, usual.tables, strict=True):
        assert (table.rows == other.rows or table.rows != other.rows and table.key in own) or (
            [line.where for line in table.lines()] == [line.where for line in other.lines()]
        )
    assert "projects" not in {chapter.key for chapter in SET.chapters}
    words = " ".join((*(t.title for t in SET.tables), *(m for t in SET.tables for m in t.meta)))
    assert "编制部门" not in words and "年部门" not in words


def test_a_class_whose_split_differs_from_its_items_is_named():
    facts = random_facts(3, SET.key)
    split = next(fact for fact in facts if fact.family is Family.BASIC_BY_CLASS)
    wrong = tuple(replace(f, amount=f.amount + Decimal("1.00")) if f is split else f for f in facts)
    for these, codes in ((facts, set()), (wrong, {split.function})):
        ledger = a_ledger(SET.key, these)
        cells = amounts(compose(SET, ledger, subjects_of(YEAR)).tables)
        lines = broken(identities(SET, cells), cells)
        assert {each.label.split()[1] for each in lines if each.label.startswith("收支总表 ")} == codes
        told = [f.message for f in check(ledger, subjects_of(YEAR)) if f.rule == "families-meet"]
        assert len(told) == len(codes) and all(code in message for code in codes for message in told)


def test_a_class_is_no_item():
    """A 类 may hold the split of a summary, nothing else."""
    ledger = a_ledger(
        SET.key, (Fact(Family.BASIC_BY_CLASS, Decimal(100), function="201", kind=BasicKind.PERSONNEL),)
    )
    told = {f.rule for f in check(ledger, subjects_of(YEAR))}
    assert "code-detailed" not in told
    item = replace(ledger.facts[0], function="2010301")
    assert "code-detailed" in {f.rule for f in check(replace(ledger, facts=(item,)), subjects_of(YEAR))}
