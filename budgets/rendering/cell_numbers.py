"""The number that a printed cell stands for, and the number format that prints it as the page does.

Files for machines hold numbers, not their print: separators, blank zeros and signs of a set are how a number looks.
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal

from budgets.domain.documents import Cell, Column, ColumnKind
from budgets.domain.money import NotAnAmount, parse_amount

NUMERIC = frozenset({ColumnKind.AMOUNT, ColumnKind.NUMBER, ColumnKind.SERIAL})
WRITTEN = re.compile(r'(?P<lead>[^0-9"]*)(?P<whole>[0-9][0-9,]*)(?:\.(?P<places>[0-9]+))?(?P<tail>[^0-9"]*)')
LONG = Context(prec=100)  # a file may hold numbers of thirty digits
BLANK_ZERO = "0.00;-0.00;"


def number_in(column: Column, cell: Cell) -> Decimal | None:
    """The number of a cell in the sheet's unit.

    None for a blank cell, for text that is no number (无, —, two numbers in one cell), and outside the columns that hold
    numbers. A zero that the set prints as a blank is zero. An amount finer than its print is kept as long as it rounds to that.
    """
    if column.kind not in NUMERIC:
        return None
    if not cell.text:
        return cell.amount
    try:
        printed = parse_amount(cell.text) if len(cell.text.split()) == 1 else None
    except NotAnAmount:
        return None
    if printed is None or cell.amount is None:
        return printed
    return cell.amount if cell.amount.quantize(printed, ROUND_HALF_UP, LONG) == printed else printed


def number_format(number: Decimal, text: str) -> str:
    """The format of spreadsheets in which `number`, of a cell that prints `text`, looks like it.

    Digits that no format can give (full-width ones) look like ASCII digits.
    """
    if not text:
        return BLANK_ZERO
    plain = unicodedata.normalize("NFKC", text).strip()
    written = WRITTEN.fullmatch(text) or WRITTEN.fullmatch(plain) or WRITTEN.fullmatch(f"{number:f}")
    if written is None:
        raise ValueError(f"{text!r} prints no number")
    whole = written["whole"]
    pattern = "#,##0" if "," in whole else "0" * (len(whole) if whole.startswith("0") else 1)
    pattern += f".{'0' * len(written['places'])}" if written["places"] else ""
    around = [f'"{part}"' if part else "" for part in (written["lead"], written["tail"])]
    if written["tail"] == "" and written["lead"] in ("", "-"):
        return pattern
    dressed = pattern.join(around)
    return f"{pattern};{dressed}" if number < 0 else dressed
