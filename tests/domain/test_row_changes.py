"""A history that replays: the old rows and what was kept of a change give exactly the new rows."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.domain.row_changes import LONG, by_field, compare, difference, replay

# Few values, so that rows with the same name, equal rows and equal sentences are the rule.
WORDS = st.sampled_from(["", "电脑", "打印机", "1.00", "3.00"])
SENTENCES = st.lists(
    st.sampled_from(["收入增加。", "支出减少；\n", "无", "\n", "三公经费不变，" * 12]), max_size=9
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"project": WORDS, "item": WORDS, "amount": WORDS, "goals": SENTENCES.map("".join)}
    ).map(lambda row: {name: value for name, value in row.items() if value}),
    max_size=7,
)


@pytest.mark.slow
@given(ROWS, ROWS, st.data())
@settings(max_examples=300, deadline=None)
def test_what_is_kept_replays_whatever_row_became_which(old, new, data):
    guesses = st.none() | st.integers(-1, len(old) + 1)
    origins = data.draw(st.lists(guesses, min_size=len(new), max_size=len(new)))
    for known in (origins, by_field(old, new, "project"), range(len(new))):
        change = json.loads(json.dumps(compare(old, new, known)))
        assert replay(old, change) == new
        if old == new and list(known) == list(range(len(new))):
            assert change == {}


@pytest.mark.slow
@given(ROWS, ROWS)
@settings(max_examples=100, deadline=None)
def test_it_does_not_replay_from_other_rows(old, new):
    """The negative control: one altered value under a change is noticed."""
    change = compare(old, new, by_field(old, new, "project"))
    for i, row in change.get("removed", []):
        with pytest.raises(ValueError, match="another"):
            replay([{**r, "item": "别的"} if n == i else r for n, r in enumerate(old)], change)
        assert row == old[i]
    for i, fields in change.get("changed", []):
        for name, told in fields.items():
            if isinstance(told, list):
                with pytest.raises(ValueError, match="another"):
                    replay([{**r, name: "别的"} if n == i else r for n, r in enumerate(old)], change)


def test_rows_of_one_name_are_told_apart():
    """B4: 电脑 from 1.00 to 3.00 beside another row of the same project."""
    old = [
        {"project": "办公", "item": "电脑", "amount": "1.00"},
        {"project": "办公", "item": "桌子", "amount": "2.00"},
    ]
    new = [{**old[0], "amount": "3.00"}, old[1]]
    assert compare(old, new, [0, 1]) == {"changed": [[0, {"amount": ["1.00", "3.00"]}]]}
    assert compare(old, [*old, old[0]], [0, 1, None]) == {"added": [[2, old[0]]]}
    assert compare(old, old[::-1], [1, 0]) == {"order": [1, 0]}
    with pytest.raises(ValueError, match="another"):
        replay(new, compare(old, new, [0, 1]))


def test_of_a_long_text_the_sentences_that_differ_are_kept():
    old = "".join(f"第{n}句话说的是收入与支出。" for n in range(40))
    new = old.replace("第7句话", "第七句话")
    told = difference(old, new)
    assert told == {"at": [[7, ["第7句话说的是收入与支出。"], ["第七句话说的是收入与支出。"]]]}
    assert len(json.dumps(told, ensure_ascii=False)) < LONG * 2
