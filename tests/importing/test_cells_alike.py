"""A wrong cell that only its class tells: the one that is named, and all that stand in the same sum, are said to be perhaps wrong."""

import random

import pytest

from tests.importing.guards import Guarded, kept  # noqa: F401
from tests.long.drawn_disguises import ACCOUNTS, in_the_same_sums


@pytest.mark.usefixtures("kept")
def test_an_item_that_one_sum_alone_tells_is_among_those_that_are_listed():
    guarded = Guarded(3, ACCOUNTS)
    where, alike = in_the_same_sums(guarded)
    chance = random.Random(0)  # noqa: S311
    cells = [ref for ref in guarded.cells() if ref.table == "basic_expenditure"]
    once = [ref for ref in cells if len(where.get(ref, ())) == 1 and len(alike[ref] & set(cells)) > 2]
    sure = [ref for ref in cells if len(where.get(ref, ())) > 1]
    assert once and sure
    for ref in chance.sample(once, 5):
        _, suspects = guarded.outcome([(ref, guarded.change(ref, chance))])
        listed = suspects | guarded.instead()
        assert guarded.place(ref) in listed
        assert listed <= {guarded.place(each) for each in alike[ref] if each in cells}
    for ref in chance.sample(sure, 5):
        assert guarded.outcome([(ref, guarded.change(ref, chance))])[1] == {guarded.place(ref)}
        assert guarded.instead() == set()
