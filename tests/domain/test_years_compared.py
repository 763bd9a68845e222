"""Two years side by side: every amount is a printed cell, changes are differences, what cannot be compared says so."""

from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import permutations

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.addresses import Addressed
from budgets.domain.composing import compose
from budgets.domain.crosswalk import Move
from budgets.domain.documents import ColumnKind, Document
from budgets.domain.key_figures import key_figures
from budgets.domain.money import to_yuan
from budgets.domain.shared_meaning import Shared, shared_meaning
from budgets.domain.terms import BasicKind, Family
from budgets.domain.years_compared import YearsCompared, years_compared
from budgets.synthetic.ledgers_drawn import random_ledger
from tests.makers.documents import a_ledger
from tests.makers.facts import basic, by_class, personnel, small_budget
from tests.tablesets.synthetic import SYNTHETIC, declare

SETS = sorted(tablesets.SETS)
HEBEI = "hebei_2023"
OLD, NEW, OTHER = "2010350", "2010399", "2010301"


@cache
def drawn(table_set: str, seed: int, year: int = 2023) -> Document:
    chosen = tablesets.get(table_set)
    return compose(chosen, random_ledger(seed, chosen, year=year), subjects_of(year))


def printed(document: Document, at: str) -> Decimal:
    """What stands in the cell of an address, or in the totals of both blocks of a table, in yuan; an empty cell is nothing."""
    whole = next((sheet for sheet in document.tables if sheet.key == at), None)
    if whole:
        cells = zip(whole.columns, whole.rows[-1].cells, strict=True)
        totals = [cell.amount or Decimal(0) for column, cell in cells if column.kind == ColumnKind.AMOUNT]
        assert whole.rows[-1].total and len(totals) == 2
        return to_yuan(sum(totals), whole.unit)
    found = Addressed(document.sheets()).find(at)
    return to_yuan(found.sheet.rows[found.row].cells[found.column].amount or Decimal(0), found.sheet.unit)


@pytest.mark.sweep(6, 20)
@pytest.mark.parametrize("table_set", SETS)
@pytest.mark.parametrize("seed", range(60))
def test_of_drawn_years_every_amount_is_printed_and_every_change_their_difference(table_set, seed):
    now, before = drawn(table_set, seed, 2024), drawn(table_set, seed + 1000, 2023)
    told = years_compared(now, before)
    rows = [row for division in told.divisions for row in division.rows]
    assert rows and told.alike
    for row in rows:
        for document, figure in ((now, row.now), (before, row.before)):
            if figure is not None:
                assert figure.amount == printed(document, figure.at)
        assert row.change == sum(f.amount for f in (row.now,) if f) - sum(
            f.amount for f in (row.before,) if f
        )
    for division in told.divisions:
        keys = [row.key for row in division.rows]
        assert len(keys) == len(set(keys)) and keys[-1] == ""
    for line in (*told.figures, *told.three_public):
        assert line.now == key_figures(now).get(line.key) and line.before == key_figures(before).get(line.key)


FORMS = {**tablesets.SETS, **SYNTHETIC, **tablesets.AS_IT_STANDS}
PAIRS = [(a, b) for a, b in permutations(FORMS, 2) if FORMS[a].stage == FORMS[b].stage]


@pytest.mark.sweep(4, 12)
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_of_two_forms_just_the_figures_of_one_meaning_have_a_change(one, other, monkeypatch):
    declare(monkeypatch)
    now, before = (drawn(key if FORMS[key].tables else HEBEI, n) for n, key in enumerate((one, other)))
    shared = tablesets.shared(one, other)
    told = years_compared(now, before, shared=shared)
    lines = [*told.figures, *told.three_public]
    for line in lines:
        both = line.now and line.before and line.key in shared.figures
        assert (line.change is not None) == bool(both) and (line.unlike == "") == bool(both), line.key
        assert (
            line.key not in shared.figures
            or line.change is None
            or line.change == (key_figures(now)[line.key].amount - key_figures(before)[line.key].amount)
        )
    named = "".join(told.remarks)
    assert not told.alike and told.verdict == "部分可比" and "表样" in named
    assert all((line.label in named) for line in lines if line.change is not None)
    assert {"basic", "project", "three_public"} <= {line.key for line in lines if line.change is not None}


def test_what_two_forms_mean_by_one_word_is_told_by_their_declarations():
    """收入总计 of Hebei holds what was brought forward, that of Shanghai does not; a form that says so is like Hebei's again."""
    hebei, shanghai = tablesets.get(HEBEI), tablesets.get("shanghai_2023")
    told = tablesets.shared(HEBEI, "shanghai_2023")
    assert "total_resources" not in told.figures and {"current_expenditure", "three_public"} <= set(
        told.figures
    )
    assert not {"assets", "cars", "procurement", "goals"} & set(told.figures), "counted as each form says"
    moved = replace(hebei, figures=tuple(
        replace(word, row="current_revenue") if word.key == "total_resources" else word for word in hebei.figures
    ))  # fmt: skip
    assert "total_resources" not in shared_meaning(hebei, moved).figures, (
        "control: the other cell of one table"
    )
    assert set(shared_meaning(shanghai, shanghai).figures) == {word.key for word in shanghai.figures}
    assert tablesets.shared(HEBEI, "as_it_stands") == tablesets.shared("as_it_stands", "as_it_stands")


@pytest.mark.parametrize("table_set", SETS)
def test_without_a_figure_of_one_meaning_two_years_are_only_side_by_side(table_set):
    told = years_compared(drawn(table_set, 1, 2024), drawn(table_set, 2, 2023), shared=Shared())
    assert told.verdict == "不可比" and not told.divisions and "不算增减" in "".join(told.remarks)
    assert told.figures and all(
        line.change is line.rate is None for line in (*told.figures, *told.three_public)
    )


def a_budget(table_set: str, year: int, **codes: int) -> Document:
    facts = tuple(basic(code[1:], str(amount)) for code, amount in codes.items())
    return compose(tablesets.get(table_set), a_ledger(table_set, facts), subjects_of(year))


def functions(told: YearsCompared) -> dict[str, tuple[Decimal | None, str, str]]:
    return {
        row.key: (row.change and row.change / 10_000, row.unlike, row.was) for row in told.divisions[0].rows
    }


@pytest.mark.parametrize("table_set", SETS)
def test_what_one_code_became_is_compared_with_it(table_set):
    now, before = (
        a_budget(table_set, 2024, _2010399=30, _2010301=5),
        a_budget(table_set, 2023, _2010350=20, _2010301=5),
    )
    told = functions(years_compared(now, before, [Move(2024, "function", OLD, NEW)]))
    assert told[NEW] == (10, "", OLD) and OLD not in told
    assert told["20103"] == (10, "", ""), "both stand in it"
    without = functions(years_compared(now, before))
    assert without[NEW] == (30, "", "") and without[OLD] == (-20, "", ""), (
        "control: nobody said that it moved"
    )


@pytest.mark.parametrize("table_set", SETS)
def test_what_was_split_or_merged_or_left_its_group_has_no_change(table_set):
    before = a_budget(table_set, 2023, _2010350=20, _2010301=5)
    split = [Move(2024, "function", OLD, "2010399"), Move(2024, "function", OLD, "2019999")]
    told = functions(
        years_compared(a_budget(table_set, 2024, _2010399=15, _2019999=5, _2010301=5), before, split)
    )
    words = f"{OLD} 已改为 2010399、2019999"
    assert told["2010399"] == told["2019999"] == told[OLD] == (None, words, "")
    assert told["20103"] == told["20199"] == (None, words, "") and told["201"][0] == 0 == told[""][0]
    assert told[OTHER] == (0, "", "")
    merged = [Move(2024, "function", OLD, OTHER)]
    told = functions(years_compared(a_budget(table_set, 2024, _2010301=25), before, merged))
    assert told[OTHER] == told[OLD] == (None, f"{OLD} 已改为 {OTHER}", "") and told["20103"] == (0, "", "")


def test_the_names_that_changed_are_told():
    now = drawn("hebei_2023", 3, 2024)
    before = replace(drawn("hebei_2023", 4, 2023), unit_name="甲局", unit_code="999")
    remarks = "".join(years_compared(now, before).remarks)
    assert f"“甲局”变为“{now.unit_name}”" in remarks and f"999 变为 {now.unit_code}" in remarks
    assert "变为" not in "".join(years_compared(now, drawn("hebei_2023", 4, 2023)).remarks)


@pytest.mark.parametrize("table_set", SETS)
def test_what_changed_is_divided_by_use(table_set):
    chosen = tablesets.get(table_set)
    facts, added = small_budget(), (personnel("30102", "5"), basic("2010301", "5"))
    if chosen.prints(Family.BASIC_BY_CLASS):  # what its summary adds up is entered by class, too
        people, costs = BasicKind
        facts += (
            by_class("201", "720", people),
            by_class("201", "100", costs),
            by_class("208", "80", people),
        )
        added += (by_class("201", "5", people),)
    now = compose(chosen, a_ledger(table_set, facts), subjects_of(2024))
    more = compose(chosen, a_ledger(table_set, (*facts, *added)), subjects_of(2024))
    assert years_compared(more, now).uses == {
        "personnel": 50_000,
        "running_costs": 0,
        "project": 0,
        "other": 0,
    }
    assert years_compared(more, now, shared=Shared()).uses == {}
