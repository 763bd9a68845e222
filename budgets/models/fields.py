"""Field types shared by the models: amounts in yuan, and the positions of rows that keep their order."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.expressions import Combinable

ZERO = Decimal("0.00")
# SQLite holds decimals as doubles, which are exact to the cent below this bound.
LARGEST_AMOUNT = Decimal("9999999999999.99")


# Django's fields say their types to the type checker only.
if TYPE_CHECKING:
    DecimalField = models.DecimalField[Decimal | Combinable | None, Decimal | None]
    WholeField = models.PositiveIntegerField[int | Combinable, int]
else:
    DecimalField, WholeField = models.DecimalField, models.PositiveIntegerField


class OptionalAmountField(DecimalField):
    """An amount in yuan with two places; None is a blank cell."""

    def __init__(self, verbose_name: str | None = None, **options: Any) -> None:
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

    def __init__(self, verbose_name: str | None = None, **options: Any) -> None:
        options.setdefault("null", False)
        options.setdefault("default", ZERO)
        super().__init__(verbose_name, **options)

    def save_form_data(self, instance: models.Model, data: Decimal | None) -> None:
        super().save_form_data(instance, ZERO if data in self.empty_values else data)


class NumberField(DecimalField):
    """A quantity that is not money (台, 平方米), with up to four places; None is a blank cell."""

    def __init__(self, verbose_name: str | None = None, **options: Any) -> None:
        options.setdefault("max_digits", 18)
        options.setdefault("decimal_places", 4)
        options.setdefault("null", True)
        options.setdefault("blank", True)
        super().__init__(verbose_name, **options)


class PositionField(WholeField):
    """The place of a row among its siblings, from 1; rows print in this order."""

    def __init__(self, verbose_name: str = "顺序", **options: Any) -> None:
        options.setdefault("default", 0)
        super().__init__(verbose_name, **options)
