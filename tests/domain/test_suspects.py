"""Which cells are wrong, told on small systems whose answer is plain, and on random ones by mending what it names."""

import random
from decimal import Decimal as D

import pytest

from budgets.domain.identities import Identity, Kind, broken
from budgets.domain.places import CellRef
from budgets.domain.suspects import MOST, corrections, instead, suspects

CENT = D("0.01")


def cell(name: str, table: str = "t") -> CellRef:
    return CellRef(table, name, "amount")


A, B, C, E, WHOLE = (cell(name) for name in ("a", "b", "c", "e", "whole"))


def sums(whole: CellRef, *parts: CellRef) -> Identity:
    return Identity(Kind.LINES, (whole,), parts)


def test_where_everything_holds_nothing_is_wrong():
    assert corrections([sums(WHOLE, A, B)], {WHOLE: D(3), A: D(1), B: D(2)}) == {}
    assert corrections([], {}) == {}


def test_the_cell_in_two_broken_sums_is_told_with_its_right_amount():
    among = [sums(WHOLE, A, B), sums(A, C), sums(B, E)]
    right = {WHOLE: D(30), A: D(10), B: D(20), C: D(10), E: D(20)}
    assert corrections(among, {**right, A: D(12)}) == {A: D(10)}
    assert corrections(among, {**right, WHOLE: D(29)}) == {WHOLE: D(30)}


def test_a_cell_that_is_not_there_counts_as_zero():
    among = [sums(WHOLE, A, B), sums(A, C)]
    assert corrections(among, {WHOLE: D(30), B: D(20), C: D(10)}) == {A: D(10)}


def test_a_cell_that_stands_twice_in_a_sum_takes_half_of_the_gap():
    among = [sums(WHOLE, A, A), sums(WHOLE, B), sums(C, A)]
    assert corrections(among, {WHOLE: D(10), B: D(10), A: D(7), C: D(5)}) == {A: D(5)}


def test_two_such_cells_do_so_side_by_side():
    def doubled(name: str) -> list[Identity]:
        once, whole, twin = cell(name), cell(f"{name}-whole"), cell(f"{name}-twin")
        return [
            sums(whole, once, once),
            sums(whole, cell(f"{name}-same")),
            sums(twin, once, once),
            sums(twin, cell(f"{name}-other")),
        ]

    among = [*doubled("a"), *doubled("b")]
    cells = {each: D(10) for identity in among for each, _ in identity.terms()} | {A: D(5), B: D(5)}
    assert corrections(among, cells | {A: D(7), B: D(1)}) == {A: D(5), B: D(5)}


def test_a_cell_on_both_sides_of_an_identity_is_not_what_breaks_it():
    among = [Identity(Kind.MEETS, (A, B), (A, C)), sums(B, E)]
    assert corrections(among, {A: D(1), B: D(2), C: D(9), E: D(2)}) == {C: D(2)}


def test_of_two_cells_that_would_both_settle_it_the_one_that_turns_negative_comes_last():
    among = [sums(WHOLE, A, B), Identity(Kind.SAME, (WHOLE,), ())]
    assert suspects(among, {WHOLE: D(0), A: D(0), B: CENT}) == [B]
    assert suspects(among, {WHOLE: D(0), A: CENT, B: D(0)}) == [A]
    assert corrections([sums(WHOLE, A, B), sums(WHOLE, C)], {WHOLE: D(5), A: D(1), B: D(6), C: D(5)}) == {
        B: D(4)
    }


def test_of_two_alike_the_first_is_told_also_when_it_becomes_zero():
    assert corrections([sums(A, B)], {A: D(5), B: D(0)}) == {A: D(0)}
    assert corrections([sums(B, A)], {A: D(5), B: D(7)}) == {A: D(7)}


def test_two_cells_that_cancel_in_one_sum_are_told_by_the_others():
    twins = [cell(each.row, "u") for each in (A, B)]
    among = [
        sums(WHOLE, A, B),
        *(Identity(Kind.SAME, (each,), (twin,)) for each, twin in zip((A, B), twins, strict=True)),
        *(Identity(Kind.SAME, (twin,), (cell(twin.row, "v"),)) for twin in twins),
    ]
    cells = {ref: D(5) for identity in among for ref, _ in identity.terms()} | {WHOLE: D(10)}
    assert corrections(among, {**cells, A: D(6), B: D(4)}) == {A: D(5), B: D(5)}


def test_of_two_explanations_the_one_with_the_cell_that_stands_in_most_sums_is_told():
    """That the second cell is wrong, or two others are: three sums speak of the second."""
    first, second = cell("first"), cell("second")
    among = [sums(WHOLE, first, second), sums(second, first), sums(second, E)]
    cells = {WHOLE: D(12), first: D(5), second: D(6), E: D(5)}
    assert corrections(among, cells) == {second: D(5), WHOLE: D(10)}


@pytest.mark.parametrize("slip", range(1, 9))
def test_a_cell_whose_sums_are_broken_by_different_amounts_is_tried_with_each(slip):
    """Three wrong cells of which one hides another in one sum and adds to a third in the next."""
    among = [
        sums(cell("both"), A, C), sums(cell("hidden"), A, B),
        *(sums(each, cell(f"{each.row}-{n}")) for each in (A, B, C) for n in (1, 2)),
    ]  # fmt: skip
    right = {each: D(10) for identity in among for each, _ in identity.terms()}
    right |= {cell("both"): D(20), cell("hidden"): D(20)}
    wrong = right | {A: 10 + D(slip), B: 10 - D(slip), C: D(13)}
    assert corrections(among, wrong) == dict.fromkeys((A, B, C), D(10))


def crossed(rows: int) -> tuple[list[Identity], dict[CellRef, D]]:
    """A table of so many rows and columns with its sums down and across, every cell 10."""
    among, cells = [], {}
    for n in range(rows):
        across, down = CellRef("x", f"{n}", "sum"), CellRef("x", "sum", f"{n}")
        among.append(sums(across, *(CellRef("x", f"{n}", f"{m}") for m in range(rows))))
        among.append(sums(down, *(CellRef("x", f"{m}", f"{n}") for m in range(rows))))
        cells |= {across: D(10 * rows), down: D(10 * rows)}
        cells |= {CellRef("x", f"{n}", f"{m}"): D(10) for m in range(rows)}
    return among, cells


@pytest.mark.parametrize("wrong", range(1, MOST + 1))
def test_as_many_wrong_cells_as_are_told_apart_are_told(wrong):
    among, cells = crossed(6)
    slips = {CellRef("x", f"{n}", f"{n}"): D(11 + n * n) for n in range(wrong)}
    assert corrections(among, cells | slips) == dict.fromkeys(slips, D(10))


def test_of_more_every_cell_that_stands_in_broken_sums_only_is_doubtful():
    among, cells = crossed(MOST + 2)
    slips = {CellRef("x", f"{n}", f"{n}"): D(11 + n * n) for n in range(MOST + 1)}
    neither = Identity(Kind.MEETS, (A,), (A,))  # a cell without any weight is not in doubt
    found = corrections([*among, neither], cells | slips | {A: D(3)})
    last = f"{MOST + 1}"
    doubtful = [each for each in cells if last not in (each.row, each.column)]
    assert list(found.items()) == [(each, None) for each in sorted(doubtful)]
    assert suspects(among, cells | slips) == sorted(doubtful)


@pytest.mark.parametrize("seed", range(30))
def test_what_is_told_settles_everything_with_no_more_cells_than_were_changed(seed):
    chance = random.Random(seed)
    among, cells = crossed(5)
    slips = chance.sample(sorted(cells), chance.randint(1, 3))
    wrong = cells | {each: cells[each] + chance.choice([-3, 2, 5]) for each in slips}
    found = corrections(among, wrong)
    assert 0 < len(found) <= len(slips)
    assert broken(among, wrong | found) == []
    assert all(wrong[each] != amount for each, amount in found.items())


def test_cells_of_one_sum_are_told_beside_the_one_that_is_named():
    among = [sums(WHOLE, A, B, C), sums(WHOLE, E)]
    wrong = {WHOLE: D(10), E: D(10), A: D(5), B: D(4), C: D(2)}
    told = corrections(among, wrong)
    assert told == {A: D(4)}
    assert instead(among, wrong, told) == {A: [B, C]}
    assert instead(among, wrong | {A: D(5), C: D(1), WHOLE: D(9)}, {WHOLE: D(10)}) == {WHOLE: []}


def test_a_cell_that_would_turn_negative_is_not_one_of_them():
    among = [sums(WHOLE, A, B), sums(WHOLE, E)]
    assert instead(among, {WHOLE: D(5), E: D(5), A: D(1), B: D(6)}, {B: D(4)}) == {B: []}


def test_a_cell_that_is_printed_is_told_before_one_that_is_not():
    among = [sums(WHOLE, A, B), sums(WHOLE, E)]
    wrong = {WHOLE: D(10), E: D(10), B: D(9)}
    assert corrections(among, wrong) == {B: D(10)}
    assert corrections(among, {WHOLE: D(10), E: D(10)}) == {A: D(10)}
