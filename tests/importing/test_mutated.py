"""Spoilt files: each is read right, or refused with one sentence, or what is odd in it is said; soon, and without a crash."""

import io
import random
import time
from collections import Counter
from functools import cache

import pytest

from budgets.data.subject_lists import subjects_of
from budgets.importing import pipeline
from budgets.importing.pipeline import take_in
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.sources import read
from budgets.importing.taken import Taken
from tests.makers import seeds
from tests.makers.spoiling import spoilt
from tests.makers.workers import YEAR

from .sweeps import times

PARTS = 4
SILENT = "silently different"
SOON = 10  # seconds of CPU
SEEDS = {
    "workbook": seeds.workbook,
    "another workbook": lambda: seeds.workbook(2, 3),
    "a third workbook": lambda: seeds.workbook(9, 3),
    "word": seeds.word,
    "pdf": seeds.pdf,
}
FILES = {"workbook": 40, "another workbook": 160, "a third workbook": 160, "word": 36, "pdf": 4}


def take(content: bytes) -> Taken:
    source = read(io.BytesIO(content), "预算.xlsx")
    chosen = {"region": "130225", "unit": "483", "unit_name": "乐亭县行政审批局", "year": YEAR}
    return take_in(source, **chosen, subjects=subjects_of)


def is_one_sentence(message: str) -> bool:
    return message.endswith("。") and message.count("。") == 1 and "预算.xlsx" in message


def outcome(content: bytes, right: Taken) -> str:
    """refused, the same, told (something odd is listed), or what is wrong with the answer."""
    start = time.process_time()
    try:
        found = take(content)
    except Unreadable as refused:
        return "refused" if is_one_sentence(str(refused)) else f"no sentence: {refused}"
    finally:
        spent = time.process_time() - start
        assert spent < SOON, spent
    if found.ledger == right.ledger:
        return "the same"
    if found.report() != right.report() or found.ledger.wording != right.ledger.wording:
        return "told"
    return SILENT


@cache
def right(kind: str) -> Taken:
    return take(SEEDS[kind]())


@cache
def right_by_itself(kind: str) -> Taken:
    """What is read without the rules, which read the ledger and not the file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.rules, "examine", lambda *_, **__: pipeline.rules.Examined(None, []))
        return take(SEEDS[kind]())


def first_look(content: bytes, kind: str) -> str:
    """The outcome without the rules: most files need no more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.rules, "examine", lambda *_, **__: pipeline.rules.Examined(None, []))
        return outcome(content, right_by_itself(kind))


def sweep(kind: str, numbers: range) -> tuple[Counter, list[str]]:
    count: Counter = Counter()
    bad = []
    for n in numbers:
        content = spoilt(SEEDS[kind](), random.Random(f"{kind} {n}"))
        start = time.perf_counter()
        try:
            said = first_look(content, kind)
            if said == SILENT:  # a rule may say what is odd, as of an amount whose row of 项 is gone
                said = outcome(content, right(kind))
        except Exception as error:
            said = f"{type(error).__name__}: {error}"[:300]
        if said not in ("refused", "the same", "told"):
            bad.append(f"{kind} {n}: {said}")
            said = "bad"
        count[said] += 1
        count["slowest, ms"] = max(count["slowest, ms"], round(1000 * (time.perf_counter() - start)))
    return count, bad


@pytest.mark.sweep(0, 7)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", FILES)
def test_a_spoilt_file_is_read_right_or_refused_or_told_of(kind, part):
    count, bad = sweep(kind, range(part, times(FILES[kind]), PARTS))
    print(kind, dict(count), *bad, sep="\n")
    assert bad == []


@pytest.mark.parametrize("kind", FILES)
def test_the_seeds_are_sound(kind):
    assert right(kind).ledger.facts
    assert right(kind).complete or kind != "workbook"


def test_a_fault_in_reading_would_be_seen(monkeypatch):
    kind = "workbook"
    wrong = right(kind)
    monkeypatch.setattr(pipeline, "differences", lambda *_: [])
    monkeypatch.setattr(pipeline, "find_suspects", lambda *_: {})
    monkeypatch.setattr(pipeline, "take_facts", lambda *_: {})
    assert outcome(SEEDS[kind](), wrong) != "the same"
