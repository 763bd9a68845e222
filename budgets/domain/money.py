"""Money: reading typed amounts, converting between yuan and the printed unit, printing."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

YUAN_IN = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿元": Decimal(100_000_000),
}
ANY_UNIT = "|".join(sorted(YUAN_IN, key=len, reverse=True))  # for patterns, the longest first
# Any word before 元, and other moneys: whether it is a known unit is seen where amounts are converted.
MONEY = r"(?P<unit>(?:[百千万亿十]{0,2}元|[美欧港日英澳]元|[港日]币|[角分]))(?![\u4e00-\u9fff])"
NAMED = re.compile(rf"(?:^|[^\w.]|人民币|单位为?){MONEY}")
AMOUNT_AND_BLANKS = re.compile(r"(?<=\d)\s+")
CENT = Decimal("0.01")
TENTH = Decimal("0.1")
LARGEST = Decimal(10) ** 13  # in whatever unit: more is no budget, and would not fit
MOST_DIGITS = (
    24  # of a number with its places, the point among them: sums and conversions of more would be rounded
)
DASHES = str.maketrans({"−": "-", "－": "-", "–": "-", "—": "-", "﹣": "-", "‒": "-", "─": "-", "―": "-"})
BLANKS = re.compile(r"-*|/|无|空")
UNSEPARATED = re.compile(r"-?[0-9]{4,}(?:\.[0-9]+)?")
QUOTED = 30  # characters of a text that a message repeats
PLAIN = r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+)(?:\.[0-9]+)?"
WRITTEN = re.compile(rf"-? *¥? *-?(?P<number>{PLAIN}) *(?P<unit>{ANY_UNIT})?")
BRACKETED = re.compile(rf"\( *¥? *(?P<number>{PLAIN}) *(?P<unit>{ANY_UNIT})? *\)")
SEVERAL = re.compile(r"[0-9.,]\s+[-(¥]?[0-9.,]")


class NotAnAmount(ValueError):
    """The text is no amount; the message, in Chinese, says why and how to mend it."""


def parse_amount(text: str, unit: str = "") -> Decimal | None:
    """The amount that a person typed or a file holds, in `unit`, the unit of its table.

    Understood are 1,234.50 and 1 234.50, full-width digits, ￥1,234.50, (5.00) and （5.00） for negatives, every kind of
    minus sign, and a unit behind the amount (12.30万元), from which it is converted exactly; without `unit`, as for a
    count, that is no number. Blanks, dashes, 无 and 空 are None. Raises NotAnAmount for anything else: an exponent, a
    misplaced separator, two numbers or pieces of one in one place, and numbers beyond LARGEST.
    """
    plain = _plain(text)
    if BLANKS.fullmatch(plain):
        return None
    found = WRITTEN.fullmatch(plain) or BRACKETED.fullmatch(plain)
    quoted = " ".join(text.split())[:QUOTED]
    if SEVERAL.search(plain) and not found:
        raise NotAnAmount(f"“{quoted}”中有几段数字，不像一个金额，请每格只填一个数")
    if not found or (found["unit"] and not unit) or plain.count("-") > 1:
        raise NotAnAmount(f"“{quoted}”不是金额，请只填数字，例如 1234.50")
    digits = re.sub(r"[^0-9.]", "", found["number"])
    if len(digits) > MOST_DIGITS or Decimal(digits) >= LARGEST:
        raise NotAnAmount(f"“{quoted}”超出金额的范围，请核对")
    amount = Decimal(digits)
    if found["unit"]:
        amount = amount * YUAN_IN[found["unit"]] / YUAN_IN[unit]
    return -amount if plain[0] == "(" or "-" in plain else amount


def says_nothing(text: str) -> bool:
    """True for a blank, a dash, 无 and whatever else is written where there is no amount."""
    return bool(BLANKS.fullmatch(_plain(text)))


def units_named(text: str) -> set[str]:
    """The units of money that a caption or a line names: 单位：千元, 预算数（元）; that of an amount (20万元以上) is none."""
    plain = AMOUNT_AND_BLANKS.sub("", unicodedata.normalize("NFKC", text))
    return {found["unit"] for found in NAMED.finditer(plain)}


def names_another_unit(text: str, unit: str) -> bool:
    """True when a caption names a unit of money and its amounts, in `unit`, are not in it; never where `unit` is blank."""
    return bool(unit and units_named(text) - {unit})


def _plain(text: str) -> str:
    """Widths, signs and blanks made one, none at the ends; a line break stays one, for it groups no digits."""
    return unicodedata.normalize("NFKC", text).translate(DASHES).strip()


def to_yuan(amount: Decimal, unit: str) -> Decimal:
    """An amount of `unit` in yuan, exact; KeyError for an unknown unit."""
    return amount * YUAN_IN[unit]


def in_unit(yuan: Decimal, unit: str) -> Decimal:
    """Yuan in `unit`, with two places, half up: exact whenever the set's quantum was kept."""
    return (yuan / YUAN_IN[unit]).quantize(CENT, ROUND_HALF_UP)


def percentage(amount: Decimal, whole: Decimal) -> Decimal:
    """The share in percent with one place, half up; of a whole that is not nothing."""
    return (amount * 100 / whole).quantize(TENTH, ROUND_HALF_UP)


def print_amount(amount: Decimal | None, *, zero: str = "", blank: str = "", grouped: bool = False) -> str:
    """`zero` for a zero amount, `blank` for None, separators when `grouped`, as the set prints them.

    Two places; more when there are more, so that nothing is rounded unsaid.
    """
    if amount is None:
        return blank
    if not amount:
        return zero
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:,.{places}f}" if grouped else f"{amount:.{places}f}"


def separated(text: str) -> str:
    """A printed number with thousands separators, as the portal writes every number outside of a set's own tables; words as they are."""
    return f"{Decimal(text):,f}" if UNSEPARATED.fullmatch(text) else text


def print_quantity(quantity: Decimal | None) -> str:
    """A count or measure without trailing zeros; blank for None."""
    return "" if quantity is None else f"{quantity.normalize():f}"


def money(yuan: Decimal, unit: str) -> str:
    """An amount in words of the set's unit: 188.94万元, 1,889,400.00元."""
    return f"{in_unit(yuan, unit):{',' if unit == '元' else ''}.2f}{unit}"
