"""Numbers as texts print them, in equations: each may be off by half of its last place, unless a cell says the same to the cent."""

from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.facts import ZERO
from budgets.domain.figures import Known, rounded
from budgets.domain.quantities import UNITS
from budgets.sentences.statements import Said

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Term:
    """An amount in an equation, in yuan; `slack` is how far the true one may be from it, `words` how a message calls it."""

    yuan: Decimal
    slack: Decimal = ZERO
    words: str = ""

    def __sub__(self, other: "Term") -> "Term":
        return Term(self.yuan - other.yuan, self.slack + other.slack)

    def times(self, sign: int) -> "Term":
        """The same amount with another sign."""
        return Term(self.yuan * sign, self.slack, self.words)


def half_place(number: Decimal, unit: str = "") -> Decimal:
    """Half of the last printed place of a number, in yuan where it has a unit."""
    return Decimal(1).scaleb(int(number.as_tuple().exponent)) / 2 * (UNITS[unit] if unit else 1)


def term_of(one: Said) -> Term:
    """The amount of a text. Where its own cell has it to the cent nothing is uncertain; where the words round, both may be meant."""
    quantity = one.quantity
    own = half_place(quantity.number, quantity.unit) if quantity.number else ZERO  # 0万元 is nothing
    cells = [figure for figure in one.figures if rounded(quantity, figure)] if one.own else []
    if any(cell.yuan == quantity.yuan for cell in cells):
        return Term(quantity.yuan, ZERO, quantity.called)
    return Term(
        quantity.yuan, max([own, *(abs(cell.yuan - quantity.yuan) for cell in cells)]), quantity.called
    )


def of_cell(figure: Known) -> Term:
    """What a cell says."""
    return Term(figure.yuan, ZERO, figure.label)


def off(numbers: list[Term]) -> Decimal:
    """How far a sum of such amounts may be from the true one."""
    return sum((each.slack for each in numbers), ZERO)


def rate_agrees(said: Decimal, part: Term, whole: Term) -> bool:
    """True when a percentage is that of two amounts, as far as the printed places of all three tell."""
    low, high = whole.yuan - whole.slack, whole.yuan + whole.slack
    if low <= 0:
        return False
    own = half_place(said)
    least, most = part.yuan - part.slack, part.yuan + part.slack
    rates = [amount / base * HUNDRED for amount in (least, most) for base in (low, high)]
    return min(rates) <= said + own and said - own <= max(rates)
