"""Drawn amounts: typed, read, kept, added up, converted and printed, against whole numbers of 分 that know no decimal."""

import random
from decimal import ROUND_DOWN, Decimal

import pytest

from budgets.domain import money
from budgets.domain.facts import EVERYTHING, Fact, total
from budgets.domain.money import YUAN_IN, in_unit, parse_amount, print_amount, to_yuan
from budgets.domain.terms import Family
from budgets.models import Disclosure, Project
from tests.makers.disclosures import a_disclosure

pytestmark = pytest.mark.django_db
DRAWN, PARTS = 5_000, 200  # a million of them together
DIGITS = {unit: len(str(yuan)) - 1 for unit, yuan in YUAN_IN.items()}
WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


def printed(fen: int, places: int = 2) -> str:
    """That many 分 as yuan, or with more places as a larger unit; by digits alone."""
    whole, rest = divmod(abs(fen), 10**places)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:0{places}}"


def rounded(fen: int, unit: str) -> str:
    """In the unit with two places, half away from zero."""
    half, parts = 10 ** DIGITS[unit], abs(fen)
    near = (2 * parts + half) // (2 * half)
    return printed(near if fen > 0 else -near)


def typed(fen: int, unit: str, chance: random.Random) -> str:
    """As people type it: separators or none, trailing zeros or none, brackets, full width, the unit behind."""
    text = printed(fen, DIGITS[unit] + 2)
    text = text.rstrip("0").rstrip(".") if chance.random() < 0.5 else text
    text = text.replace(",", chance.choice(("", ",")))
    text = chance.choice((text, f"({text[1:]})")) if fen < 0 else text
    text = chance.choice((text, f" {text} ", text.translate(WIDE)))
    return text + unit if chance.random() < 0.2 and text[-1] not in ") " else text


def wrong(part: int, number: int) -> list[tuple[str, str]]:
    """What was typed and came out otherwise at any station, and the sums that did."""
    chance = random.Random(f"amounts {part}")
    drawn = []
    for _ in range(number):
        unit = chance.choice(list(YUAN_IN))
        fen = chance.randrange(10 ** chance.randrange(1, 14)) * chance.choice((1, 1, 1, -1))
        drawn.append((fen, unit, typed(fen, unit, chance)))
    disclosure = Disclosure.objects.first() or a_disclosure(facts=())
    disclosure.projects.all().delete()
    read = [to_yuan(parse_amount(text, unit) or Decimal(0), unit) for _, unit, text in drawn]
    rows = [Project(disclosure=disclosure, position=n, name="项", amount=each) for n, each in enumerate(read)]
    Project.objects.bulk_create(rows)
    kept = list(disclosure.projects.order_by("position").values_list("amount", flat=True))
    found = [
        (text, f"{yuan} {stored}")
        for (fen, unit, text), yuan, stored in zip(drawn, read, kept, strict=True)
        if (print_amount(stored, zero="0.00", grouped=True), stored) != (printed(fen), yuan)
        or print_amount(in_unit(stored, unit), zero="0.00", grouped=True) != rounded(fen, unit)
    ]
    added = total([Fact(Family.REVENUE, each) for each in kept], EVERYTHING)
    fen = sum(fen for fen, _, _ in drawn)
    return found + (
        [("sum", f"{added}")] if print_amount(added, zero="0.00", grouped=True) != printed(fen) else []
    )


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_typed_is_what_is_kept_added_up_and_printed(part):
    assert wrong(part, DRAWN) == []


def test_another_rounding_and_a_cent_that_is_lost_are_noticed(monkeypatch):
    """The negative controls."""
    monkeypatch.setattr(money, "ROUND_HALF_UP", ROUND_DOWN)
    assert wrong(0, 300)
    monkeypatch.undo()
    assert wrong(0, 300) == []
    monkeypatch.setitem(YUAN_IN, "千元", Decimal("1000.00001"))
    assert wrong(0, 300)
