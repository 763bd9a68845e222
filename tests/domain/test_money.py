"""Reading and printing money."""

from decimal import Decimal

import pytest

from budgets.domain.money import NotAnAmount, in_unit, parse_amount, print_amount, to_yuan


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("990.62", "990.62"), ("1,234.50", "1234.50"), ("１２３．４", "123.4"), ("9９0.62", "990.62"), ("(5.00)", "-5.00"),
        ("（5.00）", "-5.00"), ("−5.00", "-5.00"), ("－5", "-5"), (" 7 ", "7"), ("0", "0"), ("1，234", "1234"),
    ],
)  # fmt: skip
def test_reads_what_people_type(typed, amount):
    assert parse_amount(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["", " ", "—", "－", "-", "/"])
def test_blank_is_no_amount(typed):
    assert parse_amount(typed) is None


@pytest.mark.parametrize(
    "typed", ["1e5", "1_000", "12,34", "abc", "1.2.3", "(-5)", "5元", "NaN", "1,2345", "٣"]
)
def test_refuses_everything_else_in_chinese(typed):
    with pytest.raises(NotAnAmount, match="不是金额"):
        parse_amount(typed)


def test_units_and_print():
    assert to_yuan(Decimal("990.62"), "万元") == Decimal("9906200")
    assert in_unit(Decimal("150"), "万元") == Decimal("0.02")  # half up
    assert in_unit(Decimal("250"), "万元") == Decimal("0.03")
    assert [print_amount(a) for a in (None, Decimal("0"), Decimal("5"))] == ["", "", "5.00"]
    assert print_amount(Decimal("0"), zero="0.00") == "0.00"
