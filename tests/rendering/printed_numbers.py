"""What a cell of a workbook looks like in Excel: a second reading of number formats, made for the tests."""

import re
from decimal import ROUND_HALF_UP, Decimal

SECTION = re.compile(r'(?:"([^"]*)")?(?:(#,##)?(0+)(?:\.(0+))?)?(?:"([^"]*)")?')


def shown(value: object, number_format: str) -> str:
    """The text that a cell with this value and format shows; text as it is, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    number = Decimal(str(value))
    parts = number_format.split(";")
    section = parts[0]
    if number < 0 and len(parts) > 1:
        number, section = -number, parts[1]
        if section.startswith("-"):
            return "-" + dressed(number, section[1:])
    elif not number and len(parts) > 2:
        section = parts[2]
    return dressed(number, section)


def dressed(number: Decimal, section: str) -> str:
    found = SECTION.fullmatch(section)
    assert found, section
    lead, grouped, whole, places, tail = found.groups()
    if not whole:
        return lead or ""
    rounded = number.quantize(Decimal(1).scaleb(-len(places or "")), ROUND_HALF_UP)
    sign, digits = ("-" if rounded < 0 else ""), f"{abs(rounded):,f}" if grouped else f"{abs(rounded):f}"
    before, point, after = digits.partition(".")
    return f"{lead or ''}{sign}{before if grouped else before.zfill(len(whole))}{point}{after}{tail or ''}"
