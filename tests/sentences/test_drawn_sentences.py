"""Sentences drawn by pattern: no true one is told as false, each planted fault is, in its own sentence with both numbers."""

import random
from dataclasses import replace

import pytest

from budgets.rules.registry import REGISTRY
from tests.importing.sweeps import times
from tests.makers import sentence_ground
from tests.makers.drawn_sentences import ALONE
from tests.makers.sentence_ground import Fault, Pen, Sentence, ground, names_it, told
from tests.makers.tied_sentences import TIED

SETS = ("hebei_2023", "shanghai_2023")
EACH = (
    126  # sentences of a pattern before a release: more than 5,000 of all, for two patterns are drawn seldom
)


def drawn(pattern, seed: int) -> tuple[sentence_ground.Ground, Sentence | None]:
    on = ground(seed % 6, SETS[seed % 2])
    pen = Pen(random.Random(f"{seed} {pattern.__name__}"))
    return on, pattern(pen, on) if pattern in TIED else pattern(pen)


def tried(pattern, count: int) -> tuple[list[str], list[Fault], int, int]:
    """True sentences told as false, faults not named, how many faults were planted and how many true sentences there were."""
    alarms, missed, planted, true = [], [], 0, 0
    for seed in range(count):
        on, sentence = drawn(pattern, seed)
        if sentence is None:
            continue
        true += 1
        alarms += [sentence.text for _ in told(on, sentence.text, sentence.beside)]
        planted += len(sentence.faults)
        missed += [f for f in sentence.faults if not names_it(f, told(on, f.text, sentence.beside))]
    return alarms, missed, planted, true


def test_there_are_forty_patterns():
    assert len({pattern.__name__ for pattern in (*ALONE, *TIED)}) == len(ALONE) + len(TIED) >= 40


@pytest.mark.sweep(8, 21)
@pytest.mark.parametrize("pattern", (*ALONE, *TIED), ids=lambda pattern: pattern.__name__)
def test_true_sentences_are_silent_and_false_ones_are_named(pattern):
    alarms, missed, planted, _ = tried(pattern, times(2))
    assert alarms == []
    assert len(missed) <= planted * 0.02, missed[:3]


@pytest.mark.slow
@pytest.mark.long
def test_of_all_false_sentences_98_in_100_are_named():
    every = [tried(pattern, EACH) for pattern in (*ALONE, *TIED)]
    alarms, missed, planted, true = (
        sum(each if isinstance(each, int) else len(each) for each in column)
        for column in zip(*every, strict=True)
    )
    print(f"{len(every)} patterns, {true} true: {alarms} alarms; {planted} planted: {missed} not named")
    assert not alarms
    assert missed <= 0.02 * planted


def test_the_sweep_sees_when_a_rule_is_off(monkeypatch):
    on, sentence = drawn(ALONE[0], 1)
    fault = next(f for f in sentence.faults if f.kind == "last place")
    assert names_it(fault, told(on, fault.text))
    monkeypatch.setitem(
        REGISTRY.rules,
        "text-percent-agrees",
        replace(REGISTRY.rules["text-percent-agrees"], find=lambda case: ()),
    )
    assert not names_it(fault, told(on, fault.text))
