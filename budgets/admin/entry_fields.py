"""Form fields of the entry grids: money in the printed unit, quantities, codes; what was typed is kept on error."""

import re
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from budgets.domain.money import (
    CENT,
    NotAnAmount,
    in_unit,
    parse_amount,
    print_amount,
    print_quantity,
    to_yuan,
)
from budgets.domain.same_words import same_words
from budgets.models.fields import LARGEST_AMOUNT

LONGEST = 40
MOST_DIGITS = 13  # the place of the highest digit: 14 before the point, which is what a column holds
FINEST = Decimal("1E-9")  # finer than any quantum; what is finer still is refused as too fine all the same


class Box(forms.TextInput):
    """A text input drawn without a template: a page of 300 rows has some 3,000 of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        shown = self.format_value(value)
        own = {"type": self.input_type, "name": name} | ({"value": shown} if shown not in (None, "") else {})
        words = [
            f' {key}="{escape(text)}"' for key, text in (own | self.build_attrs(self.attrs, attrs)).items()
        ]
        return mark_safe(f"<input{''.join(words)}>")  # noqa: S308 # every value is escaped


class NumberField(forms.Field):
    """A number as people type it: 1,234.50, full-width digits, (5.00), −5.00, 12万元 in a field of money; None when blank.

    `domain.money.parse_amount` is the one parser of amounts; its refusals are in Chinese, and `bound` is said with them.
    """

    unit = ""
    bound = ""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "class": "amount", "autocomplete": "off", "maxlength": LONGEST}
        super().__init__(required=False, widget=Box(attrs=attrs), **options)

    def to_python(self, value: Any) -> Decimal | None:
        text = "" if value is None else str(value)
        if len(text) > LONGEST:
            raise ValidationError(f"数字太长，{self.bound}。", code="too_long")
        try:
            return parse_amount(text, self.unit)
        except NotAnAmount as refusal:
            raise ValidationError(f"{refusal}；{self.bound}。", code="not_an_amount") from refusal


def _coarse(number: Decimal) -> Decimal:
    """The number with so few decimals that it can be calculated with; one that had more stays unequal to any round one."""
    rough = number.quantize(FINEST, ROUND_DOWN)
    return rough if rough == number else rough + FINEST


class MoneyField(NumberField):
    """An amount typed in `unit` (万元); its cleaned value is yuan.

    An amount finer than `quantum` (yuan) is refused, so that sums of printed figures never drift.
    """

    def __init__(self, *, unit: str, quantum: Decimal, **options: Any) -> None:
        self.unit, self.quantum = unit, quantum
        # Rounded down: what is named can be typed.
        most = (LARGEST_AMOUNT / to_yuan(Decimal(1), unit)).quantize(CENT, ROUND_DOWN)
        self.bound = f"最多 {most:,.2f} {unit}"
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Yuan as printed in the unit; zero and blank are the same amount and show as blank."""
        return print_amount(in_unit(value, self.unit), grouped=True) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        amount = super().to_python(value)
        if amount is None:
            return None
        # Before any arithmetic: beyond 28 digits a Decimal is rounded, or refuses.
        if (
            amount.adjusted() > MOST_DIGITS
            or abs(yuan := to_yuan(_coarse(amount), self.unit)) > LARGEST_AMOUNT
        ):
            raise ValidationError(f"金额太大，{self.bound}，请核对单位。", code="too_large")
        if yuan % self.quantum:
            least = self.quantum / to_yuan(Decimal(1), self.unit)
            raise ValidationError(
                f"最小填到 {print_quantity(least)} {self.unit}，请四舍五入后再填。", code="too_fine"
            )
        return yuan.quantize(CENT)


class QuantityField(NumberField):
    """A count or measure with at most four decimals."""

    bound = "最多四位小数、十三位整数"

    def prepare_value(self, value: Any) -> Any:
        return print_quantity(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        quantity = super().to_python(value)
        if quantity is None:
            return None
        if quantity.adjusted() > MOST_DIGITS or _coarse(quantity) != round(_coarse(quantity), 4):
            raise ValidationError(f"数量{self.bound}。", code="too_fine")
        return quantity


NAMED_CODE = re.compile(r"\[?(?P<code>\d{3}|\d{5}|\d{7})\]?\D+")  # 2010301行政运行, [2010301]行政运行


class CodeField(forms.CharField):
    """A subject code; full-width digits, blanks between digits, and the name that was copied along are understood."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "class": "code", "autocomplete": "off"}
        super().__init__(required=False, widget=Box(attrs=attrs), max_length=LONGEST, **options)

    def to_python(self, value: Any) -> str:
        typed = same_words(super().to_python(value) or "")
        named = NAMED_CODE.fullmatch(typed)
        return named["code"] if named else typed


class TextArea(forms.Textarea):
    """Several lines, kept with one character a line end, so that text that was not touched has not changed."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value
