"""Reading and printing money."""

from decimal import Decimal

import pytest

from budgets.domain.money import (
    LARGEST,
    MOST_DIGITS,
    QUOTED,
    NotAnAmount,
    in_unit,
    money,
    names_another_unit,
    parse_amount,
    print_amount,
    print_quantity,
    says_nothing,
    separated,
    to_yuan,
    units_named,
)


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


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("约\n 十", "“约 十”不是金额，请只填数字，例如 1234.50"),
        ("12 \n34", "“12 34”中有几段数字，不像一个金额，请每格只填一个数"),
        ("9" * 20, f"“{'9' * 20}”超出金额的范围，请核对"),
    ],
)
def test_a_refusal_repeats_what_was_typed_on_one_line(typed, message):
    with pytest.raises(NotAnAmount) as refused:
        parse_amount(typed)
    assert str(refused.value) == message


def test_a_refusal_repeats_the_beginning_of_a_long_text():
    with pytest.raises(NotAnAmount) as refused:
        parse_amount("约" * QUOTED + "十")
    assert f"“{'约' * QUOTED}”" in str(refused.value)


def test_the_largest_amount_and_the_longest_number():
    below = LARGEST - Decimal("0.01")
    assert parse_amount(f"{below:,}") == below
    longest = f"1.{'0' * (MOST_DIGITS - 3)}1"
    assert parse_amount(longest) == 1 + Decimal(10) ** (2 - MOST_DIGITS)
    for typed in (str(LARGEST), f"-{LARGEST:,}", longest + "1"):
        with pytest.raises(NotAnAmount, match="超出金额的范围"):
            parse_amount(typed)


@pytest.mark.parametrize(("text", "nothing"), [("", True), (" — ", True), ("无", True), ("空", True), ("／", True),
                                               ("0", False), ("无1", False), ("--5", False)])  # fmt: skip
def test_what_says_that_there_is_no_amount(text, nothing):
    assert says_nothing(text) is nothing


def test_units_and_print():
    assert to_yuan(Decimal("990.62"), "万元") == Decimal("9906200")
    assert in_unit(Decimal("150"), "万元") == Decimal("0.02")  # half up
    assert in_unit(Decimal("250"), "万元") == Decimal("0.03")
    assert [print_amount(a) for a in (None, Decimal("0"), Decimal("5"))] == ["", "", "5.00"]
    assert print_amount(Decimal("0"), zero="0.00") == "0.00"
    assert print_amount(None, zero="0.00", blank="—") == "—"
    assert [print_amount(Decimal("-1234.5"), grouped=g) for g in (False, True)] == ["-1234.50", "-1,234.50"]
    assert print_amount(Decimal("1234.5")) == "1234.50"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("单位：千元", {"千元"}), ("部门: 万元", {"万元"}), ("预算数（元）", {"元"}), ("预算数(单位:百元)", {"百元"}), ("元", {"元"}),
        ("金额单位为千元", {"千元"}), ("人民币亿元", {"亿元"}), ("预算数/千元", {"千元"}), ("单位：元、万元", {"元", "万元"}),
        ("（美元）", {"美元"}), ("价值（金额单位：万元）", {"万元"}),
        ("单价20万元以上设备", set()), ("单价 20 万元（含）以上", set()), ("二十万元（含）以上", set()), ("单元", set()), ("元旦", set()),
        ("多元化", set()), ("公元2023年", set()), ("预算单位", set()), ("", set()),
    ],
)  # fmt: skip
def test_the_unit_that_words_name(text, named):
    assert units_named(text) == named
    assert names_another_unit(text, "万元") == bool(named - {"万元"})
    assert not names_another_unit(text, "")


def test_an_amount_prints_all_its_places():
    assert [print_amount(Decimal(a)) for a in ("5", "99.06", "99.062", "0.099062", "1E+3", "99.060")] == [
        "5.00", "99.06", "99.062", "0.099062", "1000.00", "99.06",
    ]  # fmt: skip
    assert print_amount(Decimal("1234.5678"), grouped=True) == "1,234.5678"


def test_a_quantity_has_no_trailing_zeros_and_no_exponent():
    typed = (None, Decimal("12.50"), Decimal("300.00"), Decimal("0.00"))
    assert [print_quantity(each) for each in typed] == ["", "12.5", "300", "0"]


def test_an_amount_in_words_is_grouped_in_yuan_only():
    amount = Decimal("18894000")
    assert [money(amount, unit) for unit in ("万元", "元")] == ["1889.40万元", "18,894,000.00元"]


@pytest.mark.parametrize(
    ("printed", "shown"),
    [("1234.50", "1,234.50"), ("-36652.9444", "-36,652.9444"), ("998", "998"), ("22,186,440.80", "22,186,440.80"), ("", ""), ("约1234辆", "约1234辆")],
)  # fmt: skip
def test_a_number_outside_of_a_table_has_separators(printed, shown):
    assert separated(printed) == shown
