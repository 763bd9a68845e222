"""A code in other years: unmoved, renamed, merged, split, over several years, to and fro."""

import pytest

from budgets.domain.code_years import codes_in
from budgets.domain.crosswalk import Move


def move(year, old, new):
    return Move(year, "function", old, new)


RENAMED = (move(2022, "2010350", "2010301"), move(2023, "2010301", "2010302"))
MERGED = (move(2023, "2010301", "2010309"), move(2023, "2010302", "2010309"))
SPLIT = (move(2023, "2010309", "2010301"), move(2023, "2010309", "2010302"))


@pytest.mark.parametrize(
    ("moves", "code", "own", "year", "codes", "words"),
    [
        ((), "2010301", 2023, 2022, ("2010301",), ""),
        (RENAMED, "2010302", 2023, 2022, ("2010301",), "科目原为 2010301"),
        (RENAMED, "2010302", 2023, 2021, ("2010350",), "科目原为 2010350"),
        (RENAMED, "2010350", 2021, 2023, ("2010302",), "科目改为 2010302"),
        (RENAMED, "2080505", 2023, 2021, ("2080505",), ""),
        (RENAMED, "2010302", 2024, 2023, ("2010302",), ""),
        (MERGED, "2010309", 2023, 2022, ("2010301", "2010302"), "科目由 2010301、2010302 合并"),
        (MERGED, "2010301", 2022, 2023, (), "科目并入 2010309，不比"),
        (SPLIT, "2010301", 2023, 2022, (), "科目有拆分，不比"),
        (SPLIT, "2010309", 2022, 2023, (), "科目已拆分，不比"),
    ],
)
def test_a_code_of_another_year(moves, code, own, year, codes, words):
    assert codes_in(year, code, own, moves) == (codes, words)
