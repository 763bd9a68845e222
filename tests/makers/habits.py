"""How one table is typed: its amounts, blanks, codes and captions, by chance and the same all over the table."""

import random
import re
from decimal import Decimal

from tests.makers import usage
from tests.makers.packages import Formula, Value

NUMBER = re.compile(r"^((?:[一二三四五六七八九十]+、|\d+\.|其中：)?)(.+)$")
FULL_WIDTH = str.maketrans("0123456789.,-()", "０１２３４５６７８９．，－（）")
AMOUNTS = ("number", "text", "separated", "full width", "spaced", "formula", "noisy", "mixed")
BLANKS = ("", "", "zero", "0.00", "-", "—", "　", "formula", "mixed")
CODES = (
    "text",
    "number",
    "spaced",
    "full width",
    "dotted",
    "apart",
    "apart as numbers",
    "apart under one caption",
)


class Habits:
    """How one table is typed; `factor` turns its amounts into the unit that they are typed in."""

    def __init__(self, chance: random.Random, unit: str, factor: Decimal) -> None:
        self.chance, self.unit, self.factor = chance, unit, factor
        self.amounts, self.blanks = chance.choice(AMOUNTS), chance.choice(BLANKS)
        self.codes = chance.choice(CODES)
        self.words = {
            caption: chance.choice((caption, *kinds)) if chance.random() < 0.5 else caption
            for caption, kinds in usage.CAPTIONS.items()
        }

    def stray(self, text: str) -> str:
        """The text with blanks and line breaks where people put them."""
        style = self.chance.choice(("", "", "", "around", "inside", "break"))
        if style == "around":
            return f"　{text} "
        if style == "inside" and len(text) < 5:
            return "　".join(text)
        if style == "break" and len(text) > 4:
            return f"{text[:3]}\n{text[3:]}"
        return text

    def caption(self, text: str) -> str:
        """A caption as this department words it; the number before it stays, or is written otherwise."""
        number, name = NUMBER.match(text).groups()
        said = self.words.get(name, name).format(unit=self.unit)
        if number and self.chance.random() < 0.1:
            number = number.replace("、", "．")
        return number + said

    def code(self, code: str, part: slice) -> Value:
        style = self.codes
        if not code:
            return ""
        if style in ("number", "apart as numbers"):
            return Decimal(code)
        if style == "full width":
            return code.translate(FULL_WIDTH)
        if style in ("spaced", "dotted"):
            return (" " if style == "spaced" else ".").join(filter(None, (code[:3], code[3:5], code[5:])))
        return code

    def amount(self, amount: Decimal | None) -> Value:
        """An amount, or a blank, as this table writes it."""
        style = self.blanks if not amount else self.amounts
        if style == "mixed":
            style = self.chance.choice((BLANKS if not amount else AMOUNTS)[:-1])
        if not amount:
            return {"zero": Decimal(0), "0.00": "0.00", "formula": Formula('IF(A1="","",A1)', "")}.get(
                style, style
            )
        exact = (amount * self.factor).quantize(Decimal("0.01") if self.factor >= 1 else Decimal("0.000001"))
        plain = f"{exact.normalize():f}" if self.chance.random() < 0.5 else f"{exact:f}"
        if style in ("text", "spaced"):
            return plain if style == "text" else f" {plain}　"
        if style in ("separated", "full width"):
            whole, _, rest = plain.partition(".")
            text = f"{int(whole):,}" + (f".{rest}" if rest else "")
            return text if style == "separated" else text.translate(FULL_WIDTH)
        if style == "formula":
            return Formula("SUM(B2:B9)+ROUND(A1/10000,2)", exact)
        return Decimal(repr(float(exact) * (1 + 2**-52))) if style == "noisy" else exact
