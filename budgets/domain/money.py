"""Money: reading typed amounts, converting between yuan and the printed unit, printing."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

YUAN_IN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
CENT = Decimal("0.01")
DASHES = str.maketrans({"−": "-", "－": "-", "–": "-", "—": "-", "﹣": "-", "‒": "-"})
BLANKS = {"", "-", "--", "/"}
QUOTED = 30  # characters of a text that a message repeats
PLAIN = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")


class NotAnAmount(ValueError):
    """The text is no amount; the message, in Chinese, says why and how to mend it."""


def parse_amount(text: str) -> Decimal | None:
    """The amount that a person typed or a file holds, in the unit it was written in.

    Understands 1,234.50, full-width digits, (5.00) and （5.00） for negatives, every kind of minus sign; blanks and
    dashes are None. Raises NotAnAmount for anything else, an exponent or a misplaced separator included.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).translate(DASHES).split())
    if plain in BLANKS:
        return None
    negative = plain.startswith("(") and plain.endswith(")")
    body = plain[1:-1] if negative else plain
    if not PLAIN.fullmatch(body) or (negative and body.startswith("-")):
        raise NotAnAmount(f"“{text.strip()[:QUOTED]}”不是金额，请只填数字，例如 1234.50")
    amount = Decimal(body.replace(",", ""))
    return -amount if negative else amount


def to_yuan(amount: Decimal, unit: str) -> Decimal:
    """An amount of `unit` in yuan, exact; KeyError for an unknown unit."""
    return amount * YUAN_IN[unit]


def in_unit(yuan: Decimal, unit: str) -> Decimal:
    """Yuan in `unit`, with two places, half up: exact whenever the set's quantum was kept."""
    return (yuan / YUAN_IN[unit]).quantize(CENT, ROUND_HALF_UP)


def print_amount(amount: Decimal | None, *, zero: str = "", blank: str = "", grouped: bool = False) -> str:
    """Two places, `zero` for a zero amount, `blank` for None, separators when `grouped`, as the set prints them."""
    if amount is None:
        return blank
    if not amount:
        return zero
    return f"{amount:,.2f}" if grouped else f"{amount:.2f}"


def print_quantity(quantity: Decimal | None) -> str:
    """A count or measure without trailing zeros; blank for None."""
    return "" if quantity is None else f"{quantity.normalize():f}"
