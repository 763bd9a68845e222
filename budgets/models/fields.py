"""Field types shared by the models: amounts in yuan, and the positions of rows that keep their order."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

ZERO = Decimal("0.00")
# SQLite holds decimals as doubles, which are exact to the cent below this bound.
LARGEST_AMOUNT = Decimal("9999999999999.99")


class OptionalAmountField(models.DecimalField):
    """An amount in yuan with two places; None is a blank cell."""

    def __init__(self, verbose_name=None, **options):
        options.setdefault("max_digits", 18)
        options.setdefault("decimal_places", 2)
        options.setdefault("null", True)
        options.setdefault("blank", True)
        options.setdefault(
            "validators", [MinValueValidator(-LARGEST_AMOUNT), MaxValueValidator(LARGEST_AMOUNT)]
        )
        super().__init__(verbose_name, **options)


class AmountField(OptionalAmountField):
    """An amount in yuan of a leaf row: blank and zero are the same amount, stored as 0.00."""

    def __init__(self, verbose_name=None, **options):
        options.setdefault("null", False)
        options.setdefault("default", ZERO)
        super().__init__(verbose_name, **options)

    def save_form_data(self, instance, data):
        super().save_form_data(instance, ZERO if data in self.empty_values else data)


class NumberField(models.DecimalField):
    """A quantity that is not money (台, 平方米), with up to four places; None is a blank cell."""

    def __init__(self, verbose_name=None, **options):
        options.setdefault("max_digits", 18)
        options.setdefault("decimal_places", 4)
        options.setdefault("null", True)
        options.setdefault("blank", True)
        super().__init__(verbose_name, **options)


class PositionField(models.PositiveIntegerField):
    """The place of a row among its siblings, from 1; rows print in this order."""

    def __init__(self, verbose_name="顺序", **options):
        options.setdefault("default", 0)
        super().__init__(verbose_name, **options)
