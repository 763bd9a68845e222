"""Codes offered for a mistyped one: the same as the standard library would give, with less to compare."""

import random
from difflib import get_close_matches

import pytest

from budgets.data.subject_lists import subjects_of
from budgets.domain.classification import ECONOMIC, FUNCTION

YEAR = 2023


def slips(scheme: str, seed: int) -> list[str]:
    """Codes with one digit changed, two exchanged, and some that are nothing but digits."""
    chance = random.Random(seed)
    found = []
    for subject in chance.sample(subjects_of(YEAR).all(scheme), 40):
        digits = list(subject.code)
        at = chance.randrange(len(digits) - 1)
        found.append("".join([*digits[:at], chance.choice("0123456789"), *digits[at + 1 :]]))
        digits[at], digits[at + 1] = digits[at + 1], digits[at]
        found += ["".join(digits), "".join(chance.choice("0123456789") for _ in digits)]
    return found


@pytest.mark.parametrize("scheme", [FUNCTION, ECONOMIC])
def test_the_nearest_codes_are_those_of_the_standard_library(scheme):
    subjects = subjects_of(YEAR)
    wrong = []
    for code in (*slips(scheme, 1), "", "12", "abcdefg"):
        known = [subject.code for subject in subjects.all(scheme) if len(subject.code) == len(code)]
        wanted = get_close_matches(code, known, 3, 0.6)
        if [subject.code for subject in subjects.nearest(code, scheme)] != wanted:
            wrong.append(code)
    assert wrong == []


def test_other_likeness_would_be_noticed(monkeypatch):
    """The negative control: fewer codes than the three nearest."""
    monkeypatch.setattr("budgets.domain.classification.MOST_ALIKE", 1)
    assert (
        len(subjects_of(YEAR).nearest("2010309"))
        == 1
        != len(get_close_matches("2010309", ["2010301", "2010302"]))
    )
