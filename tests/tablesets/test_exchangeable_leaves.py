"""Which leaf of 基本支出 is wrong cannot be told once its row's 合计 follows it: the leaves of a class are exchangeable."""

from decimal import Decimal
from itertools import combinations

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import composed
from budgets.domain.identities import amounts, broken, identities
from budgets.domain.sheets import Filler
from budgets.domain.suspects import corrections
from tests.makers.published_ledgers import laoting, putuo

BY = {"301": Decimal("3.21"), "302": Decimal("7.77")}  # what is added to a leaf of each class


def printed(ledger):
    declared = tablesets.get(ledger.table_set)
    cells = amounts(composed(Filler(declared, ledger, subjects_of(ledger.year))).tables)
    return identities(declared, cells), cells


def leaves(cells, head: str):
    """The printed leaves of a class in 基本支出, in the column in which the class has the most of them."""
    found = [
        c for c in cells if c.table == "basic_expenditure" and c.row.startswith(head) and len(c.row) == 5
    ]
    found = [c for c in found if c.column != "total" and cells[c]]
    column = max({c.column for c in found}, key=[c.column for c in found].count)
    return [c for c in found if c.column == column]


def changed(cells, changes, *, with_total: bool):
    """The cells after these changes; `with_total` changes the 合计 of their rows alike, as a formula does."""
    out = dict(cells)
    for cell, by in changes:
        out[cell] += by
        if with_total:
            out[cell._replace(column="total")] += by
    return out


@pytest.mark.parametrize("document", [laoting, putuo])
def test_every_pair_of_leaves_explains_the_same_gaps_so_none_is_named_for_sure(document):
    among, cells = printed(document())
    heads = {head: leaves(cells, head) for head in BY}
    wrong = changed(cells, [(heads[head][0], by) for head, by in BY.items()], with_total=True)
    assert broken(among, wrong)
    pairs = [(a, b) for a in heads["301"] for b in heads["302"]]
    assert len(pairs) > 9
    for a, b in pairs:
        mended = changed(wrong, [(a, -BY["301"]), (b, -BY["302"])], with_total=True)
        assert broken(among, mended) == []


@pytest.mark.parametrize("document", [laoting, putuo])
def test_two_leaves_whose_rows_say_otherwise_are_both_named(document):
    """The negative control: where the 合计 of the rows stayed right, exactly the two are told, with their amounts."""
    among, cells = printed(document())
    every = [*leaves(cells, "301"), *leaves(cells, "302")]
    for a, b in list(combinations(every, 2))[::7]:
        wrong = changed(cells, [(a, BY["301"]), (b, BY["302"])], with_total=False)
        assert corrections(among, wrong) == {a: cells[a], b: cells[b]}
