"""docs/rules.md names every rule and none besides, and covers R01 to R54 as far as they were given."""

import re
from pathlib import Path

from budgets.rules.between_documents import all_rules

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
NUMBERS = {*range(1, 16), *range(20, 35), *range(40, 55)}  # the rules of the field, by kind


def covered() -> list[int]:
    found: list[int] = []
    for row in re.findall(r"^\| (R[\d, R–]+) \|", TEXT, re.MULTILINE):
        for part in row.split(", "):
            first, _, last = part.replace("R", "").partition("–")
            found += range(int(first), int(last or first) + 1)
    return found


def test_every_number_is_covered_once():
    assert sorted(covered()) == sorted(NUMBERS)


def test_the_rules_named_are_those_that_there_are():
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", TEXT))
    assert named == set(all_rules())


def test_every_rule_has_a_source_and_a_formula_in_words():
    assert [rule.id for rule in all_rules().values() if not (rule.source and rule.formula)] == []
