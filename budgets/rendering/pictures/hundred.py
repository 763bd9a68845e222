"""每 100 元花在哪: what is spent on people, on running costs and on projects, as a hundred squares."""

from dataclasses import dataclass
from decimal import Decimal

from budgets.domain.addresses import address_of
from budgets.domain.documents import Document
from budgets.domain.headlines import printed, unit_of
from budgets.domain.key_figures import SPENT, USE_WORDS, USES, parts
from budgets.domain.money import in_unit, to_yuan


@dataclass(frozen=True, slots=True)
class Use:
    """A part of what is spent; `squares` of a hundred. `cell` is blank for what no cell prints."""

    label: str
    text: str
    unit: str
    squares: int
    cell: str = ""

    @property
    def words(self) -> str:
        """Of a hundred yuan so many."""
        return f"{self.squares} 元" if self.squares else "不到 1 元"


def hundred(document: Document) -> tuple[Use, ...]:
    """The parts in the order of the law, those of nothing left out, their squares a hundred together.

    Empty where the document does not divide its expenditure.
    """
    found = {key: figure for key in (SPENT, "basic", *USES) if (figure := document.figure(key))}
    divided = parts({key: to_yuan(figure.amount, figure.unit) for key, figure in found.items()})
    spent = {key: amount for key, amount in divided.items() if amount}
    if not spent:
        return ()
    squares = dict(zip(spent, shared_out(list(spent.values())), strict=True))
    out = []
    for key in spent:
        if key in found:
            figure = found[key]
            out.append(
                Use(
                    figure.label,
                    printed(document, figure),
                    unit_of(figure),
                    squares[key],
                    address_of(document, figure),
                )
            )
        else:
            unit = unit_of(found["basic"])
            out.append(Use(USE_WORDS[key], f"{in_unit(spent[key], unit):,.2f}", unit, squares[key]))
    return tuple(out)


def shared_out(amounts: list[Decimal], whole: int = 100) -> list[int]:
    """`whole` divided as the amounts are, in whole numbers: what is left goes to the largest remainders."""
    total = sum(amounts)
    exact = [amount * whole / total for amount in amounts]
    out = [int(share) for share in exact]
    order = sorted(range(len(exact)), key=lambda n: out[n] - exact[n])
    for n in order[: whole - sum(out)]:
        out[n] += 1
    return out
