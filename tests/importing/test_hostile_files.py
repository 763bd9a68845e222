"""Hostile files made by hand: each is read right, or refused with one sentence, or what is odd in it is said; soon."""

from collections import Counter

import pytest

from budgets.importing import intake_child
from tests.makers.sample_files import WORKBOOK

from . import hostile_packages, hostile_sheets, hostile_words
from .test_mutated import SOON, outcome, right

FILES = {**hostile_packages.FILES, **hostile_sheets.FILES, **hostile_words.FILES}
REFUSED = (
    "bomb",
    "entit",
    "macros",
    "encryption",
    "type: ",
    "cut: ",
    "three thousand",
    "twice",
    "a million blank",
    "a million para",
    "UTF-16",
)
BUT_READ = (
    "types that say macros",
    "macros in another",
    "within a workbook's package",
    "xlsx twice in one",
    "docx twice in one",
)
PARTS = 8


def kind(name: str) -> str:
    return "word" if "docx" in name or name.startswith("word") else "workbook"


def test_there_are_three_hundred_workbooks_and_a_hundred_word_files_each_soon_and_in_little_memory():
    kinds = Counter(map(kind, FILES))
    assert kinds["workbook"] >= 300 and kinds["word"] >= 100
    assert SOON <= 10 and intake_child.ADDRESS_SPACE <= 512 << 20


@pytest.mark.sweep(0, 4)
@pytest.mark.parametrize("part", range(PARTS))
def test_it_is_read_right_or_refused_or_told_of(part):
    wrong = {}
    for name in list(FILES)[part::PARTS]:
        said = outcome(FILES[name](), right(kind(name)))
        must = any(word in name for word in REFUSED) and not any(word in name for word in BUT_READ)
        if said not in (("refused",) if must else ("refused", "the same", "told")):
            wrong[name] = said
    assert wrong == {}


@pytest.mark.slow
def test_a_sound_file_is_not_refused():
    assert outcome(WORKBOOK.read_bytes(), right("workbook")) == "told"
