"""Captions for one thing are compared as one, whatever stands around them and in whatever order they are declared."""

import itertools
import random

import pytest

from budgets import tablesets
from budgets.importing.captions import caption_norms
from budgets.importing.captions.caption_norms import VARIANTS, norm

WORDS = sorted({word for rule in VARIANTS for word in rule})
PAIRS = [(standard, variant) for standard, *variants in VARIANTS for variant in variants]


def reaches_over(left: str, right: str) -> bool:
    """True when another declared word begins in one part and ends in the other: then it is that word's turn."""
    whole = left + right
    return any(
        at < len(left) < at + len(word)
        for word in WORDS
        for at in range(len(whole))
        if whole.startswith(word, at)
    )


@pytest.mark.sweep(10)
@pytest.mark.parametrize(("standard", "variant"), PAIRS)
def test_declared_equivalents_are_one_caption(standard, variant):
    assert norm(variant) == norm(standard)
    for word in WORDS:
        for before, after in ((word, ""), ("", word)):
            sides = [(norm(before), standard), (before, variant), (standard, norm(after)), (variant, after)]
            if any(reaches_over(left, right) for left, right in sides):
                continue
            assert norm(before + variant + after) == norm(before + standard + after)


def captions():
    for key, _ in tablesets.choices():
        table_set = tablesets.get(key)
        for word in (*table_set.tables, *table_set.annexes):
            yield word.title
            yield from itertools.chain.from_iterable(leaf.path for leaf in word.leaves())


def test_norm_of_norm_is_norm():
    chosen = random.Random(7)
    for text in (*WORDS, *captions(), *("".join(chosen.choices(WORDS, k=3)) for _ in range(500))):
        assert norm(norm(text)) == norm(text)


def test_the_order_of_the_declarations_makes_no_difference(monkeypatch):
    texts = [*captions(), "“三公”经费金额", "“三公”经费预算数", "部门经济分类科目名称"]
    given = [norm(text) for text in texts]
    for seed in range(5):
        shuffled = random.Random(seed).sample(VARIANTS, len(VARIANTS))
        monkeypatch.setattr(caption_norms, "VARIANTS", shuffled)
        classes: dict[str, set[str]] = {}
        for text, own in zip(texts, given, strict=True):
            classes.setdefault(norm.__wrapped__(text), set()).add(own)
        assert all(len(own) == 1 for own in classes.values())


def test_the_captions_that_depended_on_the_order():
    assert norm("“三公”经费金额") == norm("“三公”经费预算数") == norm("“三公”经费")
    assert norm("部门经济分类科目名称") == norm("科目名称")
    assert norm("项目支出") != norm("基本支出")
