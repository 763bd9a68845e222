"""One cell holds one number: the same words give the same amount, or are refused, wherever they stand."""

import io
from decimal import Decimal

import docx
import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook

from budgets.admin.entry_fields import MoneyField, QuantityField
from budgets.domain.money import YUAN_IN, NotAnAmount, parse_amount
from budgets.domain.quantities import quantities
from budgets.importing.reading.sources import read

REFUSED = "refused"
UNIT = "万元"
SWEEP = {
    "": None, "—": None, "——": None, "-": None, "/": None, "无": None, "空": None, "　": None,
    "990.62": "990.62", "1,234.50": "1234.50", "1 234.50": "1234.50", "12 345 678.00": "12345678.00", "０": "0",
    "１２，３４５": "12345", "１２３．４": "123.4", "￥1,381.22": "1381.22", "¥ 5": "5", "-￥5": "-5", "￥-5": "-5",
    "（5.00）": "-5.00", "( 5.00 )": "-5.00", "−5": "-5", "－ 5": "-5", "185.18万元": "185.18", "185.18 万元": "185.18",
    "3亿元": "30000", "1851800元": "185.18", "12千元": "1.2", "5百元": "0.05", "2百万元": "200",
    "12\n34": REFUSED, "1\n234.50": REFUSED, "5.20 0": REFUSED, "1 2": REFUSED, "12 34": REFUSED, "1, 234.50": REFUSED,
    "1 23 4": REFUSED, "12.34\n56.78": REFUSED, "990\n.62": REFUSED, "- -5": REFUSED, "(-5)": REFUSED, "1e5": REFUSED,
    "12,34": REFUSED, "1.2.3": REFUSED, "5辆": REFUSED, "5%": REFUSED, "约5": REFUSED, "5美元": REFUSED, "5万": REFUSED,
    "二〇二三": REFUSED, "9" * 30: REFUSED, "1" + "0" * 13: REFUSED, "0." + "1" * 30: REFUSED, "9" * 39: REFUSED,
}  # fmt: skip


def parsed(text):
    return parse_amount(text, UNIT)


def in_a_workbook(text):
    book = Workbook()
    book.active["B2"] = text
    return amount_in(book, "甲.xlsx")


def in_a_word_file(text):
    document = docx.Document()
    cell = document.add_table(2, 2).cell(1, 1)
    cell.text = ""
    for n, line in enumerate(text.split("\n")):  # lines of a cell are paragraphs
        (cell.paragraphs[0] if n == 0 else cell.add_paragraph()).text = line
    return amount_in(document, "甲.docx")


def amount_in(document, name):
    out = io.BytesIO()
    document.save(out)
    out.seek(0)
    cells = [cell for grid in read(out, name).grids for cell in grid.cells.values()]
    return cells[0].amount(UNIT) if cells else None


def in_a_web_page(text):
    lines = text.replace("\n", "<br>")
    content = (
        f"<html><meta charset=utf-8><table><tr><td>甲</td></tr><tr><td></td><td>{lines}</td></tr></table>"
    )
    cells = read(io.BytesIO(content.encode()), "甲.xls").grids[0].cells
    return cells[2, 2].amount(UNIT) if (2, 2) in cells else None


def typed(text):
    try:
        yuan = MoneyField(unit=UNIT, quantum=Decimal("0.01")).clean(text)
    except ValidationError as refusal:
        raise NotAnAmount(refusal.messages[0]) from refusal
    return None if yuan is None else yuan / YUAN_IN[UNIT]


WAYS = (parsed, in_a_workbook, in_a_word_file, in_a_web_page, typed)


@pytest.mark.sweep(45)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", SWEEP)
def test_the_same_words_are_the_same_amount_everywhere(way, text):
    expected = SWEEP[text]
    if expected == REFUSED:
        with pytest.raises(NotAnAmount, match=r"[\u4e00-\u9fff]"):
            way(text)
    else:
        assert way(text) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize("text", ["12\n34", "5.20 0", "12 34"])
def test_the_refusal_says_that_there_are_two(text):
    with pytest.raises(NotAnAmount, match="有几段数字.*每格只填一个数"):
        parse_amount(text)


def test_line_ends_as_some_programs_escape_them_are_line_ends():
    assert in_a_workbook("5.20_x000D_") == Decimal("5.20")
    with pytest.raises(NotAnAmount):
        in_a_workbook("12_x000D_34")


@pytest.mark.parametrize("typed_", ["9" * 40, "1" * 30, "0." + "3" * 38, "9" * 13, "-" + "9" * 39])
def test_no_number_however_long_is_a_crash_in_a_field(typed_):
    for field in (MoneyField(unit="亿元", quantum=Decimal(100)), QuantityField()):
        try:
            assert field.clean(typed_) is not None
        except ValidationError as refusal:
            assert refusal.messages


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("收入１，２３４万元", ["12340000"]), ("收入12，345.60元", ["12345.60"]), ("二〇二三年收入5万元", ["50000"]),
        ("收入二〇二三元", ["2023"]), ("收入柒佰贰拾壹万元", ["7210000"]), ("收入12千元", ["12000"]), ("支出3百万元", ["3000000"]),
        ("二〇二三年度预算公开", []),
    ],
)  # fmt: skip
def test_amounts_in_words(text, yuan):
    assert [quantity.yuan for quantity in quantities(text, 2023)] == [Decimal(each) for each in yuan]


def test_a_year_in_characters_is_a_year():
    said = {q.text: q.year for q in quantities("二〇二二年收入5万元，二〇二三年收入6万元", 2023)}
    assert said == {"5万元": 2022, "6万元": None}
