"""A draft as the form with its values: it comes back as it was, never opened, and as LibreOffice calculates it when edited."""

import io
import random
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.ledgers import Ledger
from budgets.domain.sheets import Filler
from budgets.domain.tables import Tree
from budgets.forms.entries import ANY_CODE, Entry, entries
from budgets.forms.template import draft_workbook
from budgets.importing.taken import Taken
from budgets.synthetic.draws import FUNCTIONS
from budgets.synthetic.ledgers_drawn import random_ledger
from tests.makers.handed_in import handed_in
from tests.makers.libreoffice import converted, needs_calc

SETS = tablesets.SETS.values()
PARTS = ("organizations", "goals", "procurements", "assets")
NASTY = ("=1+1", "+1", "-1+1", "@SUM(1)", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0")


def drawn(seed: int, table_set) -> Ledger:
    return random_ledger(seed, table_set, region=("130225", "某县"), unit=("483", "某局"))


@cache
def downloaded(seed: int, key: str) -> bytes:
    table_set = tablesets.get(key)
    return draft_workbook(table_set, drawn(seed, table_set), subjects_of(2023))


def taken(content: bytes, table_set) -> Taken:
    return handed_in(content, "填报表.xlsx", table_set)


def faults(found: Taken, ledger: Ledger) -> list[str]:
    """Whatever came back otherwise than it went out."""
    facts = set(ledger.facts)
    return [
        *(f"missed: {fact}" for fact in facts - set(found.ledger.facts)),
        *(f"made up: {fact}" for fact in set(found.ledger.facts) - facts),
        *(name for name in PARTS if getattr(found.ledger, name) != getattr(ledger, name)),
        *map(str, (*found.differences, *found.suspects, *found.unread, *found.ledger.wording.items())),
        *(str(finding) for finding in found.findings if finding.rule.startswith("intake-")),
    ]


def calculated(content: bytes, folder: Path) -> bytes:
    """The workbook as LibreOffice saves it, every formula calculated again."""
    (folder / "填报表.xlsx").write_bytes(content)
    return converted(folder / "填报表.xlsx", "xlsx", folder / "saved").read_bytes()


def without_results(content: bytes) -> bytes:
    """The workbook with every formula's result taken out: whoever opens it has to calculate."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def numbers(content: bytes) -> dict[tuple[str, str], Decimal]:
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {
        (sheet.title, cell.coordinate): Decimal(f"{cell.value:.15g}")
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
    }


def formulas(content: bytes) -> dict[tuple[str, str], str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


@pytest.mark.sweep(2, 6)
@pytest.mark.parametrize("table_set", SETS, ids=lambda s: s.key)
@pytest.mark.parametrize("seed", range(6))  # 20 were run
def test_as_downloaded_it_comes_back_as_it_was(seed, table_set):
    assert faults(taken(downloaded(seed, table_set.key), table_set), drawn(seed, table_set)) == []


@pytest.mark.slow
@pytest.mark.parametrize("table_set", SETS, ids=lambda s: s.key)
def test_an_empty_draft_is_an_empty_form(table_set):
    ledger = Ledger(table_set.key, "130225", "某县", "483", "某局", 2023)
    found = taken(draft_workbook(table_set, ledger, subjects_of(2023)), table_set)
    assert (found.ledger.facts, found.differences, found.unread) == ((), [], [])
    assert [fault.rule for fault in found.errors] == ["intake-empty"]


@pytest.mark.slow
@pytest.mark.parametrize("table_set", SETS, ids=lambda s: s.key)
def test_every_formula_has_its_result(table_set):
    content = downloaded(1, table_set.key)
    wanted, found = formulas(content), numbers(content)
    assert len(wanted) > 60
    assert set(wanted) <= set(found)
    assert not any(set(formulas(without_results(content))) & set(numbers(without_results(content))))


@pytest.mark.sweep(0, 2)
@needs_calc
@pytest.mark.parametrize("table_set", SETS, ids=lambda s: s.key)
@pytest.mark.parametrize("seed", range(2))  # 4 were run
def test_its_results_are_what_libreoffice_calculates(seed, table_set, tmp_path):
    content = downloaded(seed, table_set.key)
    again = calculated(without_results(content), tmp_path)
    ours, theirs = numbers(content), numbers(again)
    assert {at: (ours[at], theirs.get(at)) for at in formulas(content) if ours[at] != theirs.get(at)} == {}
    assert faults(taken(again, table_set), drawn(seed, table_set)) == []


def edited(content: bytes, seed: int, table_set) -> tuple[bytes, int]:
    """The workbook with some typed amounts changed and codes added in empty rows; and how many cells were."""
    chance = random.Random(seed)
    book = openpyxl.load_workbook(io.BytesIO(content))
    ledger = drawn(seed, table_set)
    filler = Filler(table_set, ledger, subjects_of(2023))
    typed = entries(table_set)
    changed = 0
    for table in table_set.tables:
        facts = {ref.column for ref, kind in typed.items() if ref.table == table.key and kind is Entry.FACT}
        filled = filler.fill(table)
        sheet = next(each for each in book.worksheets if each["A1"].value == filled.title)
        at = int(re.findall(r"\d+", sheet.print_title_rows)[1]) + 1
        codes = [n for n, column in enumerate(filled.columns, 1) if column.kind == "code"]
        for position, column in enumerate(filled.columns, 1):
            if column.key not in facts or not isinstance(table.rows, Tree):
                continue
            for row in range(at, sheet.max_row):
                cell = sheet.cell(row, position)
                if isinstance(cell.value, int | float) and chance.random() < 0.4:
                    cell.value = chance.randint(1, 9_000_000) / 100
                    changed += 1
        if facts and codes and typed.get((table.key, ANY_CODE, "basic")):
            free = next(r for r in range(at + 1, sheet.max_row) if not sheet.cell(r, codes[0]).value)
            new = next(code for code in (*FUNCTIONS, "2049999") if code not in {r.key for r in filled.rows})
            digits = [(0, 7)] if len(codes) == 1 else [(0, 3), (3, 5), (5, 7)]
            for column, (first, end) in zip(codes, digits, strict=True):
                sheet.cell(free, column).value = new[first:end]
            basic = next(n for n, column in enumerate(filled.columns, 1) if column.key == "basic")
            sheet.cell(free, basic).value = 12.34
            changed += 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), changed


@pytest.mark.sweep(0, 2)
@needs_calc
@pytest.mark.parametrize("table_set", SETS, ids=lambda s: s.key)
@pytest.mark.parametrize("seed", range(2))  # 4 were run
def test_edited_and_calculated_by_libreoffice_it_ties(seed, table_set, tmp_path):
    content, changed = edited(downloaded(seed, table_set.key), seed, table_set)
    found = taken(calculated(content, tmp_path), table_set)
    assert changed > 3
    assert taken(content, table_set).unread  # as edited, before anybody calculated it
    assert set(found.ledger.facts) != set(drawn(seed, table_set).facts)
    assert (found.differences, found.suspects, found.unread) == ([], [], [])
    assert [finding for finding in found.findings if finding.rule.startswith("intake-")] == []


@pytest.mark.sweep(0, 3)
@pytest.mark.parametrize("text", NASTY)
def test_no_text_becomes_a_formula(text):
    table_set = tablesets.get("hebei_2023")
    ledger = drawn(1, table_set)
    ledger = replace(
        ledger,
        unit_name=text,
        organizations=tuple(replace(each, name=text, nature=text) for each in ledger.organizations),
        goals=tuple(replace(each, project=f"{text}项目", goals=(text,)) for each in ledger.goals),
        procurements=tuple(replace(each, item=text) for each in ledger.procurements),
    )
    content = draft_workbook(table_set, ledger, subjects_of(2023))
    ours = set(formulas(downloaded(1, table_set.key)).values())
    assert not any(text in formula for formula in ours)
    assert [f for f in formulas(content).values() if not f.startswith("=ROUND(")] == []
    assert taken(content, table_set).ledger.organizations == ledger.organizations


@pytest.mark.slow
def test_the_same_bytes_every_time():
    table_set = tablesets.get("hebei_2023")
    assert draft_workbook(table_set, drawn(1, table_set), subjects_of(2023)) == downloaded(1, "hebei_2023")
    with zipfile.ZipFile(io.BytesIO(downloaded(1, "hebei_2023"))) as book:
        assert b"<v></v>" not in book.read("xl/worksheets/sheet2.xml")
