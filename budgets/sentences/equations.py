"""What a reference says: an amount, a difference, a rate, a share, a year, worked out over this year's cells and last year's."""

from collections.abc import Callable, Collection
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from budgets.domain.documents import Document
from budgets.domain.facts import ZERO
from budgets.domain.figures import Known
from budgets.domain.money import YUAN_IN
from budgets.domain.sheets import Filler
from budgets.sentences.cell_names import CellNames, Unnamed
from budgets.sentences.references import (
    CHANGE,
    GROWN,
    LAST,
    LISTED,
    MOVED,
    RATE,
    SHARE,
    UNIT_NAME,
    WORD,
    Reference,
)

HUNDRED = Decimal(100)
UNCHANGED = "持平"
PLACEHOLDERS = {"{年度}": 0, "{本年}": 0, "{上年}": -1}


class Unsaid(Exception):
    """A reference that says nothing; the message, in Chinese, says why and what to write."""


class Equations:
    """The references of one document, worked out. `before` gives last year's document when a sentence asks for it."""

    def __init__(
        self,
        filler: Filler,
        document: Document,
        before: Callable[[], tuple[Filler, Document] | None],
        absent: Collection[str] = (),
    ) -> None:
        self.filler = filler
        self.names = CellNames(filler, document, absent)
        self._before = before

    @cached_property
    def then(self) -> CellNames | None:
        """Last year's cells; None when the system has nothing of that year."""
        found = self._before()
        return CellNames(*found) if found else None

    @property
    def year(self) -> int:
        return self.filler.ledger.year

    @property
    def unit(self) -> str:
        """The unit of amounts in words, where none stands behind a reference."""
        return self.filler.set.text_unit or self.filler.set.unit

    def say(self, reference: Reference) -> str:
        """What a reference prints, its unit included. Raises Unsaid."""
        if reference.year is not None:
            return f"{self.year + reference.year}{reference.unit or reference.percent}"
        if reference.words.strip() == UNIT_NAME:
            return f"{self.filler.ledger.unit_name}{reference.unit}"
        if reference.fault:
            raise Unsaid(reference.fault)
        figure = self._found(reference.path)
        match reference.aspect:
            case "":
                return self._amount(figure.yuan, figure, reference)
            case aspect if aspect == LAST:
                return self._amount(self.last(figure).yuan, figure, reference)
            case aspect if aspect == CHANGE:
                return self._amount(abs(self._change(figure, reference)), figure, reference)
            case aspect if aspect == WORD:
                return self._word(figure, reference, "增加", "减少")
            case aspect if aspect == RATE:
                return self._percent(abs(self._rate(figure)), reference)
            case aspect if aspect == MOVED:
                return self._moved(figure, reference)
            case aspect if aspect == GROWN:
                return self._grown(figure, reference)
            case aspect if aspect == LISTED:
                return self._largest(figure, reference)
            case aspect if aspect == SHARE:
                whole = self._found(tuple(reference.base.split("/")))
                if not whole.yuan:
                    raise Unsaid(f"{whole.label}为 0，不能计算占比")
                return self._percent(figure.yuan / whole.yuan * HUNDRED, reference)
        return self._compared(figure, reference)

    def amount(self, figure: Known) -> str:
        """A figure as it prints in words, with its unit."""
        return self._amount(figure.yuan, figure, Reference("", 0, 0, ()))

    def _found(self, path: tuple[str, ...]) -> Known:
        found = self.names.find(path)
        if isinstance(found, Unnamed):
            raise Unsaid(str(found))
        return found

    def last(self, figure: Known) -> Known:
        """The same figure of last year, zero where its row was not printed. Raises Unsaid without that year's disclosure."""
        if self.then is None:
            raise Unsaid(f"系统中没有{self.year - 1}年的公开，得不出上年数")
        found = self.then.same_in(figure)
        if found is None:
            raise Unsaid(f"{self.year - 1}年的公开表里没有“{figure.label}”这一栏，得不出上年数")
        return found

    def _change(self, figure: Known, reference: Reference) -> Decimal:
        """This year less last year in yuan; nothing where both print alike."""
        change = figure.yuan - self.last(figure).yuan
        unit = self._unit(figure, reference)
        return change if self._rounded(change, unit, reference) else ZERO

    def _rate(self, figure: Known) -> Decimal:
        before = self.last(figure).yuan
        if not before:
            raise Unsaid(f"{figure.label}上年为 0，不能计算增减率，请只写增减额")
        return (figure.yuan - before) / before * HUNDRED

    def _word(self, figure: Known, reference: Reference, up: str, down: str) -> str:
        change = self._change(figure, reference)
        return (up if change > 0 else down) if change else UNCHANGED

    def _moved(self, figure: Known, reference: Reference) -> str:
        change = self._change(figure, reference)
        if not change:
            return UNCHANGED
        unit = self._unit(figure, reference)
        return f"{'增加' if change > 0 else '减少'}{self._number(abs(change), unit, reference)}{unit}"

    def _grown(self, figure: Known, reference: Reference) -> str:
        if not self._change(figure, reference):
            return UNCHANGED
        rate = self._rate(figure)
        return f"{'增长' if rate > 0 else '下降'}{self._percent(abs(rate), reference)}"

    def _compared(self, figure: Known, reference: Reference) -> str:
        base = reference.base
        for words, away in PLACEHOLDERS.items():
            base = base.replace(words, str(self.year + away))
        moved = self._moved(figure, reference)
        if moved == UNCHANGED:
            return f"与{base}{moved}"
        rate = f"，{self._grown(figure, reference)}" if reference.grown and self.last(figure).yuan else ""
        return f"{reference.aspect}{base}{moved}{rate}"

    def _largest(self, figure: Known, reference: Reference) -> str:
        """The items that a column adds up, the largest first, with their amounts."""
        unit = self._unit(figure, reference)
        parts = self.names.parts_of(figure)[: int(reference.base)]
        if not parts:
            raise Unsaid(f"{figure.label}下面没有可列的科目")
        return "、".join(f"{part.label}{self._number(part.yuan, unit, reference)}{unit}" for part in parts)

    def _unit(self, figure: Known, reference: Reference) -> str:
        """The unit that an amount is printed in: what stands behind it, else that of the words; none for a count."""
        if not figure.unit:
            return ""
        return reference.unit.strip() or self.unit

    def _amount(self, yuan: Decimal, figure: Known, reference: Reference) -> str:
        unit = self._unit(figure, reference)
        return f"{self._number(yuan, unit, reference)}{reference.unit or unit}{reference.percent}"

    def _rounded(self, yuan: Decimal, unit: str, reference: Reference) -> Decimal:
        places = 2 if reference.places is None else reference.places
        return (yuan / YUAN_IN[unit] if unit else yuan).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

    def _number(self, yuan: Decimal, unit: str, reference: Reference) -> str:
        """In the set's form of numbers; a blank cell and nothing are 0."""
        if not yuan:
            return "0"
        if not unit:
            return f"{yuan.normalize():f}"
        number = self._rounded(yuan, unit, reference)
        return f"{number:,f}" if self.filler.set.grouped else f"{number:f}"

    def _percent(self, number: Decimal, reference: Reference) -> str:
        places = 2 if reference.places is None else reference.places
        return f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}{reference.percent or '%'}"
