"""Two years in two forms: the disclosure leads to 两年对照 all the same, which compares what means the same and says what does not."""

import pytest

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.years_compared import years_compared
from budgets.rendering.html.compare_page import Beside
from budgets.rendering.html.disclosure_pages import compare_page, disclosure_page
from budgets.synthetic.ledgers_drawn import random_ledger
from tests.makers.sample_document import imprint
from tests.rendering.markup import find, parse, words

LINK = '<a href="compare/">两年对照</a>'


def drawn(key: str, year: int):
    return compose(tablesets.get(key), random_ledger(year, tablesets.get(key), year=year), subjects_of(year))


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("hebei_2023", "hebei_2023", "可比"),
        ("hebei_2023", "shanghai_2023", "部分可比"),
        ("shanghai_2023", "hebei_2023", "部分可比"),
        ("hebei_2023", "as_it_stands", "部分可比"),
        ("hebei_2023", "shanghai_final_2024", "不可比"),
    ],
)
def test_both_years_are_one_tap_away(one, other, verdict):
    now = drawn(one, 2024)
    before = drawn("hebei_2023" if other == "as_it_stands" else other, 2023)
    shared = tablesets.shared(one, other) if verdict != "不可比" else tablesets.Shared()
    beside = Beside(before, 1, years_compared(now, before, shared=shared))
    page, compared = disclosure_page(now, imprint(), beside), parse(compare_page(now, imprint(), beside))
    assert LINK in page and LINK not in disclosure_page(now, imprint())
    assert verdict in [words(each) for each in find(compared, "b")]
    rows = {
        words(find(row, "th")[0]): words(row) for row in find(compared, "tr") if len(find(row, "td")) == 4
    }
    told = next(text for name, text in rows.items() if name.startswith("“三公”经费"))
    assert ("—" in told) == (verdict == "不可比")
    whole = next(text for name, text in rows.items() if name.startswith("收入总计"))
    assert ("表样不同" in whole and "—" in whole) == (verdict == "部分可比")
    assert ("按功能分类" in words(compared)) == (verdict != "不可比" and other != "as_it_stands")
